"""A rehearsal: a whole encrypted election of people who do not exist, through the code that real elections use.

The seed decides what these people choose, and nothing else: codes, keys and nonces come from the operating system.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from core.codes import Kind, draw
from core.errors import DomainError, raise_all
from elections.ballot import ballots, ceremony, credentials, tally, trustees
from elections.ballot.chain import Writer
from elections.ballot.group import BELENIOS_2048, Group
from elections.ballot.questions import Election, Question, make_election, new_identifier, read_election

BUNDLE = "bundle.bel"
EXPECTED = "expected.json"
RESULT = "result.json"
AGAIN = 10
"""One voter in so many votes again."""
ABSENT = 12
"""One person in so many stays at home."""
FEW = 60
"""Up to so many ballots one process is quicker than several."""

Choices = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is rehearsed. ``threshold`` of the ``trustees`` suffice; all of them if it is None."""

    voters: int
    questions: tuple[Question, ...]
    trustees: int
    threshold: int | None = None
    seed: str = ""
    name: str = "Rehearsal"
    description: str = "Nobody in it exists."

    def check(self) -> None:
        """Raises, all together, ``rehearsal_voters``, ``rehearsal_trustees`` and what the questions contradict."""
        errors = [error for question in self.questions for error in question.problems()]
        if self.voters < 0:
            errors.append(DomainError("rehearsal_voters"))
        if self.trustees < 1 or (self.threshold is not None and not 1 <= self.threshold <= self.trustees):
            errors.append(DomainError("rehearsal_trustees"))
        raise_all(errors)


