"""One motion at the desk: where it stands, what whoever is signed in may do with it, and everything that happened."""

from __future__ import annotations

from collections.abc import Sequence
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
from core.errors import DomainError
from motions.messages import words
from motions.messages.acts import ACTS
from motions.queries import city, motions
from motions.queries.admissibility import open_finding
from motions.queries.drafting import Circle, circle, reads_draft, suggestion_number
from motions.queries.motions import Happening, MotionHead, Owed, Words
from motions.queries.parts import Standing, releases
from motions.rules.city import whose
from motions.rules.drafting import check_text, own_text
from motions.rules.meetings import STAGES_OF
from motions.rules.stages import DOES, Act, CityDecision, MotionKind, Part, Stage, acts_in, term_is_over
from motions.services.agenda import live_item
from motions.staff.city import may_be_extended
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
    owed = motions.owed(session, motion_id)
    history = motions.history(session, motion_id, public=not inside)
    signing = circle(session, head, text.digest) if inside else None
    return office_page(
        "motions/staff/motion.html",
        motion=head,
        standing=standing,
        words=text,
        signers=motions.signers(session, motion_id, text.digest),
        history=history,
        returned=_returned(head, standing, history),
        circle=signing,
        proposed=open_finding(session, motion_id)
        if releases(standing) or Part.OFFICE in standing.parts
        else None,
        releases=releases(standing),
        account_id=person().id,
        suggestion=suggestion_number(session, head.suggestion_id) if head.suggestion_id else None,
        follows=motions.find_motion(session, head.follows_id) if head.follows_id else None,
        owed=owed,
        choices=choices(head, standing, owed, signing, is_complete=_is_complete(head, text)),
        city_side=city.city_side(session, motion_id),
        city_parts=standing.parts & {Part.OFFICE, Part.CITY},
        correct_url=partial(_correct_url, motion_id),
    )


def _correct_url(motion_id: int, event_id: int) -> str:
    return url_for("office_city.correct", motion_id=motion_id, event_id=event_id)


def _returned(head: MotionHead, standing: Standing, history: Sequence[Happening]) -> Happening | None:
    """What its author has to mend, until it is handed in again."""
    if Part.AUTHOR not in standing.parts or Stage(head.stage) not in (Stage.RETURNED, Stage.COSIGNING):
        return None
    return next((each for each in reversed(history) if each.kind == Act.RETURN), None)


def choices(
    head: MotionHead,
    standing: Standing,
    owed: Sequence[Owed],
    signing: Circle | None,
    *,
    is_complete: bool = True,
) -> list[Choice]:
    """What this person may do with the motion now, in the order in which it is usually done.

    Nothing is offered that would be refused: no second signature, no handing in before enough have signed, no more time
    for a step that is late. What is signed by enough is handed in first, what is not complete is changed first. Beside the acts, an appeal, a check, a reopening or what is late is placed on an agenda, where it is on none.
    """
    decision = CityDecision(head.city_decision) if head.city_decision else None
    found: dict[str, Choice] = {}
    acts = acts_in(Stage(head.stage), MotionKind(head.kind), decision)
    first = Act.SUBMIT if is_complete else Act.CHANGE_TEXT
    for act in sorted(acts, key=lambda act: (act is not first, act is Act.EXTEND)):
        if not _is_of_use(act, standing, owed, signing) or (act is Act.SUBMIT and not is_complete):
            continue
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


def _is_complete(head: MotionHead, text: Words) -> bool:
    """Whether the words can be signed and handed in."""
    try:
        check_text(own_text(text, head.language), MotionKind(head.kind))
    except DomainError:
        return False
    return True


def _is_of_use(act: Act, standing: Standing, owed: Sequence[Owed], signing: Circle | None) -> bool:
    match act:
        case Act.SIGN:
            return signing is not None and signing.state_of(standing.member_id) not in (None, "signed")
        case Act.SUBMIT:
            return signing is not None and signing.is_enough
        case Act.EXTEND:
            return bool(may_be_extended(owed, standing))
        case _:
            return True


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
