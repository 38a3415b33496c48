"""From a voter's code to the credential that everybody sees.

Specification of Belenios 3.0, "Credentials": the derivation is not part of what is verified, so the newer one is used.
The code is ours: 30 random digits and 2 check digits (``core.codes``), readable in any script.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import DomainError
from elections.ballot import canonical
from elections.ballot.group import BELENIOS_2048, DECIMAL, Element, Group, read_element


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


def read_credentials(data: bytes, group: Group = BELENIOS_2048) -> list[Credential]:
    """The published list, whether its members belong to the group or not.

    Raises DomainError ``json_unreadable``, ``message_malformed`` or ``element_not_canonical``.
    """
    return [_read(line, group) for line in canonical.items(canonical.read(data))]


def _read(line: object, group: Group) -> Credential:
    number, comma, weight = canonical.text(line).partition(",")
    if comma and not (len(weight) <= 9 and DECIMAL.fullmatch(weight)):
        raise DomainError("message_malformed", fields="credential,weight")
    return Credential(read_element(group, number), int(weight) if comma else 1)
