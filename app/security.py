"""What every request passes: the permission of its route, the form token, and the headers of every answer."""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from accounts.access import check_access, signed_in
from core import settings

csrf = CSRFProtect()

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "")
"""What a browser's form can be sent as; nothing at all is a button without fields."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def init_guard(app: Flask) -> None:
    """Guard every request of ``app``. Call before the blueprints are registered."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked below, so that a form may show its own error
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.before_request(_check)
    app.after_request(_add_headers)


def _check() -> ResponseReturnValue | None:
    answer = check_access()
    if answer is not None:
        return answer
    if request.routing_exception is not None:
        return None  # no view is reached, and Flask says why: no such page, method or address
    if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "signed_by_sender", False):
        if request.mimetype != "application/json":
            abort(415)
        return None
    if request.mimetype not in FORM_TYPES:
        abort(415)  # every other write here is a form; nothing else is even read
    if request.mimetype == "multipart/form-data" and set(request.files) - {"file"}:
        abort(400)  # a file where a form asks for words; uploads are called ``file`` everywhere
    if not getattr(view, "form_checks_token", False):
        csrf.protect()
    return None


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
    if settings.current().base_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in headers:
        personal = signed_in() is not None or request.method == "POST" or response.status_code >= 400
        headers["Cache-Control"] = "no-store" if personal else "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
