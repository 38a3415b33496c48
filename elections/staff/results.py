"""The office's pages of stations and results: two persons enter apart, readers see the count sheet."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, person, requires
from accounts.desk import status_of
from accounts.permissions import enter_results, manage_elections, read_elections
from core import i18n
from core.db import db
from core.errors import DomainError
from core.forms import choice, shows_own_form
from elections.counting.rule import Method
from elections.forms.results import (
    AnnounceTieForm,
    DelegateForm,
    DrawTieForm,
    FiguresForm,
    StationForm,
    TurnoutForm,
    figures_form,
)
from elections.messages.lots import WAYS
from elections.models.elections import Election
from elections.queries import results
from elections.queries.results import ShownCount
from elections.queries.tallies import rules_of
from elections.rules.stages import Stage
from elections.rules.stations import ADDING, DELEGATING, ENTERING, REPORTING
from elections.services import lots, stations
from elections.staff.desk import office_page
from elections.views.results import result_parts

blueprint = Blueprint("office_results", __name__, url_prefix="/office/elections/<code>")


# Stations --------------------------------------------------------------------------------------------------------


@blueprint.get("/stations/")
@requires(read_elections)
def list_stations(code: str) -> ResponseReturnValue:
    """Every station and how far it is."""
    return _stations_page(_election(code))


@blueprint.post("/stations/add")
@shows_own_form
@requires(manage_elections)
def add_station(code: str) -> ResponseReturnValue:
    """Add a station."""
    found, form = _election(code), StationForm()
    if form.validate():
        try:
            stations.add_station(
                code,
                form.key.data or "",
                form.name.data or "",
                form.place.data or "",
                acting(manage_elections),
            )
        except DomainError as error:
            form.refuse(error)
            return _stations_page(found, status_of(error), station_form=form)
        flash(_("The station is added."), "success")
        return redirect(url_for("office_results.list_stations", code=code))
    return _stations_page(found, station_form=form)


@blueprint.post("/stations/delegates")
@shows_own_form
@requires(manage_elections)
def name_delegate(code: str) -> ResponseReturnValue:
    """Record whom a faction sends."""
    found, form = _election(code), DelegateForm()
    _offer_classes(form, found)
    if form.validate():
        try:
            stations.name_delegate(
                code,
                form.seat_class.data or "",
                form.organisation.data or "",
                form.person.data or "",
                acting(manage_elections),
            )
        except DomainError as error:
            form.refuse(error)
            return _stations_page(found, status_of(error), delegate_form=form)
        flash(_("The delegate is named."), "success")
        return redirect(url_for("office_results.list_stations", code=code))
    return _stations_page(found, delegate_form=form)


@blueprint.get("/stations/<key>/")
@requires(read_elections)
def show_station(code: str, key: str) -> ResponseReturnValue:
    """One station: own figures, and once both have entered, where they differ."""
    return _station_page(_election(code), key)


@blueprint.post("/stations/<key>/enter")
@shows_own_form
@requires(enter_results)
def enter_station_results(code: str, key: str) -> ResponseReturnValue:
    """Enter, or correct, one's own figures."""
    found = _election(code)
    page = results.station_page(db.session(), found, key, person().id)
    form = figures_form(page.options, page.own, ranked=_ranked(found))
    if form.validate():
        try:
            done = stations.enter_station_results(code, key, form.figures(), acting(enter_results))
        except DomainError as error:
            form.refuse(error)
            return _station_page(_election(code), key, status_of(error), figures=form)
        flash(
            _("Both persons have entered the same figures. The station is done.")
            if done
            else _("Your figures are kept."),
            "success",
        )
        return redirect(url_for("office_results.show_station", code=code, key=key))
    return _station_page(found, key, figures=form)


@blueprint.post("/stations/<key>/turnout")
@shows_own_form
@requires(enter_results)
def report_turnout(code: str, key: str) -> ResponseReturnValue:
    """Report how many ballots a station has so far."""
    found, form = _election(code), TurnoutForm()
    if form.validate():
        try:
            stations.report_turnout(code, key, form.ballots.number, acting(enter_results))
        except DomainError as error:
            form.refuse(error)
            return _station_page(_election(code), key, status_of(error), turnout=form)
        flash(_("The report is kept. The public sees the total of all stations."), "success")
        return redirect(url_for("office_results.list_stations", code=code))
    return _station_page(found, key, turnout=form)


# Result ----------------------------------------------------------------------------------------------------------


@blueprint.get("/result/")
@requires(read_elections)
def show_results(code: str) -> ResponseReturnValue:
    """The last count, with lots to be drawn; the public sees it once it is published."""
    return _result_page(_election(code))


