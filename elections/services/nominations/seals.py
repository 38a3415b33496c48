"""The key of one election's nominations, kept outside the database: it seals what vetting needs, and is destroyed with it.

The key file is called ``nominations-<code>``. It is read anew for each piece of work, so that no process remembers it
once it is destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core import keys

_PADDED_TO = 64  # so that the length of what is sealed does not tell a name
_NONCE = 12


def key_name(code: str) -> str:
    """What the key of an election's nominations is called."""
    return f"nominations-{code}"


def seal(code: str, known: Mapping[str, str]) -> bytes:
    """``known``, readable under the key of this election alone (AES-256-GCM, padded)."""
    plain = json.dumps(dict(known), ensure_ascii=False).encode("utf-8")
    plain += b" " * (-len(plain) % _PADDED_TO)
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(code).encrypt(nonce, plain, None)


def unseal(code: str, sealed: bytes | None) -> dict[str, str]:
    """What was sealed, for the eyes of a vetting officer; nothing once it was erased."""
    if not sealed or not keys.exists(key_name(code)):
        return {}
    known: dict[str, str] = json.loads(_cipher(code).decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
    return known


def digest(code: str, who: str) -> bytes:
    """How the same person is told again, without saying who it is."""
    key = hmac.digest(keys.unremembered(key_name(code)), b"supporter", "sha256")
    return hmac.digest(key, who.encode("utf-8"), hashlib.sha256)


def _cipher(code: str) -> AESGCM:
    return AESGCM(hmac.digest(keys.unremembered(key_name(code)), b"seal", "sha256"))
