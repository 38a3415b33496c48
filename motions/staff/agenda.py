"""Placing a motion on an agenda, and taking it off again: by the chair or the clerk, from the page of the motion."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.permissions import read_motions_desk
from core.db import db
from core.forms import shows_own_form
from core.i18n import language, show_day
from motions.forms.meetings import ReasonForm, ScheduleForm, choices
from motions.queries import meetings as read
from motions.services import agenda
from motions.staff.desk import Page, doing, handle, open_motion

blueprint = Blueprint("office_agenda", __name__, url_prefix="/office/motions")

MOTION = "/<int(max=2147483647):motion_id>"


@blueprint.route(f"{MOTION}/schedule", methods=["GET", "POST"])
@shows_own_form
@requires(read_motions_desk)
def schedule(motion_id: int) -> ResponseReturnValue:
    """Choose the meeting that deals with a motion. Chair and clerk may; who else tries is told so."""
    head, standing = open_motion(motion_id)
    form = ScheduleForm()
    form.meeting.choices = choices(
        (each.id, _("%(day)s, %(time)s", day=show_day(each.day, "full"), time=f"{each.starts:%H:%M}"))
        for each in read.coming(db.session(), head.body_id)
    )

    def act() -> None:
        who = doing(standing, acting(read_motions_desk), reason=form.reason.data or "", language=language())
        agenda.schedule(motion_id, int(form.meeting.data), who)

    page = Page(
        _("Place the motion on an agenda"),
        _("Place it on the agenda"),
        url_for("office_motions.show_motion", motion_id=motion_id),
        "" if form.meeting.choices else _("No meeting is planned. The clerk plans one first."),
        facts=((_("Motion"), f"{head.number or ''} {head.title.best(language()).text}"),),
    )
    return handle(form, page, act, _("The motion is on the agenda."))


@blueprint.route(f"{MOTION}/take-off", methods=["GET", "POST"])
@shows_own_form
@requires(read_motions_desk)
def take_off(motion_id: int) -> ResponseReturnValue:
    """Take a motion off the agenda, with a public reason."""
    head, standing = open_motion(motion_id)
    form = ReasonForm()

    def act() -> None:
        who = doing(standing, acting(read_motions_desk), reason=form.reason.data or "", language=language())
        agenda.take_off(motion_id, who)

    page = Page(
        _("Take the motion off the agenda"),
        _("Take it off the agenda"),
        url_for("office_motions.show_motion", motion_id=motion_id),
        facts=((_("Motion"), f"{head.number or ''} {head.title.best(language()).text}"),),
    )
    return handle(form, page, act, _("The motion is off the agenda."))
