"""Secrets that live beside the database, never in it, and belong in every backup.

Each key is a file of 32 random bytes (hexadecimal) in ``<folder>/keys``, readable by its owner alone, made on first
use. Losing ``receipt`` makes every receipt code useless; losing ``contact`` makes stored addresses unreadable.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet

from core import settings


def key(name: str) -> bytes:
    """The 32 secret bytes called ``name``; two processes that ask at once get the same ones."""
    return _read(settings.current().folder / "keys", name)


@lru_cache(maxsize=32)
def _read(folder: Path, name: str) -> bytes:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails if another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def mac(name: str, message: bytes) -> bytes:
    """HMAC-SHA-256 of ``message`` under the key called ``name`` (32 bytes)."""
    return hmac.new(key(name), message, hashlib.sha256).digest()


def encrypt(name: str, text: str) -> bytes:
    """``text`` sealed (AES-CBC with HMAC, Fernet) under the key called ``name``."""
    # A Fernet token carries its moment in plain sight; ours all say 1970.
    return _fernet(name).encrypt_at_time(text.encode("utf-8"), 0)


def decrypt(name: str, sealed: bytes) -> str:
    """The text sealed by ``encrypt``. Raises ``cryptography.fernet.InvalidToken`` under another key."""
    return _fernet(name).decrypt(sealed).decode("utf-8")


def _fernet(name: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key(name)))
