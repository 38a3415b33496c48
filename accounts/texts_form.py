"""A form of the office for a title and longer texts, each in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField

from accounts.desk import OfficeForm
from core.forms import at_most, cleaned
from core.localized import Localized, direction
from core.widgets import TextArea, TextInput

Labels = Mapping[str, tuple[Any, Any]]
"""Label and hint of each text, by its name, in the order of the page."""


class TextsForm(OfficeForm):
    """Texts in the languages ``codes``; their fields are ``title_en``, ``summary_en`` and so on."""

    codes: tuple[str, ...] = ()
    labels: ClassVar[Labels] = {}

    def fields_in(self, code: str) -> list[Field]:
        """The fields of one language, in the order of the page."""
        return [self[f"{name}_{code}"] for name in ("title", *self.labels)]

    def is_begun_in(self, code: str) -> bool:
        """Whether something is written, or wrong, in a language."""
        return any(field.data or field.errors for field in self.fields_in(code))

    def written(self, name: str, original: str) -> Localized:
        """What was written as the title, or as one of the texts; ``original`` is the language it was written in first."""
        return Localized.of({code: self[f"{name}_{code}"].data or "" for code in self.codes}, original)

    def show(self, name: str, text: Localized) -> None:
        """Show what is stored, where nothing was sent."""
        for code in self.codes:
            version = text.get(code)
            self[f"{name}_{code}"].data = version.text if version else ""


def with_texts(
    kind: type[TextsForm], codes: tuple[str, ...], *, title_length: int, text_length: int, **more: Any
) -> Any:
    """``kind`` with its fields in the languages ``codes``, and with ``more`` fields and facts of a class."""
    fields: dict[str, Any] = {"codes": codes, **more}
    for code in codes:
        about = {"lang": code, "dir": direction(code)}
        fields[f"title_{code}"] = StringField(
            _l("Title"),
            widget=TextInput(),
            render_kw=about,
            filters=[cleaned],
            validators=[at_most(title_length)],
        )
        for name, (label, hint) in kind.labels.items():
            fields[f"{name}_{code}"] = TextAreaField(
                label,
                description=hint,
                widget=TextArea(rows=3),
                render_kw=about,
                filters=[cleaned],
                validators=[at_most(text_length)],
            )
    return type(kind.__name__, (kind,), fields)
