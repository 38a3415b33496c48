"""The office's side of the roll: import, look-up, evidence, corrections, deletion."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, person, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.permissions import keep_roll, read_elections
from core.errors import DomainError
from core.forms import shows_own_form
from elections.forms.roll import CorrectionForm, EvidenceForm, ImportForm, LookUpForm
from elections.models.roll import RollEntry
from elections.queries import roll as queries
from elections.services.roll import deletion, imports, registrations
from elections.staff.desk import office_page
from followup.numbers import register_number

blueprint = Blueprint("office_roll", __name__, url_prefix="/office/elections/<code>/roll")


@blueprint.get("/")
@requires(read_elections)
def show_roll(code: str) -> ResponseReturnValue:
    """How many people are on the roll, who asked to be on it, and what was corrected."""
    return _overview(code)


@blueprint.route("/import", methods=["GET", "POST"])
@shows_own_form
@requires(keep_roll)
def import_roll(code: str) -> ResponseReturnValue:
    """Check a register's file, and import it. Nothing of the file is kept between the two."""
    return _import(code, dry_run=False)


@blueprint.post("/check-import")
@shows_own_form
@requires(keep_roll)
def check_import(code: str) -> ResponseReturnValue:
    """What an import would do, without doing it."""
    return _import(code, dry_run=True)


@blueprint.route("/look-up", methods=["GET", "POST"])
@shows_own_form
@requires(keep_roll)
def look_up(code: str) -> ResponseReturnValue:
    """Whether somebody is on the roll, by name and address."""
    page = queries.find_roll(code, public=False)
    form = LookUpForm()
    found: list[RollEntry] | None = None
    if form.is_submitted() and form.validate():
        found = registrations.find_people(
            code, form.name.data or "", form.street.data or "", form.postcode.data or ""
        )
    return office_page("roll_look_up.html", page=page, form=form, found=found)


@blueprint.route("/registrations/<int:number>", methods=["GET", "POST"])
@shows_own_form
@requires(keep_roll)
def see_evidence(code: str, number: int) -> ResponseReturnValue:
    """One person who asked to be on the roll: note that the evidence was seen, and what it says."""
    page, asked = queries.find_roll(code, public=False), queries.registration(code, number)
    form = EvidenceForm()
    status = 200
    if form.is_submitted() and form.validate():
        try:
            registrations.see_evidence(code, number, form.method.data or "", form.found, acting(keep_roll))
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            flash(_("It is noted that you saw the evidence."), "success")
            return redirect(url_for("office_roll.show_roll", code=code))
    who = registrations.opened(code, asked.sealed)
    return office_page("roll_registration.html", status, page=page, asked=asked, form=form, who=who)


@blueprint.route("/correct", methods=["GET", "POST"])
@shows_own_form
@requires(keep_roll)
def correct_roll(code: str) -> ResponseReturnValue:
    """Propose corrections, which a second person confirms."""
    page = queries.find_roll(code, public=False)
    ready = [
        (asked.number, register_number(code, asked.number))
        for asked in queries.registrations(code)
        if asked.is_ready
    ]
    form = CorrectionForm(ready)
    status = 200
    if form.is_submitted() and form.validate():
        try:
            registrations.propose_change(
                code, form.changes(), form.reason.data or "", acting(keep_roll), person().role_names
            )
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            flash(_("The correction is proposed. A second person must confirm it."), "success")
            return redirect(url_for("office_roll.show_roll", code=code))
    return office_page("roll_correct.html", status, page=page, form=form, ready=ready)


@blueprint.post("/delete")
@requires(keep_roll)
def delete_roll(code: str) -> ResponseReturnValue:
    """Delete the roll for good, once nobody can object any more."""
    try:
        deletion.delete_roll(code, acting(keep_roll))
    except DomainError as error:
        if prefers_json():
            raise
        return _overview(code, error)
    flash(_("The roll is deleted. Its hash, its count and its corrections stay."), "success")
    return redirect(url_for("office_roll.show_roll", code=code))


def _overview(code: str, error: DomainError | None = None) -> ResponseReturnValue:
    return office_page(
        "roll.html",
        status_of(error) if error else 200,
        sentences(error) if error else (),
        page=queries.find_roll(code, public=False),
        counts=queries.counts(code),
        asked=queries.registrations(code),
        change=queries.waiting_change(code),
    )


def _import(code: str, *, dry_run: bool) -> ResponseReturnValue:
    page = queries.find_roll(code, public=False)
    form = ImportForm()
    status, report = 200, None
    if form.is_submitted() and form.validate():
        try:
            data, name = form.upload()
            report = imports.import_roll(
                code,
                data,
                name,
                form.mapping,
                acting(keep_roll),
                dry_run=dry_run,
                skip_duplicates=bool(form.skip_duplicates.data),
                replace=bool(form.replace.data),
            )
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            if not dry_run:
                flash(_("The roll is imported."), "success")
                return redirect(url_for("office_roll.show_roll", code=code))
    return office_page("roll_import.html", status, page=page, form=form, report=report)
