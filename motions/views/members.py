"""A page for each member of a council. Members are public persons; nothing of their accounts shows."""

from __future__ import annotations

from flask import Blueprint, render_template

from accounts.access import public
from core.compression import compressed
from core.db import db
from motions.queries.members import read_member
from motions.queries.votes import votes_of_member

blueprint = Blueprint("council_members", __name__, url_prefix="/council")


@blueprint.get("/<key>/members/<int(max=2147483647):member_id>/")
@public
@compressed
def show_member(key: str, member_id: int) -> str:
    """Seat and days, what this member tabled and what they signed, and how they voted by name."""
    session = db.session()
    member = read_member(session, key, member_id)
    return render_template("motions/member.html", member=member, votes=votes_of_member(session, member_id))
