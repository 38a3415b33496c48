"""Plays what the demo's migrant council asked for, through the real services: drafts, meetings, votes, the city's answers.

Days are counted from today. Secret things are made up anew with each city; nobody here is a real person.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from accounts.models import Account
from accounts.rules import RoleName
from accounts.services import create_account
from app.demo.elections import Event, People
from core import audit, clock
from core.db import db
from core.documents import papers, parts
from core.documents.stored import Checked
from council.models import Body
from council.queries.members import sitting_members
from council.services.accounts import link_account
from motions.documents.minutes import draft
from motions.models.drafting import Amendment, Suggestion
from motions.models.implementation import Measure
from motions.models.meetings import AgendaItem, Meeting
from motions.models.motions import Motion
from motions.queries.attendance import room_at
from motions.queries.meetings import find_meeting
from motions.queries.motions import words
from motions.queries.parts import standing_of
from motions.rules import amendments as amendment_rules
from motions.rules.admissibility import Criterion
from motions.rules.admissibility import Finding as Found
from motions.rules.city import DecisionFacts, PositionFacts, ReportFacts, Votes
from motions.rules.drafting import Text
from motions.rules.meetings import About
from motions.rules.stages import Act
from motions.rules.votes import Choice, Figures, Way
from motions.services import (
    admissibility,
    agenda,
    amendments,
    city,
    drafting,
    implementation,
    meetings,
    minutes,
    presence,
    suggestions,
    votes,
)
from motions.services.acts import Doing
from motions.services.suggestions import NewSuggestion

BEGINS, ENDS = time(18), time(20, 30)
"""What the city's clocks show when a meeting begins and ends."""
PARTS = ("title", "text", "reasons", "costs")
ORIGINAL = "de"


@dataclass(slots=True)
class Council:
    """What the demo knows of its council while it plays: ids by the keys of the TOML file."""

    facts: Mapping[str, Any]
    key: str
    people: People
    today: date
    members: dict[str, audit.Actor] = field(default_factory=dict)
    motions: dict[str, int] = field(default_factory=dict)
    meetings: dict[str, int] = field(default_factory=dict)
    suggestions: dict[str, int] = field(default_factory=dict)

    def on(self, days: int) -> date:
        return self.today + timedelta(days=days)

    @property
    def body(self) -> Body:
        return db.session.scalars(select(Body).where(Body.key == self.key)).one()

    @property
    def clerk(self) -> audit.Actor:
        return self.people[RoleName.CLERK][0]

    def office(self) -> audit.Actor:
        """An officer of the department that accompanies the council."""
        department = self.body.department_id
        return next(
            actor
            for actor in self.people[RoleName.OFFICER]
            if db.session.get_one(Account, actor.account_id).department_id == department
        )

    def chair(self) -> audit.Actor:
        return next(iter(self.members.values()))


