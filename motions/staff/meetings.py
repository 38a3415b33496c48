"""Meetings at the desk: the calendar, one meeting with its agenda, who is there, and the rules of a council."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, granted, person, requires
from accounts.desk import office_page
from accounts.permissions import read_motions_desk, record_meetings
from core import clock, settings
from core.db import db
from core.documents.answering import respond
from core.errors import NotFound
from core.forms import shows_own_form
from core.i18n import language, language_name, localized, show_day
from council.queries.bodies import find_body, list_bodies
from council.queries.members import members_of_account
from motions.documents import files
from motions.documents.invitation import invitation
from motions.forms.meetings import (
    AWAY,
    EXCUSED,
    HERE,
    ConflictForm,
    ItemForm,
    MeetingForm,
    NoteForm,
    OrderForm,
    PresenceForm,
    ReasonForm,
    RulesForm,
    SureForm,
    choices,
)
from motions.messages import meetings as words
from motions.models.meetings import AgendaItem, Meeting
from motions.queries import council_rules as rules_read
from motions.queries import meetings as read
from motions.queries.attendance import Room, room_at
from motions.queries.meetings import MeetingHead
from motions.queries.votes import votes_of_meeting
from motions.rules.meetings import VOTED_UNDER, ItemKind
from motions.rules.stages import Part
from motions.services import agenda, council_rules, meetings, presence
from motions.services.acts import Doing
from motions.services.agenda import NewItem
from motions.staff.desk import Page, handle

blueprint = Blueprint("office_meetings", __name__, url_prefix="/office/meetings")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(meeting_words=words))

MEETING = "/<int(max=2147483647):meeting_id>"
ITEM = "/items/<int(max=2147483647):item_id>"


@blueprint.get("/")
@requires(read_motions_desk)
def list_meetings() -> ResponseReturnValue:
    """The calendar, with what the clerk can do."""
    session = db.session()
    return office_page(
        "motions/staff/meetings.html",
        coming=read.coming(session),
        past=read.past(session)[: read.PAGE],
        bodies=list_bodies(),
        records=granted(record_meetings),
    )


@blueprint.get(f"{MEETING}/")
@requires(read_motions_desk)
def show_meeting(meeting_id: int) -> ResponseReturnValue:
    """One meeting: what is on its agenda, who is there, what was voted, and what can be done now."""
    session = db.session()
    head, is_member = open_meeting(meeting_id)
    return office_page(
        "motions/staff/meeting.html",
        meeting=head,
        items=read.agenda_of(session, meeting_id),
        votes=votes_of_meeting(session, meeting_id, public=False),
        room=room_at(session, session.get_one(Meeting, meeting_id)),
        rules=rules_read.rule_on(session, head.body_id, head.day),
        minutes=read.minutes_of(session, meeting_id),
        voted_under=VOTED_UNDER,
        records=granted(record_meetings),
        is_member=is_member,
        today=clock.today(),
    )


@blueprint.get(f"{MEETING}/invitation.pdf")
@requires(read_motions_desk)
def show_invitation(meeting_id: int) -> ResponseReturnValue:
    """Invitation, agenda and papers as members get them."""
    head, _is_member = open_meeting(meeting_id)
    body = invitation(db.session(), head, language(), public=False)
    return respond(files.document(f"invitation-{head.day.isoformat()}.pdf", body), download=False)


@blueprint.route("/<key>/plan", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def plan_meeting(key: str) -> ResponseReturnValue:
    """Put a meeting into the calendar."""
    body = find_body(key)
    form = MeetingForm()

    def act() -> str:
        meeting_id = meetings.plan_meeting(body.id, form.facts(), acting(record_meetings))
        return url_for("office_meetings.show_meeting", meeting_id=meeting_id)

    page = Page(
        _("Plan a meeting"),
        _("Put it into the calendar"),
        url_for("office_meetings.list_meetings"),
        _("It is public at once. Members are invited later, with the agenda."),
        facts=((_("Council"), localized(body.name).text),),
    )
    return handle(form, page, act, _("The meeting is in the calendar."))


@blueprint.route(f"{MEETING}/change", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def change_meeting(meeting_id: int) -> ResponseReturnValue:
    """Another day, time or place."""
    head, _is_member = open_meeting(meeting_id)
    form = MeetingForm(
        day=head.day,
        starts=f"{head.starts:%H:%M}",
        ends=f"{head.ends:%H:%M}" if head.ends else "",
        place=head.place.best(head.language).text,
        note=head.note.best(head.language).text,
    )

    def act() -> None:
        meetings.change_meeting(meeting_id, form.facts(), acting(record_meetings))

    lead = _("Everybody who was invited is told.") if head.invited_on else ""
    page = Page(_("Change the meeting"), _("Change it"), _back(meeting_id), lead, facts=_facts(head))
    return handle(form, page, act, _("The meeting is changed."))


@blueprint.route(f"{MEETING}/cancel", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def cancel_meeting(meeting_id: int) -> ResponseReturnValue:
    """Call it off, with a public reason."""
    head, _is_member = open_meeting(meeting_id)
    form = ReasonForm()

    def act() -> None:
        meetings.cancel_meeting(meeting_id, form.reason.data or "", acting(record_meetings))

    page = Page(
        _("Cancel the meeting"),
        _("Cancel it"),
        _back(meeting_id),
        warning=_("Its motions go back and wait for another meeting. Members who were invited are told."),
        facts=_facts(head),
    )
    return handle(form, page, act, _("The meeting is cancelled."))


@blueprint.route(f"{MEETING}/invite", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def invite(meeting_id: int) -> ResponseReturnValue:
    """Look at the agenda and at what is not translated; then invite everybody."""
    session = db.session()
    head, _is_member = open_meeting(meeting_id)
    gaps = read.gaps(session, meeting_id, settings.current().languages)

    def act() -> None:
        meetings.invite(meeting_id, acting(record_meetings))

    page = Page(
        _("Invite the members"),
        _("Send the invitations"),
        _back(meeting_id),
        _("Every member gets one mail with the agenda and all papers."),
        facts=_facts(head),
    )
    names = {code: language_name(code) for code in settings.current().languages}
    return handle(
        SureForm(), page, act, _("The invitations are on their way."), "motions/staff/invite.html",
        gaps=gaps, items=read.agenda_of(session, meeting_id), language_names=names,
    )  # fmt: skip


@blueprint.route(f"{MEETING}/open", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def begin_meeting(meeting_id: int) -> ResponseReturnValue:
    """The meeting begins."""
    head, _is_member = open_meeting(meeting_id)

    def act() -> str:
        meetings.open_meeting(meeting_id, acting(record_meetings))
        return url_for("office_meetings.record_presence", meeting_id=meeting_id)

    page = Page(_("Open the meeting"), _("Open it"), _back(meeting_id), facts=_facts(head))
    return handle(SureForm(), page, act, _("The meeting is open. Say who is there."))


@blueprint.route(f"{MEETING}/close", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def close_meeting(meeting_id: int) -> ResponseReturnValue:
    """The meeting is over."""
    head, _is_member = open_meeting(meeting_id)

    def act() -> None:
        meetings.close_meeting(meeting_id, acting(record_meetings))

    page = Page(
        _("End the meeting"),
        _("End it"),
        _back(meeting_id),
        warning=_("What was not dealt with goes back. Nothing more can be recorded after this."),
        facts=_facts(head),
    )
    return handle(SureForm(), page, act, _("The meeting is over. Now write its minutes."))


@blueprint.route(f"{MEETING}/place", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def place(meeting_id: int) -> ResponseReturnValue:
    """Place something that is about no motion."""
    head, _is_member = open_meeting(meeting_id)
    form = ItemForm()

    def act() -> None:
        new = NewItem(
            ItemKind(form.kind.data),
            form.item_title.data or "",
            public=not form.closed.data,
            reason=form.reason.data or "",
        )
        agenda.place(meeting_id, new, acting(record_meetings))

    page = Page(
        _("Add an item"),
        _("Add it"),
        _back(meeting_id),
        _("Motions are placed from their own pages."),
        facts=_facts(head),
    )
    return handle(form, page, act, _("The item is on the agenda."))


@blueprint.route(f"{MEETING}/reorder", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def reorder(meeting_id: int) -> ResponseReturnValue:
    """Another order."""
    head, _is_member = open_meeting(meeting_id)
    items = [(item.id, localized(item.title).text) for item in read.agenda_of(db.session(), meeting_id)]
    form = OrderForm.of(items)

    def act() -> None:
        agenda.reorder(meeting_id, form.order(id for id, _title in items), acting(record_meetings))

    page = Page(
        _("Change the order"),
        _("Keep this order"),
        _back(meeting_id),
        _("Write a number beside each item."),
        facts=_facts(head),
    )
    return handle(form, page, act, _("The agenda has a new order."))


@blueprint.route(f"{ITEM}/remove", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def remove(item_id: int) -> ResponseReturnValue:
    """Take an item off again."""
    item, head = read.find_item(db.session(), item_id)
    form = ReasonForm()

    def act() -> None:
        who = Doing(
            acting(record_meetings),
            frozenset({Part.CLERK}),
            reason=form.reason.data or "",
            language=language(),
        )
        agenda.remove(item_id, who)

    page = Page(
        _("Take an item off the agenda"),
        _("Take it off the agenda"),
        _back(head.id),
        facts=(*_facts(head), (_("Item"), localized(item.title).text)),
    )
    return handle(form, page, act, _("The item is off the agenda."))


@blueprint.route(f"{ITEM}/note", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def note(item_id: int) -> ResponseReturnValue:
    """What was said under an item."""
    item, head = read.find_item(db.session(), item_id)
    form = NoteForm(text=item.discussion.best(head.language).text)

    def act() -> None:
        presence.note_discussion(item_id, form.text.data or "", acting(record_meetings))

    page = Page(
        _("Note what was said"),
        _("Keep the note"),
        _back(head.id),
        facts=(*_facts(head), (_("Item"), localized(item.title).text)),
    )
    return handle(form, page, act, _("The note is kept."))


@blueprint.route(f"{MEETING}/presence", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def record_presence(meeting_id: int) -> ResponseReturnValue:
    """Who is there when the meeting begins."""
    head, _is_member = open_meeting(meeting_id)
    return _presence(head, None)


@blueprint.route(f"{ITEM}/presence", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def record_presence_at(item_id: int) -> ResponseReturnValue:
    """Who is there from an item on."""
    _item, head = read.find_item(db.session(), item_id)
    return _presence(head, item_id)


@blueprint.route(f"{ITEM}/conflicts", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def declare_conflicts(item_id: int) -> ResponseReturnValue:
    """Who has an interest of their own in an item."""
    session = db.session()
    item, head = read.find_item(session, item_id)
    room = _room(head, item_id)
    form = ConflictForm(members=[str(id) for id in room.excluded])
    form.members.choices = choices((id, room.name(id)) for id in room.counted)

    def act() -> None:
        presence.declare_conflicts(item_id, form.chosen(), acting(record_meetings))

    page = Page(
        _("Conflicts of interest"),
        _("Record them"),
        _back(head.id),
        facts=(*_facts(head), (_("Item"), localized(item.title).text)),
    )
    return handle(form, page, act, _("The conflicts of interest are recorded."))


@blueprint.route("/<key>/rules", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def change_rules(key: str) -> ResponseReturnValue:
    """How a council works from a day on."""
    session = db.session()
    body = find_body(key)
    now = rules_read.rule_on(session, body.id, clock.today())
    form = RulesForm(
        majority=now.vote.majority.value,
        abstentions=now.vote.abstentions.value,
        tie=now.vote.tie.value,
        cosigners=now.cosigners,
        invitation_days=now.invitation_days,
    )

    def act() -> None:
        council_rules.change_rules(body.id, form.rule(), acting(record_meetings))

    page = Page(
        _("Change the rules of the council"),
        _("Change the rules"),
        url_for("office_meetings.list_meetings"),
        _("They hold from the day that you name. What was voted before stays as it was."),
        facts=(
            (_("Council"), localized(body.name).text),
            (_("Since"), show_day(now.from_on) if now.from_on else _("always")),
            (_("Majority"), words.MAJORITIES[now.vote.majority]),
        ),
    )
    return handle(form, page, act, _("The rules are changed."))


def open_meeting(meeting_id: int) -> tuple[MeetingHead, bool]:
    """A meeting for whoever is signed in, and whether they sit on its council.

    Items that are not public are on this page: members of another council and officers of other departments than the one
    that accompanies this council find nothing (404).
    """
    session = db.session()
    head = read.find_meeting(session, meeting_id)
    seats = members_of_account(session, person().id, clock.today())
    is_member = any(seat.body_id == head.body_id for seat in seats)
    roles = {role.value for role in person().role_names}
    is_office = "officer" in roles and person().department_id == read.department_of(session, head.body_id)
    if not is_member and not is_office and "clerk" not in roles:
        abort(404)
    return head, is_member


def seat_on(head: MeetingHead) -> int:
    """The seat of whoever is signed in on a meeting's council. Raises NotFound."""
    seats = members_of_account(db.session(), person().id, clock.today())
    found = next((seat.member_id for seat in seats if seat.body_id == head.body_id), None)
    if found is None:
        raise NotFound("member", head.id)
    return found


