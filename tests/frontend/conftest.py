"""A small application with our templates and nothing else, and the assets as they were built."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import Babel
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, PackageLoader, PrefixLoader

from core.showing import init_showing
from core.widgets import error_summary, show
from tests.frontend.built import ROOT, STATIC, Asset


@pytest.fixture(scope="session")
def assets() -> dict[str, Asset]:
    """Every built file by its plain name, such as ``answerable.css``."""
    manifest = STATIC / "manifest.json"
    if not manifest.exists():
        pytest.fail("static/ is empty: run `make assets` first", pytrace=False)
    names = json.loads(manifest.read_text("utf-8"))
    return {name: Asset(STATIC / built, (STATIC / built).read_text("utf-8")) for name, built in names.items()}


def link(title: str, url: str = "/somewhere/", **more: object) -> SimpleNamespace:
    return SimpleNamespace(**{"title": title, "url": url, "current": None, "apart": False, **more})


def language(code: str, name: str, direction: str, **more: object) -> SimpleNamespace:
    return SimpleNamespace(**{"code": code, "name": name, "direction": direction, "current": False, **more})


@pytest.fixture
def pages() -> dict[str, str]:
    """Templates of a single test, by name."""
    return {}


@pytest.fixture
def small_app(pages: dict[str, str]) -> Iterator[Flask]:
    """Our templates and widgets, inside a request for an Arabic page of a city with three languages."""
    app = Flask(__name__, static_folder=None)
    app.secret_key = "only for tests"
    app.jinja_loader = ChoiceLoader(
        [
            DictLoader(pages),
            FileSystemLoader(ROOT / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}  # as in the real application
    Babel(app, default_locale="en")
    init_showing(app)
    app.jinja_env.globals.update(
        asset=lambda name: f"/static/{name}",
        error_summary=error_summary,
        show_field=show,
        page_language="ar",
        page_direction="rtl",
        interface_languages=[
            language("en", "English", "ltr", url="/?language=en"),
            language("de", "Deutsch", "ltr", url="/?language=de"),
            language("ar", "العربية", "rtl", url="/?language=ar", current=True),
        ],
        city=SimpleNamespace(name="مدينة ليندهافن", contact="Hafenstraße 4"),
        home_url="/",
        menu=[
            link("Consultations", "/rounds/", current="page"),
            link("Find my answer", "/answer/", apart=True),
        ],
        footer_links=[link("Your data", "/your-data/")],
        office_menu=[link("Workbench", "/office/", current=True)],
        officer=SimpleNamespace(name="Jana Holub", department="Transport Office"),
        sign_out_url="/sign-out",
        account_url=None,
    )
    with app.test_request_context():
        yield app
