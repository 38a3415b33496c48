"""What the office's pages about motions share: who may see one, a form, the verb it is for, and where one goes afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from accounts.access import person
from accounts.desk import OfficeForm, office_page, status_of
from core.audit import Actor
from core.db import db, find
from core.errors import DomainError, NotFound
from motions.models.drafting import Cosigner
from motions.models.motions import Motion
from motions.queries.motions import MotionHead, find_motion
from motions.queries.parts import Standing, standing_of
from motions.rules.stages import Act, Part
from motions.services.acts import Doing

ENDPOINTS: Mapping[Act, str] = {
    Act.CHANGE_TEXT: "office_drafting.change_text",
    Act.INVITE: "office_drafting.invite",
    Act.SIGN: "office_drafting.sign",
    Act.SUBMIT: "office_drafting.submit",
    Act.WITHDRAW: "office_drafting.withdraw",
    Act.APPEAL: "office_drafting.appeal",
    Act.CARRY_OVER: "office_drafting.carry_over",
    Act.ADMIT: "office_admissibility.check",
    Act.RETURN: "office_admissibility.check",
    Act.REFUSE: "office_admissibility.check",
    Act.SCHEDULE: "office_agenda.schedule",
    Act.TAKE_OFF: "office_agenda.take_off",
    Act.FORWARD: "office_city.forward",
    Act.ACKNOWLEDGE: "office_city.acknowledge",
    Act.FILE_POSITION: "office_city.file_position",
    Act.DECIDE: "office_city.decide",
    Act.EXTEND: "office_city.extend",
    Act.PLAN: "office_implementation.plan",
    Act.UPDATE: "office_implementation.update",
    Act.CLAIM_DONE: "office_implementation.claim_done",
    Act.LAPSE: "office_city.lapse",
    Act.CLOSE: "office_city.close",
}
"""Where each act is done; what a vote decides is recorded on the page of its meeting."""


@dataclass(frozen=True, slots=True)
class Page:
    """How a form's page looks: heading, what to know before, the button; a ``warning`` colours the button.

    Without a button there is no form: its ``lead`` says why nothing can be done.

    ``back`` is where one goes without saving, and after it. ``missing`` is what has to be mended first on another page,
    ``mend``.
    """

    heading: str
    button: str
    back: str
    lead: str = ""
    warning: str = ""
    facts: tuple[tuple[str, object], ...] = field(default=())
    missing: Sequence[str] = ()
    mend: str = ""


def open_motion(motion_id: int) -> tuple[MotionHead, Standing]:
    """A motion for whoever is signed in, and as whom they may act on it.

    A draft is seen by its author and by those who were asked to sign; for all others it does not exist (404).
    """
    session = db.session()
    motion = find(session, Motion, motion_id)
    if motion is None:
        raise NotFound("motion", motion_id)
    standing = standing_of(session, motion, person())
    asked = (
        standing.member_id is not None and session.get(Cosigner, (motion_id, standing.member_id)) is not None
    )
    if motion.number is None and Part.AUTHOR not in standing.parts and not asked:
        abort(404)
    return find_motion(session, motion_id), standing


def home_of(motion_id: int) -> str:
    """The page of a motion at the desk."""
    return url_for("office_motions.show_motion", motion_id=motion_id)


def doing(standing: Standing, actor: Actor, **more: object) -> Doing:
    """``services.acts.Doing`` for whoever is signed in."""
    return Doing(
        actor=actor,
        parts=standing.parts,
        member_id=standing.member_id,
        measures=standing.measures,
        **more,  # type: ignore[arg-type]
    )


def handle(
    form: OfficeForm,
    page: Page,
    act: Callable[[], str | None],
    done: str,
    template: str = "motions/staff/form.html",
    **context: object,
) -> ResponseReturnValue:
    """Show ``form``; when it was sent and is complete, do ``act``, say ``done`` and go on.

    ``act`` returns the address to go to, or None for the page's ``back``.
    """
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                where = act()
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                flash(done, "success")
                return redirect(where or page.back)
    return office_page(template, status, (), form=form, page=page, **context)
