"""The forms of residents: a comment, a receipt code, and what may be done with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its type stubs

from consult.messages import AUTHORS_AS_SPOKEN, KINDS_AS_SPOKEN
from consult.rules import submissions as rules
from consult.rules.submissions import NewSubmission
from consult.services.submissions import Contact, cleaned
from core import codes, languages, mail, settings
from core.errors import DomainError
from core.forms import PublicForm
from core.i18n import language, language_name
from core.localized import clean
from core.widgets import Checkbox, Radios, Select, TextArea, TextInput

CONTACT_LENGTH = 254


def new_form_key() -> str:
    """A form's own 128-bit key: what makes a form sent twice one comment."""
    return secrets.token_hex(16)


class SubmissionForm(PublicForm):
    """One comment. ``form_key`` and ``unit`` travel hidden; ``unit`` is the measure's id, empty for the whole draft."""

    beside: ClassVar = {
        "kind_missing": "kind",
        "kind_unknown": "kind",
        "text_missing": "text",
        "text_too_long": "text",
        "wording_too_long": "proposed_wording",
        "language_unknown": "language",
        "author_kind_unknown": "author_kind",
        "name_too_long": "name",
        "contact_unclear": "contact",
        "contact_unclear_phone": "contact",
        "mail_recipient_invalid": "contact",
    }

    form_key = HiddenField()
    unit = HiddenField()
    kind = RadioField(
        _l("What do you want to say?"),
        choices=[SelectChoice(value, label) for value, label in KINDS_AS_SPOKEN.items()],
        validate_choice=False,
        widget=Radios(),
    )
    text = TextAreaField(
        _l("Your comment"),
        description=_l(
            "One or two sentences are enough. Please leave out names and phone numbers: comments become public."
        ),
        widget=TextArea(rows=7, limit=rules.TEXT_LENGTH),
    )
    proposed_wording = TextAreaField(
        _l("Your words for the text"),
        description=_l("Write how the text should read."),
        widget=TextArea(rows=5, limit=rules.WORDING_LENGTH),
    )
    language = SelectField(
        _l("Language of your comment"),
        description=_l("You can write in any language."),
        validate_choice=False,
        widget=Select(),
    )
    author_kind = SelectField(
        _l("For whom do you speak?"),
        choices=[SelectChoice(value, label) for value, label in AUTHORS_AS_SPOKEN.items()],
        validate_choice=False,
        widget=Select(),
    )
    name = StringField(
        _l("Name of the person or organisation (you can leave this empty)"),
        widget=TextInput(autocomplete="off"),
    )
    publish_name = BooleanField(_l("Publish this name with my comment"), widget=Checkbox())
    contact = StringField(widget=TextInput(direction="ltr", autocomplete="email"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [SelectChoice(*choice) for choice in _named(settings.current().languages, language())]
        self.language.choices = [SelectChoice("", _l("Recognise it from my text")), *named]
        self.texts_offered = "sms" in mail.channels()
        self.contact.label.text = (
            _l("E-mail address or mobile number (you can leave this empty)")
            if self.texts_offered
            else _l("E-mail address (you can leave this empty)")
        )
        self.contact.description = ngettext(
            "Only for your receipt and word of your answer. We delete it one day later.",
            "Only for your receipt and word of your answer. We delete it %(num)d days later.",
            settings.current().contact_kept_days,
        )

    @property
    def unit_id(self) -> int | None:
        """The measure that the form is about, None for the whole draft. Raises DomainError ``unit_unknown``."""
        given = self.unit.data or ""
        if not given:
            return None
        if not (given.isascii() and given.isdigit() and len(given) < 10):
            raise DomainError("unit_unknown")
        return int(given)

    @property
    def comment(self) -> NewSubmission:
        """What was sent, cleaned; its language is guessed where its author left that to us."""
        text = self.text.data or ""
        return cleaned(
            NewSubmission(
                unit_id=self.unit_id,
                text=text,
                kind=self.kind.data or "",
                proposed_wording=self.proposed_wording.data or "",
                language=self.language.data or languages.guess(text, language()),
                author_kind=self.author_kind.data or rules.AuthorKind.PERSON.value,
                name=self.name.data or "",
                publish_name=bool(self.publish_name.data),
            )
        )

    @property
    def contact_left(self) -> Contact | None:
        """The address that was left. Raises DomainError ``contact_unclear`` or ``contact_unclear_phone``."""
        given = clean(self.contact.data or "")
        if not given:
            return None
        if "@" in given or not self.texts_offered:
            return Contact("email", _read_email(given, self.texts_offered), language())
        return Contact("sms", _read_phone(given), language())

    @property
    def opens_wording(self) -> bool:
        """Whether the part for other words stands open."""
        return bool(self.proposed_wording.data or self.proposed_wording.errors)

    @property
    def opens_author(self) -> bool:
        """Whether the part about the author stands open."""
        told = self.author_kind.data not in (None, "", rules.AuthorKind.PERSON.value)
        return bool(told or self.name.data or self.name.errors or self.author_kind.errors)

    def check(self) -> None:
        parts: tuple[Callable[[], object], ...] = (
            lambda: rules.check_submission(self.comment),
            lambda: self.contact_left,
        )
        for part in parts:
            try:
                part()
            except DomainError as error:
                self.refuse(error)

    def renew_key(self) -> None:
        """Make the form a new draft: what it sends next is a comment of its own."""
        self.form_key.data = new_form_key()


class CodeForm(PublicForm):
    """The code from a receipt."""

    code = StringField(
        _l("Code from your receipt"),
        description=_l("32 digits. Spaces do not matter."),
        widget=TextInput(direction="ltr", inputmode="numeric", autocomplete="off"),
    )

    @property
    def digits(self) -> str:
        """The 32 digits. Raises what ``core.codes.read`` raises; a voting code is not shown back."""
        try:
            return codes.read(self.code.data or "")
        except DomainError as error:
            if error.code == "code_is_voting_code":
                self.code.data = ""
            raise

    beside: ClassVar = {
        "code_empty": "code",
        "code_not_digits": "code",
        "code_length": "code",
        "code_mistyped": "code",
        "code_is_voting_code": "code",
        "code_unknown": "code",
    }


class HeldCodeForm(CodeForm):
    """A code that a page was opened with, and that it hands on."""

    code = HiddenField()


class SecondLookForm(HeldCodeForm):
    """What somebody writes who says "you misread me"."""

    beside: ClassVar = {**CodeForm.beside, "text_missing": "text", "text_too_long": "text"}

    text = TextAreaField(
        _l("What did the city misread?"),
        description=_l("One or two sentences are enough."),
        widget=TextArea(rows=5, limit=rules.TEXT_LENGTH),
    )


@lru_cache(maxsize=32)
def _named(first: Sequence[str], reader: str) -> list[tuple[str, str]]:
    """Every language offered, ``first`` ones first: by its own name, and the reader's name for it if that differs."""
    others = sorted(code for code in languages.OFFERED if code not in first)
    return [(code, _both_names(code, reader)) for code in (*first, *others)]


def _both_names(code: str, reader: str) -> str:
    own, readers = language_name(code, code), language_name(code, reader)
    return own if own == readers else f"{own} – {readers}"


def _read_email(given: str, or_phone: bool) -> str:
    try:
        if len(given) > CONTACT_LENGTH:
            raise EmailNotValidError
        return validate_email(given, check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        raise DomainError("contact_unclear_phone" if or_phone else "contact_unclear") from None


def _read_phone(given: str) -> str:
    import phonenumbers  # its tables are large, and few people leave a number

    try:
        if len(given) > CONTACT_LENGTH:
            raise DomainError("contact_unclear_phone")
        number = phonenumbers.parse(given, settings.current().holidays_country)
    except phonenumbers.NumberParseException:
        raise DomainError("contact_unclear_phone") from None
    if not phonenumbers.is_valid_number(number):
        raise DomainError("contact_unclear_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
