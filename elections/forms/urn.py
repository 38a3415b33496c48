"""The forms of the online vote's desk: files that trustees and credential authority hand in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, MultipleFileField, SelectField, TextAreaField

from accounts.desk import OfficeForm
from core.errors import DomainError
from core.forms import choice, cleaned, needed
from core.widgets import FileInput, Select, TextArea
from elections.ballot import canonical

FILE_LIMIT = 12 * 1024 * 1024
"""Bytes that a browser may send; a longer list of credentials is prepared at the command line."""


class NameTrusteesForm(OfficeForm):
    """Who the trustees are."""

    beside: ClassVar = {
        "trustees_number": "names",
        "trustee_name_long": "names",
        "trustee_keyed": "names",
        "keys_fixed": "names",
    }

    names = TextAreaField(
        _l("Who the trustees are"),
        description=_l("A line for each, such as: Chair of the migrant council. Everybody can read it."),
        widget=TextArea(rows=4),
    )

    @property
    def lines(self) -> list[str]:
        """A name for each trustee, in order."""
        return [line for each in cleaned(self.names.data).splitlines() if (line := " ".join(each.split()))]


class HandInKeyForm(OfficeForm):
    """A trustee's public key as a file, for one of the places that have none."""

    beside: ClassVar = dict.fromkeys(
        ("key_wrong", "key_twice", "json_unreadable", "message_malformed", "element_not_canonical"), "file"
    )

    number = SelectField(_l("Trustee"), coerce=int, widget=Select())
    file = FileField(
        _l("File with the public key"),
        description=_l("Its name ends in key.json. Never take a file with a private key."),
        validators=[needed(_l("Choose the file."))],
        widget=FileInput(accept=".json,application/json"),
        id="key-file",
    )

    def offer(self, places: Mapping[int, str]) -> None:
        """Offer these places, by number."""
        self.number.choices = [choice(str(number), label) for number, label in places.items()]

    @property
    def content(self) -> bytes:
        """What was sent."""
        return bytes(self.file.data.read(FILE_LIMIT))


class PrepareForm(OfficeForm):
    """Credentials and spares, and the set of trustees where it was assembled elsewhere; told apart by what is in them."""

    file = MultipleFileField(
        _l("The files"),
        description=_l(
            "public-credentials.json and public-spares.json; and trustees.json, if the trustees assembled it themselves"
        ),
        validators=[needed(_l("Choose the files."))],
        widget=FileInput(accept=".json,application/json"),
        id="files",
    )

    keys: bytes | None = None
    listed = b""
    spares: tuple[str, ...] = ()

    def validate_file(self, field: Any) -> None:
        """Sorts the files. Refuses what is none of them, or one of them twice."""
        if field.errors:
            return
        lists: list[tuple[list[str], bytes]] = []
        others = 0
        for sent in field.data or ():
            data = sent.read(FILE_LIMIT)
            content = _read(data)
            if isinstance(content, list) and all(isinstance(each, str) for each in content):
                lists.append((content, data))
            elif isinstance(content, list) and all(isinstance(each, list) for each in content):
                self.keys = data
                others += 1
            else:
                others += 2
        lists.sort(key=lambda pair: len(pair[0]))
        if others > 1 or len(lists) != 2:
            field.errors = [
                *field.errors,
                _("These are not the files that are needed. Choose them together."),
            ]
            return
        (spares, _data), (_listed, self.listed) = lists
        self.spares = tuple(spares)


class HandInForm(OfficeForm):
    """One file: a trustee's part, or the authority's record."""

    file = FileField(
        _l("File"),
        validators=[needed(_l("Choose the file."))],
        widget=FileInput(accept=".json,application/json"),
    )

    @property
    def content(self) -> bytes:
        """What was sent."""
        return bytes(self.file.data.read(FILE_LIMIT))


def _read(data: bytes) -> Any:
    try:
        return canonical.read(data)
    except DomainError:
        return None
