"""Plays the election of the demo's migrant council through the real services, as days of the city's history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from accounts.rules import RoleName
from app.demo import nominations, results, roll
from core import audit, clock
from core.db import db
from core.localized import Localized
from council.rules import Way
from council.services.bodies import BodyFacts, NewSeatClass, create_body
from elections.counting.tally import Candidate, Tally
from elections.eligibility.composed import AllOf
from elections.eligibility.criteria import Age, Residence
from elections.eligibility.periods import months
from elections.rules.deadlines import Deadline, Step
from elections.rules.plain_rule_sets import to_plain
from elections.rules.presets import preset
from elections.rules.rule_sets import Citation, RuleSet
from elections.rules.stages import ALONE, CONFIRMS, PROPOSES, ActKind
from elections.services import acts
from elections.services.elections import ElectionFacts, create_election
from elections.services.roll.deletion import delete_roll
from followup.models import Register
from followup.rules import ReplyText
from followup.services import replies

Event = tuple[date, int, Callable[[], object]]
"""A day, the place among what happens that day, and what happens."""
People = Mapping[str, Sequence[audit.Actor]]
"""The staff by role, in the order in which they were invited."""

SUNDAY = 6
OPENS, CLOSES = time(8), time(18)
"""What the city's clocks show when voting begins and ends."""
AN_HOUR = timedelta(hours=1)
A_DAY_EACH = 2
"""Nominations that come in on one day."""


def rule_set(facts: Mapping[str, Any]) -> RuleSet:
    """The preset that the city copied, with its own days."""
    found = preset(facts["preset"])
    assert found is not None
    changed = {Step(step): Deadline(days) for step, days in facts["deadlines"].items()}
    return replace(found, deadlines={**found.deadlines, **changed})


def residents_rule_set(facts: Mapping[str, Any], key: str, citation: str, founded: date) -> RuleSet:
    """The same for an election of a house or a quarter: everybody who lives there votes, whatever their passport."""
    everybody = AllOf((Age(facts["age"]), Residence(months(facts["months_here"]))))
    return replace(
        rule_set(facts),
        key=key,
        name=Localized.of(facts["rules"], facts["language"]),
        citation=Citation(citation, "City of Lindhafen", founded),
        valid_from=founded,
        to_vote=everybody,
        to_stand=everybody,
        remarks=(),
    )


def election_day(facts: Mapping[str, Any], today: date) -> date:
    """The Sunday on which voting closes, counted from today."""
    day = today + timedelta(days=facts["election_day"])
    return day + timedelta(days=SUNDAY - day.weekday())


def tally(facts: Mapping[str, Any]) -> Tally:
    """Everything that the five polling places report, added up; candidates go by their names."""
    ballots = sum(station["ballots"] for station in facts["stations"])
    invalid = sum(station["invalid"] for station in facts["stations"])
    return Tally(
        candidates=tuple(
            Candidate(each["name"], each["name"], each["region"]) for each in facts["candidates"]
        ),
        votes={each["name"]: sum(each["votes"]) for each in facts["candidates"]},
        valid=ballots - invalid,
        invalid=invalid,
    )


def plan(
    today: date,
    facts: Mapping[str, Any],
    council: Mapping[str, Any],
    names: Mapping[str, Any],
    people: People,
) -> list[Event]:
    """Everything that happens from the founding of the council to the conclusion of its election."""
    history = _History(facts, council, names, people, election_day(facts, today), today)
    return [*history.preparation(), *history.nominations(), *history.roll(), *history.result()]


