"""What the office's forms share: no typed text is ever lost, and every refusal stands beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its type stubs
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.localized import clean
from core.wording import explain
from followup.numbers import in_short

SELECTION_LIMIT = 5_000
"""How many comments one answer may be written for at once."""
LARGEST_NUMBER = 2**31 - 1

Validator = Callable[[Form, Field], None]


class OfficeForm(FlaskForm):
    """A form of the office. Its views set ``form_checks_token``: a foreign token shows the filled form again."""

    beside: ClassVar[Mapping[str, str]] = {}
    """Beside which field a refusal is shown, by its code; all others stand above the form."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.csrf_token.errors:
            self.csrf_token.errors = [
                _("This form was not from this browser session. What you typed is kept: send it once more.")
            ]
        return valid

    def refuse(self, error: DomainError) -> None:
        """Show everything that a service refused."""
        for single in error.all():
            name = self.beside.get(single.code, "")
            if name in self:
                self[name].errors = [*self[name].errors, explain(single)]
            else:
                self.form_errors.append(explain(single))


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


class NumbersField(HiddenField):
    """Register numbers in one field, as ``1-17,20``: 3,000 rows are one input. ``data`` is a sorted list."""

    data: Any

    def _value(self) -> str:
        return in_short(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = []
        if valuelist:
            try:
                self.data = spread(valuelist[0])
            except ValueError as error:
                raise ValidationError(str(error)) from None


def spread(text: str) -> list[int]:
    """The numbers in ``1-17,20``. Raises ValueError, with a sentence, for what is no such list or too many."""
    unreadable = ValueError(_("The list of numbers cannot be read. Choose the comments again."))
    numbers: set[int] = set()
    for part in text.split(",") if text.strip() else []:
        first, hyphen, last = (piece.strip() for piece in part.partition("-"))
        last = last if hyphen else first
        if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
            raise unreadable
        if len(last) > 10 or len(first) > 10 or not 1 <= int(first) <= int(last) <= LARGEST_NUMBER:
            raise unreadable
        if int(last) - int(first) >= SELECTION_LIMIT:
            raise ValueError(too_many())
        numbers.update(range(int(first), int(last) + 1))
        if len(numbers) > SELECTION_LIMIT:
            raise ValueError(too_many())
    return sorted(numbers)


def too_many() -> str:
    """What is said when more comments were chosen than one answer can be for."""
    return _("Choose at most %(limit)s comments at once.", limit=SELECTION_LIMIT)
