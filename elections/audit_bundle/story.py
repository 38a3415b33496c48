"""Whether the parts of an audit bundle tell one story: whoever forges one of them can forge the manifest too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import DomainError
from elections import verify
from elections.audit_bundle.findings import Part
from elections.audit_bundle.form import (
    MINUTES,
    NEEDED,
    ONLINE,
    REPLACEMENTS,
    RESULT,
    ROLL,
    RULES,
    SEATS,
    Manifest,
)
from elections.ballot import board, canonical, replacements
from elections.ballot.board import credential_key
from elections.counting import published

STATION = "urn:online"
"""The key of the decrypted vote among the stations."""
_GENESIS = "0" * 64


@dataclass
class Told:
    """What the parts say together."""

    people: int = 0
    """On the roll."""
    seats: int = 0
    again: bool = False
    """Whether the votes were counted again."""


def find_contradictions(account: verify.Account, manifest: Manifest, small: Mapping[str, bytes]) -> Told:
    """Compare the ``small`` files with each other and with the archive in ``account``, where contradictions are noted."""
    story = _Story(account, manifest, small)
    story.check()
    return story.told


@dataclass
class _Story:
    """The comparison of the parts with each other. Each step notes what does not fit."""

    account: verify.Account
    manifest: Manifest
    small: Mapping[str, bytes]
    plain: dict[str, Any] = field(default_factory=dict)
    told: Told = field(default_factory=Told)

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
        self.told.again = True
        if again.to_plain() != found.result.to_plain():
            self._find(Part.COUNT, RESULT)
        self._stations(plain)
        seats = self.plain[SEATS]["seats"]
        self.told.seats = len(seats)
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
            self.told.people = told[-1][1]
            ballots = sum(each["ballots"] for each in self.plain[RESULT]["stations"])
            if ballots > self.told.people:
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
