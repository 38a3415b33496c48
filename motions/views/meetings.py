"""Meetings for everybody: the calendar to read and to subscribe to, and the page of each meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import clock, settings
from core.compression import compressed
from core.db import db
from core.documents.answering import respond
from core.i18n import language, localized
from core.icalendar_feed import CONTENT_TYPE, Appointment, Timetable, write_icalendar
from motions.documents import files
from motions.documents.invitation import invitation
from motions.documents.minutes import minutes_file
from motions.queries import meetings as read
from motions.queries.meetings import PAGE, MeetingHead
from motions.queries.votes import votes_of_meeting

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")

MEETING = "/<int(max=2147483647):meeting_id>"
KEPT_IN_CALENDARS = timedelta(days=365)
LATEST = datetime(9000, 1, 1, tzinfo=UTC).timestamp()


@blueprint.get("/")
@public
@compressed
def list_meetings() -> str:
    """Meetings to come, and those that were, the latest first; ``?before=`` goes on."""
    session = db.session()
    before = _place(request.args.get("before", ""))
    past = read.past(session, before)
    last = past[PAGE - 1] if len(past) > PAGE else None
    return render_template(
        "motions/meetings.html",
        coming=read.coming(session) if before is None else [],
        past=past[:PAGE],
        further=f"{int(last.starts_at.timestamp())}-{last.id}" if last else None,
        goes_on=before is not None,
    )


@blueprint.get(f"{MEETING}/")
@public
@compressed
def show_meeting(meeting_id: int) -> str:
    """Time, place, agenda, votes, and the minutes once they are approved."""
    session = db.session()
    return render_template(
        "motions/meeting.html",
        meeting=read.find_meeting(session, meeting_id),
        items=read.agenda_of(session, meeting_id, public=True),
        votes_by_item=votes_of_meeting(session, meeting_id),
        minutes=read.minutes_of(session, meeting_id, public=True),
    )


@blueprint.get("/calendar.ics")
@public
def calendar() -> Response:
    """Every council's meetings as a calendar to subscribe to; a changed one moves, a cancelled one is marked."""
    link = f"{settings.current().base_url}{url_for('meetings.list_meetings')}"
    written = write_icalendar(
        Timetable(
            name=_("Meetings of the councils"),
            language=language(),
            zone=settings.current().time_zone,
            link=link,
            appointments=[
                _appointment(head) for head in read.calendar(db.session(), clock.today() - KEPT_IN_CALENDARS)
            ],
        )
    )
    return Response(written, content_type=CONTENT_TYPE)


@blueprint.get(f"{MEETING}/agenda.pdf")
@public
def show_agenda(meeting_id: int) -> ResponseReturnValue:
    """The invitation without what is not public, once members are invited."""
    head = read.find_meeting(db.session(), meeting_id)
    if head.invited_on is None:
        abort(404)
    body = invitation(db.session(), head, language(), public=True)
    return respond(files.document(f"agenda-{head.day.isoformat()}.pdf", body), download=False)


@blueprint.get(f"{MEETING}/minutes.pdf")
@public
def show_minutes(meeting_id: int) -> ResponseReturnValue:
    """The minutes, once they are approved."""
    session = db.session()
    head = read.find_meeting(session, meeting_id)
    minutes = read.minutes_of(session, meeting_id, public=True)
    if minutes is None:
        abort(404)
    body = minutes_file(head, minutes, language())
    return respond(files.document(f"minutes-{head.day.isoformat()}.pdf", body), download=False)


def _appointment(head: MeetingHead) -> Appointment:
    name = localized(head.body_name).text
    return Appointment(
        uid=f"meeting-{head.id}@meetings.answerable",
        begins=head.starts_at,
        ends=head.ends_at if head.ends_at and head.ends_at > head.starts_at else None,
        summary=_("Cancelled: %(name)s", name=name) if head.state == "cancelled" else name,
        link=f"{settings.current().base_url}{url_for('meetings.show_meeting', meeting_id=head.id)}",
        changed_on=clock.day_of(head.modified_at),
        description=localized(head.note).text,
        place=localized(head.place).text,
        cancelled=head.state == "cancelled",
        sequence=head.sequence,
    )


def _place(typed: str) -> tuple[datetime, int] | None:
    """Where the list goes on; None for what makes no sense."""
    moment, _dash, id = typed.partition("-")
    if not (typed.isascii() and moment.isdigit() and id.isdigit() and len(id) < 10):
        return None
    if len(moment) > 12 or int(moment) > LATEST:
        return None
    return datetime.fromtimestamp(int(moment), UTC), int(id)
