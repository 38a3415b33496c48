"""The standing pages, and what every page's frame needs: languages, city, menu, foot."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, render_template, request, url_for
from flask_babel import gettext as _

from accounts.access import granted, public, signed_in
from accounts.permissions import (
    manage_accounts,
    manage_council,
    read_elections,
    read_motions_desk,
    read_promises,
    read_workbench,
)
from core import clock, i18n, settings
from core.localized import direction

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the menu or the foot. ``current`` is "page" on the page itself, True on a page below it."""

    title: str
    url: str
    current: bool | str = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class CityLine:
    """How the city names itself to this reader."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is signed in, as the strip of the office side says it."""

    name: str
    department: str | None


@blueprint.get("/how-this-works/")
@public
def how() -> str:
    """How a comment becomes an answer, and what each word means."""
    return render_template("pages/how.html", weeks=settings.current().answer_weeks)


@blueprint.get("/your-data/")
@public
def data_protection() -> str:
    """What is kept, how long, and what never is."""
    return render_template("pages/data_protection.html", days=settings.current().contact_kept_days)


@blueprint.get("/accessibility/")
@public
def accessibility() -> str:
    """Who can use this how, what falls short, and where to say so."""
    return render_template("pages/accessibility.html")


@blueprint.get("/open-data/")
@public
def open_data() -> str:
    """Every file and feed, and how to check that nothing was changed."""
    return render_template("pages/open_data.html")


def init_pages(app: Flask) -> None:
    """Give every template of ``app`` its frame."""
    app.context_processor(_frame)
    app.add_template_global(clock.today, "today")
    app.add_template_global(granted, "granted")


def _frame() -> dict[str, object]:
    language = i18n.language()
    city = settings.current()
    office = request.path.startswith("/office")
    return {
        "page_language": language,
        "page_direction": direction(language),
        "interface_languages": i18n.interface_languages(),
        "city": CityLine(i18n.localized(city.city).text, i18n.localized(city.contact).text),
        "home_url": url_for("home.show_home"),
        "menu": _office_menu() if office else _menu(),
        "footer_links": _footer(),
        "demo": city.demo,
        **(_office_frame() if office else {}),
    }


def _office_frame() -> dict[str, object]:
    """What ``_layout/staff.html`` needs to say who is signed in."""
    account = signed_in()
    if account is None:
        return {}
    department = i18n.localized(account.department.name).text if account.department else None
    return {
        "office_menu": _office_menu(),
        "officer": Officer(account.name, department),
        "sign_out_url": url_for("accounts.sign_out"),
        "account_url": url_for("accounts.own_account"),
    }


def _menu() -> list[Link]:
    return [
        _link(_("Consultations"), "consult.list_rounds", "/rounds/"),
        _link(_("Elections"), "elections.list_elections", "/elections/"),
        _link(_("Motions"), "motions.list_motions", "/motions/"),
        _link(_("Councils"), "council.list_bodies", "/council/"),
        _link(_("What the city owes"), "ledger.show_ledger", "/ledger/"),
        _link(_("Find my answer"), "answers.find_answer", "/answer/", apart=True),
    ]


def _office_menu() -> list[Link]:
    account = signed_in()
    if account is None:
        return _menu()
    entries = []
    if granted(read_workbench):
        entries.append(_link(_("Workbench"), "workbench.start", "/office/", exact=True))
        entries.append(_link(_("Rounds"), "office_rounds.list_rounds", "/office/rounds/"))
    if granted(read_elections):
        entries.append(_link(_("Elections"), "office_elections.list_elections", "/office/elections/"))
    if granted(manage_council):
        entries.append(_link(_("Councils"), "office_council.list_bodies", "/office/council/"))
    if granted(read_motions_desk):
        entries.append(_link(_("Motions"), "motions_desk.show_desk", "/office/motions/"))
    if granted(read_promises):
        entries.append(_link(_("Answers owed"), "promises.list_registers", "/office/promises/"))
    if granted(manage_accounts):
        entries.append(_link(_("Accounts"), "accounts.list_accounts", "/office/accounts"))
    entries.append(_link(_("My account"), "accounts.own_account", "/office/account"))
    return entries


def _footer() -> list[Link]:
    return [
        _link(_("How this works"), "pages.how", "/how-this-works/"),
        _link(_("Your data"), "pages.data_protection", "/your-data/"),
        _link(_("Accessibility"), "pages.accessibility", "/accessibility/"),
        _link(_("Open data"), "pages.open_data", "/open-data/"),
        _link(_("For the office: sign in"), "security.login", "/office/sign-in"),
    ]


def _link(title: str, endpoint: str, path: str, *, apart: bool = False, exact: bool = False) -> Link:
    if endpoint not in current_app.view_functions:  # a room that this installation does not open
        return Link(title, path, False, apart)
    below = request.path.startswith(f"{path.rstrip('/')}/") and not exact
    current: bool | str = "page" if request.path == path else below
    return Link(title, url_for(endpoint), current, apart)
