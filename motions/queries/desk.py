"""What waits for whom: the desk of members, chair, office and clerk, in the order in which it presses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.rules import RoleName
from core import clock
from core.localized import Localized
from council.models import Body, Term
from council.queries.members import SittingMember, members_of_account
from council.rules import Office
from followup.models import Promise, Register
from followup.numbers import register_number
from motions import events
from motions.models.drafting import Cosigner, Finding, MotionText, Signature
from motions.models.meetings import Meeting, Minutes
from motions.models.motions import Motion, MotionStep
from motions.queries.parts import seats_with
from motions.rules.stages import UNDECIDED, Stage

SHOWN = 50
"""Lines of one list; whoever has more to do begins at the top."""
SOON = 30
"""Days ahead that a member sees of what the city owes."""
PRESSING = 14
"""Days ahead from which on a step is shown at the top of the office's first page."""


@dataclass(frozen=True, slots=True)
class MotionLine:
    """One motion in a list of the desk."""

    id: int
    number: str | None
    title: Localized
    kind: str
    stage: str
    since: date


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One step that somebody owes, by its day."""

    motion_id: int
    number: str
    title: Localized
    step: str
    due_on: date
    days_left: int
    share: float

    @property
    def is_late(self) -> bool:
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting that is coming, or whose minutes wait."""

    id: int
    number: int
    body: Localized
    day: date
    state: str
    minutes: str | None
    """The state of its newest minutes; None before there are any."""


@dataclass(frozen=True, slots=True)
class MembersDesk:
    """What waits for a member of one council."""

    seat: SittingMember
    body: Localized
    to_sign: Sequence[MotionLine]
    to_mend: Sequence[MotionLine]
    """Their own that were returned."""
    drafts: Sequence[MotionLine]
    to_release: Sequence[MotionLine]
    """Of the chair: what the office has checked."""
    to_place: Sequence[MotionLine]
    """Of the chair: what waits for an agenda."""
    to_verify: Sequence[MotionLine]
    """What the city says is done."""
    meetings: Sequence[MeetingLine]
    minutes: Sequence[MeetingLine]
    """Minutes that were sent and are not approved: a member may object."""
    own: Sequence[MotionLine]
    owed: Sequence[OwedLine]

    @property
    def waiting(self) -> int:
        """How many things wait for this member to do them."""
        lists = (self.to_sign, self.to_mend, self.to_release, self.to_place)
        return sum(len(each) for each in lists)


@dataclass(frozen=True, slots=True)
class OfficeDesk:
    """What waits for the council's office, and for the clerk."""

    body: Localized
    to_check: Sequence[MotionLine]
    """Of the office alone, as what is to be forwarded."""
    to_forward: Sequence[MotionLine]
    to_place: Sequence[MotionLine]
    """Of clerks alone, as what is to be closed."""
    to_close: Sequence[MotionLine]
    to_lapse: Sequence[MotionLine]
    """Of clerks alone: what the council did not deal with before its term ended."""
    owed: Sequence[OwedLine]
    meetings: Sequence[MeetingLine]

    @property
    def waiting(self) -> int:
        """How many things wait to be done here."""
        lists = (self.to_check, self.to_forward, self.to_place, self.to_close, self.to_lapse)
        return sum(len(each) for each in lists)


def members_desks(session: Session, account: Account) -> list[MembersDesk]:
    """What waits for whoever holds ``account``, council by council."""
    return [_members_desk(session, seat) for seat in members_of_account(session, account.id, clock.today())]


def office_desks(session: Session, account: Account) -> list[OfficeDesk]:
    """What waits in the councils that this person's department accompanies, or, of clerks, in every council."""
    wanted = select(Body).order_by(Body.key)
    if RoleName.CLERK not in account.role_names:
        if RoleName.OFFICER not in account.role_names:
            return []
        wanted = wanted.where(Body.department_id == account.department_id)
    return [_office_desk(session, body, account) for body in session.scalars(wanted).all()]


def owed_by_department(session: Session, department_id: int | None, limit: int = SHOWN) -> list[OwedLine]:
    """What one department owes to motions, the most pressing first."""
    return _owed(session, Promise.department_id == department_id, limit)


def pressing(session: Session, account: Account) -> list[OwedLine]:
    """What an officer's department owes to motions, late or due within two weeks, the most pressing first."""
    if account.department_id is None or RoleName.OFFICER not in account.role_names:
        return []
    return [line for line in owed_by_department(session, account.department_id) if line.days_left <= PRESSING]


def _members_desk(session: Session, seat: SittingMember) -> MembersDesk:
    here = Motion.body_id == seat.body_id
    seats = {seat.member_id} if seat.is_deputy else seats_with(session, seat.member_id)
    own = and_(here, Motion.author_id.in_(seats))
    current = and_(MotionText.motion_id == Motion.id, MotionText.version == Motion.text_version)
    signed = exists().where(
        Signature.motion_id == Motion.id,
        Signature.member_id == seat.member_id,
        Signature.digest == select(MotionText.digest).where(current).scalar_subquery(),
    )
    asked = exists().where(
        Cosigner.motion_id == Motion.id,
        Cosigner.member_id == seat.member_id,
        Cosigner.declined_on.is_(None),
    )
    checked = exists().where(
        Finding.motion_id == Motion.id, Finding.released_on.is_(None), Finding.taken_back_on.is_(None)
    )
    chair = seat.office == Office.CHAIR
    checks = seat.office in (Office.CHAIR, Office.DEPUTY_CHAIR)
    body = session.scalars(select(Body.name).where(Body.id == seat.body_id)).one()
    return MembersDesk(
        seat=seat,
        body=body,
        to_sign=_lines(session, asked, ~signed, _in(Stage.COSIGNING)),
        to_mend=_lines(session, own, _in(Stage.RETURNED)),
        drafts=_lines(session, own, _in(Stage.DRAFT, Stage.COSIGNING)),
        to_release=_lines(session, here, checked, ~own) if checks else (),
        to_place=_to_place(session, seat.body_id) if chair else (),
        to_verify=_lines(session, here, _in(Stage.CLAIMED_DONE)),
        meetings=_meetings(session, seat.body_id, Meeting.state.in_(("planned", "invited", "open"))),
        minutes=[
            line
            for line in _meetings(session, seat.body_id, Meeting.state == "held")
            if line.minutes == "sent"
        ],
        own=_lines(session, own, Motion.number.is_not(None), Motion.stage != Stage.CLOSED.value),
        owed=[
            line
            for line in _owed(session, Motion.body_id == seat.body_id, SHOWN)
            if line.days_left <= SOON and line.step != "admissibility"
        ],
    )


