"""Register numbers in the office's forms: as many as 3,000 rows in one field."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField
from wtforms.validators import ValidationError

from followup.numbers import in_short

SELECTION_LIMIT = 5_000
"""How many comments one answer may be written for at once."""
LARGEST_NUMBER = 2**31 - 1


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
    return str(_("Choose at most %(limit)s comments at once.", limit=SELECTION_LIMIT))


def whole_number(text: str) -> int:
    """A whole number from 1 on, as an address or a box writes it; else 0."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if number <= LARGEST_NUMBER else 0
