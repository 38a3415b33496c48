"""Files that only passphrases open: the key of one trustee, and what two people must open together.

Each passphrase is stretched with a salt of its own; the keys are joined by HMAC, so that all of them are needed; the
content is sealed by AES-256-GCM together with its purpose. Stretched is by argon2id (64 MiB, three passes), or, where the
file names it, by PBKDF2: browsers have no argon2id, and a trustee's file shall open in both (frontend/trustee/sealing.ts).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.rules import is_common
from core.errors import DomainError

FORMAT = "answerable-sealed-1"
SHORTEST = 12
PBKDF2 = "pbkdf2-hmac-sha256-2000000"
"""Its number of rounds is part of its name, so that no file can ask for fewer, nor for endless ones."""
_ROUNDS = 2_000_000
_SALT, _NONCE, _KEY = 16, 12, 32
_MEMORY, _PASSES = 64 * 1024, 3  # KiB, times


def check_passphrase(passphrase: str) -> None:
    """Whether ``passphrase`` is long and rare enough for what it keeps.

    Raises DomainError ``passphrase_short`` (``least``: characters) or ``passphrase_common``.
    """
    if len(passphrase) < SHORTEST:
        raise DomainError("passphrase_short", least=SHORTEST)
    if is_common(passphrase):
        raise DomainError("passphrase_common")


def seal(content: bytes, purpose: str, passphrases: Sequence[str], *, for_browsers: bool = False) -> bytes:
    """``content`` as a file that opens with all ``passphrases``, in their order. ``purpose`` is readable."""
    salts = [os.urandom(_SALT) for _ in passphrases]
    nonce = os.urandom(_NONCE)
    named = {"kdf": PBKDF2} if for_browsers else {}
    head = {"format": FORMAT, **named, "purpose": purpose, "salts": [salt.hex() for salt in salts]}
    sealed = AESGCM(_key(passphrases, salts, for_browsers)).encrypt(nonce, content, _bound(head))
    return json.dumps({**head, "sealed": (nonce + sealed).hex()}).encode("ascii") + b"\n"


def open_sealed(data: bytes, purpose: str, passphrases: Sequence[str]) -> bytes:
    """The content of a file that ``seal`` wrote.

    Raises DomainError ``sealed_unreadable`` if it is no such file for this ``purpose`` and number of passphrases, or
    ``sealed_wrong_passphrase`` if a passphrase is wrong or the file was changed.
    """
    try:
        found = json.loads(data)
        named = {"kdf": found["kdf"]} if "kdf" in found else {}
        head = {**named, **{name: found[name] for name in ("format", "purpose", "salts")}}
        salts = [bytes.fromhex(salt) for salt in head["salts"]]
        sealed = bytes.fromhex(found["sealed"])
        if head["format"] != FORMAT or head["purpose"] != purpose or len(salts) != len(passphrases):
            raise ValueError
        if any(len(salt) != _SALT for salt in salts) or head.get("kdf", PBKDF2) != PBKDF2:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DomainError("sealed_unreadable") from None
    try:
        return AESGCM(_key(passphrases, salts, "kdf" in head)).decrypt(
            sealed[:_NONCE], sealed[_NONCE:], _bound(head)
        )
    except (InvalidTag, ValueError):
        raise DomainError("sealed_wrong_passphrase") from None


def _bound(head: Mapping[str, object]) -> bytes:
    return json.dumps(head, sort_keys=True).encode("ascii")


def _key(passphrases: Sequence[str], salts: Sequence[bytes], for_browsers: bool) -> bytes:
    stretch = _pbkdf2 if for_browsers else _argon2id
    joined = b"".join(
        stretch(unicodedata.normalize("NFC", passphrase).encode("utf-8"), salt)
        for passphrase, salt in zip(passphrases, salts, strict=True)
    )
    return hmac.digest(joined, FORMAT.encode("ascii"), "sha256")


def _argon2id(passphrase: bytes, salt: bytes) -> bytes:
    return hash_secret_raw(
        passphrase,
        salt,
        time_cost=_PASSES,
        memory_cost=_MEMORY,
        parallelism=1,
        hash_len=_KEY,
        type=Type.ID,
    )


def _pbkdf2(passphrase: bytes, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", passphrase, salt, _ROUNDS, _KEY)


def write_private(path: Path, data: bytes) -> None:
    """A new file that only its owner can read; on the disk before this returns. Raises DomainError ``file_exists``."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise DomainError("file_exists", file=str(path)) from None
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
