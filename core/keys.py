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


def unremembered(name: str) -> bytes:
    """The 32 secret bytes called ``name``, read anew each time: no process still knows them after ``destroy``."""
    return _read.__wrapped__(settings.current().folder / "keys", name)


def exists(name: str) -> bool:
    """Whether there is a key called ``name``."""
    return (settings.current().folder / "keys" / name).exists()


def destroy(name: str) -> None:
    """Destroy the key called ``name``: whatever was sealed under it is unreadable from now on, also in backups of rows.

    The file is overwritten before it goes. Nothing happens if it is gone already.
    """
    path = settings.current().folder / "keys" / name
    try:
        with path.open("r+b") as file:
            file.write(b"0" * 64)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
