"""What a meeting deals with: items are placed, ordered and taken off; what waits places itself.

The chair or the clerk places motions. What the clock placed stays until the council has dealt with it: if its meeting is
cancelled or ends before, it moves on to the next one for which a timely invitation is still possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import force_locale, gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock, settings
from core.db import db, find, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.i18n import nearest
from core.localized import Localized, clean
from council.models import Body
from council.services.bodies import lock_body
from followup.models import Register
from motions import events
from motions.models.meetings import AgendaItem, Meeting, Minutes, PaperCount, Vote, WaitingItem
from motions.models.motions import Motion
from motions.queries.council_rules import rule_on
from motions.rules import deadlines
from motions.rules import meetings as rules
from motions.rules.meetings import STAGES_OF, ItemKind, MeetingAct, MeetingState
from motions.rules.stages import Act, Part, Stage
from motions.services.acts import BY_THE_CLOCK, Doing, Locked, lock_motion, perform

PLACED_BY = {Part.CHAIR: "chair", Part.CLERK: "clerk", Part.CLOCK: "clock"}
WAITS_IN: dict[str, frozenset[Stage]] = {
    "motion": STAGES_OF[ItemKind.MOTION] | {Stage.SCHEDULED},
    "overdue": STAGES_OF[ItemKind.OVERDUE],
}
"""While a motion stands elsewhere, nothing waits any more."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is placed on an agenda. ``title`` is needed of what is about no motion, ``reason`` after the invitation."""

    kind: ItemKind
    title: str = ""
    motion_id: int | None = None
    public: bool = True
    reason: str = ""


