"""The page of one motion, for everybody."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts.access import public
from core.compression import compressed
from core.db import db
from motions.queries.amendments import public_amendments
from motions.queries.city import city_side
from motions.queries.motions import MotionHead
from motions.queries.public import canonical, read_motion
from motions.queries.votes import votes_of

blueprint = Blueprint("motion_pages", __name__, url_prefix="/motions")

MORE: tuple[Callable[[Session, MotionHead], dict[str, object]], ...] = (
    lambda session, head: {"amendments": public_amendments(session, head.id)},
    lambda session, head: {"city_side": city_side(session, head.id)},
    lambda session, head: {"votes": votes_of(session, head.id)},
)
"""What other parts of this room show on the page, each with a partial of its own: ``templates/motions/_….html``."""


@blueprint.get("/<number>/")
@public
@compressed
def show_motion(number: str) -> ResponseReturnValue:
    """Outcome and state, what is owed and by when, the words, the way so far, and everything that happened in public."""
    session = db.session()
    label = canonical(session, number)
    if label != number:
        return redirect(url_for("motion_pages.show_motion", number=label), 301)
    found = read_motion(session, label)
    more: dict[str, object] = {}
    for part in MORE:
        more |= part(session, found.head)
    return render_template("motions/motion.html", found=found, motion=found.head, words=found.words, **more)


def motion_url(number: str) -> str:
    """Where everybody reads the motion with this number."""
    return url_for("motion_pages.show_motion", number=number)
