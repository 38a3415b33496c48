"""What the office's pages of every room share: forms that lose nothing, and how refusals are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import permissions
from core.errors import DomainError, NotFound
from core.forms import RefusableForm
from core.wording import explain, is_conflict


class OfficeForm(RefusableForm):
    """A form of the office. Its views are marked with ``shows_own_form``: a foreign token shows the filled form."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.csrf_token.errors:
            self.csrf_token.errors = [
                _("This form was not from this browser session. What you typed is kept: send it once more.")
            ]
        return valid


def prefers_json() -> bool:
    """Whether this client would rather have JSON than a page; its refusals are then worded in app/errors.py."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def status_of(error: DomainError) -> int:
    """404 for what is not there, 409 where others were faster or something is not over yet, else 422."""
    if isinstance(error, NotFound):
        return 404
    return 409 if is_conflict(error) else 422


def sentences(error: DomainError) -> list[str]:
    """Everything that was refused, in the reader's language."""
    return [explain(single) for single in error.all()]


def office_page(
    template: str, status: int = 200, problems: Iterable[str] = (), **context: object
) -> ResponseReturnValue:
    """A page of the office; 422 when a form on it was refused, unless ``status`` says more."""
    refused = any(isinstance(value, OfficeForm) and value.errors for value in context.values())
    if status == 200 and refused:
        status = 422
    page = render_template(template, problems=list(problems), permissions=permissions, **context)
    return page, status
