"""The forms of the roll: asking to be on it, importing it, looking somebody up, seeing evidence, correcting it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from accounts.desk import OfficeForm
from core.errors import DomainError
from core.forms import choice, cleaned, needed, uploaded
from core.i18n import language
from core.localized import clean
from core.widgets import Checkbox, Checkboxes, FileInput, Radios, Select, TextArea, TextInput
from elections.eligibility.checklists import Verdict
from elections.messages.roll import GROUNDS, METHODS, VERDICTS
from elections.rules import roll as rules
from elections.rules.roll import STRIKES, Change
from elections.rules.roll_maps import RollMap, read_map
from elections.rules.stages import REASON_LENGTH
from elections.services.roll.seals import Person
from followup.forms import ReceiptForm, contact_field

FILE_LIMIT = 12 * 1024 * 1024
"""Bytes that a browser may send; larger registers are imported at the command line."""


class RegistrationForm(ReceiptForm):
    """Somebody asks to be on the roll. Nothing is asked that an officer has to see anyway."""

    beside: ClassVar = {
        "person_name_missing": "name",
        "person_street_missing": "street",
        "person_postcode_missing": "postcode",
        "person_too_long": "name",
        **ReceiptForm.CONTACT_BESIDE,
    }

    name = StringField(_l("Your full name"), filters=[cleaned], widget=TextInput(autocomplete="name"))
    street = StringField(
        _l("Street and number"), filters=[cleaned], widget=TextInput(autocomplete="address-line1")
    )
    postcode = StringField(
        _l("Postcode"),
        filters=[cleaned],
        widget=TextInput(width=10, direction="ltr", autocomplete="postal-code"),
    )
    contact = contact_field()

    @property
    def person(self) -> Person:
        """Who asks; the letter is written in the language of the page."""
        return Person(
            self.name.data or "", self.street.data or "", self.postcode.data or "", language=language()
        )

    def check(self) -> None:
        try:
            rules.check_person(self.name.data or "", self.street.data or "", self.postcode.data or "")
        except DomainError as error:
            self.refuse(error)
        try:
            _left = self.contact_left
        except DomainError as error:
            self.refuse(error)


class ImportForm(OfficeForm):
    """A register's file, and what its columns mean."""

    file = FileField(
        _l("The register as CSV or XLSX"),
        description=_l("At most 12 megabytes. Larger files are imported at the command line."),
        widget=FileInput(accept=".csv,.xlsx,.tsv,.txt"),
    )
    map = TextAreaField(
        _l("What the columns mean"),
        description=_l("A mapping in TOML. An example stands below."),
        widget=TextArea(rows=14),
        validators=[needed(_l("Paste the mapping."))],
    )
    skip_duplicates = BooleanField(_l("Leave out who is there already"), widget=Checkbox())
    replace = BooleanField(_l("Begin the roll anew"), widget=Checkbox())

    @property
    def mapping(self) -> RollMap:
        """Raises DomainError ``roll_map_unreadable`` (``reason``), or what ``read_map`` raises."""
        try:
            tables = tomllib.loads((self.map.data or "").replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise DomainError("roll_map_unreadable", reason=str(error)) from None
        return read_map(tables)

    def upload(self) -> tuple[bytes, str]:
        """The file's bytes and name. Raises ``file_empty``."""
        found = uploaded(self.file, FILE_LIMIT)
        if found is None:
            raise DomainError("file_empty")
        name, data = found
        return data, name


class LookUpForm(OfficeForm):
    """Is somebody on the roll? Sent as a POST, so that no address and no log holds the name."""

    name = StringField(
        _l("Full name"), filters=[cleaned], widget=TextInput(autocomplete="off"),
        validators=[needed(_l("Write the name."))],
    )  # fmt: skip
    street = StringField(_l("Street and number"), filters=[cleaned], widget=TextInput(autocomplete="off"))
    postcode = StringField(
        _l("Postcode"), filters=[cleaned], widget=TextInput(width=10, direction="ltr", autocomplete="off")
    )


class EvidenceForm(OfficeForm):
    """What an officer saw, without saying which document it was."""

    beside: ClassVar = {"evidence_method_unknown": "method", "evidence_verdict_unknown": "verdict"}

    method = RadioField(
        _l("How did you see the evidence?"),
        choices=[choice(value, label) for value, label in METHODS.items()],
        validate_choice=False,
        widget=Radios(small=True),
    )
    verdict = RadioField(
        _l("By the rules of this election, the person:"),
        choices=[choice(v.value, VERDICTS[v]) for v in (Verdict.MET, Verdict.NOT_MET)],
        validate_choice=False,
        widget=Radios(small=True),
    )

    @property
    def found(self) -> Verdict:
        """What the officer decided; unknown when nothing was chosen."""
        return next((each for each in Verdict if each.value == self.verdict.data), Verdict.UNKNOWN)


class CorrectionForm(OfficeForm):
    """Changes that a second person confirms."""

    beside: ClassVar = {
        "act_reason_missing": "reason",
        "act_reason_too_long": "reason",
        "roll_number_unknown": "numbers",
        "roll_change_twice": "numbers",
        "roll_changes_unreadable": "numbers",
    }

    add = SelectMultipleField(
        _l("Put these people on the roll"), validate_choice=False, widget=Checkboxes(small=True)
    )
    numbers = TextAreaField(
        _l("Strike these roll numbers"), description=_l("One number per line."), widget=TextArea(rows=3)
    )
    ground = SelectField(
        _l("Why they are struck"),
        description=_l("The ground is public beside the number."),
        choices=[choice(each.value, GROUNDS[each]) for each in STRIKES],
        validate_choice=False,
        widget=Select(),
    )
    reason = TextAreaField(
        _l("Public reason for this correction"),
        description=_l("Write no names."),
        widget=TextArea(rows=3, limit=REASON_LENGTH),
    )

    def __init__(self, ready: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.add.choices = [choice(str(number), written) for number, written in ready]

    def changes(self) -> list[Change]:
        """What was chosen. Raises ``roll_changes_unreadable``."""
        ground = next((each for each in STRIKES if each.value == self.ground.data), STRIKES[0])
        given = clean(self.numbers.data or "").replace(",", " ").split()
        chosen = [*given, *(self.add.data or ())]
        if any(not (text.isascii() and text.isdigit() and len(text) < 9) for text in chosen):
            raise DomainError("roll_changes_unreadable")
        added = [Change(registration=int(text)) for text in self.add.data or ()]
        return added + [Change(strike=int(text), ground=ground) for text in given]
