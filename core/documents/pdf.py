"""Looking into a PDF that somebody hands over: it opens, shows pages, and can do nothing by itself.

``inspect`` is pure. ``inspect_apart`` runs it in a process of its own with an end to time and memory, since a file may be
made to keep its reader busy. What goes in and comes out passes through pipes, so that it is in memory only.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject

from core.errors import DomainError, raise_all

MOST_PAGES = 2_000
MOST_OBJECTS = 100_000
MOST_VALUES = 2_000_000
"""Entries of dictionaries and lists that are looked at."""
DEEPEST_PAGE = 50
"""Levels of the tree of pages."""
SECONDS = 10
"""Of processor time, and twice that by the clock."""
MEMORY = 1_000_000_000

SCRIPT, ACTION, FILES = "document_with_script", "document_with_action", "document_with_files"
_KEYS = {
    "/JS": SCRIPT,
    "/JavaScript": SCRIPT,
    "/XFA": SCRIPT,
    "/EF": FILES,
    "/EmbeddedFiles": FILES,
    "/Collection": FILES,
}
"""What the key of a dictionary gives away."""
_NAMES = {
    "/JavaScript": SCRIPT,
    "/Launch": ACTION,
    "/GoToE": ACTION,
    "/GoToR": ACTION,
    "/ImportData": ACTION,
    "/SubmitForm": ACTION,
    "/RichMediaExecute": ACTION,
    "/EmbeddedFile": FILES,
    "/FileAttachment": FILES,
    "/RichMedia": FILES,
    "/Movie": FILES,
    "/Sound": FILES,
    "/Rendition": FILES,
    "/3D": FILES,
}
"""What an action (``/S``) or a thing (``/Type``, ``/Subtype``) is called."""
_SPACE = rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]{0,255}[\r\n])*"
_PLAIN = re.compile(
    rb"/(?:S|Type|Subtype)"
    + _SPACE
    + rb"(/(?:%s))(?![^\x00\t\n\x0c\r ()<>\[\]{}/%%])"
    % b"|".join(name[1:].encode("ascii") for name in _NAMES)
)
"""The same names in the bytes, for what no table of the file leads to and a forgiving reader finds all the same."""
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def inspect(content: bytes) -> int:
    """The number of pages of a PDF.

    Raises ``document_damaged``, ``document_locked`` (encrypted, with a password or without), ``document_too_complex``, or,
    all together, ``document_with_script``, ``document_with_action`` (it starts programs, opens files, sends data) and
    ``document_with_files`` (files, films or sounds inside).
    """
    try:
        reader = PdfReader(BytesIO(content))
        if "/Encrypt" in reader.trailer or reader.is_encrypted:
            raise DomainError("document_locked")
        found = set(_in_bytes(content)) | set(_in_objects(reader))
        raise_all([DomainError(code) for code in sorted(found)])
        return _count_pages(reader)
    except DomainError:
        raise
    except (RecursionError, MemoryError, LimitReachedError):
        raise DomainError("document_too_complex") from None
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError):
        raise DomainError("document_damaged") from None
    except (NotImplementedError, OverflowError, OSError, ArithmeticError):
        raise DomainError("document_damaged") from None


def inspect_apart(content: bytes) -> int:
    """As ``inspect``, within ``SECONDS`` and ``MEMORY``: what takes more is ``document_too_complex``."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", "-B", "-m", __name__],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # nothing of the file may get into a log
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DomainError("document_too_complex") from None
    if done.returncode:
        raise DomainError("document_too_complex")
    answer = json.loads(done.stdout)
    raise_all([DomainError(code) for code in answer["codes"]])
    return int(answer["pages"])


def _in_bytes(content: bytes) -> Iterator[str]:
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
    for found in _PLAIN.finditer(plain):
        yield _NAMES[found[1].decode("ascii")]


def _in_objects(reader: PdfReader) -> Iterator[str]:
    """What any object that the file knows gives away; each is looked at by itself, so that references need no following."""
    numbers = {(generation, number) for generation, table in reader.xref.items() for number in table}
    numbers |= {(0, number) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise DomainError("document_too_complex")
    left = MOST_VALUES
    for generation, number in sorted(numbers):
        waiting: list[object] = [_object(reader, generation, number)]
        while waiting:
            value = waiting.pop()
            left -= 1
            if left < 0:
                raise DomainError("document_too_complex")
            if isinstance(value, DictionaryObject):
                yield from _in_dictionary(value)
                waiting.extend(value.values())
            elif isinstance(value, ArrayObject):
                waiting.extend(value)


def _object(reader: PdfReader, generation: int, number: int) -> object:
    """An object; nothing for an entry of the table that leads nowhere, as every reader takes it."""
    try:
        return reader.get_object(IndirectObject(number, generation, reader))
    except LimitReachedError:
        raise
    except PyPdfError:
        return NullObject()


def _in_dictionary(value: DictionaryObject) -> Iterator[str]:
    for key in value:
        if key in _KEYS:
            yield _KEYS[key]
    for key in ("/S", "/Type", "/Subtype"):
        named = _followed(value.get(key))
        if isinstance(named, str) and named in _NAMES:
            yield _NAMES[named]


def _followed(value: object) -> object:
    """What a reference leads to; anything else as it is."""
    return value.get_object() if isinstance(value, IndirectObject) else value


def _count_pages(reader: PdfReader) -> int:
    """Walk the tree of pages. Raises ``document_damaged`` where no page is, or a branch is there twice."""
    waiting: list[tuple[object, int]] = [(reader.root_object.get("/Pages"), 0)]
    seen: set[int] = set()
    pages = 0
    while waiting:
        found, depth = waiting.pop()
        node = _followed(found)
        if not isinstance(node, DictionaryObject):
            raise DomainError("document_damaged")
        children = _followed(node.get("/Kids"))
        if not isinstance(children, ArrayObject):
            pages += 1
        elif id(node) in seen:
            raise DomainError("document_damaged")
        elif depth >= DEEPEST_PAGE:
            raise DomainError("document_too_complex")
        else:
            seen.add(id(node))
            waiting.extend((child, depth + 1) for child in children)
        if pages > MOST_PAGES or len(waiting) > MOST_OBJECTS:
            raise DomainError("document_too_complex")
    if not pages:
        raise DomainError("document_damaged")
    return pages


def _answer() -> None:
    for kind, limit in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY)):
        most = resource.getrlimit(kind)[1]
        limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(kind, (limit, limit))
    logging.disable()
    content = sys.stdin.buffer.read()
    codes: list[str] = []
    pages = 0
    try:
        pages = inspect(content)
    except DomainError as error:
        codes = [each.code for each in error.all()]
    sys.stdout.write(json.dumps({"codes": codes, "pages": pages}))


if __name__ == "__main__":
    _answer()
