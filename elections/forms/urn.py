"""The forms of the online vote's desk: files that trustees and credential authority hand in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, MultipleFileField

from accounts.desk import OfficeForm
from core.errors import DomainError
from core.forms import needed
from core.widgets import FileInput
from elections.ballot import canonical

FILE_LIMIT = 12 * 1024 * 1024
"""Bytes that a browser may send; a longer list of credentials is prepared at the command line."""


class PrepareForm(OfficeForm):
    """Trustees, credentials and spares, told apart by what is in them."""

    file = MultipleFileField(
        _l("The three files"),
        description=_l("trustees.json, public-credentials.json and public-spares.json"),
        validators=[needed(_l("Choose the three files."))],
        widget=FileInput(accept=".json,application/json"),
    )

    keys = b""
    listed = b""
    spares: tuple[str, ...] = ()

    def validate_file(self, field: Any) -> None:
        """Sorts the files. Refuses what is none of the three, or one of them twice."""
        if field.errors:
            return
        lists: list[tuple[list[str], bytes]] = []
        for sent in field.data or ():
            data = sent.read(FILE_LIMIT)
            content = _read(data)
            if isinstance(content, list) and content and all(isinstance(each, list) for each in content):
                self.keys = data
            elif isinstance(content, list) and all(isinstance(each, str) for each in content):
                lists.append((content, data))
        lists.sort(key=lambda pair: len(pair[0]))
        if not self.keys or len(lists) != 2:
            field.errors = [*field.errors, _("These are not the three files. Choose them together.")]
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
