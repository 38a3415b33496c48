"""Form fields as people meet them: named, explained, and with their errors tied to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from core.widgets import (
    Checkbox,
    Checkboxes,
    DayField,
    EmailInput,
    FileInput,
    NumberField,
    PasswordInput,
    Radios,
    Select,
    TextArea,
    TextInput,
    error_summary,
    show,
)
from tests.frontend.markup import Page

pytestmark = pytest.mark.usefixtures("small_app")

KINDS = [SelectChoice("support", "This is good"), SelectChoice("question", "I have a question")]


class Comment(Form):
    kind = RadioField(
        "What do you want to say?", [DataRequired("Choose a kind")], choices=KINDS, widget=Radios()
    )
    text = TextAreaField(
        "Your comment",
        [DataRequired("Write your comment")],
        description="One or two sentences.",
        widget=TextArea(rows=7, limit=5000),
    )
    mail = EmailField("E-mail address", description="Only to tell you.", widget=EmailInput())
    name = StringField("Name", widget=TextInput(width=20))
    part = SelectField(
        "Part", choices=[SelectChoice("", "Whole draft"), SelectChoice("7", "7: Line N4")], widget=Select()
    )
    languages = SelectMultipleField(
        "Languages",
        choices=[SelectChoice("en", "English"), SelectChoice("ar", "العربية")],
        widget=Checkboxes(),
    )
    public = BooleanField("Publish my name", widget=Checkbox())
    day = DayField("Opens on")
    password = PasswordField("Password", widget=PasswordInput())
    draft = FileField("Draft", widget=FileInput(accept=".md"))


def filled(**values: Any) -> Comment:
    form = Comment(MultiDict({"part": "", **values}))
    form.validate()
    return form


def test_every_field_has_a_label_of_its_own() -> None:
    form = Comment()
    for field in form:
        page = Page(field())
        labelled = {label["for"] for label in page.all("label")}
        fields = [element for element in page.elements if element.tag in {"input", "textarea", "select"}]
        assert fields
        assert {element["id"] for element in fields} <= labelled, field.name


@pytest.mark.parametrize("name", ["kind", "languages", "day"])
def test_a_group_has_a_legend(name: str) -> None:
    field = Comment()[name]
    page = Page(field())
    legend = page.one("legend")
    assert legend.text == field.label.text
    assert legend.parents[-1].tag == "fieldset"
    assert all(page.one("fieldset") in element.parents for element in page.all("input"))


def test_hint_and_error_are_read_out_with_the_field() -> None:
    page = Page(filled(mail="x").text())
    field = page.one("textarea")
    described = (field["aria-describedby"] or "").split()
    assert described == ["text-hint", "text-error"]
    assert [page.one(id=each).text for each in described] == [
        "One or two sentences. There is room for 5,000 characters.",
        "Error: Write your comment",
    ]


def test_the_word_error_is_translated(small_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.widgets._", lambda text: {"Error": "Fehler"}.get(text, text))
    assert "Fehler: Write your comment" in Page(filled().text()).one(id="text-error").text


def test_the_limit_is_named_in_the_readers_way_and_cuts_nothing_off() -> None:
    with force_locale("de"):
        page = Page(Comment().text())
    assert "5.000" in page.one(id="text-hint").text
    assert page.one("textarea")["maxlength"] is None


def test_the_browser_is_not_asked_to_complain_in_its_own_language() -> None:
    for field in Comment():
        assert all("required" not in element.attributes for element in Page(field()).elements)


def test_free_text_takes_the_direction_of_what_is_typed_and_addresses_stay_left_to_right() -> None:
    form = Comment()
    assert Page(form.text()).one("textarea")["dir"] == "auto"
    assert Page(form.name()).one("input")["dir"] == "auto"
    assert Page(form.mail()).one("input")["dir"] == "ltr"
    assert {each["dir"] for each in Page(form.day()).all("input")} == {"ltr"}


def test_a_text_of_a_given_language_says_so() -> None:
    area = Page(Comment().text(lang="ar", dir="rtl", data_keep=True, class_="wide")).one("textarea")
    assert (area["lang"], area["dir"]) == ("ar", "rtl")
    assert "wide" in (area["class"] or "").split()
    assert "data-keep" in area.attributes


def test_what_was_typed_is_shown_again_and_cannot_break_out() -> None:
    typed = '\n</textarea><script>alert(1)</script> & "quoted"'
    page = Page(filled(text=typed, name='"><b>').text() + filled(name='"><b>').name())
    assert page.one("textarea").pieces == [f"\n{typed}"], (
        "the browser drops the first line end, so there are two"
    )
    assert page.one("input", name="name")["value"] == '"><b>'
    assert page.all("script") == page.all("b") == []


def test_a_password_is_never_sent_back() -> None:
    field = Page(filled(password="correct horse").password()).one("input")
    assert not field["value"]
    assert field["autocomplete"] == "current-password"


def test_choices_remember_what_was_chosen() -> None:
    form = filled(kind="question", part="7", languages="ar", public="y", text="x")
    assert _checked(form.kind()) == ["question"]
    assert _checked(form.languages()) == ["ar"]
    assert _checked(form.public()) == ["y"]
    assert [each["value"] for each in Page(form.part()).elements if "selected" in each.attributes] == ["7"]


def _checked(markup: str) -> list[str | None]:
    return [each["value"] for each in Page(markup).elements if "checked" in each.attributes]


def test_a_radio_may_explain_itself() -> None:
    class Explained(Form):
        kind = RadioField("Kind", choices=KINDS, widget=Radios(hints={"question": "You get an answer."}))

    page = Page(Explained().kind())
    second = page.one("input", value="question")
    assert page.one(id=second["aria-describedby"] or "").text == "You get an answer."


def test_the_error_summary_leads_to_each_field_in_its_order() -> None:
    form = filled(**{"day-day": "30", "day-month": "2", "day-year": "2027", "mail": "x"})
    page = Page("".join([error_summary(form), *(field() for field in form)]))
    links = page.all("a")
    assert [(link["href"], link.text) for link in links] == [
        ("#kind", "Choose a kind"),
        ("#text", "Write your comment"),
        ("#day-day", "Write a day that exists, such as 15 10 2027"),
    ]
    for link in links:
        target = page.one(id=(link["href"] or "")[1:])
        assert target.tag in {"input", "textarea", "select"}
    assert page.one("h2").text == "3 things need your attention"
    assert len(page.ids) == len(set(page.ids))


def test_a_form_without_errors_has_no_summary() -> None:
    assert error_summary(filled(kind="question", text="Why?")) == ""
    assert error_summary(Comment()) == ""


def test_the_summary_reaches_into_forms_inside_forms_and_names_what_has_no_place() -> None:
    class Version(Form):
        title = StringField("Title", [DataRequired("Write a title")], widget=TextInput())

    class Draft(Form):
        token = HiddenField()
        versions = FieldList(FormField(Version), min_entries=2)

        def validate_token(self, field: HiddenField) -> None:
            raise ValidationError("This form is too old. Send it again.")

    form = Draft(MultiDict({"versions-0-title": "", "versions-1-title": "Ankommen"}))
    form.validate()
    page = Page(error_summary(form))
    assert [each.text for each in page.all("li")] == ["This form is too old. Send it again.", "Write a title"]
    assert [each["href"] for each in page.all("a")] == ["#versions-0-title"]


class Timetable(Form):
    opens = DayField("Opens on", [DataRequired("Write the day")])


@pytest.mark.parametrize(
    "typed", [("15", "10", "2027"), (" 15", "10 ", "2027"), ("١٥", "١٠", "٢٠٢٧"), ("۱۵", "۱۰", "۲۰۲۷")]
)
def test_a_day_is_read_in_any_digits(typed: tuple[str, str, str]) -> None:
    form = Timetable(MultiDict(zip(("opens-day", "opens-month", "opens-year"), typed, strict=True)))
    assert form.validate()
    assert form.opens.data == date(2027, 10, 15)


@pytest.mark.parametrize(
    "typed",
    [("30", "2", "2027"), ("15", "", "2027"), ("15", "10", "27"), ("x", "10", "2027"), ("0", "1", "2027"),
     ("1" * 5000, "1", "2027"), ("1", "1", "99999"), ("-1", "1", "2027"), ("1.5", "1", "2027")],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_refused_and_shown_again(typed: tuple[str, str, str]) -> None:
    form = Timetable(MultiDict(zip(("opens-day", "opens-month", "opens-year"), typed, strict=True)))
    assert not form.validate()
    assert form.opens.data is None
    page = Page(form.opens())
    assert tuple(each["value"] for each in page.all("input")) == typed
    assert page.one("fieldset")["aria-describedby"] == "opens-error"


def test_an_empty_day_is_no_day_and_a_stored_day_is_shown() -> None:
    empty = Timetable(MultiDict({"opens-day": "", "opens-month": "", "opens-year": ""}))
    assert not empty.validate()
    assert list(empty.opens.errors) == ["Write the day"]
    stored = Timetable(data={"opens": date(2027, 10, 5)})
    assert [each["value"] for each in Page(stored.opens()).all("input")] == ["5", "10", "2027"]


class Count(Form):
    votes = NumberField("Votes")


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), (" 7 ", 7), ("٣٤", 34), ("-5", -5), ("0", 0), ("", None), (" ", None)]
)
def test_a_number_is_read_in_any_digits_and_an_empty_box_is_none(typed: str, number: int | None) -> None:
    form = Count(MultiDict({"votes": typed}))
    assert form.validate()
    assert form.votes.data == number


@pytest.mark.parametrize("typed", ["x", "1.5", "1 2", "9" * 5000, "²"])
def test_what_is_no_whole_number_is_refused_in_our_words_and_shown_again(typed: str) -> None:
    form = Count(MultiDict({"votes": typed}))
    assert not form.validate()
    assert (form.votes.data, form.votes.errors) == (None, ["Write a whole number."])
    assert Page(form.votes()).one("input")["value"] == typed


def test_forms_of_a_library_wear_our_dress() -> None:
    class SignIn(Form):
        email = StringField("E-mail address", [DataRequired("Write your address")])
        password = PasswordField("Password")
        remember = BooleanField("Stay signed in")

    form = SignIn(MultiDict({"password": "secret"}))
    form.validate()
    page = Page("".join(show(field) for field in form))
    assert page.one(id="email-error").text == "Error: Write your address"
    assert not page.one("input", type="password")["value"]
    assert page.one("label", for_="remember").text == "Stay signed in"
