"""Objections in the office: how each stands, and what followed from those that were answered.

They are answered at the reply desk (``followup.staff``); here it is recorded what was done about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, granted, requires
from accounts.desk import prefers_json, status_of
from accounts.permissions import manage_elections, read_promises
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import choice, shows_own_form
from core.i18n import show_day
from elections.forms.objections import EffectForm
from elections.messages.acts import ACTS
from elections.messages.nominations import GROUNDS as REFUSALS
from elections.messages.objections import EFFECTS, GROUNDS, MATTERS, about
from elections.models.elections import Election
from elections.queries import objections as queries
from elections.queries.nominations import find_nomination
from elections.queries.objections import OfficeObjection
from elections.rules.nominations import State
from elections.rules.objections import DONE_BY, EFFECT_OF, Effect
from elections.rules.rule_sets import Matter
from elections.services import objections
from elections.staff.desk import office_page
from followup.messages import OUTCOMES
from followup.number_fields import whole_number
from followup.numbers import register_number

blueprint = Blueprint("office_objections", __name__, url_prefix="/office/elections/<code>/objections")


@blueprint.get("/")
@requires(read_promises)
def list_objections(code: str) -> ResponseReturnValue:
    """Every objection of the election: to what, by when it is answered, how, and what followed."""
    session = db.session()
    election = queries.find_election(session, code)
    return _page("objections.html", election=election, found=queries.list_objections(session, election.id))


@blueprint.route("/<int(max=2147483647):number>/decide-effect", methods=["GET", "POST"])
@shows_own_form
@requires(manage_elections)
def decide_effect(code: str, number: int) -> ResponseReturnValue:
    """Record what followed from an answered objection, once."""
    session = db.session()
    election = queries.find_election(session, code)
    found = queries.list_objections(session, election.id, number)
    if not found:
        raise NotFound("objection", number)
    objection = found[0]
    form = _form(election, objection)
    if not form.is_submitted() or not form.validate():
        return _page("decide_effect.html", election=election, objection=objection, form=form)
    try:
        objections.decide_effect(
            objection.id,
            Effect(form.effect.data),
            acting(manage_elections),
            whole_number(form.act.data or "") or None,
            refusal_ground=form.ground.data or "",
        )
    except DomainError as error:
        if prefers_json() or isinstance(error, NotFound):
            raise
        form.refuse(error)
        return _page(
            "decide_effect.html", status_of(error), election=election, objection=objection, form=form
        )
    flash(_("It is recorded what followed from %(number)s.", number=register_number(code, number)), "success")
    return redirect(url_for("office_objections.list_objections", code=code))


def _form(election: Election, objection: OfficeObjection) -> EffectForm:
    """A form that offers what may follow from this objection, the performed acts that can have done it, and on which ground
    a nomination is refused that was admitted."""
    form = EffectForm()
    session = db.session()
    effect = EFFECT_OF[Matter(objection.matter)]
    form.effect.choices = [choice(each.value, EFFECTS[each]) for each in (Effect.NONE, effect)]
    done_by = DONE_BY.get(effect)
    acts: Sequence[tuple[int, object]] = (
        queries.performed_acts(session, election.id, done_by.value) if done_by else ()
    )
    form.act.choices = [choice("", _("None"))]
    if done_by:
        form.act.choices += [
            choice(str(id), f"{ACTS[done_by]}, {show_day(day)}")  # type: ignore[arg-type]
            for id, day in acts
        ]
    form.ground.choices = []
    if effect is Effect.NOMINATION_REOPENED and objection.about is not None:
        with suppress(NotFound):
            if find_nomination(session, election, objection.about).state == State.ADMITTED:
                form.ground.choices = [choice("", _("Choose")), *(choice(*each) for each in REFUSALS.items())]
    return form


def _page(template: str, status: int = 200, **context: object) -> ResponseReturnValue:
    return office_page(
        f"{template}",
        status,
        (),
        matter_words=MATTERS,
        ground_words=GROUNDS,
        effect_words=EFFECTS,
        about_words=about,
        outcome_words=OUTCOMES,
        register_number=register_number,
        may_decide=granted(manage_elections),
        **context,
    )
