"""One motion at the desk: where it stands, what whoever is signed in may do with it, and everything that happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import granted, permission_of, person, requires
from accounts.desk import office_page
from accounts.permissions import read_motions_desk
from core import clock
from core.db import db
from motions.messages import words
from motions.messages.acts import ACTS
from motions.queries import city, motions
from motions.queries.admissibility import open_finding
from motions.queries.drafting import circle, reads_draft, suggestion_number
from motions.queries.motions import MotionHead
from motions.queries.parts import Standing, releases
from motions.rules.city import whose
from motions.rules.meetings import STAGES_OF
from motions.rules.stages import DOES, Act, CityDecision, MotionKind, Part, Stage, acts_in, term_is_over
from motions.services.agenda import live_item
from motions.staff.desk import ENDPOINTS, open_motion

blueprint = Blueprint("office_motions", __name__, url_prefix="/office/motions")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(motion_words=words))


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be done now, and where."""

    label: str
    url: str


@blueprint.get("/<int(max=2147483647):motion_id>/")
@requires(read_motions_desk)
def show_motion(motion_id: int) -> ResponseReturnValue:
    """A motion with the acts that are open to whoever is signed in."""
    head, standing = open_motion(motion_id)
    session = db.session()
    inside = reads_draft(session, motion_id, standing)
    text = motions.words(session, motion_id, public=not inside)
    return office_page(
        "motions/staff/motion.html",
        motion=head,
        standing=standing,
        words=text,
        signers=motions.signers(session, motion_id, text.digest),
        history=motions.history(session, motion_id, public=not inside),
        circle=circle(session, head, text.digest) if inside else None,
        proposed=open_finding(session, motion_id)
        if releases(standing) or Part.OFFICE in standing.parts
        else None,
        releases=releases(standing),
        account_id=person().id,
        suggestion=suggestion_number(session, head.suggestion_id) if head.suggestion_id else None,
        follows=motions.find_motion(session, head.follows_id) if head.follows_id else None,
        owed=motions.owed(session, motion_id),
        choices=choices(head, standing),
        city_side=city.city_side(session, motion_id),
        city_parts=standing.parts & {Part.OFFICE, Part.CITY},
        correct_url=partial(_correct_url, motion_id),
    )


def _correct_url(motion_id: int, event_id: int) -> str:
    return url_for("office_city.correct", motion_id=motion_id, event_id=event_id)


def choices(head: MotionHead, standing: Standing) -> list[Choice]:
    """What this person may do with the motion now, in the order in which it is usually done.

    Beside the acts, an appeal, a check, a reopening or what is late is placed on an agenda, where it is on none.
    """
    decision = CityDecision(head.city_decision) if head.city_decision else None
    found: dict[str, Choice] = {}
    acts = acts_in(Stage(head.stage), MotionKind(head.kind), decision)
    for act in sorted(acts, key=lambda act: act is Act.EXTEND):  # to do it comes before asking for more time
        endpoint = ENDPOINTS.get(act)
        if endpoint is None or endpoint not in current_app.view_functions or not _may(act, head, standing):
            continue
        permission = permission_of(endpoint)
        if permission is not None and granted(permission):
            found.setdefault(endpoint, Choice(str(ACTS[act]), url_for(endpoint, motion_id=head.id)))
    if _may_be_placed(head, standing):
        endpoint = ENDPOINTS[Act.SCHEDULE]
        closed = Stage(head.stage) is Stage.CLOSED
        label = _("Propose to the council to open it again") if closed else str(ACTS[Act.SCHEDULE])
        found.setdefault(endpoint, Choice(label, url_for(endpoint, motion_id=head.id)))
    return list(found.values())


def _may(act: Act, head: MotionHead, standing: Standing) -> bool:
    stage = Stage(head.stage)
    if act is Act.LAPSE and not (head.is_public and term_is_over(head.term_ends_on, clock.today())):
        return False
    own_measure = bool(standing.measures) and stage in (Stage.IMPLEMENTING, Stage.DISPUTED)
    return bool(DOES[act] & whose(act, standing.parts, own_measure=own_measure))


def _may_be_placed(head: MotionHead, standing: Standing) -> bool:
    if not DOES[Act.SCHEDULE] & standing.parts or live_item(db.session(), head.id) is not None:
        return False
    return any(Stage(head.stage) in stages for stages in STAGES_OF.values())