def invented_answers(count: int) -> tuple[str, ...]:
    """Names of candidates that nobody has, in several scripts."""
    samples = ("Candidate", "Kandidatin é", "مرشحة", "Кандидатка", "候选人", "Candidate 🌻")
    return tuple(f"{samples[at % len(samples)]} {at + 1}" for at in range(count))


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Where it was left, and both results: counted from the plain choices, and decrypted."""

    bundle: Path
    expected: list[list[int]]
    result: list[list[int]]
    ballots: int


def rehearse(plan: Plan, folder: Path, timestamp: int, *, processes: int = 1) -> Rehearsed:
    """Runs the election and leaves ``bundle.bel``, ``expected.json`` and ``result.json`` in ``folder``.

    ``timestamp`` in seconds since 1970. Raises what ``Plan.check`` names and OSError.
    """
    plan.check()
    folder.mkdir(parents=True, exist_ok=True)
    group = BELENIOS_2048
    uuid = new_identifier()
    secrets, keys = _keys(group, plan)
    codes = [draw(Kind.VOTING) for _ in range(plan.voters)]
    public = [credentials.public_credential(uuid, code, group) for code in codes]
    election = make_election(
        uuid, plan.name, plan.description, plan.questions, trustees.public_key(group, keys)
    )
    votes = list(_votes(plan, codes))
    with (folder / BUNDLE).open("wb") as stream:
        writer = Writer(stream, timestamp)
        writer.setup(
            election.message,
            trustees.write_trustees(group, keys),
            credentials.write_credentials(public, group),
        )
        last: dict[int, tally.Table] = {}
        for message in make_ballots(election, votes, processes):
            writer.ballot(message)
            ballot = ballots.read_ballot(election, message)
            last[int(ballot.credential)] = tuple(answer.choices for answer in ballot.answers)
        writer.end_ballots()
        result = _count(election, keys, secrets, list(last.values()), writer)
    expected = _expected(plan, votes)
    _leave(folder / EXPECTED, expected)
    _leave(folder / RESULT, result)
    return Rehearsed(folder / BUNDLE, expected, result, len(votes))


def _keys(group: Group, plan: Plan) -> tuple[dict[int, int], trustees.Trustees]:
    """The secrets of those who will decrypt, by owner, and the published set."""
    if plan.threshold is None:
        made = [trustees.make_key(group) for _ in range(plan.trustees)]
        return {owner: secret for owner, (secret, _) in enumerate(made, 1)}, tuple(
            trustees.Single(key) for _, key in made
        )
    seeds = [ceremony.new_seed() for _ in range(plan.trustees)]
    certificates = [
        ceremony.certify(group, seed, index=index, threshold=plan.threshold, size=plan.trustees)
        for index, seed in enumerate(seeds, 1)
    ]
    polynomials = [ceremony.draw_polynomial(group, seed, certificates) for seed in seeds]
    shares = [ceremony.accept_shares(group, seed, certificates, polynomials) for seed in seeds]
    everybody = ceremony.assemble(group, certificates, polynomials, [key for _, key in shares])
    present = random.Random(plan.seed).sample(range(1, plan.trustees + 1), plan.threshold)  # noqa: S311
    return {owner: shares[owner - 1][0] for owner in sorted(present)}, (everybody,)


def _votes(plan: Plan, codes: Sequence[str]) -> Iterator[tuple[str, Choices]]:
    """Who votes what, in which order: most people once, some again, some not at all."""
    chance = random.Random(plan.seed)  # noqa: S311 - fictional choices, never keys
    order = [code for at, code in enumerate(codes) if at % ABSENT != ABSENT - 1]
    order += order[::AGAIN]
    chance.shuffle(order)
    for code in order:
        yield code, tuple(_choice(question, chance) for question in plan.questions)


def _choice(question: Question, chance: random.Random) -> tuple[int, ...]:
    if question.blank and chance.random() < 0.1:
        return (1, *([0] * len(question.answers)))
    chosen = set(chance.sample(range(len(question.answers)), chance.randint(question.least, question.most)))
    return (*([0] if question.blank else []), *(int(at in chosen) for at in range(len(question.answers))))


def make_ballots(
    election: Election, votes: Sequence[tuple[str, Choices]], processes: int = 1
) -> Iterable[bytes]:
    """A ballot for each of ``votes``, a code and what it chooses (see ``ballots.make_ballot``), in their order."""
    if processes <= 1 or len(votes) <= FEW:
        return (_ballot(election, *vote) for vote in votes)
    return _in_processes(election, votes, processes)


def _in_processes(
    election: Election, votes: Sequence[tuple[str, Choices]], processes: int
) -> Iterator[bytes]:
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_prepare, initargs=(election.message,)
    )
    with pool:
        yield from pool.map(_task, votes, chunksize=20)


_elections: list[Election] = []


def _prepare(message: bytes) -> None:
    _elections[:] = [read_election(message)]


def _task(vote: tuple[str, Choices]) -> bytes:
    return _ballot(_elections[0], *vote)


def _ballot(election: Election, code: str, choices: Choices) -> bytes:
    secret = credentials.secret_exponent(election.uuid, code, election.group)
    return ballots.make_ballot(election, secret, choices)


def _count(
    election: Election,
    keys: trustees.Trustees,
    secrets: dict[int, int],
    counted: Sequence[tally.Table],
    writer: Writer,
) -> list[list[int]]:
    group = election.group
    product = tally.Tally(election)
    for table in counted:
        product.multiply(table)
    writer.encrypted_tally(tally.write_table(group, product.table), len(counted), len(counted))
    parts = {}
    for owner, secret in secrets.items():
        part = tally.decrypt_part(election, product.table, secret)
        writer.partial_decryption(owner, part)
        parts[owner] = tally.read_part(election, part)
    factors = tally.combine(group, keys, parts)
    result = tally.numbers(group, tally.opened(group, product.table, factors), len(counted))
    writer.result(tally.write_result(result))
    return result


def _expected(plan: Plan, votes: Sequence[tuple[str, Choices]]) -> list[list[int]]:
    """The result as plain addition gives it: of each person the last choices."""
    latest = dict(votes)
    return [
        [sum(choices[at][slot] for choices in latest.values()) for slot in range(question.slots)]
        for at, question in enumerate(plan.questions)
    ]


def _leave(path: Path, result: list[list[int]]) -> None:
    path.write_text(json.dumps({"result": result}) + "\n", encoding="utf-8")
