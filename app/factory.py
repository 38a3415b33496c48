"""Builds the application: settings, database, languages, the guard, and every room's pages and work."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from accounts.security import init_security
from app import config, errors, resources, security
from app.doors import opening
from core import clock, keys
from core import settings as core_settings
from core.db import db, prepare_engine
from core.documents import papers
from core.i18n import init_i18n
from core.sessions import Sessions
from core.settings import Settings
from core.showing import init_showing

FORM_LIMIT = 12 * 1024 * 1024
"""Bytes that one request may carry; far above any field's own limit, so that the field can say what is too long."""


def create_app(
    settings: Settings | None = None, database_url: str | None = None, **overrides: object
) -> Flask:
    """The WSGI application of one city. Without arguments everything comes from the environment."""
    settings = settings or config.from_environment()
    core_settings.configure(settings)
    clock.set_zone(settings.time_zone)
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask("answerable", static_folder=None, template_folder=None)
    secure = settings.base_url.startswith("https:")
    app.config.update(
        SECRET_KEY=keys.key("session").hex(),
        SQLALCHEMY_DATABASE_URI=database_url or config.database_url(settings),
        # Parameters hold what people wrote: an error must not print them.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "hide_parameters": True},
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        MAX_CONTENT_LENGTH=FORM_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=["gzip"],
    )
    app.config.update(overrides)
    app.session_interface = Sessions()
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare_engine(engine)
    Migrate(app, db, directory=str(resources.MIGRATIONS), render_as_batch=True, compare_type=True)
    _init_templates(app)
    init_i18n(app, resources.folder("translations"))
    Compress(app)
    security.init_guard(app)
    init_security(app)
    errors.init_errors(app)
    opening.open_rooms(app)
    _serve_assets(app)
    return app


def _init_templates(app: Flask) -> None:
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(resources.folder("templates")),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.add_template_global(asset, "asset")
    app.add_template_global(integrity, "integrity")
    init_showing(app)
    papers.init_papers(resources.folder("templates"))


def asset(name: str) -> str:
    """The address of a built asset, with the hash of its content in it."""
    return f"/static/{_manifest(resources.folder('static'))[name]}"


def integrity(name: str) -> str:
    """What a browser must find in a file that the voting booth or the trustees' page loads: its published hash."""
    folder = resources.folder("static")
    return str(_published(folder)[_manifest(folder)[name]]["integrity"])


@cache
def _published(folder: Path) -> dict[str, dict[str, str]]:
    """What the manifests of both pages say about their files."""
    read = [(folder / page / "manifest.json").read_text(encoding="utf-8") for page in ("booth", "trustee")]
    return {name: entry for each in read for name, entry in json.loads(each).items()}


@cache
def _manifest(folder: Path) -> dict[str, str]:
    path = folder / "manifest.json"
    if not path.exists():
        raise RuntimeError("the assets are not built: run `make assets`")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _serve_assets(app: Flask) -> None:
    """Serve the built files beside the application, unknown to routes and languages alike."""
    folder = resources.folder("static")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder) if folder.is_dir() else None,
        prefix="static/",
        max_age=3600,
        immutable_file_test=lambda path, url: path.endswith((".css", ".js", ".svg")),
        add_headers_function=_guard_asset,
    )


def _guard_asset(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
