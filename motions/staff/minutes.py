"""Minutes at the desk: written by the clerk, read and objected to by members."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, granted, requires
from accounts.desk import office_page
from accounts.permissions import read_motions_desk, record_meetings, use_members_desk
from core.db import db
from core.documents.answering import respond
from core.forms import shows_own_form
from core.i18n import language, localized, show_day
from motions.documents import files
from motions.documents.minutes import draft, minutes_file
from motions.forms.meetings import MinutesForm, ObjectionForm, SureForm
from motions.queries import meetings as read
from motions.queries.meetings import MeetingHead
from motions.services import minutes
from motions.staff.desk import Page, handle
from motions.staff.meetings import open_meeting, seat_on

blueprint = Blueprint("office_minutes", __name__, url_prefix="/office/meetings")

MINUTES = "/<int(max=2147483647):meeting_id>/minutes"


@blueprint.get(f"{MINUTES}/")
@requires(read_motions_desk)
def show_minutes(meeting_id: int) -> ResponseReturnValue:
    """The minutes that count, where they stand, and every objection. A draft is the clerk's alone."""
    head, is_member = open_meeting(meeting_id)
    found = read.minutes_of(db.session(), meeting_id)
    records = granted(record_meetings)
    return office_page(
        "motions/staff/minutes.html",
        meeting=head,
        minutes=found if found and (records or found.state != "draft") else None,
        records=records,
        is_member=is_member,
    )


@blueprint.get(f"{MINUTES}.pdf")
@requires(read_motions_desk)
def show_file(meeting_id: int) -> ResponseReturnValue:
    """The minutes to print."""
    head, _is_member = open_meeting(meeting_id)
    found = read.minutes_of(db.session(), meeting_id)
    if found is None or (found.state == "draft" and not granted(record_meetings)):
        abort(404)
    body = minutes_file(head, found, language())
    return respond(files.document(f"minutes-{head.day.isoformat()}.pdf", body), download=False)


@blueprint.route(f"{MINUTES}/write", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def write_minutes(meeting_id: int) -> ResponseReturnValue:
    """Write on from the draft that is made of what was recorded."""
    session = db.session()
    head, _is_member = open_meeting(meeting_id)
    known = read.minutes_of(session, meeting_id)
    form = MinutesForm(
        text=known.text.best(head.language).text if known is not None else draft(session, head)
    )

    def act() -> None:
        minutes.write_minutes(meeting_id, form.text.data or "", acting(record_meetings))

    page = Page(
        _("Write the minutes"),
        _("Keep the minutes"),
        _back(meeting_id),
        _("Send them to the members by %(day)s.", day=show_day(head.minutes_due_on, "full")),
        facts=_facts(head),
    )
    return handle(form, page, act, _("The minutes are kept."))


@blueprint.route(f"{MINUTES}/send", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def send_minutes(meeting_id: int) -> ResponseReturnValue:
    """Send them to every member."""
    head, _is_member = open_meeting(meeting_id)

    def act() -> None:
        minutes.send_minutes(meeting_id, acting(record_meetings))

    page = Page(
        _("Send the minutes"),
        _("Send them"),
        _back(meeting_id),
        _("Every member gets one mail and may object until the next meeting."),
        facts=_facts(head),
    )
    return handle(SureForm(), page, act, _("The minutes are on their way."))


@blueprint.route(f"{MINUTES}/object", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def object_to_minutes(meeting_id: int) -> ResponseReturnValue:
    """A member says what is wrong in them."""
    head, _is_member = open_meeting(meeting_id)
    form = ObjectionForm()

    def act() -> None:
        minutes.object_to_minutes(
            meeting_id, seat_on(head), form.text.data or "", language(), acting(use_members_desk)
        )

    page = Page(
        _("Object to the minutes"),
        _("Send the objection"),
        _back(meeting_id),
        _("The next meeting decides on it by vote."),
        facts=_facts(head),
    )
    return handle(form, page, act, _("Your objection is recorded."))


def _back(meeting_id: int) -> str:
    return url_for("office_minutes.show_minutes", meeting_id=meeting_id)


def _facts(head: MeetingHead) -> tuple[tuple[str, object], ...]:
    return ((_("Council"), localized(head.body_name).text), (_("Meeting"), show_day(head.day, "full")))
