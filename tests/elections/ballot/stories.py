"""Tiny encrypted elections of which the tests know every secret, and archives written from them, honest or not.

A ``Town`` holds the secrets. A ``Story`` is what is published, message by message; ``steps`` puts the records and events
between them, ``packed`` the members, ``archived`` the bytes. Whoever changes a story and packs it again does what an
attacker on the server could do: all names, hashes and links of the chain are right again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from elections import verify
from elections.ballot import archive, ballots, canonical, ceremony, credentials, tally, trustees
from elections.ballot.chain import Kind, Owned, Setup, SizedTally
from elections.ballot.group import BELENIOS_2048, random_exponent
from elections.ballot.questions import Election, Question, make_election, new_identifier

GROUP = BELENIOS_2048
WHEN = 1_840_000_000


@dataclass(frozen=True)
class Story:
    """What is published of an election, up to some moment."""

    election: bytes
    trustees: bytes
    credentials: bytes
    ballots: tuple[bytes, ...] = ()
    closed: bool = False
    table: bytes | None = None
    counted: int = 0
    weight: int = 0
    parts: tuple[tuple[int, bytes], ...] = ()
    result: bytes | None = None

    def until(self, kind: Kind) -> Story:
        """As it stood when the last event of this kind had just happened."""
        story = self
        if kind is not Kind.RESULT:
            story = replace(story, result=None)
        if kind in (Kind.SETUP, Kind.BALLOT, Kind.END_BALLOTS, Kind.ENCRYPTED_TALLY):
            story = replace(story, parts=())
        if kind in (Kind.SETUP, Kind.BALLOT, Kind.END_BALLOTS):
            story = replace(story, table=None)
        if kind in (Kind.SETUP, Kind.BALLOT):
            story = replace(story, closed=False)
        return replace(story, ballots=()) if kind is Kind.SETUP else story


@dataclass
class Step:
    """An event with the bodies that stand before it; the last one is its payload. ``alter`` changes the event."""

    kind: Kind
    bodies: list[bytes] = field(default_factory=list)
    alter: Callable[[dict[str, Any]], object] | None = None


def steps(story: Story) -> list[Step]:
    """The story as events, with the records that name its messages."""
    setup = (story.election, story.trustees, story.credentials)
    found = [Step(Kind.SETUP, [*setup, Setup(*map(canonical.digest, setup)).write()])]
    found += [Step(Kind.BALLOT, [ballot]) for ballot in story.ballots]
    if story.closed:
        found.append(Step(Kind.END_BALLOTS))
    if story.table is not None:
        sized = SizedTally(story.counted, story.weight, canonical.digest(story.table))
        found.append(Step(Kind.ENCRYPTED_TALLY, [story.table, sized.write()]))
    for owner, part in story.parts:
        found.append(Step(Kind.PARTIAL_DECRYPTION, [part, Owned(owner, canonical.digest(part)).write()]))
    if story.result is not None:
        found.append(Step(Kind.RESULT, [story.result]))
    return found


Packed = list[tuple[str, bytes]]
"""Members of an archive by name, without the first."""


def packed(told: Sequence[Step]) -> Packed:
    """The members, named by their hashes and chained."""
    members: Packed = []
    parent: str | None = None
    for height, step in enumerate(told):
        members += [(canonical.digest(body) + archive.DATA, body) for body in step.bodies]
        event: dict[str, Any] = {} if parent is None else {"parent": parent}
        event |= {"height": height, "type": step.kind.value}
        if step.bodies:
            event["payload"] = canonical.digest(step.bodies[-1])
        if step.alter is not None:
            changed = step.alter(event)
            event = event if changed is None else changed
        body = event if isinstance(event, bytes) else canonical.write(event)
        parent = canonical.digest(body)
        members.append((parent + archive.EVENT, body))
    return members


def archived(members: Packed, when: int = WHEN) -> bytes:
    """The archive's bytes."""
    return archive.header(when) + b"".join(archive.member(name, body, when) for name, body in members)


def written(story: Story) -> bytes:
    """The archive of a story, all hashes and links right."""
    return archived(packed(steps(story)))


def codes(path: Path, content: bytes, without: Sequence[str] = ()) -> set[str]:
    """The codes of what the verifier finds in ``content``, which is put at ``path``."""
    path.write_bytes(content)
    return {finding.code for finding in verify.verify(path, without=without).findings}


@dataclass
class Town:
    """An election with everything that is secret in it: for voters, the exponents of their credentials, as listed."""

    questions: tuple[Question, ...]
    keyholders: trustees.Trustees
    secrets: dict[int, int]
    """Of the trustees who will decrypt, by owner."""
    election: Election
    voters: list[int]

    @cached_property
    def public(self) -> list[str]:
        return [GROUP.write(GROUP.generator.power(secret)) for secret in self.voters]

    def cast(self, voter: int, *choices: Sequence[int]) -> bytes:
        """A true ballot."""
        return ballots.make_ballot(self.election, self.voters[voter], choices)

    def opening(self) -> Story:
        """Before the first ballot."""
        return Story(
            self.election.message,
            trustees.write_trustees(GROUP, self.keyholders),
            canonical.write(sorted(self.public)),
        )

    def counted(self, story: Story, *, weights: dict[str, int] | None = None) -> Story:
        """Closed, multiplied, decrypted and with its result, whatever ballots stand in it."""
        latest: dict[str, tally.Table] = {}
        for message in story.ballots:
            ballot = ballots.read_ballot(self.election, message)
            latest[GROUP.write(ballot.credential)] = tuple(answer.choices for answer in ballot.answers)
        product = tally.Tally(self.election)
        total = 0
        for credential, choices in latest.items():
            weight = (weights or {}).get(credential, 1)
            product.multiply(choices, weight)
            total += weight
        story = replace(story, closed=True, counted=len(latest), weight=total)
        return self.decrypted(replace(story, table=tally.write_table(GROUP, product.table)))

    def decrypted(self, story: Story) -> Story:
        """Partial decryptions and result of the encrypted tally that stands in the story."""
        table = tally.read_table(self.election, story.table or b"")
        parts = {owner: tally.decrypt_part(self.election, table, key) for owner, key in self.secrets.items()}
        read = {owner: tally.read_part(self.election, part) for owner, part in parts.items()}
        factors = tally.combine(GROUP, self.keyholders, read)
        result = tally.numbers(GROUP, tally.opened(GROUP, table, factors), story.weight)
        return replace(story, parts=tuple(parts.items()), result=tally.write_result(result))


