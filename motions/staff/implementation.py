"""Measures at the desk: planned, reported on, claimed to be done; and what waits for the council's check."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import requires
from accounts.desk import office_page
from accounts.permissions import check_motions, read_motions_desk
from core.db import db
from core.documents.stored import Checked
from core.forms import shows_own_form
from core.i18n import localized, show_day
from motions.forms.city import ClaimForm, MeasureForm, ReportForm, offer_departments
from motions.messages.city import STATES
from motions.queries import city as read
from motions.rules import city as rules
from motions.rules.stages import DOES, Act
from motions.services import implementation
from motions.services.implementation import NewMeasure
from motions.staff.city import asks_for_paper, departments, enter, entered, facts_of
from motions.staff.desk import Page, home_of, open_motion

blueprint = Blueprint("office_implementation", __name__, url_prefix="/office/motions")

MOTION = "/<int(max=2147483647):motion_id>"


@blueprint.get("/verification/")
@requires(read_motions_desk)
def list_claims() -> ResponseReturnValue:
    """What the city says is done, and the council has not checked yet."""
    return office_page("motions/staff/verification.html", claims=read.to_verify(db.session()))


@blueprint.route(f"{MOTION}/plan", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def plan(motion_id: int) -> ResponseReturnValue:
    """Plan a measure."""
    head, standing = open_motion(motion_id)
    form = MeasureForm(needs_source=asks_for_paper(Act.PLAN, standing.parts))
    offer_departments(form.department, departments())

    def act(source: Checked | None) -> None:
        new = NewMeasure(
            form.measure_title.data or "", form.department.data or "", form.due_on.data, form.budget.cents
        )
        implementation.plan(motion_id, new, entered(form, standing), source)

    page = Page(
        _("Plan a measure"),
        _("Publish the measure"),
        home_of(motion_id),
        _("The department reports on it every three months."),
        facts=facts_of(head),
    )
    return enter(form, page, act, _("The measure is public."))


@blueprint.get(f"{MOTION}/update")
@requires(check_motions)
def update(motion_id: int) -> ResponseReturnValue:
    """Choose the measure to report on."""
    head, standing = open_motion(motion_id)
    return office_page(
        "motions/staff/measures.html",
        motion=head,
        of_all=bool(DOES[Act.UPDATE] & standing.parts),
        own=standing.measures,
        side=read.city_side(db.session(), motion_id),
        states=STATES,
    )


@blueprint.route(f"{MOTION}/measures/<int(max=2147483647):measure_id>/update", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def update_measure(motion_id: int, measure_id: int) -> ResponseReturnValue:
    """Report on a measure."""
    head, standing = open_motion(motion_id)
    measure = read.find_measure(db.session(), motion_id, measure_id)
    parts = rules.whose(Act.UPDATE, standing.parts, own_measure=measure_id in standing.measures)
    form = ReportForm(needs_source=asks_for_paper(Act.UPDATE, parts))
    form.was_due = measure.due_on

    def act(source: Checked | None) -> None:
        implementation.update(motion_id, measure_id, form.facts(), entered(form, standing), source)

    page = Page(
        _("Report on a measure"),
        _("Publish the report"),
        home_of(motion_id),
        facts=(
            *facts_of(head),
            (_("Measure"), localized(measure.title).text),
            (_("Now"), STATES[measure.state]),
            (_("To be done by"), show_day(measure.due_on)),
        ),
    )
    return enter(form, page, act, _("The report is public."))


@blueprint.route(f"{MOTION}/claim-done", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def claim_done(motion_id: int) -> ResponseReturnValue:
    """The city says that all is done."""
    head, standing = open_motion(motion_id)
    form = ClaimForm(needs_source=asks_for_paper(Act.CLAIM_DONE, standing.parts))

    def act(source: Checked | None) -> None:
        implementation.claim_done(motion_id, form.text.data or "", entered(form, standing), source)

    page = Page(
        _("Say that it is done"),
        _("Say that it is done"),
        home_of(motion_id),
        _("The council checks it and votes. Only then is it done."),
        facts=facts_of(head),
    )
    return enter(form, page, act, _("The council will check it."))
