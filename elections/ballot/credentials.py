"""From a voter's code to the credential that everybody sees.

Specification of Belenios 3.0, "Credentials": the derivation is not part of what is verified, so the newer one is used.
The code is ours: 30 random digits and 2 check digits (``core.codes``), readable in any script.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import DomainError
from elections.ballot import canonical
from elections.ballot.group import BELENIOS_2048, Element, Group, read_element

_CHUNK = 1 << 16  # bytes read at once
_LINE = re.compile(rb'"([0-9]{1,1300})(?:,(0|[1-9][0-9]{0,8}))?"')


def secret_exponent(uuid: str, code: str, group: Group = BELENIOS_2048) -> int:
    """The secret exponent that belongs to ``code`` (its 32 digits) in the election ``uuid``."""
    halves = (
        hashlib.sha256(f"derive_credential|{uuid}|{half}|{code}".encode()).hexdigest() for half in (0, 1)
    )
    return int("".join(halves), 16) % group.order


def public_credential(uuid: str, code: str, group: Group = BELENIOS_2048) -> Element:
    """The credential that belongs to ``code`` in the election ``uuid``. Nothing leads back from it."""
    return group.generator.power(secret_exponent(uuid, code, group))


@dataclass(frozen=True, slots=True)
class Credential:
    """A line of the published list. Ours all weigh 1; other cities' archives may differ."""

    element: Element
    weight: int = 1


def write_credentials(credentials: Iterable[Element], group: Group = BELENIOS_2048) -> bytes:
    """The list as it is published, in the order of its own digits, which says nothing about the roll's order."""
    return canonical.write(sorted(map(group.write, credentials)))


def read_credentials(stream: BinaryIO, size: int, group: Group = BELENIOS_2048) -> Iterator[Credential]:
    """The published list, ``size`` bytes from where ``stream`` stands, one after the other, in the group or not.

    Written canonically, it is read without ever being held as a whole. Raises DomainError ``message_malformed`` or
    ``element_not_canonical``.
    """
    if not size:
        raise DomainError("message_malformed", fields="[credential, …]")
    rest = b""
    first = True
    while size:
        chunk = stream.read(min(size, _CHUNK))
        if not chunk:
            raise DomainError("message_malformed", fields="[credential, …]")
        size -= len(chunk)
        rest += chunk
        if first:
            if not rest.startswith(b"["):
                raise DomainError("message_malformed", fields="[credential, …]")
            rest, first = rest[1:], False
            if rest == b"]" and not size:
                return
        *whole, rest = rest.split(b'",') if size else rest.removesuffix(b"]").split(b'",')
        if len(rest) > _CHUNK:  # no credential is so long
            raise DomainError("message_malformed", fields="credential,weight")
        for line in whole:
            yield _read(line + b'"', group)
        if not size:
            if not chunk.endswith(b"]"):
                raise DomainError("message_malformed", fields="[credential, …]")
            yield _read(rest, group)


def _read(line: bytes, group: Group) -> Credential:
    found = _LINE.fullmatch(line)
    if found is None:
        raise DomainError("message_malformed", fields="credential,weight")
    return Credential(read_element(group, found[1].decode("ascii")), int(found[2] or 1))
