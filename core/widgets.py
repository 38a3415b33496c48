"""How form fields look: thin WTForms widgets over the macros of govuk-frontend-jinja.

``{{ form.text() }}`` writes a whole form group: label or legend, hint (the field's ``description``), error message
and field, linked by id. Groups of choices and days always have a legend. Whatever is passed to the call, or stands
in the field's ``render_kw``, becomes an attribute of the field itself; ``class_`` adds classes.

    text = TextAreaField(_l("Your comment"), widget=TextArea(rows=6, limit=5000))
    kind = RadioField(_l("What do you want to say?"), choices=[SelectChoice("question", _l("I have a question"))],
                      widget=Radios())

``error_summary(form)`` collects everything that is wrong, each line a link to its field. Nothing here sets
``required`` or ``maxlength``: the browser would speak its own language, and cut pasted text off in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field, FieldList, Form, FormField, IntegerField, ValidationError
from wtforms.utils import unset_value
from wtforms.widgets import Input

from core.localized import clean

Params = dict[str, Any]


def govuk(component: str, macro: str, params: Params) -> Markup:
    """Render one macro of govuk-frontend-jinja, such as ``("error-summary", "govukErrorSummary", {...})``."""
    template = current_app.jinja_env.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    rendered: Markup = getattr(template.module, macro)(params)  # autoescaped: what it returns is safe already
    return rendered


def _error(field: Field) -> Params | None:
    """The first error; the summary shows them all."""
    for message in _messages(field):
        return {"text": message, "visuallyHiddenText": _("Error")}
    return None


def _messages(field: Field) -> Iterator[str]:
    """Every message of a field once; a part of a compound field may answer with a list or a mapping."""
    yield from dict.fromkeys(str(error) for error in field.errors if error)


def _hint(text: object) -> Params | None:
    return {"text": str(text)} if text else None


class Widget:
    """What all fields share. ``size`` is the size of label or legend: ``"s"``, ``"m"``, ``"l"`` or nothing."""

    component: str
    macro: str
    label_class = "govuk-label"

    def __init__(self, *, size: str = "", classes: str = "") -> None:
        self.size = size
        self.classes = classes

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        attributes = {**(field.render_kw or {}), **attributes}
        added = [self.classes, attributes.pop("class_", ""), attributes.pop("class", "")]
        params: Params = {
            "id": field.id,
            "name": field.name,
            "classes": " ".join(filter(None, added)),
            "errorMessage": _error(field),
            "hint": _hint(self.hint(field)),
            **self.params(field),
        }
        params["attributes"] = {**params.get("attributes", {}), **_attributes(attributes)}
        return govuk(self.component, self.macro, params)

    def anchor(self, field: Field) -> str:
        """The id of the element that the error summary leads to."""
        return str(field.id)

    def hint(self, field: Field) -> str:
        return str(field.description or "")

    def params(self, field: Any) -> Params:
        """What this kind of field adds to the parameters of its macro."""
        raise NotImplementedError

    def title(self, field: Field) -> Params:
        """Label or legend in the widget's size."""
        classes = f"{self.label_class}--{self.size}" if self.size else ""
        return {"text": str(field.label.text), "classes": classes}


def _attributes(given: Mapping[str, Any]) -> Params:
    """HTML attributes as the macros want them: ``data_keep=True`` is ``data-keep``, False and None are left out."""
    return {
        name.rstrip("_").replace("_", "-"): {"value": value, "optional": True}
        for name, value in given.items()
        if value is not None and value is not False
    }


class TextInput(Widget):
    """One line. ``kind`` is the input's type, ``width`` the expected number of characters (2, 3, 4, 5, 10, 20, 30).

    ``direction="auto"`` lets what is typed decide, ``"ltr"`` is for addresses, numbers and codes.
    """

    component, macro = "input", "govukInput"

    def __init__(
        self,
        kind: str = "text",
        *,
        width: int | None = None,
        direction: str = "auto",
        inputmode: str | None = None,
        autocomplete: str | None = None,
        size: str = "",
        classes: str = "",
    ) -> None:
        fitted = f"govuk-input--width-{width}" if width else ""
        super().__init__(size=size, classes=f"{fitted} {classes}".strip())
        self.kind = kind
        self.direction = direction
        self.inputmode = inputmode
        self.autocomplete = autocomplete

    def params(self, field: Any) -> Params:
        return {
            "label": self.title(field),
            "type": self.kind,
            "value": self.value(field),
            "inputmode": self.inputmode,
            "autocomplete": self.autocomplete,
            "attributes": _attributes({"dir": self.direction}),
        }

    def value(self, field: Field) -> str:
        return str(field._value()) if hasattr(field, "_value") else str(field.data or "")