def schedule(motion_id: int, meeting_id: int, doing: Doing) -> int:
    """Place a motion on the agenda of a meeting, with what the council has to decide on it there; return the item's id.

    What it decides follows from where the motion stands: the motion, an appeal, a verification, opening it again.
    Raises NotFound, what ``place`` raises, and what ``services.acts.perform`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        kind = kind_for(Stage(locked.motion.stage))
        meeting = _meeting_of(session, locked.body, meeting_id)
        item, entries = _place_motion(session, locked, meeting, kind, doing)
        audit.append(session, locked.register.chain, entries, doing.actor)
        return item.id


def take_off(motion_id: int, doing: Doing) -> None:
    """Take a motion off the agenda, with a public reason. What the clock placed stays (``item_placed_by_clock``).

    Raises NotFound, Conflict ``meeting_act_not_now``, and what ``services.acts.perform`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        item = live_item(session, motion_id)
        if item is None:
            raise NotFound("item", motion_id)
        entries = _remove(session, locked, item, doing)
        audit.append(session, locked.register.chain, entries, doing.actor)


def place(meeting_id: int, new: NewItem, actor: audit.Actor) -> int:
    """Place something that is about no motion; return the item's id.

    Raises NotFound, Conflict ``meeting_act_not_now``, and together ``item_kind_needs_motion``, ``item_title_missing``,
    ``meeting_words_too_long`` (``limit``), ``urgent_reason_missing`` (after the invitation).
    """
    title, reason = clean(new.title), clean(new.reason)
    with write() as session:
        meeting, register = _locked(session, meeting_id)
        rules.next_state(MeetingState(meeting.state), MeetingAct.PLACE)
        errors = []
        if new.kind in STAGES_OF:
            errors.append(DomainError("item_kind_needs_motion"))
        if not title:
            errors.append(DomainError("item_title_missing"))
        if len(title) > rules.TITLE_LENGTH or len(reason) > rules.TITLE_LENGTH * 10:
            errors.append(DomainError("meeting_words_too_long", limit=rules.TITLE_LENGTH))
        if meeting.invited_on is not None and not reason:
            errors.append(DomainError("urgent_reason_missing"))
        raise_all(errors)
        language = session.get_one(Body, meeting.body_id).language
        item = _add(
            session,
            meeting,
            new.kind,
            Localized.original(language, title),
            None,
            "clerk",
            new.public,
            Localized.original(language, reason) if meeting.invited_on is not None else Localized(),
        )
        audit.append(session, register.chain, [_entry(item)], actor)
        return item.id


def remove(item_id: int, doing: Doing) -> None:
    """Take an item off again; a motion goes back with the public reason. Raises as ``take_off``."""
    with write() as session:
        item = find(session, AgendaItem, item_id)
        if item is None or item.removed_on is not None:
            raise NotFound("item", item_id)
        if item.motion_id is not None:
            locked = lock_motion(session, item.motion_id)
            entries, chain = _remove(session, locked, item, doing), locked.register.chain
        else:
            meeting, register = _locked(session, item.meeting_id)
            session.refresh(item)
            _check_removable(session, meeting, item)
            entries, chain = _take(session, item), register.chain
        audit.append(session, chain, entries, doing.actor)


def reorder(meeting_id: int, item_ids: Sequence[int], actor: audit.Actor) -> None:
    """Deal with the items in another order. Raises Conflict ``meeting_act_not_now``, ``agenda_order_wrong``."""
    with write() as session:
        meeting, register = _locked(session, meeting_id)
        rules.next_state(MeetingState(meeting.state), MeetingAct.CHANGE)
        items = {item.id: item for item in items_of(session, meeting.id)}
        rules.check_order(item_ids, list(items))
        for position, item_id in enumerate(item_ids, start=1):
            items[item_id].position = position
            items[item_id].modified_at = clock.now()
        meeting.modified_at = clock.now()
        session.flush()
        facts = {"order": list(item_ids)}
        entry = audit.Entry(events.MEETING_CHANGE, events.MEETING, meeting.id, facts)
        audit.append(session, register.chain, [entry], actor)


def kind_for(stage: Stage) -> ItemKind:
    """What the council decides on a motion that stands there. Raises ``motion_on_agenda`` or ``motion_not_for_agenda``."""
    if stage is Stage.SCHEDULED:
        raise Conflict("motion_on_agenda")
    for kind in (
        ItemKind.MOTION,
        ItemKind.APPEAL,
        ItemKind.VERIFICATION,
        ItemKind.REOPENING,
        ItemKind.OVERDUE,
    ):
        if stage in STAGES_OF[kind]:
            return kind
    raise DomainError("motion_not_for_agenda", stage=stage.value)


def items_of(session: Session, meeting_id: int) -> list[AgendaItem]:
    """The items that are on an agenda now, in order."""
    return list(
        session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_on.is_(None))
            .order_by(AgendaItem.position, AgendaItem.id)
        )
    )


def check_counts_done(session: Session, meeting_id: int) -> None:
    """Raises Conflict ``paper_count_open`` while a second teller has not counted."""
    waiting = (
        select(PaperCount.agenda_item_id)
        .join(AgendaItem, AgendaItem.id == PaperCount.agenda_item_id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_on.is_(None))
    )
    if session.scalars(waiting).first() is not None:
        raise Conflict("paper_count_open")


# What waits by itself --------------------------------------------------------------------------------------------------


def place_overdue(session: Session, locked: Locked) -> list[audit.Entry]:
    """The city is very late with a motion: the council deals with it in its next meeting, or as soon as there is one.

    Called twice, it places once. The caller appends the entries.
    """
    _wait(session, locked.motion, "overdue")
    return place_waiting(session, locked.body, locked.register)


def return_expired() -> int:
    """The day's work: what was put off until a day that has come waits for the next agenda; place what can be placed.

    The day holds until the council has decided, though somebody placed the motion before, in vain. Run twice, it places
    once. Returns how many items were placed.
    """
    placed = 0
    bodies = list(db.session().scalars(select(Body.id).order_by(Body.id)))
    for body_id in bodies:
        with write() as session:
            body, register = lock_body(session, body_id)
            due = session.scalars(
                select(Motion).where(
                    Motion.body_id == body.id,
                    Motion.stage.in_([stage.value for stage in WAITS_IN["motion"]]),
                    Motion.returns_on <= clock.today(),
                )
            )
            for motion in due:
                _wait(session, motion, "motion")
            before = _clock_items(session, body.id)
            entries = place_waiting(session, body, register)
            placed += _clock_items(session, body.id) - before
            if entries:
                audit.append(session, register.chain, entries)
    return placed


def place_waiting(session: Session, body: Body, register: Register) -> list[audit.Entry]:
    """Place what waits in a council on the next agenda that can still be invited to, each once."""
    entries: list[audit.Entry] = []
    waiting = session.execute(
        select(WaitingItem, Motion)
        .join(Motion, Motion.id == WaitingItem.motion_id)
        .where(Motion.body_id == body.id, WaitingItem.dealt_on.is_(None))
        .order_by(WaitingItem.id)
    ).all()
    target: Meeting | None = None
    for waits, motion in waiting:
        if Stage(motion.stage) not in WAITS_IN[waits.kind]:
            waits.dealt_on = clock.today()
            continue
        kind = ItemKind(waits.kind)
        if live_item(session, motion.id, kind) is not None:
            continue
        target = target or _next_meeting(session, body)
        if target is None:
            continue
        locked = Locked(session.get_one(Motion, motion.id, with_for_update=True), body, register)
        _item, placed = _place_motion(session, locked, target, kind, BY_THE_CLOCK)
        entries += placed
    session.flush()
    return entries


def dealt_with(session: Session, motion_id: int) -> None:
    """The council has dealt with a motion: nothing of it waits for an agenda any more."""
    for waits in session.scalars(
        select(WaitingItem).where(WaitingItem.motion_id == motion_id, WaitingItem.dealt_on.is_(None))
    ):
        waits.dealt_on = clock.today()
    session.flush()


def deal_with_what_was_discussed(session: Session, meeting: Meeting) -> None:
    """At the end of a meeting: what the city is late with was dealt with if it was voted on, or noted in the minutes."""
    for item in items_of(session, meeting.id):
        if item.kind != ItemKind.OVERDUE.value or item.motion_id is None:
            continue
        voted = session.scalars(select(Vote.id).where(Vote.agenda_item_id == item.id)).first()
        if voted is not None or item.discussion:
            dealt_with(session, item.motion_id)


def send_back(
    session: Session, body: Body, register: Register, meeting: Meeting, actor: audit.Actor, reason: str
) -> list[audit.Entry]:
    """Motions that a meeting did not deal with stand where they stood; ``reason`` is the public one."""
    entries: list[audit.Entry] = []
    for item in items_of(session, meeting.id):
        if item.motion_id is None:
            continue
        motion = session.get_one(Motion, item.motion_id, with_for_update=True)
        if item.kind == ItemKind.MOTION.value and motion.stage == Stage.SCHEDULED.value:
            words = reason or _("The meeting ended before its turn came.", body.language)
            doing = Doing(actor, frozenset({Part.CLERK}), reason=words, language=body.language)
            _event, done = perform(session, Locked(motion, body, register), Act.TAKE_OFF, doing)
            entries += done
    return entries


def place_minutes(session: Session, meeting: Meeting) -> list[audit.Entry]:
    """A meeting approves the minutes of the one before: the first item of its agenda, as long as some are not approved."""
    approved = select(Minutes.meeting_id).where(Minutes.state == "approved")
    waits = session.scalars(
        select(Meeting.id).where(
            Meeting.body_id == meeting.body_id,
            Meeting.starts_at < meeting.starts_at,
            Meeting.state != MeetingState.CANCELLED.value,
            Meeting.id.not_in(approved),
        )
    ).first()
    if waits is None:
        return []
    language = session.get_one(Body, meeting.body_id).language
    languages = {language, *settings.current().languages}
    title = Localized.of({code: _("Minutes of the last meeting", code) for code in languages}, language)
    return [_entry(_add(session, meeting, ItemKind.MINUTES, title, None, "clock"))]


def _(sentence: str, language: str) -> str:
    """A sentence of our own in a council's language, for the record."""
    with force_locale(nearest(language)):
        return str(gettext(sentence))


def _wait(session: Session, motion: Motion, kind: str) -> None:
    known = session.scalars(
        select(WaitingItem).where(
            WaitingItem.motion_id == motion.id, WaitingItem.kind == kind, WaitingItem.dealt_on.is_(None)
        )
    ).first()
    if known is None:
        session.add(WaitingItem(motion_id=motion.id, kind=kind, since_on=clock.today()))
        session.flush()


def _next_meeting(session: Session, body: Body) -> Meeting | None:
    today = clock.today()
    rows = session.scalars(
        select(Meeting).where(Meeting.body_id == body.id, Meeting.state == MeetingState.PLANNED.value)
    ).all()
    possible = {
        row.id: deadlines.Meeting(row.id, clock.day_of(row.starts_at), row.invited_on is not None)
        for row in rows
    }
    found = [
        deadlines.next_meeting([each], today, rule_on(session, body.id, each.held_on).invitation_days)
        for each in possible.values()
    ]
    first = min(
        (each for each in found if each is not None), key=lambda each: (each.held_on, each.id), default=None
    )
    return session.get_one(Meeting, first.id) if first else None


def _clock_items(session: Session, body_id: int) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(AgendaItem)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(Meeting.body_id == body_id, AgendaItem.placed_by == "clock")
        )
        or 0
    )


# The rows ----------------------------------------------------------------------------------------------------------------


def live_item(session: Session, motion_id: int, kind: ItemKind | None = None) -> AgendaItem | None:
    """The item under which a meeting to come, or one that is on, deals with a motion."""
    wanted = (
        select(AgendaItem)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.motion_id == motion_id,
            AgendaItem.removed_on.is_(None),
            Meeting.state.in_(
                [MeetingState.PLANNED.value, MeetingState.INVITED.value, MeetingState.OPEN.value]
            ),
        )
        .order_by(AgendaItem.id.desc())
    )
    if kind is not None:
        wanted = wanted.where(AgendaItem.kind == kind.value)
    return session.scalars(wanted.limit(1)).one_or_none()


def leave_agenda(session: Session, motion_id: int) -> list[audit.Entry]:
    """Take a motion that is over off the agenda of a meeting to come; what was voted on under an item stays there."""
    entries: list[audit.Entry] = []
    while (item := live_item(session, motion_id)) is not None:
        if session.scalars(select(Vote.id).where(Vote.agenda_item_id == item.id)).first() is not None:
            break
        entries += _take(session, item)
    return entries


def _place_motion(
    session: Session, locked: Locked, meeting: Meeting, kind: ItemKind, doing: Doing
) -> tuple[AgendaItem, list[audit.Entry]]:
    motion = locked.motion
    errors = []
    rules.next_state(MeetingState(meeting.state), MeetingAct.PLACE)
    part = next((part for part in PLACED_BY if part in doing.parts), None)
    if part is None:
        errors.append(DomainError("motion_act_not_yours", act=Act.SCHEDULE.value))
    if meeting.invited_on is not None and not clean(doing.reason):
        errors.append(DomainError("urgent_reason_missing"))
    if live_item(session, motion.id, kind) is not None:
        errors.append(Conflict("motion_on_agenda"))
    raise_all(errors)
    assert part is not None
    urgent = meeting.invited_on is not None
    reason = (
        Localized.original(doing.language or locked.body.language, doing.reason) if urgent else Localized()
    )
    item = _add(session, meeting, kind, motion.title, motion.id, PLACED_BY[part], True, reason)
    entries = [_entry(item)]
    if kind is ItemKind.MOTION:
        day = clock.day_of(meeting.starts_at).isoformat()
        facts = {"meeting": meeting.id, "number": meeting.number, "day": day}
        _event, done = perform(session, locked, Act.SCHEDULE, replace(doing, facts=facts))
        entries += done
    return item, entries


def _remove(session: Session, locked: Locked, item: AgendaItem, doing: Doing) -> list[audit.Entry]:
    meeting = session.get_one(Meeting, item.meeting_id, with_for_update=True)
    _check_removable(session, meeting, item)
    if not {Part.CHAIR, Part.CLERK}.intersection(doing.parts):
        raise DomainError("motion_act_not_yours", act=Act.TAKE_OFF.value)
    entries = _take(session, item)
    if item.kind == ItemKind.MOTION.value:
        _event, done = perform(session, locked, Act.TAKE_OFF, doing)
        entries += done
    return entries


def _check_removable(session: Session, meeting: Meeting, item: AgendaItem) -> None:
    rules.next_state(MeetingState(meeting.state), MeetingAct.PLACE)
    if item.placed_by == "clock":
        raise DomainError("item_placed_by_clock")
    if session.scalars(select(Vote.id).where(Vote.agenda_item_id == item.id)).first() is not None:
        raise Conflict("item_voted_on")


def _take(session: Session, item: AgendaItem) -> list[audit.Entry]:
    """Take an item off; what a first teller has counted under it is thrown away."""
    entries = []
    counted = session.get(PaperCount, item.id, with_for_update=True)
    if counted is not None:
        session.delete(counted)
        entries.append(audit.Entry(events.VOTE_DISCARD, events.AGENDA_ITEM, item.id))
    item.removed_on, item.modified_at = clock.today(), clock.now()
    session.get_one(Meeting, item.meeting_id).modified_at = clock.now()
    session.flush()
    facts = {"meeting": item.meeting_id}
    return [*entries, audit.Entry(events.AGENDA_REMOVE, events.AGENDA_ITEM, item.id, facts)]


def _add(
    session: Session,
    meeting: Meeting,
    kind: ItemKind,
    title: Localized,
    motion_id: int | None,
    placed_by: str,
    public: bool = True,
    reason: Localized | None = None,
) -> AgendaItem:
    last = session.scalar(
        select(func.coalesce(func.max(AgendaItem.position), 0)).where(AgendaItem.meeting_id == meeting.id)
    )
    item = AgendaItem(
        meeting_id=meeting.id,
        position=(last or 0) + 1,
        kind=kind.value,
        title=title,
        motion_id=motion_id,
        public=public,
        placed_by=placed_by,
        discussion=Localized(),
        reason=reason or Localized(),
        created_at=clock.now(),
        modified_at=clock.now(),
    )
    session.add(item)
    meeting.modified_at = clock.now()
    session.flush()
    return item


def _entry(item: AgendaItem) -> audit.Entry:
    """Nothing of what an item that is not public is about."""
    facts: dict[str, object] = {"meeting": item.meeting_id, "kind": item.kind, "by": item.placed_by}
    if item.public and item.motion_id is not None:
        facts["motion"] = item.motion_id
    if item.reason:
        facts["reason"] = item.reason.dump()
    return audit.Entry(events.AGENDA_PLACE, events.AGENDA_ITEM, item.id, facts)


def _locked(session: Session, meeting_id: int) -> tuple[Meeting, Register]:
    meeting = find(session, Meeting, meeting_id)
    if meeting is None:
        raise NotFound("meeting", meeting_id)
    _body, register = lock_body(session, meeting.body_id)
    session.refresh(meeting, with_for_update=True)
    return meeting, register


def _meeting_of(session: Session, body: Body, meeting_id: int) -> Meeting:
    meeting = find(session, Meeting, meeting_id)
    if meeting is None or meeting.body_id != body.id:
        raise NotFound("meeting", meeting_id)
    session.refresh(meeting, with_for_update=True)
    return meeting