@dataclass(frozen=True, slots=True)
class _History:
    """One election's events, part by part. Days are counted from election day."""

    facts: Mapping[str, Any]
    council: Mapping[str, Any]
    names: Mapping[str, Any]
    people: People
    voting_ends: date
    today: date

    @property
    def code(self) -> str:
        return str(self.facts["code"])

    @property
    def officers(self) -> Sequence[audit.Actor]:
        return self.people[RoleName.RETURNING_OFFICER]

    def at(self, days: int) -> date:
        return self.voting_ends + timedelta(days=days)

    def on(self, name: str) -> date:
        """The day of the table ``days`` that has this name."""
        return self.at(self.facts["days"][name])

    def act(self, kind: ActKind, **facts: object) -> Callable[[], object]:
        return partial(act, self.code, kind, self.people, facts)

    def preparation(self) -> list[Event]:
        founded = self.today + timedelta(days=self.council["founded"])
        rules = rule_set(self.facts)
        first = self.officers[0]
        return [
            (
                founded,
                10,
                partial(found_body, self.council, self._seats(rules), self.people[RoleName.CLERK][0]),
            ),
            (
                self.on("called"),
                10,
                partial(prepare, self.facts, self.council, rules, self.voting_ends, first),
            ),
            (self.on("called"), 11, partial(results.add_stations, self.code, self.facts, first)),
            (self.on("called"), 12, self.act(ActKind.CALL)),
        ]

    def _seats(self, rules: RuleSet) -> list[NewSeatClass]:
        """A seat class for each region of origin, and one for the factions of the city council."""
        factions = self.council["factions"]
        name = Localized.of(factions["name"], self.council["language"])
        return [
            *(
                NewSeatClass(group.key, Way.ELECTED, group.name, rules.counting.seats_per_group[group.key])
                for group in rules.groups
            ),
            NewSeatClass(factions["key"], Way.DELEGATED, name, factions["seats"]),
        ]

    def nominations(self) -> list[Event]:
        code, facts, (first, second) = self.code, self.facts, self.officers
        regions = [group.key for group in rule_set(facts).groups]
        codes: nominations.Codes = {}
        source = facts["order_source"][facts["language"]]
        events: list[Event] = [
            (
                self.on("order_announced"),
                10,
                partial(nominations.announce_order, code, regions, source, first),
            ),
            (self.on("drawn"), 10, partial(nominations.draw_order, code, regions, facts["seed"], first)),
            (self.on("candidates_published"), 10, self.act(ActKind.PUBLISH_CANDIDATES)),
        ]
        for place, each in enumerate([*facts["candidates"], facts["refused"]]):
            day = facts["days"]["first_nomination"] + place // A_DAY_EACH
            events.append((self.at(day), 11, partial(nominations.hand_in, code, each, codes)))
            if "mending" in each:
                events.append((self.at(day + 1), 11, partial(nominations.ask_to_mend, code, each, first)))
                events.append((self.at(day + 2), 11, partial(nominations.mend_it, each, codes)))
            events.append(
                (self.at(day + 3), 12, partial(nominations.vet, code, each, facts["admission"], first))
            )
            events.append((self.at(day + 4), 13, partial(nominations.decide, code, each, second)))
        return events

    def roll(self) -> list[Event]:
        code, missed, (first, second) = self.code, self.facts["missed"], self.officers
        number = len(self.facts["candidates"]) + 2  # after the nominations, the refused one too
        register = partial(
            roll.import_register, code, self.names, self.facts["roll"], self.voting_ends, first
        )
        reason = missed["correction"]["reason"]
        return [
            (self.on("roll_imported"), 10, register),
            (self.on("roll_opened"), 10, self.act(ActKind.OPEN_ROLL)),
            (self.on("missed"), 10, partial(roll.ask, code, missed)),
            (self.on("seen"), 10, partial(roll.see, code, number, first)),
            (self.on("corrected"), 10, partial(roll.correct, code, number, reason, first, second)),
            (self.on("answered"), 10, partial(_answer, code, number, missed["answer"], first, second)),
            (self.on("roll_committed"), 10, self.act(ActKind.COMMIT_ROLL)),
            (self.on("roll_deleted"), 10, partial(delete_roll, code, audit.SYSTEM)),
        ]

    def objection(self) -> list[Event]:
        """Somebody objects to the result; it is answered, and nothing follows from it."""
        code, objection, (first, second) = self.code, self.facts["objection"], self.officers
        number = len(self.facts["candidates"]) + 3  # after the registration
        answered = self.on("objection_answered")
        return [
            (self.on("objected"), 10, partial(results.object_to_result, code, objection)),
            (answered, 10, partial(_answer, code, number, objection["answer"], first, second)),
            (answered, 11, partial(results.let_stand, code, number, first)),
        ]

    def result(self) -> list[Event]:
        code, facts, board = self.code, self.facts, self.people[RoleName.ELECTION_BOARD]
        clerk = self.people[RoleName.CLERK][0]
        source = facts["tie_source"][facts["language"]]
        approved = self.on("approved").isoformat()
        closing = clock.in_the_city(self.on("voting_closed"), CLOSES) + AN_HOUR
        return [
            (self.on("voting_opened"), 10, self.act(ActKind.OPEN_VOTING)),
            (self.at(-4), 10, partial(results.report_turnout, code, facts, 44, board[0])),
            (self.at(-1), 10, partial(results.report_turnout, code, facts, 83, board[0])),
            (self.on("voting_closed"), 10, partial(results.report_turnout, code, facts, 100, board[0])),
            (self.on("voting_closed"), 11, partial(at, closing, self.act(ActKind.CLOSE_VOTING))),
            (self.on("counted"), 10, partial(results.enter_results, code, facts, board)),
            (self.on("counted"), 11, self.act(ActKind.COUNT)),
            (self.on("counted"), 12, partial(results.announce_ties, code, source, board[0])),
            (self.on("found"), 10, partial(results.draw_ties, code, facts["witnesses"], board[0])),
            (self.on("found"), 11, self.act(ActKind.COUNT)),
            (self.on("found"), 12, self.act(ActKind.FIND)),
            (self.on("delegates"), 10, partial(results.name_delegates, code, self.council, self.officers[0])),
            (self.on("approved"), 10, self.act(ActKind.APPROVE, decided_on=approved)),
            (self.on("published"), 10, self.act(ActKind.PUBLISH_RESULT)),
            *self.objection(),
            (self.on("chaired"), 10, partial(results.elect_chair, self.council["chosen"], clerk)),
            (self.on("concluded"), 10, self.act(ActKind.CONCLUDE)),
        ]


