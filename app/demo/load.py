"""Plays the demo city's history through the real services, day by day on a stopped clock."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from accounts.models import Account, Department, Role
from accounts.rules import RoleName
from accounts.services import create_account, create_department
from app.demo import elections, motions, online, tenants
from consult.models import Draft, Round, Unit
from consult.rules.rounds import needs_reason
from consult.rules.submissions import NewSubmission
from consult.services import drafts, moderation, rounds
from consult.services.submissions import receive, submit
from core import audit, clock, settings
from core.db import db, write
from core.localized import Localized
from followup.models import Promise, Register, Reply
from followup.rules import ReplyText
from followup.services import replies

FOLDER = Path(__file__).resolve().parent
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the terminal prints for one invented member of staff."""

    name: str
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote that runs: codes with which newcomers vote, the secret in the link of its station device, and the passphrase
    of its trustees' keys."""

    election: str
    codes: list[str]
    station: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class Founded:
    """What only those may know who started the demo."""

    sign_ins: list[SignIn]
    votes: list[Vote]
    keys: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    """The trustees' sealed key files of each vote that runs, when the city is founded."""


def read(name: str) -> dict[str, Any]:
    """One of the demo's TOML files."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def is_loaded() -> bool:
    """Whether the city is there already."""
    return db.session.scalar(select(Round.id).limit(1)) is not None


def load() -> Founded:
    """Found the city and play its rounds and elections up to today; return sign-ins and codes, made up anew."""
    today = clock.today()
    city = read("city")
    sign_ins = _found_offices(city)
    people = _people()
    actors = {role: each[0] for role, each in people.items()}
    events: list[tuple[date, int, Callable[[], object]]] = []
    answers = {answer["key"]: answer for answer in read("answers")["answers"]}
    comments = read("comments")["comments"]
    for facts in read("rounds")["rounds"]:
        own = [comment for comment in comments if comment["round"] == facts["code"]]
        _plan_round(events, today, facts, own, answers, actors)
    events += elections.plan(today, read("elections"), read("council"), read("roll"), people)
    events += tenants.plan(today, read("tenants"), people)
    asked = read("motions")
    passwords = {each["email"]: _password() for each in motions.members_to_sign_in(asked)}
    sign_ins += [
        SignIn(each["name"], RoleName.MEMBER.value, each["email"], passwords[each["email"]])
        for each in motions.members_to_sign_in(asked)
    ]
    events += motions.plan(today, asked, read("council")["key"], people, passwords)
    houses = read("online")
    secrets_of = {each["code"]: online.Secrets(each["code"]) for each in houses["elections"]}
    events += online.plan(today, houses, read("roll"), people, secrets_of)
    for day, _order, act in sorted(events, key=lambda event: event[:2]):
        with clock.freeze(day):
            act()
    running = [each for each in secrets_of.values() if each.left]
    votes = [Vote(each.code, each.left, each.station, _password()) for each in running]
    keys = {vote.election: online.sealed_keys(secrets_of[vote.election], vote.passphrase) for vote in votes}
    return Founded(sign_ins, votes, keys)


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _part in range(4))


def _found_offices(city: Mapping[str, Any]) -> list[SignIn]:
    for department in city["departments"]:
        create_department(audit.SYSTEM, department["key"], Localized.of(department["name"], "de"))
    ids = dict(db.session.execute(select(Department.key, Department.id)).all())
    sign_ins = []
    for person in city["staff"]:
        password = _password()
        create_account(
            email=person["email"],
            name=person["name"],
            roles=[person["role"]],
            password=password,
            department_id=ids.get(person.get("department", "")),
        )
        sign_ins.append(SignIn(person["name"], person["role"], person["email"], password))
    return sign_ins


def _people() -> dict[str, list[audit.Actor]]:
    """The staff by role, for the acts of the demo's history."""
    people: dict[str, list[audit.Actor]] = {}
    for account, role in db.session.execute(select(Account, Role).join(Account.roles).order_by(Account.id)):
        people.setdefault(role.name, []).append(audit.Actor(role.name, account.handle, account.id))
    return people


def _plan_round(
    events: list[tuple[date, int, Callable[[], object]]],
    today: date,
    facts: Mapping[str, Any],
    comments: Sequence[Mapping[str, Any]],
    answers: Mapping[str, Mapping[str, Any]],
    actors: Mapping[str, audit.Actor],
) -> None:
    code = facts["code"]
    times = facts["timetable"]

    def on(days: int) -> date:
        return today + timedelta(days=days)

    events.append((on(times["announced"]), 0, partial(_announce, facts, today, actors["officer"])))
    numbers: dict[str, list[int]] = {}
    for number, comment in enumerate(comments, start=1):
        events.append((on(comment["day"]), 1, partial(_receive, code, comment)))
        release = min(on(comment["day"] + 2), today)
        events.append((release, 2, partial(_moderate, code, number, comment, actors)))
        if "answer" in comment:
            numbers.setdefault(comment["answer"], []).append(number)
    answer_days = {answers[key]["day"] for key in numbers}
    for key, group in numbers.items():
        events.append((on(answers[key]["day"]), 3, partial(_answer, code, group, answers[key], actors)))
        if "correction" in answers[key]:
            day = answers[key]["correction"]["day"]
            answer_days.add(day)
            events.append((on(day), 3, partial(_correct, code, group[0], answers[key], actors)))
    for day in answer_days:
        events.append((on(day), 4, partial(_publish, code, actors["approver"])))
    if "concluded" in times:
        events.append((on(times["concluded"]), 5, partial(rounds.conclude_round, code, actors["officer"])))


