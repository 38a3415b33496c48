"""What forms share: nothing typed is lost, every refusal stands beside its field, and nothing hostile gets through.

A form that cannot be taken comes back filled, with every reason at once. Signs that nobody can see and that change
what others read are taken out and named; a text far too long is shown back in part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar
from urllib.parse import unquote_to_bytes

from flask import request
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its type stubs
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.localized import clean
from core.wording import explain

SHOWN_BACK = 20_000
"""Characters of one field that a refused form repeats."""

ONLY_LOOK = "only_look"
"""The name of the buttons that show a filled form in another language, without sending it."""

# NUL and other controls, direction overrides, lone surrogates: none of them comes from a keyboard. Milder marks of
# direction come along with honest Arabic from a word processor; ``core.localized.clean`` drops those in silence.
_HOSTILE = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


Validator = Callable[[Form, Field], None]
View = TypeVar("View", bound=Callable[..., object])


def shows_own_form(view: View) -> View:
    """Mark a view whose form checks its own token, so that a refused form is shown filled (see app/security.py)."""
    view.form_checks_token = True  # type: ignore[attr-defined]
    return view


def signed_by_sender(view: View) -> View:
    """Mark a view that takes a JSON message in which a signature, a proof or a code says who may send it; no cookie gives
    it any right, so that there is nothing that another site could abuse (see app/security.py)."""
    view.signed_by_sender = True  # type: ignore[attr-defined]
    return view


class RefusableForm(FlaskForm):
    """A form that shows what rules and services refuse."""

    beside: ClassVar[Mapping[str, str]] = {}
    """Beside which field a refusal is shown, by its code; all others stand above the form."""

    def refuse(self, error: DomainError) -> None:
        """Show everything that a rule or a service refused."""
        for single in error.all():
            name = self.beside.get(single.code, "")
            if name in self:
                _add(self[name], explain(single))
            else:
                self.form_errors.append(explain(single))


class PublicForm(RefusableForm):
    """A form that anybody may send. Its views are marked with ``shows_own_form``, so that a lost token loses nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        request.get_data()  # kept for _is_utf8: once the form is read, the body is gone
        super().__init__(*args, **kwargs)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether the form can be taken; collects everything that speaks against it."""
        super().validate(extra_validators)
        if self.csrf_token.errors:
            self.csrf_token.errors = [
                _("This form was not from this browser session. What you typed is kept: send it once more."),
                _("If you read this again, allow cookies for this site."),
            ]
        if not _is_utf8():
            self.form_errors.append(
                _("Some letters could not be read, because they were not sent as UTF-8. Nothing was kept.")
            )
        for field in self:
            _take_out_hostile(field)
        self.check()
        for field in self:
            _shorten(field)
        return not self.errors

    def check(self) -> None:
        """What the form's own rules say; a form puts what they refuse beside its fields with ``refuse``."""


def choice(value: str, label: object) -> Any:
    """One entry of a field with choices."""
    return SelectChoice(value, label)


def cleaned(text: str | None) -> str:
    """A filter: what was typed, without invisible characters that change what others read."""
    return clean(text or "")


def needed(message: object) -> Validator:
    """A validator: the field must be filled. What cannot be read has said so already."""

    def check(_form: Form, field: Field) -> None:
        if not field.data and not field.process_errors:
            raise ValidationError(str(message))

    return check


def offered(message: object) -> Validator:
    """A validator: one of the choices that the field shows; the empty first one is none."""

    def check(_form: Form, field: Field) -> None:
        shown = {str(each.value) for each in getattr(field, "choices", None) or ()}
        if not field.data or str(field.data) not in shown:
            raise ValidationError(str(message))

    return check


def uploaded(field: Field, limit: int) -> tuple[str, bytes] | None:
    """Name and bytes of the file in a field, of what is too large just more than ``limit``; None where no file is."""
    if not field.data or not hasattr(field.data, "stream"):  # words in its place are no file
        return None
    with field.data.stream as stream:  # large ones lie in a file of their own
        return field.data.filename or "", stream.read(limit + 1)


def at_most(length: int) -> Validator:
    """A validator: the text has at most ``length`` characters."""

    def check(_form: Form, field: Field) -> None:
        if field.data and len(field.data) > length:
            raise ValidationError(
                _(
                    "This has %(found)s characters. There is room for %(limit)s.",
                    found=len(field.data),
                    limit=length,
                )
            )

    return check


def _add(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]


def _is_utf8() -> bool:
    """Werkzeug replaces or drops what is not UTF-8; whoever wrote it should hear of it instead."""
    body = request.get_data()
    if request.mimetype == "application/x-www-form-urlencoded":
        body = unquote_to_bytes(body)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _take_out_hostile(field: Field) -> None:
    if not isinstance(field.data, str):
        return
    found = _HOSTILE.search(field.data)
    if found is None:
        return
    before = field.data[: found.start()]
    line, column = before.count("\n") + 1, found.start() - (before.rfind("\n") + 1) + 1
    field.data = _HOSTILE.sub("", field.data)
    _add(
        field,
        _(
            "A sign that nobody can see stood in line %(line)s, place %(column)s. "
            "We took such signs out. Check your text and send it again.",
            line=line,
            column=column,
        ),
    )


def _shorten(field: Field) -> None:
    if not isinstance(field.data, str) or len(field.data) <= SHOWN_BACK:
        return
    field.data = field.data[:SHOWN_BACK]
    _add(
        field,
        _("Only the first %(count)s characters are shown here.", count=format_decimal(SHOWN_BACK)),
    )
