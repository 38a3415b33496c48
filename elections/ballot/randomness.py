"""The only source of keys, codes and nonces: the operating system's randomness. Nothing here can be seeded."""

from __future__ import annotations

import secrets

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""The letters of election identifiers and seeds: no 0, O, I or l."""


def below(bound: int) -> int:
    """A number from 0 to ``bound`` - 1, each as likely as any other."""
    return secrets.randbelow(bound)


def token(length: int) -> str:
    """``length`` letters of Base58."""
    return "".join(secrets.choice(BASE58) for _ in range(length))
