"""The one way in which a message is written: compact JSON in UTF-8, nothing escaped without need, fields in the
specification's order. What is read is written again and compared byte by byte, so that no message has two forms.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import DomainError


def write(value: object) -> bytes:
    """Plain JSON values as the bytes that are hashed and stored."""
    return write_text(value).encode("utf-8")


def write_text(value: object) -> str:
    """As ``write``, before encoding: for messages within messages."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def read(data: bytes | str) -> Any:
    """Plain values from JSON in any form, but always in UTF-8. Raises DomainError ``json_unreadable``."""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        value = json.loads(text)
        if "\\u" in text:  # half a letter, escaped, would be a text that cannot be hashed
            write(value)
        return value
    except (ValueError, RecursionError) as error:
        raise DomainError("json_unreadable") from error


def is_canonical(data: bytes, value: object) -> bool:
    """Whether ``data`` is how ``value``, read from it, is written."""
    try:
        return write(value) == data
    except (ValueError, RecursionError):  # infinite numbers; nested deeper than can be written
        return False


def fields(value: object, names: Sequence[str], optional: Sequence[str] = ()) -> Mapping[str, Any]:
    """The record's fields; all of ``names`` must be there, in this order but for the ``optional`` ones that are missing.

    Raises DomainError ``message_malformed`` (``fields``: what was expected).
    """
    if not isinstance(value, dict):
        raise DomainError("message_malformed", fields=", ".join(names))
    if list(value) != [name for name in names if name in value or name not in optional]:
        raise DomainError("message_malformed", fields=", ".join(names))
    return value


def items(value: object, count: int | None = None) -> list[Any]:
    """A list, of ``count`` items if given. Raises DomainError ``message_malformed``."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise DomainError("message_malformed", fields="[…]" if count is None else f"[{count}]")
    return value


def whole(value: object, least: int = 0) -> int:
    """A small number of at least ``least``. Raises DomainError ``message_malformed``."""
    if type(value) is not int or value < least:
        raise DomainError("message_malformed", fields=f">= {least}")
    return value


def text(value: object) -> str:
    """A string. Raises DomainError ``message_malformed``."""
    if not isinstance(value, str):
        raise DomainError("message_malformed", fields='"…"')
    return value


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal: how the archive names what it holds."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(data: bytes) -> str:
    """SHA-256 in Base64 without padding: fingerprint of an election, tracker of a ballot."""
    return b64encode(hashlib.sha256(data).digest()).decode("ascii").rstrip("=")


def fingerprint_of_digest(digest: str) -> str:
    """The Base64 form of a hash in hexadecimal."""
    return b64encode(bytes.fromhex(digest)).decode("ascii").rstrip("=")


def digest_of_fingerprint(fingerprint: str) -> str:
    """The hexadecimal form of a hash in Base64. Raises ValueError if it is none, or oddly written."""
    digest = b64decode(fingerprint + "=", validate=True).hex()
    if len(digest) != 64 or fingerprint_of_digest(digest) != fingerprint:
        raise ValueError("not a SHA-256 in Base64 without padding")
    return digest


def challenge(order: int, statement: str) -> int:
    """SHA-256 of the statement as a number, modulo the group's order."""
    return int.from_bytes(hashlib.sha256(statement.encode("utf-8")).digest(), "big") % order
