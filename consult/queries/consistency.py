"""Whether submissions and their public texts are what the audit chain says they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from consult import events
from consult.models import PublicText, Reconsideration, Round, Submission
from followup.models import Promise, Register
from followup.queries import chain
from followup.queries.consistency import Mismatch

_BATCH = 1000


@dataclass(slots=True)
class _Recorded:
    """What a chain says about texts: the public version in force by number, and what is hidden by submission, each
    with its public reason; ``languages`` has those that were corrected."""

    released: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    hidden: dict[int, str] = field(default_factory=dict)
    languages: dict[int, str] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)


def mismatches(session: Session, broken: Collection[str] = ()) -> Iterator[Mismatch]:
    """The first mismatch of every round that has one.

    Reasons: ``subject_missing`` (a promise without its submission), ``promise_missing`` (a submission without
    promise), ``release`` (another text is public than was released, or one that never was, or for another reason),
    ``hiding``, ``erasure`` (a text hidden, shown or erased without an entry), ``language`` (another than recorded).
    """
    rounds = session.execute(select(Round.id, Register).join(Register, Register.id == Round.register_id))
    for round_id, register in rounds.all():
        found = _first(session, round_id, register) if register.chain not in broken else None
        if found is not None:
            yield found


def _first(session: Session, round_id: int, register: Register) -> Mismatch | None:
    for kind, model in ((events.SUBMISSION, Submission), (events.RECONSIDERATION, Reconsideration)):
        promised = and_(
            Promise.register_id == register.id,
            Promise.number == model.number,
            Promise.subject_kind == kind,
            Promise.subject_id == model.id,
        )
        number = session.scalar(
            select(func.min(model.number)).where(model.round_id == round_id, ~exists().where(promised))
        )
        if number is not None:
            return Mismatch(register.code, number, "promise_missing")
        there: ColumnElement[bool] = exists().where(
            model.round_id == round_id, model.id == Promise.subject_id
        )
        number = session.scalar(
            select(func.min(Promise.number)).where(
                Promise.register_id == register.id, Promise.subject_kind == kind, ~there
            )
        )
        if number is not None:
            return Mismatch(register.code, number, "subject_missing")
    recorded = _recorded(session, register.chain)
    for row in _texts(session, round_id):
        reason = _compare(row, recorded)
        if reason:
            return Mismatch(register.code, row.number, reason)
    return None


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    number: int
    language: str
    public: tuple[int, str | None] | None
    hidden: str | None
    erased: bool


def _compare(row: _Row, recorded: _Recorded) -> str:
    """What is wrong with one submission's text, or nothing."""
    if row.erased != (row.id in recorded.erased):
        return "erasure"
    if row.hidden != recorded.hidden.get(row.id):
        return "hiding"
    if row.public != recorded.released.get(row.number):
        return "release"
    return "" if row.language == recorded.languages.get(row.id, row.language) else "language"


def _recorded(session: Session, name: str) -> _Recorded:
    recorded = _Recorded()
    for link in chain.links(session, name):
        if link.tag == events.SUBMISSION_RELEASE:
            facts = link.facts
            recorded.released[int(facts["number"])] = (link.subject_id, facts.get("reason"))
        elif link.tag == events.SUBMISSION_HIDE:
            recorded.hidden[link.subject_id] = str(link.facts["reason"])
        elif link.tag == events.SUBMISSION_SHOW:
            recorded.hidden.pop(link.subject_id, None)
        elif link.tag == events.SUBMISSION_CORRECT_LANGUAGE:
            recorded.languages[link.subject_id] = str(link.facts["after"])
        elif link.tag == events.SUBMISSION_ERASE and link.subject_kind == events.SUBMISSION:
            recorded.erased.add(link.subject_id)
    return recorded


def _texts(session: Session, round_id: int) -> Iterator[_Row]:
    after = 0
    while True:
        wanted = (
            select(
                Submission.id,
                Submission.number,
                Submission.language,
                Submission.public_text_id,
                PublicText.reason,
                Submission.hidden_reason,
                Submission.text.is_(None),
            )
            .outerjoin(PublicText, PublicText.id == Submission.public_text_id)
            .where(Submission.round_id == round_id, Submission.number > after)
            .order_by(Submission.number)
            .limit(_BATCH)
        )
        rows = session.execute(wanted).all()
        if not rows:
            return
        for id, number, language, public_id, reason, hidden, erased in rows:
            public = None if public_id is None else (public_id, reason)
            yield _Row(id, number, language, public, hidden, erased)
        after = rows[-1].number