class EmailInput(TextInput):
    """An e-mail address: written from left to right everywhere, offered from the browser's memory."""

    def __init__(self, *, width: int | None = None, size: str = "", classes: str = "") -> None:
        super().__init__(
            "email", width=width, direction="ltr", autocomplete="email", size=size, classes=classes
        )


class PasswordInput(TextInput):
    """A password. What was typed is never sent back."""

    def __init__(
        self, *, autocomplete: str = "current-password", width: int | None = None, size: str = ""
    ) -> None:
        super().__init__("password", width=width, direction="ltr", autocomplete=autocomplete, size=size)

    def value(self, field: Field) -> str:
        return ""


class FileInput(Widget):
    """A file to send. ``accept`` is the browser's filter, such as ``".md,text/markdown"``."""

    component, macro = "file-upload", "govukFileUpload"

    def __init__(self, *, accept: str | None = None, size: str = "") -> None:
        super().__init__(size=size)
        self.accept = accept

    def params(self, field: Any) -> Params:
        return {"label": self.title(field), "attributes": _attributes({"accept": self.accept})}


class TextArea(Widget):
    """Several lines. ``limit`` is only named in the hint; a validator enforces it, and nothing is cut off."""

    component, macro = "textarea", "govukTextarea"

    def __init__(
        self,
        *,
        rows: int = 6,
        limit: int | None = None,
        direction: str = "auto",
        size: str = "",
        classes: str = "",
    ) -> None:
        super().__init__(size=size, classes=classes)
        self.rows = rows
        self.limit = limit
        self.direction = direction

    def hint(self, field: Field) -> str:
        given = super().hint(field)
        if not self.limit:
            return given
        room = ngettext(
            "There is room for %(count)s character.",
            "There is room for %(count)s characters.",
            self.limit,
            count=format_decimal(self.limit),
        )
        return f"{given} {room}".strip()

    def params(self, field: Any) -> Params:
        value = str(field._value())
        return {
            "label": self.title(field),
            "rows": self.rows,
            # A browser drops the first line end after <textarea>: this one, not the author's.
            "value": f"\n{value}" if value.startswith(("\n", "\r")) else value,
            "attributes": _attributes({"dir": self.direction}),
        }


class Select(Widget):
    """One choice from a list that opens."""

    component, macro = "select", "govukSelect"

    def params(self, field: Any) -> Params:
        return {
            "label": self.title(field),
            "items": [
                {"value": item.value, "text": str(item.label), "selected": item.selected}
                for item in field.iter_choices()
            ],
        }


class Radios(Widget):
    """One choice, all of them in sight. ``hints`` maps a value to a line below its label."""

    component, macro = "radios", "govukRadios"
    label_class = "govuk-fieldset__legend"

    def __init__(
        self,
        *,
        small: bool = False,
        inline: bool = False,
        hints: Mapping[str, object] | None = None,
        size: str = "",
    ) -> None:
        kind = self.component
        flags = [f"govuk-{kind}--small" if small else "", f"govuk-{kind}--inline" if inline else ""]
        super().__init__(size=size, classes=" ".join(filter(None, flags)))
        self.hints = hints or {}

    def params(self, field: Any) -> Params:
        return {
            "idPrefix": field.id,  # the first item's own id, so that the error summary leads there
            "fieldset": {"legend": self.title(field)},
            "items": [
                {
                    "value": item.value,
                    "text": str(item.label),
                    "checked": bool(item.selected),
                    "hint": _hint(self.hints.get(str(item.value))),
                }
                for item in field.iter_choices()
            ],
        }


class Checkboxes(Radios):
    """Any number of choices, for a ``SelectMultipleField``."""

    component, macro = "checkboxes", "govukCheckboxes"


class Checkbox(Widget):
    """A single box, for a ``BooleanField``; the field's label stands beside it."""

    component, macro = "checkboxes", "govukCheckboxes"

    def __init__(self, *, small: bool = False) -> None:
        super().__init__(classes="govuk-checkboxes--small" if small else "")

    def params(self, field: Any) -> Params:
        return {
            "idPrefix": field.id,
            "items": [{"value": "y", "text": str(field.label.text), "checked": bool(field.data)}],
        }


