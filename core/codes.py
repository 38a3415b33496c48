"""Receipt codes and voting codes: 30 random digits and 2 check digits. Pure, but for ``new_form_key`` and ``draw``.

A receipt code is derived from its form's own key, a voting code is drawn.

The 32 digits, read as one number, leave remainder 1 modulo 97 for a receipt and 2 for a voting code, so neither is
taken for the other, and no single wrong digit or swap of neighbours goes unnoticed. Any script's digits are read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from enum import IntEnum

from core.errors import DomainError

LENGTH = 32
FORM_KEY = re.compile(r"[0-9a-f]{32}")
_RANDOM_DIGITS = 30
_LOOKED_AT = 1_000  # characters; whatever is longer is no code, and must not cost us time
# Besides blanks, people copy hyphens, dots and invisible direction marks along with the digits.
_IGNORED = re.compile(
    "[\\s\\-\u00ad\u00b7._\u2010-\u2015\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"
)


class Kind(IntEnum):
    """What a code is for: its remainder modulo 97."""

    RECEIPT = 1
    VOTING = 2


def new_form_key() -> str:
    """A form's own 128-bit key: what makes a form sent twice count once."""
    return secrets.token_hex(16)


def check_form_key(key: str) -> bytes:
    """A form's own 128-bit key. Raises DomainError ``form_key`` when it was tampered with."""
    if not FORM_KEY.fullmatch(key):
        raise DomainError("form_key")
    return bytes.fromhex(key)


def derive(pepper: bytes, form_key: bytes, kind: Kind = Kind.RECEIPT) -> str:
    """The code that belongs to a form's own 128-bit key: the same key always gives the same code."""
    digest = hmac.new(pepper, b"code:" + form_key, hashlib.sha256).digest()
    # 256 bits reduced to 30 digits: the bias is below 2**-156.
    return _checked(int.from_bytes(digest, "big") % 10**_RANDOM_DIGITS, kind)


def draw(kind: Kind) -> str:
    """A fresh code from the operating system's randomness: one number of 10**30."""
    return _checked(secrets.randbelow(10**_RANDOM_DIGITS), kind)


def _checked(number: int, kind: Kind) -> str:
    return f"{number:030d}{(kind - number * 100) % 97:02d}"


def western(text: str) -> str:
    """``text`` with every decimal digit of any script as 0-9, and blanks and separators gone."""
    return "".join(
        str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in _IGNORED.sub("", text)
    )


def read(text: str, kind: Kind = Kind.RECEIPT) -> str:
    """The 32 digits of a code of this ``kind`` as somebody typed them.

    Raises DomainError ``code_empty``, ``code_not_digits``, ``code_length`` (``count``), ``code_is_voting_code`` or
    ``code_is_receipt_code`` for the other kind, or ``code_mistyped``. None of them carries the digits.
    """
    digits = western(text[:_LOOKED_AT])
    if not digits:
        raise DomainError("code_empty")
    if not (digits.isascii() and digits.isdigit()):
        raise DomainError("code_not_digits")
    if len(digits) != LENGTH:
        raise DomainError("code_length", count=len(digits))
    remainder = int(digits) % 97
    if remainder == kind:
        return digits
    if remainder == Kind.VOTING:
        raise DomainError("code_is_voting_code")
    if remainder == Kind.RECEIPT:
        raise DomainError("code_is_receipt_code")
    raise DomainError("code_mistyped")


def groups(code: str) -> list[str]:
    """The code in groups of four, as it is printed and read aloud."""
    return [code[i : i + 4] for i in range(0, len(code), 4)]
