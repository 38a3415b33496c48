"""Councils in the office: founding them, their seats, their terms, days of training."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.desk import office_page
from accounts.permissions import manage_council
from core import settings
from core.forms import shows_own_form
from core.i18n import language_name, localized
from council.forms.office import BodyForm, SeatsForm, TermForm, TrainingForm, named
from council.queries import bodies, calls
from council.queries.bodies import BodyPage
from council.services import bodies as service
from council.services import seating
from council.staff.desk import Page, handle

blueprint = Blueprint("office_council", __name__, url_prefix="/office/council")


@blueprint.get("/")
@requires(manage_council)
def list_bodies() -> ResponseReturnValue:
    """Every council."""
    return office_page("council/staff/bodies.html", bodies=bodies.list_bodies())


@blueprint.get("/<key>/")
@requires(manage_council)
def show_body(key: str) -> ResponseReturnValue:
    """One council with everything that can be recorded about it."""
    return office_page("council/staff/body.html", body=bodies.find_body(key), calls=calls.list_calls(key))


@blueprint.get("/<key>/applications/")
@requires(manage_council)
def list_applications(key: str) -> ResponseReturnValue:
    """What people wrote to the council's calls. Only this page shows names and texts."""
    return office_page(
        "council/staff/applications.html",
        body=bodies.find_body(key),
        applications=calls.applications(key),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def create_body() -> ResponseReturnValue:
    """Found a council."""
    city = settings.current()
    form = BodyForm()
    form.department.choices = named((key, localized(name).text) for key, name in bodies.departments())
    form.language.choices = named((code, language_name(code)) for code in city.languages)

    def act() -> str | None:
        facts = form.facts()
        if facts is None:
            return None
        service.create_body(facts, acting(manage_council))
        return facts.key

    page = Page(
        _("Found a council"),
        _("Found the council"),
        _("It is public at once. Address, code and kinds of seats stay as they are."),
    )
    return handle(None, form, page, act, _("The council is founded. Begin its first term next."))


@blueprint.route("/<key>/change-seats", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def change_seats(key: str) -> ResponseReturnValue:
    """Another number of seats from a day on; the quorum follows the same day."""
    body = bodies.find_body(key)
    form = SeatsForm()
    form.seat_class.choices = _classes(body)

    def act() -> str:
        assert form.from_on.data is not None
        service.change_seats(
            body.id,
            form.seat_class.data or "",
            form.from_on.data,
            form.seats.data if form.seats.data is not None else -1,
            form.reason.data or "",
            acting(manage_council),
        )
        return key

    page = Page(
        _("Change the number of seats"),
        _("Change the seats"),
        _("The quorum changes on the same day. Days that have passed stay as they were."),
    )
    return handle(body, form, page, act, _("The seats are changed, and the quorum with them."))


@blueprint.route("/<key>/begin-term", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def begin_term(key: str) -> ResponseReturnValue:
    """Begin a term with members and successors; the term before ends with it."""
    body = bodies.find_body(key)
    form = TermForm()

    def act() -> str | None:
        successors = form.new_successors()
        if successors is None:
            return None
        assert form.begins_on.data is not None
        assert form.ends_on.data is not None
        seating.begin_term(
            body.id,
            form.begins_on.data,
            form.ends_on.data,
            form.new_members(),
            successors,
            acting(manage_council),
        )
        return key

    page = Page(
        _("Begin a term"),
        _("Begin the term"),
        _("A certified election does this by itself. Use this page for councils that are filled otherwise."),
        _("Everybody who sits on the council now leaves it when the term begins."),
        facts=tuple((each.key, localized(each.name).text) for each in body.classes),
    )
    return handle(body, form, page, act, _("The term is recorded."))


@blueprint.route("/<key>/add-training", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def add_training(key: str) -> ResponseReturnValue:
    """A day of training for the members of the present term, or of the one to come."""
    body = bodies.find_body(key)
    term = body.next_term or body.term
    form = TrainingForm()

    def act() -> str:
        assert form.held_on.data is not None
        service.add_training(
            term.id if term else 0,
            form.held_on.data,
            form.title.data or "",
            form.place.data or "",
            acting(manage_council),
        )
        return key

    page = Page(_("Add a day of training"), _("Add the day"))
    return handle(body, form, page, act, _("The day of training is public."))


def _classes(body: BodyPage) -> list[Any]:
    return named((each.key, localized(each.name).text) for each in body.classes)
