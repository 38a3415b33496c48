"""The city's side at the desk: forwarding, the city's steps, corrections, closing, and what departments owe councils."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, person, requires
from accounts.desk import office_page
from accounts.permissions import check_motions, record_meetings
from accounts.queries import list_departments
from core.db import db, find
from core.documents.stored import Checked
from core.errors import DomainError, NotFound
from core.forms import choice, shows_own_form
from core.i18n import localized, show_day
from core.localized import Localized
from followup.numbers import read_number
from motions.forms.city import (
    AcknowledgeForm,
    CityForm,
    CloseForm,
    CorrectAcknowledgeForm,
    CorrectDecisionForm,
    CorrectPositionForm,
    DecisionForm,
    EuroField,
    ExtendForm,
    ForwardForm,
    LapseForm,
    PassOnForm,
    PositionForm,
    offer_departments,
)
from motions.messages.words import HAPPENED, STEPS
from motions.models.motions import MotionEvent
from motions.queries import city as read
from motions.queries import motions
from motions.queries.motions import MotionHead, Owed
from motions.queries.parts import Standing
from motions.rules import city as rules
from motions.rules.stages import DOES, Act, Part
from motions.rules.steps import FROM_THE_OFFICE
from motions.services import city
from motions.services.acts import Doing
from motions.staff.desk import Page, doing, handle, home_of, open_motion

blueprint = Blueprint("office_city", __name__, url_prefix="/office/motions")

MOTION = "/<int(max=2147483647):motion_id>"


@blueprint.get("/city/")
@requires(check_motions)
def list_owed() -> ResponseReturnValue:
    """What the officer's department owes councils, by due day; for a council's own office, all departments."""
    department = person().department_id
    lines = read.owed_by(db.session(), department) if department is not None else []
    return office_page(
        "motions/staff/city.html", lines=lines, limit=read.DESK_LINES, has_department=department
    )


@blueprint.route(f"{MOTION}/forward", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def forward(motion_id: int) -> ResponseReturnValue:
    """Send what the council adopted to the department that is responsible."""
    head, standing = open_motion(motion_id)
    text = motions.words(db.session(), motion_id, public=True)
    form = ForwardForm()
    offer_departments(form.department, departments())

    def act() -> None:
        city.forward(motion_id, form.department.data or "", _doing(standing, day=form.day.data))

    page = Page(
        _("Send the motion to the city"),
        _("Send it to the city"),
        home_of(motion_id),
        _("The department gets a mail. It has five working days to confirm that it has the motion."),
        facts=facts_of(head),
    )
    done = _("The motion is with the city.")
    return handle(form, page, act, done, "motions/staff/read.html", motion=head, words=text)


@blueprint.route(f"{MOTION}/acknowledge", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def acknowledge(motion_id: int) -> ResponseReturnValue:
    """The city has it, under its own reference."""
    head, standing = open_motion(motion_id)
    form = AcknowledgeForm(needs_source=asks_for_paper(Act.ACKNOWLEDGE, standing.parts))

    def act(source: Checked | None) -> None:
        city.acknowledge(motion_id, form.reference.data or "", entered(form, standing), source)

    page = Page(
        _("Confirm that the city has it"),
        _("Confirm that the city has it"),
        home_of(motion_id),
        _("From this day the city has six weeks for its position, and three months for its decision."),
        facts=facts_of(head),
    )
    return enter(form, page, act, _("The city has it. Its next day is public."))


@blueprint.route(f"{MOTION}/file-position", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def file_position(motion_id: int) -> ResponseReturnValue:
    """What the administration thinks."""
    head, standing = open_motion(motion_id)
    form = PositionForm(needs_source=asks_for_paper(Act.FILE_POSITION, standing.parts))

    def act(source: Checked | None) -> None:
        city.file_position(motion_id, form.facts(), entered(form, standing), source)

    page = Page(
        _("Enter the city’s position"), _("Publish the position"), home_of(motion_id), facts=facts_of(head)
    )
    return enter(form, page, act, _("The position is public."))


@blueprint.route(f"{MOTION}/decide", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def decide(motion_id: int) -> ResponseReturnValue:
    """What became of it in the city."""
    head, standing = open_motion(motion_id)
    form = DecisionForm(needs_source=asks_for_paper(Act.DECIDE, standing.parts))

    def act(source: Checked | None) -> None:
        city.decide(motion_id, form.facts(), entered(form, standing), source)

    page = Page(
        _("Enter the city’s decision"),
        _("Publish the outcome"),
        home_of(motion_id),
        _(
            "What was only noted, settled by an office, or not competent is shown as that. It never counts as a decision."
        ),
        facts=facts_of(head),
    )
    return enter(form, page, act, _("The outcome is public."))


@blueprint.route(f"{MOTION}/extend", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def extend(motion_id: int) -> ResponseReturnValue:
    """A step needs longer."""
    head, standing = open_motion(motion_id)
    owed = may_be_extended(motions.owed(db.session(), motion_id), standing)
    form = ExtendForm()
    chosen = [parts for each, parts in owed if str(each.id) == form.step.data]
    form.asks_for_source(
        any(rules.needs_source(Act.EXTEND, parts) for parts in chosen or [parts for _each, parts in owed])
    )
    titles = {each.id: each.title for each in read.measures_of(db.session(), motion_id)}
    form.step.choices = [
        choice(
            str(each.id),
            _(
                "%(step)s, due on %(day)s",
                step=_step(each.step, titles.get(each.measure_id or 0)),
                day=show_day(each.debt.due_on),
            ),
        )
        for each, _parts in owed
    ]

    def act(source: Checked | None) -> None:
        assert form.new_due_on.data is not None  # the form asked for it
        city.extend(motion_id, int(form.step.data), form.new_due_on.data, entered(form, standing), source)

    page = Page(
        _("Ask for more time"),
        _("Set the new day") if owed else "",
        home_of(motion_id),
        _("This can be done once for each step, and only before its day.")
        if owed
        else _("No step can be given more time now: its day is over, or it was moved before."),
        facts=facts_of(head),
    )
    return enter(form, page, act, _("The new day and its reason are public."))


@blueprint.route(f"{MOTION}/pass-on", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def pass_on(motion_id: int) -> ResponseReturnValue:
    """Another department is responsible."""
    head, standing = open_motion(motion_id)
    form = PassOnForm()
    offer_departments(form.department, departments())

    def act() -> None:
        city.pass_on(
            motion_id,
            form.department.data or "",
            _doing(standing, reason=form.reason.data or "", language=form.language.data or ""),
        )

    page = Page(
        _("Pass the motion on to another department"),
        _("Pass it on"),
        home_of(motion_id),
        _("All days stay as they are."),
        facts=facts_of(head),
    )
    return handle(form, page, act, _("The other department is responsible now."))


@blueprint.route(f"{MOTION}/lapse", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def lapse(motion_id: int) -> ResponseReturnValue:
    """The term ended before the council voted."""
    head, standing = open_motion(motion_id)
    form = LapseForm()

    def act() -> None:
        city.lapse(motion_id, doing(standing, acting(record_meetings)))

    page = Page(
        _("The term ended before the council voted"),
        _("Record that it was not dealt with"),
        home_of(motion_id),
        _("A member of the new term can take the motion over."),
        facts=facts_of(head),
    )
    return handle(form, page, act, _("It is recorded."))


@blueprint.route(f"{MOTION}/close", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def close(motion_id: int) -> ResponseReturnValue:
    """Close a motion with a note."""
    head, standing = open_motion(motion_id)
    form = CloseForm()

    def act() -> None:
        city.close(
            motion_id,
            doing(standing, acting(record_meetings), reason=form.reason.data or "", language=head.language),
            _follow_up(head, form.follow_up.data or ""),
        )

    page = Page(
        _("Close the motion"),
        _("Close it"),
        home_of(motion_id),
        _("Write what became of it, in the motion’s language."),
        _("Only a vote of the council opens it again."),
        facts=facts_of(head),
    )
    return handle(form, page, act, _("The motion is closed."))


@blueprint.route(f"{MOTION}/events/<int(max=2147483647):event_id>/correct", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def correct(motion_id: int, event_id: int) -> ResponseReturnValue:
    """Say what is right about a step that was entered wrongly."""
    head, standing = open_motion(motion_id)
    event = find(db.session(), MotionEvent, event_id)
    if event is None or event.motion_id != motion_id:
        raise NotFound("event", event_id)
    act_of = city.corrected_act(db.session(), event)
    if act_of is None:
        abort(404)
    form, plain = _correction(act_of, event, standing)

    def act(source: Checked | None) -> None:
        language = form.language.data or ""
        city.correct(motion_id, event_id, plain(language), entered(form, standing, day=None), source)

    page = Page(
        _("Correct what was entered"),
        _("Publish the correction"),
        home_of(motion_id),
        _("What was entered before stays readable, and is marked as corrected."),
        facts=(*facts_of(head), (_("Entered before"), HAPPENED[act_of])),
    )
    return enter(form, page, act, _("The correction is public."))


def _correction(
    act: Act, event: MotionEvent, standing: Standing
) -> tuple[CityForm, Callable[[str], dict[str, Any]]]:
    """The form filled with what was entered, and what gives its facts in a language."""
    facts = event.facts

    def text(name: str) -> str:
        source = Localized.load(facts.get(name)).source
        return source.text if source else ""

    needs = asks_for_paper(act, standing.parts)
    if act is Act.ACKNOWLEDGE:
        receipt = CorrectAcknowledgeForm(reference=facts.get("reference", ""), needs_source=needs)

        def reference(_language: str) -> dict[str, Any]:
            rules.check_reference(receipt.reference.data or "")
            return {"reference": receipt.reference.data}

        del receipt.day
        return receipt, reference
    if act is Act.FILE_POSITION:
        position = CorrectPositionForm(
            position=facts["position"],
            text=text("text"),
            legal=text("legal"),
            cost=EuroField.typed(facts.get("cents")),
            needs_source=needs,
        )

        def of_position(language: str) -> dict[str, Any]:
            rules.check_position(position.facts())
            return city.position_facts(position.facts(), language)

        del position.day
        return position, of_position
    decision = CorrectDecisionForm(
        decision=facts["decision"],
        body=facts.get("body", ""),
        wording=text("wording"),
        yes=facts.get("yes"),
        no=facts.get("no"),
        abstain=facts.get("abstain"),
        needs_source=needs,
    )

    def of_decision(language: str) -> dict[str, Any]:
        rules.check_decision(decision.facts())
        return city.decision_facts(decision.facts(), language)

    del decision.day
    return decision, of_decision


# What all of them share ----------------------------------------------------------------------------------------------


def enter(
    form: CityForm, page: Page, act: Callable[[Checked | None], None], done: str
) -> ResponseReturnValue:
    """``handle`` for a form with a paper, which is looked into first."""
    return handle(form, page, lambda: act(form.source()), done)


def entered(form: CityForm, standing: Standing, **more: Any) -> Doing:
    """Who enters what a form holds, when it happened, and why."""
    day = form.day.data if "day" in form else None
    reason = form.reason.data if "reason" in form else ""
    known = {"day": day, "reason": reason or "", "language": form.language.data or ""}
    return _doing(standing, **{**known, **more})


def _doing(standing: Standing, **more: Any) -> Doing:
    return doing(standing, acting(check_motions), **more)


def asks_for_paper(act: Act, parts: frozenset[Part]) -> bool:
    """Whether the form asks for a paper; whoever may not do it at all is told that instead."""
    return bool(DOES[act] & parts) and rules.needs_source(act, parts)


def departments() -> list[tuple[str, str]]:
    """All departments, by key and name."""
    return [(each.key, localized(each.name).text) for each in list_departments()]


def may_be_extended(owed: Sequence[Owed], standing: Standing) -> list[tuple[Owed, frozenset[Part]]]:
    """The city's steps that can be given more time, once each and until their day, and as whom somebody does it."""
    open_steps = [
        each
        for each in owed
        if not each.met
        and each.step not in FROM_THE_OFFICE
        and not each.debt.is_overdue
        and each.debt.extended_from is None
    ]
    found = [
        (
            each,
            rules.whose(Act.EXTEND, standing.parts, own_measure=each.measure_id in standing.measures),
        )
        for each in open_steps
    ]
    return [(each, parts) for each, parts in found if DOES[Act.EXTEND] & parts]


def facts_of(head: MotionHead) -> tuple[tuple[str, object], ...]:
    """What stands above every form."""
    facts: list[tuple[str, object]] = [
        (_("Motion"), f"{head.number}: {localized(head.title).text}"),
    ]
    if head.department is not None:
        facts.append((_("Responsible"), localized(head.department).text))
    return tuple(facts)


def _step(step: str, measure: Localized | None) -> str:
    return f"{STEPS[step]}: {localized(measure).text}" if measure else str(STEPS[step])


def _follow_up(head: MotionHead, typed: str) -> int | None:
    """The number that was typed, as a number of this council's register. Raises ``follow_up_unknown``."""
    if not typed:
        return None
    code = (head.number or "").rpartition("-")[0]
    number = read_number(code, typed)
    if number is None:
        raise DomainError("follow_up_unknown")
    return number
