"""How an audit bundle is packed, and what it is packed from.

A tar of one form: a folder, in it the manifest, the small files by name, and last the archive of encrypted ballots, if people
voted online; one time, one mode, two empty blocks at the end.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.errors import DomainError
from elections.ballot import canonical

BLOCK = 512
END = bytes(2 * BLOCK)
MANIFEST = "manifest.json"
RULES, ROLL, ONLINE, REPLACEMENTS = "rules.json", "roll.json", "online.json", "replacements.json"
RESULT, SEATS, MINUTES = "result.json", "seats.json", "minutes.json"
NEEDED = frozenset({RULES, ROLL, RESULT, SEATS, MINUTES})
HOW_TO = "HOW-TO-CHECK.{language}.html"
ARCHIVE = ".bel"
SMALL = 256 * 1024 * 1024
"""Bytes of all files beside the archive. They are held at once; the archive never is."""
CHUNK = 1 << 20
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the manifest names it."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a bundle. ``day`` (seconds since 1970) is the one time of all members."""

    election: str
    identifier: str
    day: int
    files: tuple[Listed, ...]

    @property
    def folder(self) -> str:
        """The folder that unpacking makes."""
        return f"audit-{self.election}"

    def write(self) -> bytes:
        """As it stands in the bundle, a file on each line: small enough to be read by people."""
        lines = ",\n".join(
            canonical.write_text({"name": each.name, "bytes": each.size, "sha256": each.digest})
            for each in self.files
        )
        head = {"bundle": 1, "election": self.election, "identifier": self.identifier, "day": self.day}
        return f'{canonical.write_text(head)[:-1]},"files":[\n{lines}\n]}}\n'.encode()

    @property
    def digest(self) -> str:
        """The hash that stands for the whole bundle."""
        return canonical.digest(self.write())


def list_files(
    election: str, identifier: str, day: int, small: Mapping[str, bytes], archive: Listed | None
) -> Manifest:
    """The manifest of these files."""
    named = [Listed(name, len(body), canonical.digest(body)) for name, body in sorted(small.items())]
    return Manifest(election, identifier, day, (*named, *([archive] if archive else [])))


def beginning(manifest: Manifest, small: Mapping[str, bytes]) -> bytes:
    """The bundle's bytes up to where the archive's begin, or, without an archive, up to ``END``."""
    parts = [member(manifest, MANIFEST, manifest.write())]
    for each in manifest.files:
        if each.name in small:
            parts.append(member(manifest, each.name, small[each.name]))
        else:
            parts.append(header(manifest.folder, each.name, each.size, manifest.day))
    return b"".join(parts)


def ending(manifest: Manifest) -> bytes:
    """What follows the archive."""
    last = manifest.files[-1]
    return bytes(-last.size % BLOCK) + END if last.name.endswith(ARCHIVE) else END


def size_of(manifest: Manifest) -> int:
    """Bytes of the whole bundle."""
    sizes = [len(manifest.write()), *(each.size for each in manifest.files)]
    return sum(BLOCK + size + -size % BLOCK for size in sizes) + len(END)


def member(manifest: Manifest, name: str, body: bytes) -> bytes:
    """A whole small file."""
    return header(manifest.folder, name, len(body), manifest.day) + body + bytes(-len(body) % BLOCK)


def header(folder: str, name: str, size: int, day: int) -> bytes:
    """The block before a file."""
    about = tarfile.TarInfo(f"{folder}/{name}")
    about.size, about.mtime, about.mode = size, day, 0o644
    return about.tobuf(tarfile.USTAR_FORMAT)


def read_manifest(body: bytes) -> Manifest:
    """A manifest from its bytes. Raises DomainError ``json_unreadable`` or ``message_malformed``."""
    found = canonical.fields(canonical.read(body), ("bundle", "election", "identifier", "day", "files"))
    files = []
    for each in canonical.items(found["files"]):
        line = canonical.fields(each, ("name", "bytes", "sha256"))
        name = canonical.text(line["name"])
        if not NAME.fullmatch(name) or name == MANIFEST:
            raise DomainError("message_malformed", fields="name")
        files.append(Listed(name, canonical.whole(line["bytes"]), canonical.text(line["sha256"])))
    manifest = Manifest(
        canonical.text(found["election"]),
        canonical.text(found["identifier"]),
        canonical.whole(found["day"]),
        tuple(files),
    )
    names = [each.name for each in files]
    small = [name for name in names if not name.endswith(ARCHIVE)]
    in_order = names[: len(small)] == sorted(set(small)) and len(names) - len(small) <= 1
    fits = sum(each.size for each in files[: len(small)]) <= SMALL
    if found["bundle"] != 1 or not files or not in_order or not fits or manifest.write() != body:
        raise DomainError("message_malformed", fields="manifest")
    return manifest


def chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """``parts`` put together to pieces of about a megabyte."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
