"""The forms that lead to a receipt and back from it: an address for the answer, and the code."""

from __future__ import annotations

from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import HiddenField, StringField

from core import codes, mail, settings
from core.errors import DomainError
from core.forms import PublicForm
from core.i18n import language
from core.localized import clean
from core.widgets import TextInput
from followup.services.receipts import Contact

CONTACT_LENGTH = 254


class ReceiptForm(PublicForm):
    """A form that is answered with a receipt. ``form_key`` travels hidden and makes a form sent twice count once.

    A form places ``contact = contact_field()`` where it wants to ask for an address, ``beside`` takes in
    ``CONTACT_BESIDE``, and ``check`` reads ``contact_left``.
    """

    CONTACT_BESIDE: ClassVar = {
        "contact_unclear": "contact",
        "contact_unclear_phone": "contact",
        "mail_recipient_invalid": "contact",
    }

    form_key = HiddenField()
    contact: StringField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    def contact_left(self) -> Contact | None:
        """The address that was left. Raises DomainError ``contact_unclear`` or ``contact_unclear_phone``."""
        given = clean(self.contact.data or "")
        if not given:
            return None
        if "@" in given or not self.texts_offered:
            return Contact("email", _read_email(given, self.texts_offered), language())
        return Contact("sms", _read_phone(given), language())

    def renew_key(self) -> None:
        """Make the form a new draft: what it sends next is an item of its own."""
        self.form_key.data = codes.new_form_key()


def contact_field() -> StringField:
    """Where an address can be left; ``ReceiptForm`` gives it its words."""
    return StringField(widget=TextInput(direction="ltr", autocomplete="email"))


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