def _to_place(session: Session, body_id: int) -> list[MotionLine]:
    waits = _in(Stage.ADMISSIBLE, Stage.REFERRED, Stage.POSTPONED)
    return _lines(session, Motion.body_id == body_id, waits, Motion.kind != "question")


def _office_desk(session: Session, body: Body, account: Account) -> OfficeDesk:
    """Each queue is shown to whoever can do it: the office checks and forwards, the clerk places and closes."""
    clerk = RoleName.CLERK in account.role_names
    office = RoleName.OFFICER in account.role_names and account.department_id == body.department_id
    here = Motion.body_id == body.id
    proposed = exists().where(
        Finding.motion_id == Motion.id, Finding.released_on.is_(None), Finding.taken_back_on.is_(None)
    )
    admitted_questions = and_(Motion.kind == "question", _in(Stage.ADMISSIBLE))
    undecided = Motion.city_decision.is_(None) | Motion.city_decision.in_(
        ("rejected", "noted_without_vote", "settled_by_office", "not_competent")
    )
    answered = and_(Motion.kind == "question", _in(Stage.POSITION_FILED))
    confirmed = and_(Motion.kind == "statement", _in(Stage.ACKNOWLEDGED))
    return OfficeDesk(
        body=body.name,
        to_check=_lines(session, here, _in(Stage.SUBMITTED), ~proposed) if office else (),
        to_forward=_lines(session, here, _in(Stage.ADOPTED, Stage.ADOPTED_AMENDED) | admitted_questions)
        if office
        else (),
        to_place=_to_place(session, body.id) if clerk else (),
        owed=_owed(session, Motion.body_id == body.id, SHOWN),
        meetings=_meetings(session, body.id, Meeting.state.in_(("planned", "invited", "open")))
        + [
            line
            for line in _meetings(session, body.id, Meeting.state == "held")
            if line.minutes in (None, "draft", "sent")
        ],
        to_close=_lines(
            session,
            here,
            _in(Stage.VERIFIED, Stage.REJECTED, Stage.WITHDRAWN, Stage.LAPSED, Stage.INADMISSIBLE)
            | and_(_in(Stage.DECIDED), undecided)
            | answered
            | confirmed,
            Motion.number.is_not(None),
        )
        if clerk
        else (),
        to_lapse=_lines(
            session,
            here,
            _in(*UNDECIDED, Stage.COSIGNING),
            Motion.number.is_not(None),
            Motion.term_id.in_(select(Term.id).where(Term.ends_on < clock.today())),
        )
        if clerk
        else (),
    )


def _in(*stages: Stage) -> ColumnElement[bool]:
    return Motion.stage.in_([stage.value for stage in stages])


def _lines(session: Session, *wanted: ColumnElement[bool]) -> list[MotionLine]:
    rows = session.execute(
        select(Motion, Register.code)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(*wanted)
        .order_by(Motion.stage_since, Motion.id)
        .limit(SHOWN)
    )
    return [
        MotionLine(
            motion.id,
            register_number(code, motion.number) if motion.number else None,
            motion.title,
            motion.kind,
            motion.stage,
            motion.stage_since,
        )
        for motion, code in rows
    ]


def _owed(session: Session, wanted: ColumnElement[bool], limit: int) -> list[OwedLine]:
    today = clock.today()
    rows = session.execute(
        select(Motion, MotionStep.step, Promise.opened_on, Promise.due_on, Register.code)
        .join(MotionStep, MotionStep.motion_id == Motion.id)
        .join(
            Promise,
            and_(Promise.subject_kind == events.STEP, Promise.subject_id == MotionStep.id),
        )
        .join(Register, Register.id == Promise.register_id)
        .where(Promise.answered_on.is_(None), wanted)
        .order_by(Promise.due_on, Promise.number)
        .limit(limit)
    )
    return [
        OwedLine(
            motion.id,
            register_number(code, motion.number or 0),
            motion.title,
            step,
            due_on,
            (due_on - today).days,
            clock.share(opened_on, due_on, today),
        )
        for motion, step, opened_on, due_on, code in rows
    ]


def _meetings(session: Session, body_id: int, wanted: ColumnElement[bool]) -> list[MeetingLine]:
    newest = (
        select(Minutes.state)
        .where(Minutes.meeting_id == Meeting.id)
        .order_by(Minutes.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Meeting, Body.name, newest)
        .join(Body, Body.id == Meeting.body_id)
        .where(Meeting.body_id == body_id, wanted)
        .order_by(Meeting.starts_at)
        .limit(SHOWN)
    )
    return [
        MeetingLine(meeting.id, meeting.number, body, clock.day_of(meeting.starts_at), meeting.state, minutes)
        for meeting, body, minutes in rows
    ]