def _presence(head: MeetingHead, item_id: int | None) -> ResponseReturnValue:
    room = _room(head, item_id)
    now = {
        each.member_id: HERE
        if each.member_id in room.present
        else EXCUSED
        if each.member_id in room.excused
        else AWAY
        for each in room.members
    }
    people = [
        (each.member_id, _("%(name)s (deputy)", name=each.name) if each.is_deputy else each.name)
        for each in room.members
    ]
    form = PresenceForm.of(people, now)

    def act() -> None:
        presence.record_presence(
            head.id, item_id, form.those(HERE), form.those(EXCUSED), acting(record_meetings)
        )

    facts = list(_facts(head))
    if item_id is not None:
        item, _head = read.find_item(db.session(), item_id)
        facts.append((_("From this item on"), localized(item.title).text))
    page = Page(
        _("Who is there?"),
        _("Record who is there"),
        _back(head.id),
        _("A deputy counts and votes only while the member is away."),
        facts=tuple(facts),
    )
    return handle(form, page, act, _("Who is there is recorded."))


def _room(head: MeetingHead, item_id: int | None) -> Room:
    session = db.session()
    item = session.get_one(AgendaItem, item_id) if item_id is not None else None
    return room_at(session, session.get_one(Meeting, head.id), item)


def _back(meeting_id: int) -> str:
    return url_for("office_meetings.show_meeting", meeting_id=meeting_id)


def _facts(head: MeetingHead) -> tuple[tuple[str, object], ...]:
    return (
        (_("Council"), localized(head.body_name).text),
        (_("Day"), _("%(day)s, %(time)s", day=show_day(head.day, "full"), time=f"{head.starts:%H:%M}")),
    )
