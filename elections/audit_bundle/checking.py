"""Unpacking an audit bundle and checking all of it."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import DomainError
from elections import verify
from elections.audit_bundle.findings import SENTENCES, Part
from elections.audit_bundle.form import (
    ARCHIVE,
    BLOCK,
    CHUNK,
    END,
    MANIFEST,
    NAME,
    NEEDED,
    Listed,
    Manifest,
    header,
    member,
    read_manifest,
)
from elections.audit_bundle.story import find_contradictions


@dataclass
class Account(verify.Account):
    """What was found in a bundle: its archive's account with the bundle's own findings."""

    manifest: Manifest | None = None
    people: int = 0
    again: bool = False
    """Whether the votes were counted again."""
    seats: int = 0


class _Unreadable(Exception):
    """Reading cannot go on; what is wrong was noted."""


def is_bundle(path: Path) -> bool:
    """Whether ``path`` looks like an audit bundle rather than an archive."""
    with path.open("rb") as stream:
        return stream.read(100).rstrip(b"\0").endswith(f"/{MANIFEST}".encode())


def check_bundle(
    path: Path,
    *,
    processes: int = 1,
    report: verify.Report = verify.silent,
    folder: Path | None = None,
) -> Account:
    """Check the audit bundle at ``path``: its parts, its archive, and that all of it tells one story.

    The archive is unpacked into ``folder``, else where temporary files lie.
    """
    account = Account()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        try:
            with path.open("rb") as stream:
                small, archive = _unpack(account, stream, Path(place))
        except _Unreadable:
            return account
        if archive is not None:
            found = verify.verify(archive, processes=processes, report=report)
            for name in ("board", "credentials", "weighted", "counted", "result"):
                setattr(account, name, getattr(found, name))
            account.findings += found.findings
        if small.keys() >= NEEDED:
            assert account.manifest is not None
            told = find_contradictions(account, account.manifest, small)
            account.people, account.seats, account.again = told.people, told.seats, told.again
    return account


def _unpack(account: Account, stream: BinaryIO, place: Path) -> tuple[dict[str, bytes], Path | None]:
    """The small files, and where the archive was put. What does not fit the manifest is noted."""
    head = stream.read(BLOCK)
    try:
        first = tarfile.TarInfo.frombuf(head, "ascii", "strict")
        body = stream.read(first.size) if 0 <= first.size < CHUNK else b""
        manifest = read_manifest(body)
    except (tarfile.TarError, DomainError, ValueError):
        account.find(Part.MANIFEST, MANIFEST)
        raise _Unreadable from None
    account.manifest = manifest
    if head + body + stream.read(-len(body) % BLOCK) != member(manifest, MANIFEST, body):
        account.find(Part.FORM, MANIFEST)
    small: dict[str, bytes] = {}
    archive = None
    for each in manifest.files:
        head = stream.read(BLOCK)
        if head != header(manifest.folder, each.name, each.size, manifest.day):
            # What stands here instead says whether this file is missing or another was slipped in.
            account.find(*_stranger(manifest, each, head))
            raise _Unreadable
        hashed = hashlib.sha256()
        into: list[bytes] = []
        target = place / each.name if each.name.endswith(ARCHIVE) else None
        with target.open("wb") if target else _Nowhere() as copy:
            left = each.size
            while left and (chunk := stream.read(min(left, CHUNK))):
                left -= len(chunk)
                hashed.update(chunk)
                if target:
                    copy.write(chunk)
                else:
                    into.append(chunk)
        if left:
            account.find(Part.FORM, each.name)
            raise _Unreadable
        if any(stream.read(-each.size % BLOCK)):
            account.find(Part.FORM, each.name)
        if hashed.hexdigest() != each.digest:
            account.find(Part.CHANGED, each.name)
        if target:
            archive = target
        else:
            small[each.name] = b"".join(into)
    rest = stream.read(len(END) + 1)
    if rest != END:
        extra = _name_in(rest[:BLOCK])
        account.find(Part.EXTRA if extra else Part.FORM, extra or "end")
    for name in sorted(NEEDED - small.keys()):
        account.find(Part.MISSING, name)
    return small, archive


class _Nowhere:
    """Takes the place of a file that is not written."""

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None:
        pass


def _stranger(manifest: Manifest, wanted: Listed, head: bytes) -> tuple[Part, str]:
    name = _name_in(head)
    if name == wanted.name:
        return Part.CHANGED, wanted.name
    if name and name not in {each.name for each in manifest.files}:
        return Part.EXTRA, name
    return Part.MISSING, wanted.name


def _name_in(head: bytes) -> str:
    try:
        name = tarfile.TarInfo.frombuf(head, "ascii", "strict").name.rpartition("/")[2]
    except (tarfile.TarError, ValueError):
        return ""
    return name if NAME.fullmatch(name) else "?"


def lines(account: Account) -> Iterator[str]:
    """The account in sentences: the bundle first, then the archive."""
    if account.manifest is not None:
        yield f"Audit bundle of {account.manifest.election}: {len(account.manifest.files)} files"
        yield f"Hash of its manifest (compare it with the page of the result): {account.manifest.digest}"
    if account.people:
        yield f"People on the roll: {account.people}"
    if account.again:
        yield f"The votes were counted again. Seats: {account.seats}"
    yield from verify.lines(account, SENTENCES)