class DayInput(Widget):
    """A day in three boxes, for a ``DayField``: quicker to type than a calendar, and the same in every browser."""

    component, macro = "date-input", "govukDateInput"
    label_class = "govuk-fieldset__legend"

    def anchor(self, field: Field) -> str:
        return f"{field.id}-day"

    def params(self, field: Any) -> Params:
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        wrong = " govuk-input--error" if field.errors else ""
        return {
            "namePrefix": field.name,
            "fieldset": {"legend": self.title(field)},
            "items": [
                {
                    "name": part,
                    "label": labels[part],
                    "value": typed,
                    "classes": f"govuk-input--width-{4 if part == 'year' else 2}{wrong}",
                    "attributes": {"dir": "ltr"},
                }
                for part, typed in zip(labels, field.typed(), strict=True)
            ],
        }


class NumberField(IntegerField):
    """A whole number in any script's digits; ``data`` is None where the box is empty."""

    widget = TextInput(width=5, direction="ltr", inputmode="numeric")

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Raises ValueError for what is no whole number."""
        typed = clean(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if typed:
            try:
                self.data = int(typed)
            except ValueError:
                raise ValueError(_("Write a whole number.")) from None


class DayField(Field):
    """A day from the inputs ``name-day``, ``name-month`` and ``name-year``, in any script's digits.

    ``data`` is a ``date``, or None when all three are empty (``DataRequired`` then asks for it).
    Two boxes filled, letters, or 30 February are errors, and what was typed is shown again.
    """

    widget = DayInput()
    parts = ("day", "month", "year")

    def typed(self) -> Sequence[str]:
        """What the three boxes show."""
        if self.raw_data:
            return [str(value) for value in self.raw_data]
        return [str(self.data.day), str(self.data.month), str(self.data.year)] if self.data else ["", "", ""]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Gather the three inputs, where WTForms would look for one."""
        super().process(None, data, extra_filters)
        names = [f"{self.name}-{part}" for part in self.parts]
        if formdata is None or not any(name in formdata for name in names):
            return
        self.raw_data = [(formdata.getlist(name) or [""])[0].strip() for name in names]
        try:
            self.process_formdata(self.raw_data)
        except ValueError as error:
            self.process_errors = [*self.process_errors, str(error)]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not any(valuelist):
            return
        try:
            day, month, year = (int(value) for value in valuelist)
            if year < 1900:  # "26" is a slip, not the first century
                raise ValueError
            self.data = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError(_("Write a day that exists, such as 15 10 2027")) from None


def errors_of(form: Form) -> Iterator[tuple[str | None, str]]:
    """Every error of a form as (id of the field or None, message), in the order of the page."""
    for message in form.form_errors:
        yield None, str(message)
    for field in form:
        yield from _errors_of_field(field)


def _errors_of_field(field: Field) -> Iterator[tuple[str | None, str]]:
    if isinstance(field, FormField):
        yield from errors_of(field.form)
        return
    if isinstance(field, FieldList):
        own = {str(error) for error in field.errors if isinstance(error, str)}
        yield from ((str(field.id), message) for message in sorted(own))
        for entry in field:
            yield from _errors_of_field(entry)
        return
    hidden = isinstance(field.widget, Input) and field.widget.input_type == "hidden"
    anchor = field.widget.anchor(field) if isinstance(field.widget, Widget) else str(field.id)
    for message in _messages(field):
        yield (None if hidden else anchor), message


def error_summary(form: Form) -> Markup:
    """The box above a failed form, or nothing. It names every error at once and takes the focus (public.js)."""
    errors = list(dict.fromkeys(errors_of(form)))
    if not errors:
        return Markup("")
    count = len(errors)
    title = ngettext("%(num)d thing needs your attention", "%(num)d things need your attention", count)
    items = [{"text": text, "href": f"#{anchor}" if anchor else None} for anchor, text in errors]
    params = {"titleText": title, "errorList": items, "attributes": {"tabindex": "-1", "data-errors": "true"}}
    return govuk("error-summary", "govukErrorSummary", params)


_FOREIGN: dict[str, Widget] = {
    "BooleanField": Checkbox(),
    "EmailField": EmailInput(),
    "FileField": FileInput(),
    "IntegerField": TextInput(width=10, direction="ltr", inputmode="numeric"),
    "PasswordField": PasswordInput(),
    "RadioField": Radios(),
    "SelectField": Select(),
    "SelectMultipleField": Checkboxes(),
    "StringField": TextInput(),
    "TelField": TextInput("tel", direction="ltr", autocomplete="tel"),
    "TextAreaField": TextArea(),
}


def show(field: Field, **attributes: Any) -> Markup:
    """A field in our dress, also where its form comes from elsewhere (Flask-Security's) with plain widgets."""
    if isinstance(field.widget, Widget):
        return field.widget(field, **attributes)
    for kind in type(field).__mro__:
        if kind.__name__ in _FOREIGN:
            return _FOREIGN[kind.__name__](field, **attributes)
    return field(**attributes)
