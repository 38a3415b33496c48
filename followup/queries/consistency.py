"""Whether promises and replies are what the audit chain says they are: nothing missing, nothing else than recorded.

A sound chain proves that no entry was changed; these checks prove that the tables still say the same. Whatever opens
a promise records an entry about the promise's subject whose tag ends in ``:receive``, with ``number`` and ``due``;
what opens or meets a step records ``STEP_OWE`` (the same) or ``STEP_MEET`` (``number`` and ``day``) about its subject.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from accounts.queries import handles
from followup import events
from followup.models import Promise, Register, Reply, ReplyVersion
from followup.queries import chain
from followup.queries.commitments import people_of, signed
from followup.rules import PromiseKind

RECEIVED = ":receive"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first thing in a register that is not as recorded. ``number`` is 0 for the register as a whole.

    Reasons: ``unrecorded`` (no entry that it was received), ``gap`` (a number without promise), ``last_number``,
    ``number`` (recorded under another one), ``due`` (another day than promised or extended to), ``answer_unrecorded``
    (answered, but no entry says so), ``answer_lost`` (recorded as answered, but is not), ``outcome`` (another version
    or outcome than published), ``met_day`` (a step met on another day), ``approval`` (other people wrote or approved
    it), ``concluded_unanswered``, ``conclusion_unrecorded``, ``conclusion_lost``.
    """

    code: str
    number: int
    reason: str


@dataclass(slots=True)
class _Recorded:
    """What a chain says. ``signed`` has, by version, the first number it answers and who wrote and approved it.

    ``answers`` has version and outcome; None for private ones, whose outcome the commitment alone holds, with the text.

    ``owed`` has the steps as ``received`` has the rest, ``met`` the day on which a number was met.
    """

    received: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)
    owed: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)
    met: dict[int, str] = field(default_factory=dict)
    due: dict[int, str] = field(default_factory=dict)
    answers: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    signed: dict[int, tuple[int, dict[str, object]]] = field(default_factory=dict)
    concluded: bool = False


def mismatches(session: Session, broken: Collection[str] = ()) -> Iterator[Mismatch]:
    """The first mismatch of every register that has one; chains known as ``broken`` are no measure and left out."""
    for register in session.scalars(select(Register).order_by(Register.id)).all():
        found = _first(session, register) if register.chain not in broken else None
        if found is not None:
            yield found


def _first(session: Session, register: Register) -> Mismatch | None:
    recorded = _recorded(session, register.chain)
    expected = 0
    for row in _promises(session, register.id):
        expected += 1
        reason = "gap" if row.number != expected else _compare(row, recorded)
        if reason:
            return Mismatch(register.code, expected, reason)
    number = _signed_by_others(session, recorded)
    if number:
        return Mismatch(register.code, number, "approval")
    lost = sorted(number for number in (*recorded.answers, *recorded.met) if number > expected)
    if lost:
        return Mismatch(register.code, lost[0], "gap")
    for wrong, reason in (
        (expected != register.last_number, "last_number"),
        (len(recorded.received) + len(recorded.owed) > expected, "gap"),
        (register.concluded_on is not None and _answers_owed(session, register), "concluded_unanswered"),
        (register.concluded_on is not None and not recorded.concluded, "conclusion_unrecorded"),
        (register.concluded_on is None and recorded.concluded, "conclusion_lost"),
    ):
        if wrong:
            return Mismatch(register.code, 0, reason)
    return None


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    kind: str
    subject_kind: str
    subject_id: int
    due_on: date
    answered_on: date | None
    version_id: int | None
    outcome: str | None


def _compare(row: _Row, recorded: _Recorded) -> str:
    """What is wrong with one promise, or nothing."""
    step = row.kind == PromiseKind.STEP
    entry = (recorded.owed if step else recorded.received).get((row.subject_kind, row.subject_id))
    if entry is None:
        return "unrecorded"
    number, due = entry
    if number != row.number:
        return "number"
    if recorded.due.get(row.number, due) != row.due_on.isoformat():
        return "due"
    if step:
        return _compare_met(row, recorded.met.get(row.number))
    answer = recorded.answers.get(row.number)
    if row.answered_on is None:
        return "answer_lost" if answer else ""
    if answer is None:
        return "answer_unrecorded"
    version_id, outcome = answer
    same = version_id == row.version_id and outcome in (None, row.outcome)
    return "" if same else "outcome"


def _compare_met(row: _Row, met: str | None) -> str:
    if row.answered_on is None:
        return "answer_lost" if met else ""
    if met is None:
        return "answer_unrecorded"
    return "" if met == row.answered_on.isoformat() else "met_day"


def _recorded(session: Session, name: str) -> _Recorded:
    recorded = _Recorded()
    for link in chain.links(session, name):
        facts = link.facts
        if link.tag.endswith(RECEIVED):
            recorded.received[link.subject] = (int(facts["number"]), str(facts["due"]))
        elif link.tag == events.STEP_OWE:
            recorded.owed[link.subject] = (int(facts["number"]), str(facts["due"]))
        elif link.tag == events.STEP_MEET:
            recorded.met[int(facts["number"])] = str(facts["day"])
        elif link.tag == events.PROMISE_EXTEND:
            recorded.due[int(facts["number"])] = str(facts["due"])
        elif link.tag in (events.REPLY_PUBLISH, events.REPLY_CORRECT):
            recorded.answers.update(dict.fromkeys(link.numbers, (link.subject_id, facts.get("outcome"))))
            if "approver" in facts:  # entries of the first releases do not name the people yet
                people = {name: facts.get(name) for name in ("writers", "approver")}
                recorded.signed[link.subject_id] = (min(link.numbers, default=0), people)
        elif link.tag == events.REGISTER_CONCLUDE:
            recorded.concluded = True
    return recorded


def _signed_by_others(session: Session, recorded: _Recorded) -> int:
    """The first number answered by a version that other people wrote or approved than recorded; else 0."""
    wrong = []
    ids = sorted(recorded.signed)
    for start in range(0, len(ids), _BATCH):
        versions = session.scalars(
            select(ReplyVersion).where(ReplyVersion.id.in_(ids[start : start + _BATCH]))
        ).all()
        people = handles(session, {account for version in versions for account in people_of(version)})
        for version in versions:
            number, said = recorded.signed[version.id]
            if said != signed(version, people):
                wrong.append(number)
            session.expunge(version)
    return min(wrong, default=0)


def _promises(session: Session, register_id: int) -> Iterator[_Row]:
    after = 0
    while True:
        rows = session.execute(
            select(
                Promise.number,
                Promise.kind,
                Promise.subject_kind,
                Promise.subject_id,
                Promise.due_on,
                Promise.answered_on,
                ReplyVersion.id,
                ReplyVersion.outcome,
            )
            .outerjoin(Reply, Reply.id == Promise.reply_id)
            .outerjoin(
                ReplyVersion,
                and_(ReplyVersion.reply_id == Reply.id, ReplyVersion.version == Reply.published_version),
            )
            .where(Promise.register_id == register_id, Promise.number > after)
            .order_by(Promise.number)
            .limit(_BATCH)
        ).all()
        if not rows:
            return
        yield from (_Row(*row) for row in rows)
        after = rows[-1].number


def _answers_owed(session: Session, register: Register) -> bool:
    """Whether a concluded register still owes an answer or a step; a second look may be owed after conclusion."""
    owed = session.scalar(
        select(Promise.id)
        .where(
            Promise.register_id == register.id,
            Promise.kind != PromiseKind.RECONSIDERATION.value,
            Promise.answered_on.is_(None),
        )
        .limit(1)
    )
    return owed is not None
