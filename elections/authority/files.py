"""Files of the authority: written whole or not at all, read by their owner alone, and destroyed as far as one can."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644
_CHUNK = 1 << 20


def write_new(path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """A new file that is on the disk when this returns. Raises FileExistsError instead of writing over one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """What stands at ``path`` is ``data`` from now on: at no moment something between old and new."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write_new(draft, data, mode)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Whoever comes second waits, and then finds the file that the first one left. Raises FileNotFoundError."""
    while True:
        file = path.open("rb")
        flock(file, LOCK_EX)
        try:
            current = os.stat(path).st_ino == os.fstat(file.fileno()).st_ino
        except FileNotFoundError:
            current = False
        if current:
            break
        file.close()  # it was replaced while we waited: the lock is on what nobody reads any more
    with file:
        yield


def destroy(path: Path) -> None:
    """Overwrites the file with random bytes and removes it. A disk may keep copies all the same."""
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        left = os.fstat(descriptor).st_size
        while left > 0:
            left -= file.write(os.urandom(min(left, _CHUNK))) or 0
        os.fsync(descriptor)
    path.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
