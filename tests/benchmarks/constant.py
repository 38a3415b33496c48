"""The same application, in which a page's template is rendered with the data of its first rendering.

What it leaves out is all that a request reads: the difference to the real application is the cost of our queries.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request, template_rendered
from jinja2 import Template

from app.factory import create_app

_seen: dict[str, tuple[Template, dict[str, Any]]] = {}


def _remember(_sender: Flask, template: Template, context: dict[str, Any], **_rest: object) -> None:
    _seen[request.full_path] = (template, dict(context))


def _render_again() -> Response | None:
    if request.full_path not in _seen:
        return None
    template, context = _seen[request.full_path]
    return current_app.response_class(template.render(context), mimetype="text/html")


application = create_app()
application.before_request_funcs.setdefault(None, []).insert(0, _render_again)
template_rendered.connect(_remember, application)