def at(moment: datetime, what: Callable[[], object]) -> None:
    """Let something happen at a moment of its own."""
    with clock.freeze(moment):
        what()


PROPOSING = (RoleName.RETURNING_OFFICER, RoleName.ELECTION_BOARD, RoleName.CLERK)


def act(code: str, kind: ActKind, people: People, facts: Mapping[str, object] | None = None) -> None:
    """Do an act as those would who may: proposed by one, confirmed by another."""
    proposing = next(role for role in PROPOSING if role in PROPOSES[kind])
    proposal = acts.propose_act(code, kind, people[proposing][0], [proposing], facts=facts)
    if kind not in ALONE:
        confirming = next(role for role in reversed(PROPOSING) if role in CONFIRMS[kind])
        acts.confirm_act(proposal, people[confirming][1], [confirming])


def found_body(council: Mapping[str, Any], seat_classes: Sequence[NewSeatClass], actor: audit.Actor) -> None:
    """A council or board with its seats."""
    language = council["language"]
    create_body(
        BodyFacts(
            key=council["key"],
            register_code=council["register"],
            department=council["department"],
            language=language,
            name=Localized.of(council["name"], language),
            about=Localized.of(council["about"], language),
            seat_classes=seat_classes,
            seats_from=clock.today(),
        ),
        actor,
    )


def prepare(
    facts: Mapping[str, Any],
    council: Mapping[str, Any],
    rules: RuleSet,
    voting_ends: date,
    actor: audit.Actor,
) -> None:
    """The election as the returning officer sets it up."""
    language = facts["language"]
    begins = voting_ends + timedelta(days=council["term_begins"])
    timetable = rules.timetable(voting_ends, ())  # no day of it is counted in working days
    create_election(
        ElectionFacts(
            code=facts["code"],
            body_key=council["key"],
            department=facts["department"],
            language=language,
            languages=tuple(facts["languages"]),
            title=Localized.of(facts["title"], language),
            rule_set=to_plain(rules),
            timetable=timetable,
            election_day=voting_ends,
            voting_opens_at=clock.in_the_city(timetable[Step.VOTING_OPENS], OPENS),
            voting_closes_at=clock.in_the_city(voting_ends, CLOSES),
            term_begins_on=begins,
            term_ends_on=begins + timedelta(days=365 * council["term_years"]),
            texts={name: Localized.of(facts[name], language) for name in ("summary", "how_to_vote")},
        ),
        actor,
    )


def _answer(
    code: str, number: int, answer: Mapping[str, Any], first: audit.Actor, second: audit.Actor
) -> None:
    """One person answers what somebody sent in, another approves, and the answer is published."""
    register_id = db.session.scalars(select(Register.id).where(Register.code == code)).one()
    changes = answer.get("change", {})
    text = ReplyText(
        outcome=answer["outcome"],
        language="de",
        reasons=answer["reason"],
        change=changes.get("de", ""),
        changes=changes,
    )
    reply_id = replies.write_answer(register_id, [number], text, first, submit=True)
    replies.approve_answers([(reply_id, 1)], second)
    replies.publish_replies(register_id, second)
