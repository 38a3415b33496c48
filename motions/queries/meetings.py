"""Meetings as pages show them: the calendar, an agenda with its papers, and where the minutes stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from core import clock
from core.db import find
from core.errors import NotFound
from core.localized import Localized, State
from council.models import Body, Member, Term
from followup.models import Register
from followup.numbers import register_number
from followup.queries.debts import Debt, find_debts
from motions import events
from motions.models.drafting import Amendment, MotionText
from motions.models.meetings import (
    AgendaItem,
    Meeting,
    MeetingRequest,
    Minutes,
    MinutesObjection,
    PaperCount,
)
from motions.models.motions import Motion
from motions.queries.texts import public_text
from motions.rules.deadlines import MINUTES_MONTHS, add_months
from motions.rules.meetings import MeetingState

PAGE = 50
OVER = (MeetingState.HELD.value, MeetingState.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """One meeting. Moments are aware; ``starts`` is as the city's clocks show it."""

    id: int
    body_id: int
    body_key: str
    body_name: Localized
    language: str
    term_number: int
    number: int
    state: str
    starts_at: datetime
    ends_at: datetime | None
    place: Localized
    note: Localized
    invited_on: date | None
    sequence: int
    modified_at: datetime

    @property
    def day(self) -> date:
        return clock.day_of(self.starts_at)

    @property
    def starts(self) -> datetime:
        return clock.shown_in_the_city(self.starts_at)

    @property
    def ends(self) -> datetime | None:
        return clock.shown_in_the_city(self.ends_at) if self.ends_at else None

    @property
    def minutes_due_on(self) -> date:
        """The last day on which its minutes are sent in time."""
        return add_months(self.day, MINUTES_MONTHS)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of an agenda; ``place`` counts from 1. ``counting`` while a second teller has not counted."""

    id: int
    place: int
    kind: str
    title: Localized
    motion_id: int | None
    number: str | None
    stage: str | None
    public: bool
    placed_by: str
    discussion: Localized
    reason: Localized
    counting: bool


@dataclass(frozen=True, slots=True)
class PaperGap:
    """A motion on an agenda, and the languages in which its words are missing or outdated."""

    number: str
    title: Localized
    missing: Sequence[str]
    outdated: Sequence[str]


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """What a member said against minutes, and what the council made of it."""

    id: int
    member: str
    text: Localized
    raised_on: date
    outcome: str | None
    answer: Localized


@dataclass(frozen=True, slots=True)
class MinutesPage:
    """The version of a meeting's minutes that counts, with every objection."""

    version: int
    state: str
    text: Localized
    written_on: date
    sent_on: date | None
    approved_on: date | None
    objections: Sequence[ObjectionLine]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What a member asked for, with its number and day, and what is owed or was answered: for that member alone."""

    id: int
    number: str
    kind: str
    text: str | None
    cents: int | None
    asked_on: date
    debt: Debt
    meeting_id: int
    day: date


def coming(session: Session, body_id: int | None = None) -> list[MeetingHead]:
    """Meetings that are not over yet, the next first."""
    wanted = _heads().where(Meeting.state.not_in(OVER)).order_by(Meeting.starts_at, Meeting.id)
    return _read(session, wanted.where(Meeting.body_id == body_id) if body_id else wanted)


def past(session: Session, before: tuple[datetime, int] | None = None) -> list[MeetingHead]:
    """Meetings that were held or cancelled, the latest first, one more than a page holds; ``before`` is where it goes on."""
    wanted = _heads().where(Meeting.state.in_(OVER))
    if before is not None:
        moment, id = before
        wanted = wanted.where(
            or_(Meeting.starts_at < moment, and_(Meeting.starts_at == moment, Meeting.id < id))
        )
    return _read(session, wanted.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(PAGE + 1))


def calendar(session: Session, since: date) -> list[MeetingHead]:
    """Every meeting since a day, cancelled ones too, for calendars."""
    heads = _read(session, _heads().order_by(Meeting.starts_at, Meeting.id))
    return [head for head in heads if head.day >= since]


def department_of(session: Session, body_id: int) -> int:
    """The department that accompanies a council."""
    return session.scalars(select(Body.department_id).where(Body.id == body_id)).one()


def find_meeting(session: Session, meeting_id: int) -> MeetingHead:
    """A meeting. Raises NotFound."""
    if find(session, Meeting, meeting_id) is None:
        raise NotFound("meeting", meeting_id)
    return _read(session, _heads().where(Meeting.id == meeting_id))[0]


def find_item(session: Session, item_id: int) -> tuple[ItemLine, MeetingHead]:
    """An item that is on an agenda, with its meeting. Raises NotFound."""
    row = find(session, AgendaItem, item_id)
    if row is None or row.removed_on is not None:
        raise NotFound("item", item_id)
    head = find_meeting(session, row.meeting_id)
    return next(item for item in agenda_of(session, head.id) if item.id == item_id), head


def agenda_of(session: Session, meeting_id: int, *, public: bool = False) -> list[ItemLine]:
    """The items of an agenda in order. For the ``public`` an item that is not public has no words."""
    rows = session.execute(
        select(AgendaItem, Motion, Register.code, PaperCount.agenda_item_id)
        .outerjoin(Motion, Motion.id == AgendaItem.motion_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Body, Body.id == Meeting.body_id)
        .join(Register, Register.id == Body.register_id)
        .outerjoin(PaperCount, PaperCount.agenda_item_id == AgendaItem.id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_on.is_(None))
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    lines = []
    for place, (item, motion_row, code, counting_row) in enumerate(rows, start=1):
        motion: Motion | None = motion_row
        counting: int | None = counting_row
        hidden = public and not item.public
        number = register_number(code, motion.number) if motion is not None and motion.number else None
        lines.append(
            ItemLine(
                id=item.id,
                place=place,
                kind=item.kind,
                title=Localized() if hidden else item.title,
                motion_id=item.motion_id,
                number=number,
                stage=motion.stage if motion is not None else None,
                public=item.public,
                placed_by=item.placed_by,
                discussion=Localized() if public else item.discussion,
                reason=Localized() if hidden else item.reason,
                counting=counting is not None,
            )
        )
    return lines


def gaps(session: Session, meeting_id: int, languages: Sequence[str]) -> list[PaperGap]:
    """Motions on an agenda whose words are missing or outdated in one of ``languages``."""
    found = []
    for item in agenda_of(session, meeting_id):
        if item.motion_id is None:
            continue
        words = paper(session, item.motion_id)
        missing = [code for code in languages if words.text.get(code) is None]
        outdated = [
            code
            for code in languages
            if any(
                version is not None and version.state is State.OUTDATED
                for version in (words.title.get(code), words.text.get(code), words.reasons.get(code))
            )
        ]
        if missing or outdated:
            found.append(PaperGap(item.number or "", words.title, missing, outdated))
    return found


def paper(session: Session, motion_id: int) -> MotionText:
    """The words of a motion that everybody may read, as members get them before a meeting."""
    return public_text(session, motion_id)


def open_amendments(session: Session, motion_id: int) -> list[Amendment]:
    """Changes of a motion that the council has still to vote on, in order."""
    return list(
        session.scalars(
            select(Amendment)
            .where(Amendment.motion_id == motion_id, Amendment.state == "open", Amendment.kind == "amendment")
            .order_by(Amendment.number)
        )
    )


def minutes_of(session: Session, meeting_id: int, *, public: bool = False) -> MinutesPage | None:
    """The minutes that count; for the ``public`` only once they are approved."""
    wanted = select(Minutes).where(Minutes.meeting_id == meeting_id)
    if public:
        wanted = wanted.where(Minutes.state == "approved")
    row = session.scalars(wanted.order_by(Minutes.version.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    objections = session.execute(
        select(MinutesObjection, Member.name)
        .join(Minutes, Minutes.id == MinutesObjection.minutes_id)
        .join(Member, Member.id == MinutesObjection.member_id)
        .where(Minutes.meeting_id == meeting_id)
        .order_by(MinutesObjection.id)
    )
    return MinutesPage(
        row.version,
        row.state,
        row.text,
        row.written_on,
        row.sent_on,
        row.approved_on,
        [
            ObjectionLine(each.id, name, each.text, each.raised_on, each.outcome, each.answer)
            for each, name in objections
        ],
    )


def requests_of(session: Session, member_ids: Sequence[int]) -> list[RequestLine]:
    """What these members asked for, the newest first."""
    rows = session.execute(
        select(MeetingRequest, Register.code, Meeting.starts_at)
        .join(Meeting, Meeting.id == MeetingRequest.meeting_id)
        .join(Body, Body.id == Meeting.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(MeetingRequest.member_id.in_(member_ids))
        .order_by(MeetingRequest.id.desc())
    ).all()
    debts = find_debts(session, events.REQUEST, [each.id for each, *_rest in rows])
    return [
        RequestLine(
            each.id,
            register_number(code, each.number),
            each.kind,
            each.text,
            each.cents,
            each.asked_on,
            debts[each.id],
            each.meeting_id,
            clock.day_of(starts_at),
        )
        for each, code, starts_at in rows
    ]


def _heads() -> Select[Meeting, Body, int]:
    return (
        select(Meeting, Body, Term.number)
        .join(Body, Body.id == Meeting.body_id)
        .join(Term, Term.id == Meeting.term_id)
    )


def _read(session: Session, wanted: Select[Meeting, Body, int]) -> list[MeetingHead]:
    return [
        MeetingHead(
            id=meeting.id,
            body_id=body.id,
            body_key=body.key,
            body_name=body.name,
            language=body.language,
            term_number=term_number,
            number=meeting.number,
            state=meeting.state,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            note=meeting.note,
            invited_on=meeting.invited_on,
            sequence=meeting.sequence,
            modified_at=meeting.modified_at,
        )
        for meeting, body, term_number in session.execute(wanted)
    ]
