"""What went wrong, as a page or as JSON. The only place where a domain error meets an HTTP status."""

from __future__ import annotations

import logging

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from accounts.desk import status_of
from core.db import db
from core.errors import DomainError, NotFound
from core.wording import explain

log = logging.getLogger(__name__)


def init_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_fault)


def wants_json() -> bool:
    """Whether this request is the API's, or its client prefers JSON to a page."""
    if request.path.endswith(".json"):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def show_domain_error(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    errors = [
        {"code": e.code, "message": explain(e), "parameters": {k: _plain(v) for k, v in e.parameters.items()}}
        for e in error.all()
    ]
    if wants_json():
        return jsonify(errors=errors), status_of(error)
    title = _("We cannot find this") if isinstance(error, NotFound) else _("This did not work")
    return render_template("errors/domain.html", title=title, errors=errors), status_of(error)


def show_csrf_error(error: CSRFError) -> ResponseReturnValue:
    return _page(
        400,
        _("Please send it once more"),
        _("This form was not from this browser session. Go back, load the page again and send it once more."),
    )


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    titles = {
        403: (
            _("This is not yours to see"),
            _("Your role does not allow this. Ask an administrator if it should."),
        ),
        404: (
            _("We cannot find this page"),
            _("The address may be mistyped. Nothing that was sent is lost."),
        ),
        405: (_("This cannot be done here"), _("Go back and use the button on the page.")),
        413: (_("This is too large"), _("Make it smaller and send it again. Nothing was changed.")),
        429: (_("Too many tries"), _("Please wait an hour and try again. Nothing is lost.")),
    }
    title, text = titles.get(
        code, (_("This did not work"), _("The request could not be read. Nothing was changed."))
    )
    return _page(code, title, text)


def show_fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours: the log gets the kind of error and where, never what somebody wrote."""
    db.session.rollback()
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
    log.error("%s at %s (%s)", type(error).__name__, place, request.endpoint)
    return _page(
        500, _("Something broke on our side"), _("Nothing was changed. Please try again in a few minutes.")
    )


def _page(code: int, title: str, text: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(errors=[{"code": f"http_{code}", "message": text}]), code
    return render_template("errors/page.html", title=title, text=text), code


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | list | type(None)) else str(value)
