"""What members ask for to take part: an interpreter, childcare, their expenses.

Whoever may read the reply desk (``read_promises``) reads it and the answer, and the member; nobody else does.
"""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, person, requires
from accounts.desk import office_page
from accounts.permissions import use_members_desk
from core.db import db
from core.forms import shows_own_form
from core.i18n import language, localized, show_day
from council.queries.members import member_ids_of
from motions.forms.meetings import RequestForm, SureForm
from motions.queries import meetings as read
from motions.services import requests
from motions.staff.desk import Page, handle
from motions.staff.meetings import open_meeting, seat_on

blueprint = Blueprint("office_requests", __name__, url_prefix="/office/meetings")


@blueprint.get("/requests/")
@requires(use_members_desk)
def list_requests() -> ResponseReturnValue:
    """One's own requests, by when each is answered, and the answers. They stay one's own when the seat is left."""
    session = db.session()
    seats = member_ids_of(session, person().id)
    return office_page("motions/staff/requests.html", requests=read.requests_of(session, seats))


@blueprint.route("/<int(max=2147483647):meeting_id>/ask", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def ask(meeting_id: int) -> ResponseReturnValue:
    """Ask for help with a meeting."""
    head, _is_member = open_meeting(meeting_id)
    form = RequestForm()

    def act() -> str:
        requests.ask_for_help(
            meeting_id,
            seat_on(head),
            form.kind.data or "",
            form.text.data or "",
            form.amount.cents,
            language(),
            acting(use_members_desk),
        )
        return url_for("office_requests.list_requests")

    page = Page(
        _("Ask for help with a meeting"),
        _("Ask for it"),
        url_for("office_meetings.show_meeting", meeting_id=meeting_id),
        " ".join(
            (
                _("You get an answer within five working days."),
                _("Clerks, returning officers and the election board read what you write, and answer it."),
                _("Nobody else reads it, nor the answer. Everybody sees that it was given, and when."),
            )
        ),
        facts=(
            (_("Council"), localized(head.body_name).text),
            (_("Meeting"), show_day(head.day, "full")),
        ),
    )
    return handle(form, page, act, _("Your request has a number. The answer is owed by the day beside it."))


@blueprint.route("/requests/<int(max=2147483647):request_id>/erase", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def erase(request_id: int) -> ResponseReturnValue:
    """Take one's own text out again."""
    own = member_ids_of(db.session(), person().id)

    def act() -> None:
        requests.erase_request(request_id, own, acting(use_members_desk))

    page = Page(
        _("Take the text of your request out"),
        _("Take it out"),
        url_for("office_requests.list_requests"),
        warning=_("Number and answer stay. The text is gone for good."),
    )
    return handle(SureForm(), page, act, _("The text is gone."))
