"""The desk of motions: what waits for whoever is signed in, what the city owes, and how local politics works."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from accounts.access import person, requires
from accounts.desk import office_page
from accounts.permissions import read_motions_desk
from core.db import db
from motions.messages.guide import GUIDE, TEMPLATES
from motions.queries import desk

blueprint = Blueprint("motions_desk", __name__, url_prefix="/office/motions")


@blueprint.get("/")
@requires(read_motions_desk)
def show_desk() -> ResponseReturnValue:
    """What waits for this person as a member, for the office, for the clerk, and for their department."""
    session, account = db.session(), person()
    return office_page(
        "motions/staff/desk.html",
        seats=desk.members_desks(session, account),
        offices=desk.office_desks(session, account),
        department=desk.owed_by_department(session, account.department_id) if account.department_id else (),
        templates=TEMPLATES,
    )


@blueprint.get("/guide/")
@requires(read_motions_desk)
def show_guide() -> ResponseReturnValue:
    """How a motion becomes something that is done, and who has to do what."""
    return office_page("motions/staff/guide.html", guide=GUIDE)