@blueprint.post("/result/ties/<int(max=9999):place>/announce")
@shows_own_form
@requires(manage_elections)
def announce_tie(code: str, place: int) -> ResponseReturnValue:
    """Say in public how the lot for a tie will be drawn."""
    found, form = _election(code), AnnounceTieForm()
    if form.validate():
        try:
            purpose, _names = _tie(found, place)
            lots.announce_lot(
                code, purpose, form.way.data or "", form.source.data or "", acting(manage_elections)
            )
        except DomainError as error:
            form.refuse(error)
            return _result_page(_election(code), status_of(error), {place: form})
        flash(_("The lot is announced."), "success")
        return redirect(url_for("office_results.show_results", code=code))
    return _result_page(found, forms={place: form})


@blueprint.post("/result/ties/<int(max=9999):place>/draw")
@shows_own_form
@requires(manage_elections)
def draw_tie(code: str, place: int) -> ResponseReturnValue:
    """Enter what the lot for a tie drew; votes are counted again afterwards."""
    found, form = _election(code), DrawTieForm()
    if form.validate():
        try:
            purpose, names = _tie(found, place)
            lots.draw_lot(
                code,
                purpose,
                names,
                acting(manage_elections),
                seed=form.seed.data or "",
                order=form.items(),
                witnesses=form.witnesses.data or "",
            )
        except DomainError as error:
            form.refuse(error)
            return _result_page(_election(code), status_of(error), {place: form})
        flash(_("The lot is drawn. Count the votes again, so that it is taken into account."), "success")
        return redirect(url_for("office_results.show_results", code=code))
    return _result_page(found, forms={place: form})


# Parts of pages -----------------------------------------------------------------------------------------------------


def _election(code: str) -> Election:
    return results.office_election(db.session(), code)


def _ranked(election: Election) -> bool:
    return rules_of(election).counting.method is Method.STV


def _tie(election: Election, place: int) -> tuple[str, tuple[str, ...]]:
    """The purpose and the names of the last count's tie at ``place``. Raises ``tie_unknown``."""
    shown = results.last_count(db.session(), election, election.language)
    if shown is None or not 1 <= place <= len(shown.waiting):
        raise DomainError("tie_unknown")
    tie = shown.waiting[place - 1]
    return shown.purposes[tie.key], tie.names


def _offer_classes(form: DelegateForm, election: Election) -> None:
    classes = results.delegated_classes(db.session(), election)
    form.seat_class.choices = [choice(each.key, i18n.localized(each.name).text) for each in classes]


def _stations_page(
    found: Election,
    status: int = 200,
    *,
    station_form: StationForm | None = None,
    delegate_form: DelegateForm | None = None,
) -> ResponseReturnValue:
    session = db.session()
    if delegate_form is None:
        delegate_form = DelegateForm(formdata=None)
        _offer_classes(delegate_form, found)
    return office_page(
        "results/stations.html",
        status,
        election=found,
        stations=results.stations_of(session, found),
        delegates=results.delegates_of(session, found),
        station_form=station_form or StationForm(formdata=None),
        delegate_form=delegate_form,
        may_add=found.stage in ADDING,
        may_delegate=found.stage in DELEGATING and bool(delegate_form.seat_class.choices),
    )


def _station_page(
    found: Election,
    key: str,
    status: int = 200,
    *,
    figures: FiguresForm | None = None,
    turnout: TurnoutForm | None = None,
) -> ResponseReturnValue:
    page = results.station_page(db.session(), found, key, person().id)
    return office_page(
        "results/station.html",
        status,
        election=found,
        page=page,
        figures=figures or figures_form(page.options, page.own, ranked=_ranked(found)),
        turnout=turnout or TurnoutForm(formdata=None),
        ranked=_ranked(found),
        may_enter=found.stage in ENTERING and page.is_mine,
        may_report=found.stage in REPORTING,
    )


def _result_page(
    found: Election,
    status: int = 200,
    forms: Mapping[int, AnnounceTieForm | DrawTieForm] | None = None,
) -> ResponseReturnValue:
    shown = results.last_count(db.session(), found, i18n.language())
    return office_page(
        "results/result.html",
        status,
        election=found,
        shown=shown,
        parts=result_parts(shown, rules_of(found)) if shown else None,
        announce=_forms_of_ties(shown, forms, AnnounceTieForm),
        draw=_forms_of_ties(shown, forms, DrawTieForm),
        ways=WAYS,
        may_count=found.stage in (Stage.CLOSED, Stage.COUNTED),
    )


def _forms_of_ties(
    shown: ShownCount | None,
    sent: Mapping[int, AnnounceTieForm | DrawTieForm] | None,
    kind: type[AnnounceTieForm] | type[DrawTieForm],
) -> dict[int, AnnounceTieForm | DrawTieForm]:
    """A form for each tie by its place, the one that was sent among them; ids are apart on the one page."""
    forms: dict[int, AnnounceTieForm | DrawTieForm] = {}
    for place in range(1, len(shown.waiting) + 1 if shown else 1):
        form = (sent or {}).get(place)
        forms[place] = form if isinstance(form, kind) else kind(formdata=None)
        for field in forms[place]:
            field.id = f"{field.name}-{place}"
    return forms
