"""The file of two persons: which credential belongs to which number of the roll. Never a code.

The file is a line of JSON (election, version, two salts, nonce) and what is sealed, AES-256-GCM with that line as
associated data. The key comes from both passphrases: each goes through argon2id with a salt of its own, HKDF-SHA-256
binds the two. One passphrase alone opens nothing.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from accounts.rules import normalize_password
from core.errors import DomainError
from elections.ballot import canonical
from elections.ballot.replacements import Change, Reason, Record, read_record

KIND = "answerable registry of credentials"
_FIELDS = ("kind", "version", "election", "salts", "nonce")
_SALT, _NONCE, _KEY = 16, 12, 32
_ROUNDS, _KIBIBYTES, _LANES = 3, 64 * 1024, 4  # RFC 9106, section 4; belong to version 1 of the file


@dataclass(frozen=True, slots=True)
class Step:
    """What an entry of the public record was about; only the two persons may know."""

    number: int
    spare: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Registry:
    """Numbers and credentials as they were made, and every step since; ``record`` is the public side of ``steps``.

    ``height`` is that of the newest board that was looked at: none older is believed.
    """

    election: str
    roll: Mapping[int, str]
    spares: Mapping[int, str]
    record: Record
    steps: tuple[Step, ...] = ()
    height: int = 0

    def __repr__(self) -> str:
        return "Registry(withheld)"

    def looked_at(self, height: int) -> Registry:
        """After a look at a board of this ``height``. Raises DomainError ``board_older``."""
        if height < self.height:
            raise DomainError("board_older")
        return replace(self, height=height)

    def credential(self, number: int) -> str:
        """The credential that counts for ``number`` today.

        Raises DomainError ``number_unknown`` or ``number_revoked`` (``number``).
        """
        found = self.roll.get(number, "")
        for step, entry in zip(self.steps, self.record.entries, strict=True):
            if step.number == number:
                if entry.kind is Change.REVOKED:
                    raise DomainError("number_revoked", number=number)
                found = entry.new
        if not found:
            raise DomainError("number_unknown", number=number)
        return found

    def replaced(self, number: int, spare: int, day: date) -> Registry:
        """``spare`` counts for ``number`` instead of what counted before.

        Raises DomainError ``number_unknown``, ``number_revoked``, ``spare_unknown`` or ``spare_used`` (``spare``).
        """
        old, new = self.credential(number), self._unused(spare)
        return self._stepped(Step(number, spare), self.record.added(day, Change.REPLACED, old=old, new=new))

    def revoked(self, number: int, reason: Reason, day: date) -> Registry:
        """Nothing counts for ``number`` any more, and nothing ever will. Raises as ``credential``."""
        old = self.credential(number)
        return self._stepped(Step(number), self.record.added(day, Change.REVOKED, old=old, reason=reason))

    def added(self, number: int, spare: int, day: date) -> Registry:
        """``spare`` counts for somebody who came on the roll under ``number`` after the codes were made.

        Raises DomainError ``number_known`` (``number``), ``spare_unknown`` or ``spare_used`` (``spare``).
        """
        if number in self.roll or any(step.number == number for step in self.steps):
            raise DomainError("number_known", number=number)
        new = self._unused(spare)
        return self._stepped(Step(number, spare), self.record.added(day, Change.ADDED, new=new))

    def _unused(self, spare: int) -> str:
        if spare not in self.spares:
            raise DomainError("spare_unknown", spare=spare)
        if any(step.spare == spare for step in self.steps):
            raise DomainError("spare_used", spare=spare)
        return self.spares[spare]

    def _stepped(self, step: Step, record: Record) -> Registry:
        return replace(self, record=record, steps=(*self.steps, step))


# Sealing -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Lock:
    """The key that two passphrases give, and the salts that belong to it."""

    key: bytes
    salts: tuple[bytes, bytes]

    def __repr__(self) -> str:
        return "Lock(withheld)"


def new_lock(first: str, second: str) -> Lock:
    """A lock for a new file. Both passphrases were judged before."""
    return _lock((first, second), (os.urandom(_SALT), os.urandom(_SALT)))


def seal(registry: Registry, lock: Lock) -> bytes:
    """The whole file. Each time under a nonce of its own."""
    nonce = os.urandom(_NONCE)
    head = {
        "kind": KIND,
        "version": 1,
        "election": registry.election,
        "salts": [b64encode(salt).decode("ascii") for salt in lock.salts],
        "nonce": b64encode(nonce).decode("ascii"),
    }
    line = canonical.write(head) + b"\n"
    plain = {
        "roll": list(registry.roll.items()),
        "spares": list(registry.spares.items()),
        "record": registry.record.write().decode("utf-8"),
        "steps": [[step.number, step.spare] for step in registry.steps],
        "height": registry.height,
    }
    return line + AESGCM(lock.key).encrypt(nonce, canonical.write(plain), line)


def unseal(data: bytes, first: str, second: str) -> tuple[Registry, Lock]:
    """What is in the file, whichever of the two persons comes first.

    Raises DomainError ``registry_unreadable`` if it is no such file, ``registry_closed`` if a passphrase is wrong or a byte
    was changed: the one cannot be told from the other.
    """
    head, nonce, salts = _read_head(data)
    line = data[: data.index(b"\n") + 1]
    for pair in ((first, second), (second, first)):
        lock = _lock(pair, salts)
        try:
            plain = AESGCM(lock.key).decrypt(nonce, data[len(line) :], line)
        except InvalidTag:
            continue
        return _read_plain(head["election"], canonical.read(plain)), lock
    raise DomainError("registry_closed")


def is_registry(start: bytes) -> bool:
    """Whether a file that begins with ``start`` (200 bytes or more) is a registry."""
    return start.startswith(canonical.write({"kind": KIND, "version": 1})[:-1])


def _lock(passphrases: tuple[str, str], salts: tuple[bytes, bytes]) -> Lock:
    keys = [
        hash_secret_raw(
            normalize_password(passphrase).encode("utf-8", "surrogatepass"),
            salt,
            time_cost=_ROUNDS,
            memory_cost=_KIBIBYTES,
            parallelism=_LANES,
            hash_len=_KEY,
            type=Type.ID,
        )
        for passphrase, salt in zip(passphrases, salts, strict=True)
    ]
    return Lock(HKDF(SHA256(), _KEY, salt=None, info=KIND.encode("ascii")).derive(b"".join(keys)), salts)


def _read_head(data: bytes) -> tuple[Mapping[str, Any], bytes, tuple[bytes, bytes]]:
    try:
        if not is_registry(data):
            raise DomainError("registry_unreadable")
        head = canonical.fields(canonical.read(data[: data.index(b"\n")]), _FIELDS)
        salts = [b64decode(canonical.text(each), validate=True) for each in canonical.items(head["salts"], 2)]
        nonce = b64decode(canonical.text(head["nonce"]), validate=True)
        canonical.text(head["election"])
    except (DomainError, ValueError, Base64Error):
        raise DomainError("registry_unreadable") from None
    if [len(each) for each in (*salts, nonce)] != [_SALT, _SALT, _NONCE]:
        raise DomainError("registry_unreadable")
    return head, nonce, (salts[0], salts[1])


def _read_plain(election: str, plain: Any) -> Registry:
    """What was sealed: only holders of both passphrases could write it, so its form is not doubted."""
    return Registry(
        election,
        dict(plain["roll"]),
        dict(plain["spares"]),
        read_record(plain["record"].encode("utf-8")),
        tuple(Step(number, spare) for number, spare in plain["steps"]),
        plain["height"],
    )
