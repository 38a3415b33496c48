"""Preparing an election: creating it from a preset, changing it, and the figures of its own rules; all before the call."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, granted, person, requires
from accounts.desk import sentences, status_of
from accounts.permissions import manage_elections, read_elections
from core import clock, settings
from core.calendar import holidays_around
from core.errors import DomainError
from core.forms import shows_own_form
from core.i18n import show_day
from elections.eligibility.facts import Purpose
from elections.forms.procedure import (
    change_election_form,
    new_election_form,
    rules_form,
)
from elections.messages import rules_in_words as words
from elections.messages.rule_sets import STEPS
from elections.models.elections import Election
from elections.queries import procedure as queries
from elections.rules.deadlines import Step, Timetable, read_timetable
from elections.rules.plain_rule_sets import from_plain
from elections.rules.presets import PRESETS
from elections.services.elections import change_election as change
from elections.services.elections import change_rules as change_own_rules
from elections.services.elections import create_election as create
from elections.staff.desk import StepShown, office_page

blueprint = Blueprint("office_preparation", __name__, url_prefix="/office/elections")


@blueprint.route("/new", methods=["GET", "POST"])
@shows_own_form
@requires(manage_elections)
def create_election() -> ResponseReturnValue:
    """A new election from a preset; its days are computed from election day, and can be changed next."""
    city = settings.current()
    bodies = queries.bodies()
    form = new_election_form(
        city.languages, city.official_language, bodies, queries.departments(), person().department_id
    )
    status = 200
    if form.is_submitted() and form.validate():
        try:
            code = create(form.facts(), acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            flash(_("The election %(code)s is prepared. Check its days next.", code=code), "success")
            return redirect(url_for("office_preparation.change_election", code=code))
    return office_page(
        "new_election.html", status, form=form, codes=city.languages, bodies=bodies, presets=PRESETS
    )


@blueprint.route("/<code>/change", methods=["GET", "POST"])
@shows_own_form
@requires(manage_elections)
def change_election(code: str) -> ResponseReturnValue:
    """Texts, moments and days, until the election is called."""
    found = queries.find_election(code)
    form = change_election_form((found.language, *found.languages, *settings.current().languages))
    status = 200
    if not form.is_submitted():
        form.fill_from(found)
    elif form.validate():
        try:
            change(code, form.facts(found, from_plain(found.rule_set)), acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            flash(_("The election is changed."), "success")
            return redirect(url_for("office_elections.show_desk", code=code))
    return office_page("change_election.html", status, election=found, form=form, days=form.day_fields())


@blueprint.get("/<code>/rules")
@requires(read_elections)
def show_rules(code: str) -> ResponseReturnValue:
    """The election's own rules in sentences, and every contradiction in them."""
    found = queries.find_election(code)
    rules = from_plain(found.rule_set)
    timetable = read_timetable(found.timetable)
    today = clock.today()
    return office_page(
        "rules.html",
        election=found,
        rules=rules,
        vote=words.who_may(rules, Purpose.VOTE, timetable, today),
        stand=words.who_may(rules, Purpose.STAND, timetable, today),
        counting=words.counting(rules),
        groups=words.seats_by_group(rules),
        beside=words.beside(rules),
        days=_days_shown(timetable),
        contradictions=[line for problem in rules.problems() for line in sentences(problem)],
        notices=[line for notice in rules.notices() for line in sentences(notice)],
        changing=_may_change(found),
    )


@blueprint.route("/<code>/rules/change", methods=["GET", "POST"])
@shows_own_form
@requires(manage_elections)
def change_rules(code: str) -> ResponseReturnValue:
    """The main figures of the election's own rules, until it is called."""
    found = queries.find_election(code)
    rules = from_plain(found.rule_set)
    form = rules_form(rules)
    status = 200
    if not form.is_submitted():
        form.fill_from(rules)
    elif form.validate():
        try:
            changed = form.changed(rules)
            changed.check()
            timetable = changed.timetable(found.election_day, holidays_around(found.election_day.year))
            change_own_rules(code, changed, timetable, acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            flash(_("The rules are changed. The days were computed anew."), "success")
            return redirect(url_for("office_preparation.show_rules", code=code))
    return office_page("change_rules.html", status, election=found, form=form)


def _may_change(found: Election) -> bool:
    return found.called_on is None and granted(manage_elections)


def _days_shown(timetable: Timetable) -> list[StepShown]:
    """Every day of the timetable, earliest first; days of one date in the order of the procedure."""
    return [
        StepShown(str(STEPS[step]), show_day(timetable[step], "full"), "")
        for step in sorted(Step, key=lambda step: timetable.get(step, date.max))
        if step in timetable
    ]
