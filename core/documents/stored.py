"""Files that people hand over, kept in the database: checked before, stored once, never changed, erased where the law says.

``check_upload`` comes before the transaction (it takes a moment), ``store`` inside it. What a file is attached to is the
business of the room that attaches it: two of them may show the same file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CheckConstraint, LargeBinary, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from core import clock
from core.db import Model, find
from core.documents.pdf import inspect_apart
from core.errors import DomainError, NotFound
from core.localized import clean

SIZE_LIMIT = 10_000_000
"""Bytes of one file; ``app.factory.FORM_LIMIT`` lets a little more through, so that the refusal names this one."""
NAME_LENGTH = 120


class StoredDocument(Model):
    """A file. ``body`` is NULL once it was erased; all else stays, and says what was there."""

    __tablename__ = "core_document"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("length(sha512) = 128", name="sha512_length"),
        CheckConstraint("name <> ''", name="name_not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha512: Mapped[str] = mapped_column(unique=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    stored_on: Mapped[date]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that may be handed over. ``inspect`` raises what speaks against a file of this kind."""

    suffix: str
    media_type: str
    begins: bytes
    inspect: Callable[[bytes], object]


KINDS = (Kind(".pdf", "application/pdf", b"%PDF-", inspect_apart),)
"""In which order they are tried. Another kind is another line here, with a check of its own."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored."""

    name: str
    media_type: str
    content: bytes
    sha512: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is said about a stored file. ``erased``: it is there no more."""

    id: int
    name: str
    media_type: str
    size: int
    sha512: str
    stored_on: date
    erased: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A stored file with what is in it."""

    id: int
    name: str
    media_type: str
    size: int
    sha512: str
    stored_on: date
    body: bytes


def check_upload(name: str, content: bytes) -> Checked:
    """Whether a file may be stored, with its name made fit to be shown.

    Raises ``document_empty``, ``file_too_large`` (``limit``), ``document_kind``, or what the check of its kind raises
    (``core.documents.pdf.inspect``).
    """
    if not content:
        raise DomainError("document_empty")
    if len(content) > SIZE_LIMIT:
        raise DomainError("file_too_large", limit=SIZE_LIMIT)
    kind = next((kind for kind in KINDS if content.startswith(kind.begins)), None)
    if kind is None:
        raise DomainError("document_kind")
    kind.inspect(content)
    return Checked(
        clean_name(name, kind.suffix), kind.media_type, content, hashlib.sha512(content).hexdigest()
    )


def store(session: Session, checked: Checked) -> int:
    """Keep a file inside the caller's transaction; return its id. The same bytes are kept once, under their first name.

    Raises ``document_erased`` for a file that was erased before.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    known = select(StoredDocument.id, StoredDocument.body.is_(None)).where(
        StoredDocument.sha512 == checked.sha512
    )
    found = session.execute(known).one_or_none()
    if found is None:  # another transaction may store the same now: it is waited for, and its row taken
        session.execute(
            insert(StoredDocument)
            .values(
                name=checked.name,
                media_type=checked.media_type,
                size=len(checked.content),
                sha512=checked.sha512,
                body=checked.content,
                stored_on=clock.today(),
            )
            .on_conflict_do_nothing(index_elements=["sha512"])
        )
        found = session.execute(known).one()
    document_id, erased = found
    if erased:
        raise DomainError("document_erased")
    return document_id


def read(session: Session, document_id: int) -> Document:
    """A file with what is in it. Raises NotFound, also for what was erased."""
    row = None
    if find(session, StoredDocument, document_id) is not None:
        row = session.scalars(
            select(StoredDocument)
            .where(StoredDocument.id == document_id)
            .options(undefer(StoredDocument.body))
            .execution_options(populate_existing=True)
        ).one()
    if row is None or row.body is None:
        raise NotFound("document", document_id)
    return Document(row.id, row.name, row.media_type, row.size, row.sha512, row.stored_on, row.body)


def describe(session: Session, ids: Collection[int]) -> dict[int, DocumentFacts]:
    """What is said about files, by id, without reading what is in them."""
    rows = session.execute(
        select(StoredDocument, StoredDocument.body.is_(None)).where(StoredDocument.id.in_(ids))
    )
    return {
        row.id: DocumentFacts(row.id, row.name, row.media_type, row.size, row.sha512, row.stored_on, erased)
        for row, erased in rows
    }


def erase(session: Session, document_id: int) -> None:
    """Take out what is in a file, inside the caller's transaction, for good. Raises NotFound."""
    row = find(session, StoredDocument, document_id)
    if row is None:
        raise NotFound("document", document_id)
    row.body = None
    session.flush()


def clean_name(name: str, suffix: str) -> str:
    """The name of a file as it is shown: no path, nothing invisible, not too long, and the ending of its kind.

    ``C:\\Papers\\Lärm.PDF`` becomes ``Lärm.pdf``; what leaves nothing becomes ``document.pdf``.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFC", clean(" ".join(last.split())))
    plain = "".join("_" if sign in '<>:"|?*' or not sign.isprintable() else sign for sign in plain)
    if plain.lower().endswith(suffix):
        plain = plain[: -len(suffix)]
    plain = plain.strip(" .")[: NAME_LENGTH - len(suffix)].rstrip(" .")
    return (plain or "document") + suffix