def single_trustees(count: int) -> tuple[dict[int, int], trustees.Trustees]:
    """Trustees who are all needed."""
    made = [trustees.make_key(GROUP) for _ in range(count)]
    keys = tuple(trustees.Single(key) for _, key in made)
    return {owner: secret for owner, (secret, _) in enumerate(made, 1)}, keys


@dataclass
class Ceremony:
    """A key ceremony with its seeds."""

    seeds: list[str]
    certificates: list[trustees.SignedMessage]
    polynomials: list[ceremony.Polynomial]
    shares: list[tuple[int, trustees.TrusteeKey]]

    @property
    def assembled(self) -> trustees.Threshold:
        keys = [key for _, key in self.shares]
        return ceremony.assemble(GROUP, self.certificates, self.polynomials, keys)


def hold_ceremony(threshold: int, size: int) -> Ceremony:
    """All rounds, everybody honest."""
    seeds = [ceremony.new_seed() for _ in range(size)]
    certificates = [
        ceremony.certify(GROUP, seed, index=index, threshold=threshold, size=size)
        for index, seed in enumerate(seeds, 1)
    ]
    polynomials = [ceremony.draw_polynomial(GROUP, seed, certificates) for seed in seeds]
    shares = [ceremony.accept_shares(GROUP, seed, certificates, polynomials) for seed in seeds]
    return Ceremony(seeds, certificates, polynomials, shares)


def recertified(held: Ceremony, found: trustees.Threshold, at: int, text: str) -> trustees.Threshold:
    """The same trustees, after the one at ``at`` (from 0) gave another certificate and everybody signed it."""
    keys = [ceremony.signing_key(GROUP, seed) for seed in held.seeds]
    certificates = list(found.certificates)
    certificates[at] = trustees.SignedMessage(text, trustees.sign(GROUP, keys[at], text))
    signatures = tuple(
        trustees.sign(
            GROUP,
            key,
            trustees.certificates_statement(GROUP, certificates, trustees.read_coefficients(GROUP, images)),
        )
        for key, images in zip(keys, found.coefficients, strict=True)
    )
    return replace(found, certificates=tuple(certificates), signatures=signatures)


def found_town(
    questions: Sequence[Question],
    keyholders: trustees.Trustees,
    secrets: dict[int, int],
    *,
    voters: int,
    name: str = "Tiny",
    administrator: str = "",
) -> Town:
    """A new election under the key of the given trustees."""
    election = make_election(
        new_identifier(),
        name,
        "Nobody in it exists.",
        questions,
        trustees.public_key(GROUP, keyholders),
        administrator=administrator,
        credential_authority=administrator,
    )
    people = sorted(
        (random_exponent(GROUP) for _ in range(voters)),
        key=lambda secret: GROUP.write(GROUP.generator.power(secret)),
    )
    return Town(tuple(questions), keyholders, secrets, election, people)


def plain(body: bytes) -> Any:
    """A message as plain values."""
    return json.loads(body)


def one_or_none() -> Question:
    """Choose none or one of two."""
    return Question("Who?", ("Ana", "Bо — ب"), 0, 1)


def with_blank() -> Question:
    """Choose one or two of two, or leave it blank."""
    return Question("What?", ("Tram", "Bus"), 1, 2, blank=True)


def town_of_singles() -> tuple[Town, Story]:
    """Two trustees, two questions, four people: one votes twice, one not at all."""
    secrets, keys = single_trustees(2)
    town = found_town((one_or_none(), with_blank()), keys, secrets, voters=4, administrator="The office")
    cast = (
        town.cast(0, (1, 0), (0, 1, 1)),
        town.cast(1, (0, 1), (1, 0, 0)),
        town.cast(0, (1, 0), (0, 1, 0)),
        town.cast(2, (1, 0), (0, 1, 1)),
    )
    return town, town.counted(replace(town.opening(), ballots=cast))


def town_of_threshold() -> tuple[Town, Story, Ceremony]:
    """Any two of three trustees, of whom the first and the third decrypt; one question, two people."""
    held = hold_ceremony(2, 3)
    secrets = {owner: held.shares[owner - 1][0] for owner in (1, 3)}
    town = found_town((one_or_none(),), (held.assembled,), secrets, voters=2)
    cast = (town.cast(0, (1, 0)), town.cast(1, (0, 0)))
    return town, town.counted(replace(town.opening(), ballots=cast)), held


def credential_list(numbers: Sequence[str]) -> bytes:
    """A published list of credentials, in the given order."""
    return canonical.write(list(numbers))


def credential_of(town: Town, voter: int) -> credentials.Credential:
    """What everybody sees of a voter."""
    return credentials.Credential(GROUP.generator.power(town.voters[voter]))
