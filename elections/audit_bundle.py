"""The audit bundle: everything that an election published, in one file that anybody can check without the site.

A tar of one form, so that its manifest's hash stands for every byte of it: a folder, in it ``manifest.json``, the small
files by name, and last the archive of encrypted ballots, if people voted online. ``check_bundle`` asks whether the parts
are the manifest's, and whether they tell one story: the archive, the minutes, what was counted, the seats. What each
finding means stands in ``SENTENCES``; what is in which file, in ``docs/ballot.md``. Like the verifier it uses the pure
protocol and the pure count, and nothing else of Answerable.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import DomainError
from elections import verify
from elections.ballot import board, canonical, replacements
from elections.ballot.board import credential_key
from elections.counting import published

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
STATION = "urn:online"
"""The key of the decrypted vote among the stations."""
_CHUNK = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_GENESIS = "0" * 64


class Part(StrEnum):
    """What can be wrong with a bundle, beside its archive."""

    FORM = "bundle_form"
    MANIFEST = "bundle_manifest"
    MISSING = "bundle_file_missing"
    EXTRA = "bundle_file_extra"
    CHANGED = "bundle_file_changed"
    UNREADABLE = "bundle_file_unreadable"
    ARCHIVE_MISSING = "bundle_archive_missing"
    ARCHIVE_OTHER = "bundle_archive_other"
    ARCHIVE_UNFINISHED = "bundle_archive_unfinished"
    ANSWERS = "bundle_answers"
    ONLINE = "bundle_online_figures"
    STATIONS = "bundle_stations_sum"
    COUNT = "bundle_count"
    SEATS = "bundle_seats"
    RULES = "bundle_rules"
    ROLL = "bundle_roll"
    TURNOUT = "bundle_turnout"
    REPLACEMENTS = "bundle_replacements"
    REVOKED = "bundle_revoked_voted"
    CHAIN = "bundle_minutes_chain"
    MINUTES = "bundle_minutes_other"


SENTENCES: Mapping[str, str] = {
    Part.FORM: "The file is not packed in the one form that an audit bundle has.",
    Part.MANIFEST: "The manifest is missing or cannot be read.",
    Part.MISSING: "A file that the manifest names is missing.",
    Part.EXTRA: "There is a file that the manifest does not name.",
    Part.CHANGED: "A file is not the one that the manifest names.",
    Part.UNREADABLE: "A file cannot be read as what it should be.",
    Part.ARCHIVE_MISSING: "People voted online, and the archive of their ballots is missing.",
    Part.ARCHIVE_OTHER: "The archive belongs to another election.",
    Part.ARCHIVE_UNFINISHED: "The archive ends before the result.",
    Part.ANSWERS: "The archive asks about others than those who were counted.",
    Part.ONLINE: "What was counted as the online vote is not what the trustees decrypted.",
    Part.STATIONS: "The stations do not add up to what was counted.",
    Part.COUNT: "Counting again gives another result.",
    Part.SEATS: "The seats are not those of the result.",
    Part.RULES: "The count kept another rule than the election's.",
    Part.ROLL: "The hashes and numbers of the roll are not those in the minutes.",
    Part.TURNOUT: "More ballots were counted than there were people on the roll.",
    Part.REPLACEMENTS: "The record of replaced and revoked codes is broken, or for another election.",
    Part.REVOKED: "A ballot was cast with a code that had been replaced or revoked, or was still a spare one.",
    Part.CHAIN: "The chain of the minutes is broken: an entry was changed, added or left out.",
    Part.MINUTES: "The minutes say something else than the files.",
}
"""Every finding by its code."""


# Writing ---------------------------------------------------------------------------------------------------------------


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
    parts = [_member(manifest, MANIFEST, manifest.write())]
    for each in manifest.files:
        if each.name in small:
            parts.append(_member(manifest, each.name, small[each.name]))
        else:
            parts.append(_header(manifest.folder, each.name, each.size, manifest.day))
    return b"".join(parts)


def ending(manifest: Manifest) -> bytes:
    """What follows the archive."""
    last = manifest.files[-1]
    return bytes(-last.size % BLOCK) + END if last.name.endswith(ARCHIVE) else END


def size_of(manifest: Manifest) -> int:
    """Bytes of the whole bundle."""
    sizes = [len(manifest.write()), *(each.size for each in manifest.files)]
    return sum(BLOCK + size + -size % BLOCK for size in sizes) + len(END)


def _member(manifest: Manifest, name: str, body: bytes) -> bytes:
    return _header(manifest.folder, name, len(body), manifest.day) + body + bytes(-len(body) % BLOCK)


def _header(folder: str, name: str, size: int, day: int) -> bytes:
    about = tarfile.TarInfo(f"{folder}/{name}")
    about.size, about.mtime, about.mode = size, day, 0o644
    return about.tobuf(tarfile.USTAR_FORMAT)


# Reading ---------------------------------------------------------------------------------------------------------------


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
            _Story(account, account.manifest, small).check()
    return account


def _unpack(account: Account, stream: BinaryIO, place: Path) -> tuple[dict[str, bytes], Path | None]:
    """The small files, and where the archive was put. What does not fit the manifest is noted."""
    head = stream.read(BLOCK)
    try:
        first = tarfile.TarInfo.frombuf(head, "ascii", "strict")
        body = stream.read(first.size) if 0 <= first.size < _CHUNK else b""
        manifest = read_manifest(body)
    except (tarfile.TarError, DomainError, ValueError):
        account.find(Part.MANIFEST, MANIFEST)
        raise _Unreadable from None
    account.manifest = manifest
    if head + body + stream.read(-len(body) % BLOCK) != _member(manifest, MANIFEST, body):
        account.find(Part.FORM, MANIFEST)
    small: dict[str, bytes] = {}
    archive = None
    for each in manifest.files:
        head = stream.read(BLOCK)
        if head != _header(manifest.folder, each.name, each.size, manifest.day):
            # What stands here instead says whether this file is missing or another was slipped in.
            account.find(*_stranger(manifest, each, head))
            raise _Unreadable
        hashed = hashlib.sha256()
        into: list[bytes] = []
        target = place / each.name if each.name.endswith(ARCHIVE) else None
        with target.open("wb") if target else _Nowhere() as copy:
            left = each.size
            while left and (chunk := stream.read(min(left, _CHUNK))):
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
    return name if _NAME.fullmatch(name) else "?"


def read_manifest(body: bytes) -> Manifest:
    """A manifest from its bytes. Raises DomainError ``json_unreadable`` or ``message_malformed``."""
    found = canonical.fields(canonical.read(body), ("bundle", "election", "identifier", "day", "files"))
    files = []
    for each in canonical.items(found["files"]):
        line = canonical.fields(each, ("name", "bytes", "sha256"))
        name = canonical.text(line["name"])
        if not _NAME.fullmatch(name) or name == MANIFEST:
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


# One story -------------------------------------------------------------------------------------------------------------


@dataclass
class _Story:
    """The comparison of the parts with each other. Each step notes what does not fit."""

    account: Account
    manifest: Manifest
    small: Mapping[str, bytes]
    plain: dict[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """All steps, each with what the one before left."""
        for name in (*sorted(NEEDED), *({ONLINE} & self.small.keys())):
            try:
                self.plain[name] = canonical.read(self.small[name])
            except DomainError:
                self.account.find(Part.UNREADABLE, name)
                return
        steps = (
            (MINUTES, self._minutes),
            (RULES, self._rules),
            (RESULT, self._count),
            (ROLL, self._roll),
            (ONLINE, self._online),
        )
        for name, step in steps:
            try:
                step()
            except (DomainError, KeyError, TypeError, ValueError, AttributeError, IndexError):
                self.account.find(Part.UNREADABLE, name)

    def _find(self, code: Part, where: str) -> None:
        self.account.find(code, where)

    def _minutes(self) -> None:
        """The chain: each entry's hash is made from what it says and from the one before."""
        chain = self.plain[MINUTES]
        previous = _GENESIS
        for number, each in enumerate(chain["entries"], 1):
            parts = [
                chain["chain"],
                number,
                *(each[name] for name in ("day", "role", "actor", "tag", "subject", "facts", "commitment")),
                previous,
            ]
            previous = hashlib.sha256(canonical.write(parts)).hexdigest()
            if each["entry_hash"] != previous:
                self._find(Part.CHAIN, f"entry {number}")
                return
        if chain["head"] != previous or chain["chain"] != f"register:{self.manifest.election}":
            self._find(Part.CHAIN, "head")

    def _said(self, tag: str, act: str = "") -> list[dict[str, Any]]:
        """What the minutes say under ``tag``, in order; of acts performed the outcome of those called ``act``."""
        found = []
        for each in self.plain[MINUTES]["entries"]:
            if each["tag"] != tag:
                continue
            facts = json.loads(each["facts"])
            if not act:
                found.append(facts)
            elif facts["act"] == act:
                found.append(facts.get("outcome", {}))
        return found

    def _rules(self) -> None:
        """The rule set is the one that the minutes have, and the count kept its counting rule."""
        rules = self.plain[RULES]
        bound = [*self._said("elections:election:create"), *self._said("elections:election:change")]
        if not bound or bound[-1]["rule_set"] != rules:
            self._find(Part.MINUTES, RULES)
        if self.plain[RESULT]["rule"] != rules["counting"]:
            self._find(Part.RULES, RESULT)

    def _count(self) -> None:
        """The stations add up to what was counted, which counted again gives the result, and so the seats."""
        plain = self.plain[RESULT]
        found = published.read(self.small[RESULT])
        if plain["election"] != self.manifest.election:
            self._find(Part.MINUTES, RESULT)
        again = found.again()
        self.account.again = True
        if again.to_plain() != found.result.to_plain():
            self._find(Part.COUNT, RESULT)
        self._stations(plain)
        seats = self.plain[SEATS]["seats"]
        self.account.seats = len(seats)
        told = [(each["number"], each["where"], each["holder"], each["reasons"]) for each in seats]
        named = all(each["name"] == found.names.get(each["holder"], "") for each in seats)
        wanted = [
            (seat["number"], seat["where"], seat["holder"], seat["reasons"])
            for seat in _listed(again.to_plain()["seats"])
        ]
        if told != wanted or not named:
            self._find(Part.SEATS, SEATS)
        commitment = hashlib.sha256(
            bytes.fromhex(plain["salt"]) + _sorted({"input": plain["input"], "result": plain["result"]})
        ).hexdigest()
        counted = self._said("elections:act:perform", "count")
        published_ = self._said("elections:act:perform", "publish_result")
        said = [each[-1]["commitment"] if each else "" for each in (counted, published_)]
        if said != [commitment, commitment]:
            self._find(Part.MINUTES, RESULT)

    def _stations(self, plain: Mapping[str, Any]) -> None:
        total = plain["tally"]
        votes: dict[str, int] = {}
        sums = {"valid": 0, "invalid": 0, "blank": 0}
        for each in plain["stations"]:
            for key, number in each["votes"].items():
                votes[key] = votes.get(key, 0) + number
            sums["invalid"] += each["invalid"]
            sums["blank"] += each["blank"]
            sums["valid"] += each["ballots"] - each["invalid"]
        if total["ballots"]:  # ranked: of stations only first choices are told
            sums["valid"] -= sums["blank"]
            firsts: dict[str, int] = {}
            for ranking, number in total["ballots"]:
                firsts[ranking[0]] = firsts.get(ranking[0], 0) + number
            same = {k: n for k, n in votes.items() if n} == {k: n for k, n in firsts.items() if n}
        else:
            same = {k: n for k, n in votes.items() if n} == {k: n for k, n in total["votes"].items() if n}
        if not same or any(sums[name] != total[name] for name in sums):
            self._find(Part.STATIONS, RESULT)

    def _roll(self) -> None:
        """The commitments to the roll are those in the minutes, and nobody counted more ballots than people."""
        told = [(each["hash"], each["people"]) for each in self.plain[ROLL]["commits"]]
        acts = ("commit_roll", "change_roll")
        said = [
            (outcome["hash"], outcome["people"])
            for facts in self._said("elections:act:perform")
            if facts["act"] in acts and "hash" in (outcome := facts.get("outcome", {}))
        ]
        if told != said:
            self._find(Part.ROLL, ROLL)
        corrections = [
            (each["number"], each["kind"])
            for facts in self._said("elections:act:perform")
            if facts["act"] == "change_roll"
            for each in facts.get("outcome", {}).get("corrections", ())
        ]
        if corrections != [(each["roll_number"], each["kind"]) for each in self.plain[ROLL]["corrections"]]:
            self._find(Part.ROLL, ROLL)
        if told:
            self.account.people = told[-1][1]
            ballots = sum(each["ballots"] for each in self.plain[RESULT]["stations"])
            if ballots > self.account.people:
                self._find(Part.TURNOUT, ROLL)

    def _online(self) -> None:
        """The archive is this election's, and its result is what was counted as the online vote."""
        figures = [each for each in self.plain[RESULT]["stations"] if STATION in each["stations"]]
        begun = self._said("elections:urn:begin")
        found = self.account.board
        if found is None:
            if figures or begun or self.manifest.identifier or ONLINE in self.plain:
                self._find(Part.ARCHIVE_MISSING, self.manifest.identifier or STATION)
            return
        uuid = found.election.uuid
        if uuid != self.manifest.identifier or self.plain[ONLINE]["identifier"] != uuid:
            self._find(Part.ARCHIVE_OTHER, uuid)
            return
        self._prepared(found, begun)
        if self.account.result is None:
            self._find(Part.ARCHIVE_UNFINISHED, uuid)
            return
        (asked,), (row,) = found.election.questions, self.account.result
        options = self.plain[ONLINE]["options"]
        names = self.plain[RESULT]["names"]
        if [names.get(each) for each in options] != list(asked.answers):
            self._find(Part.ANSWERS, ONLINE)
        votes = dict(zip(options, row[1:] if asked.blank else row, strict=True))
        expected = {
            "votes": votes,
            "ballots": self.account.counted,
            "invalid": 0,
            "blank": row[0] if asked.blank else 0,
        }
        alone = [each for each in figures if each["stations"] == [STATION]]
        if len(alone) != 1 or any(alone[0][name] != value for name, value in expected.items()):
            self._find(Part.ONLINE, RESULT)
        self._replacements(found)

    def _prepared(self, found: board.Board, begun: Sequence[Mapping[str, Any]]) -> None:
        """What the minutes say of the urn is what the archive holds."""
        uuid = found.election.uuid
        prepared = self._said("elections:urn:prepare")
        if [each["uuid"] for each in begun] != [uuid]:
            self._find(Part.MINUTES, "urn")
        facts = prepared[-1] if prepared else {}
        setup = found.setup
        same = (facts.get("election"), facts.get("trustees"), facts.get("credentials"))
        if same != (setup.election, setup.trustees, setup.credentials):
            self._find(Part.MINUTES, "urn")
        spares = self.plain[ONLINE]["spares"]
        if facts.get("spares") != len(spares) or facts.get("count") != self.account.credentials:
            self._find(Part.MINUTES, ONLINE)
        closed = [each for each in self._said("elections:act:perform", "close_voting") if "ballots" in each]
        if [each["ballots"] for each in closed] != [len(found.ballots)]:
            self._find(Part.MINUTES, "close_voting")
        opened = self._said("elections:urn:open")
        if [each["head"] for each in opened] != [found.head]:
            self._find(Part.MINUTES, "head")

    def _replacements(self, found: board.Board) -> None:
        """No ballot by a credential that had been taken away, nor by a spare one that no entry names."""
        data = self.small.get(REPLACEMENTS)
        uuid = found.election.uuid
        record = replacements.Record(uuid)
        if data is not None:
            try:
                record = replacements.read_record(data)
            except DomainError:
                self._find(Part.REPLACEMENTS, REPLACEMENTS)
                return
        said = self._said("elections:credential:replace")
        written = (len(record.entries), record.head()) if data is not None else None
        last = (said[-1]["entries"], said[-1]["head"]) if said else None
        if record.election != uuid or written != last:
            self._find(Part.REPLACEMENTS, REPLACEMENTS)
        given = {credential_key(each.new.encode()) for each in record.entries if each.new}
        taken = {credential_key(each.old.encode()) for each in record.entries if each.old}
        spares = {bytes.fromhex(each) for each in self.plain[ONLINE]["spares"]}
        if not given <= spares:
            self._find(Part.REPLACEMENTS, ONLINE)
        barred = taken | (spares - given)
        cast = found.ballots
        for at in range(len(cast)):
            if cast.credential(at) in barred:
                self._find(Part.REVOKED, f"ballot {at + 1}")


def _listed(value: object) -> list[dict[str, Any]]:
    assert isinstance(value, list)
    return value


def _sorted(value: object) -> bytes:
    """As the minutes write what they commit to."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# What people read ------------------------------------------------------------------------------------------------------


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


def chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """``parts`` put together to pieces of about a megabyte."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