def members_to_sign_in(facts: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The members who have accounts: name, email and language."""
    return list(facts["members"])


def plan(
    today: date, facts: Mapping[str, Any], key: str, people: People, passwords: Mapping[str, str]
) -> list[Event]:
    """Everything from the members' first sign-in on."""
    council = Council(facts, key, people, today)
    first = min(each["day"] for motion in facts["motions"] for each in motion.get("way", ()) if "day" in each)
    events: list[Event] = [(council.on(first - 1), 20, partial(let_sign_in, council, passwords))]
    for each in facts["suggestions"]:
        events.append((council.on(each["day"]), 20, partial(receive, council, each)))
    for meeting in facts["meetings"]:
        events += _meeting(council, meeting)
    for motion in facts["motions"]:
        begun = motion.get("draft", motion["way"][0]["day"] if motion.get("way") else -1)
        events.append((council.on(begun), 21, partial(begin, council, motion)))
        for order, step in enumerate(motion.get("way", ()), start=30):
            if "day" in step and step["do"] in _STEPS:
                act = partial(_STEPS[step["do"]], council, motion["key"], step)
                events.append((council.on(step["day"]), order, act))
    return events


def _meeting(council: Council, facts: Mapping[str, Any]) -> list[Event]:
    """A meeting's day, its invitation before, its minutes afterwards."""
    held = council.on(facts["day"])
    planned = council.on(council.facts["calendar"])
    events: list[Event] = [(planned, 22, partial(plan_meeting, council, facts["key"], held))]
    if "invited" in facts:
        events.append((council.on(facts["invited"]), 70, partial(invite, council, facts["key"])))
        events.append((held, 25, partial(hold, council, facts)))
    if "minutes" in facts:
        events.append((council.on(facts["minutes"]), 26, partial(send_minutes, council, facts["key"])))
    return events


# Members and residents ----------------------------------------------------------------------------------------------


def let_sign_in(council: Council, passwords: Mapping[str, str]) -> None:
    """Some members get an account."""
    for person in council.facts["members"]:
        account_id = create_account(
            email=person["email"],
            name=person["name"],
            roles=[RoleName.MEMBER],
            password=passwords[person["email"]],
            language=person["language"],
        )
        link_account(_member(council, person["name"]), account_id, council.clerk)
        handle = db.session.get_one(Account, account_id).handle
        council.members[person["name"]] = audit.Actor(RoleName.MEMBER.value, handle, account_id)


def receive(council: Council, facts: Mapping[str, Any]) -> None:
    """Somebody suggests something, without an account."""
    new = NewSuggestion(facts["topic"], facts["text"], facts["language"], facts["name"])
    number = suggestions.suggest(council.body.id, secrets.token_hex(16), new).number
    council.suggestions[facts["key"]] = db.session.scalars(
        select(Suggestion.id).where(Suggestion.number == number, Suggestion.body_id == council.body.id)
    ).one()


def begin(council: Council, facts: Mapping[str, Any]) -> None:
    """A member drafts a motion with its translations, and asks others to sign."""
    author = council.members[facts["author"]]
    new = drafting.NewDraft(
        facts["kind"],
        facts["topic"],
        ORIGINAL,
        _text(facts, ORIGINAL),
        suggestion_id=council.suggestions.get(facts.get("suggestion", "")),
    )
    motion_id = drafting.begin_draft(council.body.id, new, author)
    council.motions[facts["key"]] = motion_id
    digest = words(db.session(), motion_id).digest
    for language in facts["title"]:
        if language != ORIGINAL:
            drafting.translate(motion_id, digest, language, _text(facts, language), author)
    drafting.invite(motion_id, [_member(council, name) for name in facts["signers"]], author)
    if "way" in facts:
        for name in facts["signers"]:
            drafting.sign(motion_id, digest, council.members[name])


def submit(council: Council, key: str, _step: Mapping[str, Any]) -> None:
    motion_id = council.motions[key]
    drafting.submit(motion_id, words(db.session(), motion_id).digest, _author(council, key))


def propose_change(council: Council, key: str, step: Mapping[str, Any]) -> None:
    """A member wants one paragraph to read otherwise."""
    motion_id = council.motions[key]
    base = amendment_rules.digest(words(db.session(), motion_id).text.best(ORIGINAL).text)
    new = amendments.NewAmendment(base, step["paragraph"], "replace", step["text"], step["reason"])
    amendments.propose_amendment(motion_id, new, council.members[step["member"]])


def translate(council: Council, key: str, step: Mapping[str, Any]) -> None:
    """The office translates what the council has changed."""
    motion_id, facts = council.motions[key], _facts(council, key)
    digest = words(db.session(), motion_id).digest
    for language in step["text"]:
        drafting.translate(
            motion_id, digest, language, _text({**facts, "text": step["text"]}, language), council.office()
        )


# The office and the chair -------------------------------------------------------------------------------------------


def admit(council: Council, key: str, _step: Mapping[str, Any]) -> None:
    _check(council, key, Act.ADMIT, {}, "")


def send_back(council: Council, key: str, step: Mapping[str, Any]) -> None:
    _check(council, key, Act.RETURN, {step["criterion"]: Found.NOT_MET}, step["text"])


def _check(council: Council, key: str, act: Act, unmet: Mapping[str, Found], reason: str) -> None:
    """The office checks, and the chair, or who stands in for one who wrote it, releases the finding."""
    findings = {each.value: unmet.get(each.value, Found.MET).value for each in Criterion}
    motion_id = council.motions[key]
    new = admissibility.NewFinding(act.value, findings, reason, ORIGINAL)
    finding_id = admissibility.propose_finding(motion_id, new, council.office())
    chair, deputy = list(council.members.values())[:2]
    own = _author(council, key) == chair
    admissibility.release_finding(finding_id, deputy if own else chair)


def place(council: Council, key: str, step: Mapping[str, Any]) -> None:
    """The chair puts a motion on an agenda."""
    motion_id = council.motions[key]
    agenda.schedule(motion_id, council.meetings[step["meeting"]], _doing(motion_id, council.chair()))


# Meetings -----------------------------------------------------------------------------------------------------------


def plan_meeting(council: Council, key: str, held: date) -> None:
    facts = meetings.MeetingFacts(
        clock.in_the_city(held, BEGINS), council.facts["place"][ORIGINAL], clock.in_the_city(held, ENDS)
    )
    council.meetings[key] = meetings.plan_meeting(council.body.id, facts, council.clerk)


def invite(council: Council, key: str) -> None:
    """Whatever is to be voted on is placed, then the invitation goes out."""
    for motion in council.facts["motions"]:
        for step in motion.get("way", ()):
            if step.get("meeting") == key and step["do"] in ("vote", "refer"):
                place(council, motion["key"], step)
    meetings.invite(council.meetings[key], council.clerk)


def hold(council: Council, facts: Mapping[str, Any]) -> None:
    """The council meets in the evening: who is there, what it votes, and the minutes of the meeting before."""
    meeting_id = council.meetings[facts["key"]]
    there = [
        each.member_id
        for each in sitting_members(db.session(), council.body.id, clock.today())
        if not each.is_deputy and each.name not in facts["absent"]
    ]
    absent = [_member(council, name) for name in facts["absent"]]
    with clock.freeze(clock.in_the_city(clock.today(), BEGINS)):
        meetings.open_meeting(meeting_id, council.clerk)
        presence.record_presence(meeting_id, None, there, absent, council.clerk)
        for motion in council.facts["motions"]:
            for step in motion.get("way", ()):
                if step.get("meeting") == facts["key"] and step["do"] in ("vote", "refer", "verify"):
                    _vote(council, meeting_id, council.motions[motion["key"]], step)
        for item in agenda.items_of(db.session(), meeting_id):
            if item.kind == "minutes" and _waits(meeting_id):
                _approve(council, item.id)
    with clock.freeze(clock.in_the_city(clock.today(), ENDS)):
        meetings.close_meeting(meeting_id, council.clerk)


def _vote(council: Council, meeting_id: int, motion_id: int, step: Mapping[str, Any]) -> None:
    item = db.session.scalars(
        select(AgendaItem).where(
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.motion_id == motion_id,
            AgendaItem.removed_on.is_(None),
        )
    ).one()
    for change in db.session.scalars(
        select(Amendment.id).where(Amendment.motion_id == motion_id, Amendment.state == "open")
    ).all():
        figures = _figures(meeting_id, item.id, 2, 1)
        new = votes.NewVote(About.AMENDMENT, Way.SHOW_OF_HANDS, figures, amendment_id=change)
        votes.record_vote(item.id, new, council.clerk)
    about = {"vote": About.MOTION, "refer": About.REFERRAL, "verify": About.VERIFICATION}[step["do"]]
    until = council.on(step["until"]) if "until" in step else None
    if step.get("by_name"):
        against = {_member(council, name): Choice.NO for name in step["no"]}
        against |= {_member(council, name): Choice.ABSTAIN for name in step["abstain"]}
        room = _room(meeting_id, item.id)
        choices = {member: against.get(member, Choice.YES) for member in room.voting}
        new = votes.NewVote(about, Way.BY_NAME, choices=choices, returns_on=until)
    else:
        figures = _figures(meeting_id, item.id, step["no"], step["abstain"])
        new = votes.NewVote(about, Way.SHOW_OF_HANDS, figures, returns_on=until)
    votes.record_vote(item.id, new, council.clerk)


def _approve(council: Council, item_id: int) -> None:
    meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
    figures = _figures(meeting_id, item_id, 0, 1)
    votes.record_vote(item_id, votes.NewVote(About.MINUTES, Way.SHOW_OF_HANDS, figures), council.clerk)


def _waits(meeting_id: int) -> bool:
    """Whether the minutes of the meeting before can be approved now."""
    session = db.session()
    return minutes.to_approve(session, session.get_one(Meeting, meeting_id)) is not None


def _room(meeting_id: int, item_id: int) -> Any:
    session = db.session()
    return room_at(session, session.get_one(Meeting, meeting_id), session.get_one(AgendaItem, item_id))


def _figures(meeting_id: int, item_id: int, no: int, abstain: int) -> Figures:
    """The rest of those who are there and may vote said yes."""
    return Figures(len(_room(meeting_id, item_id).voting) - no - abstain, no, abstain)


def send_minutes(council: Council, key: str) -> None:
    """The clerk lets the draft stand as it was recorded, and sends it."""
    meeting_id = council.meetings[key]
    session = db.session()
    minutes.write_minutes(meeting_id, draft(session, find_meeting(session, meeting_id)), council.clerk)
    minutes.send_minutes(meeting_id, council.clerk)


# The city -----------------------------------------------------------------------------------------------------------


def forward(council: Council, key: str, _step: Mapping[str, Any]) -> None:
    motion_id = council.motions[key]
    city.forward(motion_id, _facts(council, key)["department"], _doing(motion_id, council.office()))


def acknowledge(council: Council, key: str, step: Mapping[str, Any]) -> None:
    motion_id = council.motions[key]
    city.acknowledge(motion_id, step["reference"], *_entered(council, key, "Eingangsbestätigung"))


def file_position(council: Council, key: str, step: Mapping[str, Any]) -> None:
    facts = PositionFacts(step["position"], step["text"], step.get("cents"), step.get("legal", ""))
    city.file_position(council.motions[key], facts, *_entered(council, key, "Stellungnahme", step["text"]))


def decide(council: Council, key: str, step: Mapping[str, Any]) -> None:
    counted = Votes(step.get("yes"), step.get("no"), step.get("abstain"))
    facts = DecisionFacts(step["decision"], step["body"], step["wording"], counted)
    city.decide(council.motions[key], facts, *_entered(council, key, "Beschluss", step["wording"]))


def plan_measure(council: Council, key: str, step: Mapping[str, Any]) -> None:
    new = implementation.NewMeasure(
        step["title"][ORIGINAL], step["department"], council.on(step["due"]), step["cents"]
    )
    implementation.plan(council.motions[key], new, *_entered(council, key, "Plan", step["title"][ORIGINAL]))


def report(council: Council, key: str, step: Mapping[str, Any]) -> None:
    motion_id = council.motions[key]
    measure_id = db.session.scalars(
        select(Measure.id).where(Measure.motion_id == motion_id, Measure.number == step["measure"])
    ).one()
    until = council.on(step["until"]) if "until" in step else None
    facts = ReportFacts(step["state"], step["text"], until)
    implementation.update(motion_id, measure_id, facts, *_entered(council, key, "Bericht", step["text"]))


def claim(council: Council, key: str, step: Mapping[str, Any]) -> None:
    implementation.claim_done(
        council.motions[key], step["text"], *_entered(council, key, "Abschlussbericht", step["text"])
    )


def close(council: Council, key: str, step: Mapping[str, Any]) -> None:
    motion_id = council.motions[key]
    city.close(motion_id, _doing(motion_id, council.clerk, reason=step["text"]))


def _entered(council: Council, key: str, heading: str, text: str = "") -> tuple[Doing, Checked]:
    """The council's office enters it for the city, with the city's paper."""
    motion_id = council.motions[key]
    title = _facts(council, key)["title"][ORIGINAL]
    return _doing(motion_id, council.office()), _paper(heading, title, text)


def _paper(heading: str, title: str, text: str) -> Checked:
    """A paper of the invented city, as PDF."""
    sections = [{"heading": "", "text": parts.markdown(text, ORIGINAL)}] if text else []
    data = {"title": parts.run(title, ORIGINAL), "heading": heading, "about": "", "sections": sections}
    content = papers.render("motions/words", ORIGINAL, data)
    return Checked(f"{heading}.pdf", "application/pdf", content, hashlib.sha512(content).hexdigest())


# Finding things -----------------------------------------------------------------------------------------------------


def _facts(council: Council, key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(each for each in council.facts["motions"] if each["key"] == key)
    return found


def _author(council: Council, key: str) -> audit.Actor:
    return council.members[_facts(council, key)["author"]]


def _member(council: Council, name: str) -> int:
    sitting = sitting_members(db.session(), council.body.id, clock.today())
    return next(each.member_id for each in sitting if each.name == name)


def _doing(motion_id: int, actor: audit.Actor, **more: Any) -> Doing:
    session = db.session()
    motion = session.get_one(Motion, motion_id)
    standing = standing_of(session, motion, session.get_one(Account, actor.account_id))
    return Doing(actor, standing.parts, standing.member_id, language=ORIGINAL, **more)


def _text(facts: Mapping[str, Any], language: str) -> Text:
    return Text(*(facts.get(part, {}).get(language, "") for part in PARTS))


_STEPS = {
    "submit": submit,
    "admit": admit,
    "return": send_back,
    "schedule": place,
    "amend": propose_change,
    "translate": translate,
    "forward": forward,
    "acknowledge": acknowledge,
    "position": file_position,
    "decide": decide,
    "plan": plan_measure,
    "update": report,
    "claim": claim,
    "close": close,
}
"""What may happen to a motion on a day; votes are taken in meetings."""
