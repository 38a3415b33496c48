"""The key of one election's roll, kept outside the database: sealing people's data, and finding them without a name.

The key file is called ``roll-<code>``. It is read anew for each piece of work, so that no process remembers it once it
is destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from json.encoder import encode_basestring

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core import keys
from core.texts import fold

DIGEST_SIZE = 16
_PADDED_TO = 64  # so that the length of what is sealed does not tell a name
_NONCE = 12


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Who a letter goes to. Exists in memory only; its representation holds nothing."""

    name: str
    street: str
    postcode: str
    city: str = ""
    language: str = ""

    def __repr__(self) -> str:
        return "Person(withheld)"


def key_name(code: str) -> str:
    """What the key of an election's roll is called."""
    return f"roll-{code}"


class Seals:
    """Seals and digests under the key of one election, which is made on first use."""

    def __init__(self, code: str) -> None:
        key = keys.unremembered(key_name(code))
        self._cipher = AESGCM(hmac.digest(key, b"seal", "sha256"))
        self._lookup = hmac.digest(key, b"lookup", "sha256")
        self._commit = hmac.digest(key, b"commit", "sha256")
        self._words: dict[str, str] = {}

    def seal(self, person: Person) -> bytes:
        """``person``, readable under this key alone (AES-256-GCM, padded)."""
        fields = (person.name, person.street, person.postcode, person.city, person.language)
        plain = (
            f"[{','.join(map(encode_basestring, fields))}]".encode()
        )  # JSON, without an encoder for each person
        plain += b" " * (-len(plain) % _PADDED_TO)
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> Person:
        """Who was sealed. Raises ``cryptography.exceptions.InvalidTag`` under another key."""
        if len(sealed) <= _NONCE:
            raise InvalidTag
        return Person(*json.loads(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)))

    def person_digest(self, name: str, street: str, postcode: str) -> bytes:
        """How somebody is found by name and address, however they are written."""
        return self._digest(
            " ".join([self._folded(word) for word in f"{name} | {street} | {postcode}".split()])
        )

    def register_digest(self, register_id: str) -> bytes:
        """How an entry of the city's register is found again."""
        return self._digest("id\n" + register_id.strip().casefold())

    def leaf(self, number: int, person_digest: bytes, register_digest: bytes | None) -> bytes:
        """What the published hash holds of one entry: nothing that can be tried against names without the key."""
        return hmac.digest(
            self._commit, b"%d:" % number + person_digest + (register_digest or b""), hashlib.sha256
        )

    def _folded(self, word: str) -> str:
        """A word as it is compared; a city has few of them, and they are forgotten with these seals."""
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = fold(word).replace("str.", "strasse")
        return known

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._lookup, text.encode("utf-8"), "sha256")[:DIGEST_SIZE]