def _announce(facts: Mapping[str, Any], today: date, actor: audit.Actor) -> None:
    original = facts["original_language"]
    times = facts["timetable"]
    opens_on, closes_on = (today + timedelta(days=times[name]) for name in ("opens", "closes"))
    needed = needs_reason(opens_on, closes_on, settings.current().minimum_open_days)
    rounds.create_round(
        rounds.RoundFacts(
            title=Localized.of(facts["title"], original),
            opens_on=opens_on,
            closes_on=closes_on,
            language=original,
            languages=tuple(facts["languages"]),
            department=facts["department"],
            code=facts["code"],
            answer_weeks=times["answer_weeks"],
            short_reason=facts["short_reason"][original] if needed else "",
            texts={name: _text(facts[name], original) for name in rounds.TEXTS if name in facts},
        ),
        actor,
    )
    for language in sorted(facts["languages"], key=lambda code: code != original):
        markdown = (FOLDER / f"{facts['draft']}.{language}.md").read_text(encoding="utf-8")
        if language == original:
            drafts.import_draft(facts["code"], markdown, actor)
        else:
            drafts.import_translation(facts["code"], language, markdown, actor)
    rounds.publish_round(facts["code"], actor)


def _text(value: Mapping[str, str | list[str]], original: str) -> Localized:
    """Texts by language; a list becomes a Markdown list."""
    return Localized.of(
        {
            code: text if isinstance(text, str) else "\n".join(f"- {line}" for line in text)
            for code, text in value.items()
        },
        original,
    )


def _receive(code: str, comment: Mapping[str, Any]) -> None:
    new = NewSubmission(
        unit_id=_unit_id(code, comment["unit"]),
        text=comment["text"],
        kind=comment["kind"],
        proposed_wording=comment.get("proposed_wording", ""),
        language=comment["language"],
        channel=comment["channel"],
        author_kind=comment["author_kind"],
        name=comment.get("organisation", ""),
        publish_name="organisation" in comment,
    )
    if new.channel == "web":
        submit(code, secrets.token_hex(16), new)
        return
    with write() as session:
        found, register = rounds.lock_round(session, code)
        receive(session, found, register, [new], audit.SYSTEM)


def _moderate(code: str, number: int, comment: Mapping[str, Any], actors: Mapping[str, audit.Actor]) -> None:
    if comment["released"]:
        moderation.release_texts(code, [number], actors["moderator"])
    elif "redacted_text" in comment:
        moderation.release_redacted(
            code, number, comment["redacted_text"], "", comment["redacted_reason"], actors["moderator"]
        )
    elif "hidden_reason" in comment:
        moderation.hide_text(code, number, comment["hidden_reason"]["de"], actors["moderator"])


def _answer(
    code: str, numbers: Sequence[int], answer: Mapping[str, Any], actors: Mapping[str, audit.Actor]
) -> None:
    text = _reply_text(answer["outcome"], answer["reason"], {})
    reply_id = replies.write_answer(_register_id(code), numbers, text, actors["officer"], submit=True)
    replies.approve_answers([(reply_id, 1)], actors["approver"])


def _correct(code: str, number: int, answer: Mapping[str, Any], actors: Mapping[str, audit.Actor]) -> None:
    reply_id = _reply_id(code, number)
    replies.correct_reply(reply_id, actors["officer"])
    correction = answer["correction"]
    text = _reply_text(answer["outcome"], correction["reason"], correction["note"])
    replies.edit_answer(reply_id, 1, text, actors["officer"], submit=True)
    replies.approve_answers([(reply_id, 2)], actors["approver"])


def _publish(code: str, actor: audit.Actor) -> None:
    replies.publish_replies(_register_id(code), actor)


def _reply_text(outcome: str, reason: Texts, note: Texts) -> ReplyText:
    """An answer's texts; for what was accepted, the last sentence says what changes and when."""
    changes: dict[str, str] = {}
    if outcome in ("accepted", "partly_accepted"):
        parted = {code: text.rstrip().rpartition(". ") for code, text in reason.items()}
        changes = {code: last for code, (_first, _dot, last) in parted.items()}
        reason = {code: f"{first}." for code, (first, _dot, _last) in parted.items()}
    return ReplyText(
        outcome=outcome,
        language="de",
        reasons=reason,
        change=changes.get("de", ""),
        changes=changes,
        correction_note=note.get("de", ""),
        notes=note,
    )


def _register_id(code: str) -> int:
    return db.session.scalars(select(Register.id).where(Register.code == code)).one()


def _unit_id(code: str, number: str) -> int | None:
    if not number:
        return None
    return db.session.scalars(
        select(Unit.id)
        .join(Draft, Draft.id == Unit.draft_id)
        .join(Round, Round.id == Draft.round_id)
        .where(Round.code == code, Unit.number == number)
        .order_by(Draft.version.desc())
    ).first()


def _reply_id(code: str, number: int) -> int:
    return db.session.scalars(
        select(Reply.id)
        .join(Promise, Promise.reply_id == Reply.id)
        .where(Promise.register_id == _register_id(code), Promise.number == number)
    ).one()
