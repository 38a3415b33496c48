"""The stand-alone verifier: checks everything that an election's bundle claims, trusting nobody.

``python -m elections.verify BUNDLE`` prints an account and ends with 0 if all holds, else 1. What is checked and why is
listed in ``docs/ballot.md``. It uses the pure protocol in ``elections.ballot`` and nothing else of Answerable; for a whole
audit bundle it hands over to ``elections.audit_bundle``.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice, takewhile
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.errors import DomainError
from elections.ballot import ballots, board, tally, trustees
from elections.ballot.archive import members
from elections.ballot.board import Board, Problem, Structure
from elections.ballot.chain import Kind
from elections.ballot.group import Element, Group
from elections.ballot.questions import Election, read_election

CHUNK = 20
"""Ballots that a process takes at a time."""
CREDENTIALS = 200
"""Credentials that a process takes at a time."""
FEW = 40
"""Up to so many ballots one process is quicker than several."""


class Check(StrEnum):
    """What is checked besides the archive's structure, the trustees and each ballot."""

    ELECTION_KEY = "election_key"
    ELECTION_QUESTION = "election_question"
    CREDENTIAL_OUTSIDE_GROUP = "credential_outside_group"
    CREDENTIAL_TWICE = "credential_twice"
    BALLOT_UNREADABLE = "ballot_unreadable"
    BALLOT_CREDENTIAL = "ballot_credential"
    TALLY_VALUE = "tally_value"
    TALLY_COUNT = "tally_count"
    TALLY_WEIGHT = "tally_weight"
    PART_OWNER = "part_owner"
    PART_TWICE = "part_twice"
    PART_OUTSIDE_GROUP = "part_outside_group"
    PART_PROOF = "part_proof"
    PARTS_MISSING = "parts_missing"
    RESULT = "result_wrong"


SENTENCES: Mapping[str, str] = {
    Structure.HEADER: "The file does not begin as an archive of version 1 with its time as a string.",
    Structure.FORM: "A member is not packed as the format prescribes.",
    Structure.TIME: "A member carries another time than the archive.",
    Structure.NAME: "A member is not named by the hash of what it holds.",
    Structure.DATA: "What stands before an event is not exactly what the event refers to.",
    Structure.CANONICAL: "A message is not written in the one form that is allowed.",
    Structure.PARENT: "An event does not name the one before it: something was changed, added or left out.",
    Structure.HEIGHT: "The events are not numbered one after the other.",
    Structure.ORDER: "An event comes where it cannot come.",
    Structure.BALLOT_TWICE: "The same ballot stands there twice.",
    trustees.Fault.KEY: "A trustee's key is not sound or another's too, or nobody showed that its secret is known.",
    trustees.Fault.CERTIFICATE: "A trustee's certificate is not signed by itself, or was made for another ceremony.",
    trustees.Fault.COEFFICIENTS: "What a trustee published in the key ceremony is not sound or not signed.",
    trustees.Fault.SIGNATURES: "A trustee did not sign what the others published in the key ceremony.",
    trustees.Fault.SHARE: "A trustee's key does not follow from the key ceremony.",
    trustees.Fault.THRESHOLD: "The number of trustees needed cannot be.",
    Check.ELECTION_KEY: "The election's key is not the one that its trustees hold.",
    Check.ELECTION_QUESTION: "A question contradicts itself.",
    Check.CREDENTIAL_OUTSIDE_GROUP: "A credential is no member of the group.",
    Check.CREDENTIAL_TWICE: "A credential stands on the list twice.",
    Check.BALLOT_UNREADABLE: "A ballot cannot be read as one of this election.",
    Check.BALLOT_CREDENTIAL: "A ballot was cast with a credential that is not on the list.",
    ballots.Fault.NOT_CANONICAL: "A ballot is not written in the one form that is allowed.",
    ballots.Fault.OTHER_ELECTION: "A ballot names another election.",
    ballots.Fault.OTHER_FINGERPRINT: "A ballot was made for other questions or another key.",
    ballots.Fault.OUTSIDE_GROUP: "A ballot holds a number outside the group.",
    ballots.Fault.INDIVIDUAL_PROOF: "A ballot does not show that each of its answers is 0 or 1.",
    ballots.Fault.OVERALL_PROOF: "A ballot does not show that the number of its answers is allowed.",
    ballots.Fault.BLANK_PROOF: "A ballot does not show that a blank excludes answers.",
    ballots.Fault.SIGNATURE_HASH: "A ballot's signature is for another ballot.",
    ballots.Fault.SIGNATURE: "A ballot is not signed by its credential.",
    Check.TALLY_VALUE: "The encrypted tally is not the product of the ballots that count.",
    Check.TALLY_COUNT: "The number of ballots counted is not the number of ballots that count.",
    Check.TALLY_WEIGHT: "The weight of the ballots counted is not theirs.",
    Check.PART_OWNER: "A partial decryption names a trustee whom nobody knows.",
    Check.PART_TWICE: "A trustee gave two partial decryptions.",
    Check.PART_OUTSIDE_GROUP: "A partial decryption holds a number outside the group.",
    Check.PART_PROOF: "A partial decryption was not computed from the encrypted tally with the trustee's key.",
    Check.PARTS_MISSING: "A result was published without enough trustees.",
    Check.RESULT: "The result is not what the partial decryptions give.",
    "head_missing": "A head that was written down earlier is not in this chain: the board was changed since.",
}
"""Every check by its code, as the sentence said where it fails."""

UNREADABLE = "unreadable"
UNREADABLE_SENTENCE = "The file cannot be read as an election's archive."
DIFFERENCES: Mapping[str, str] = {
    "board_shorter": "The newer board is shorter: something is missing.",
    "board_changed": "The newer board does not begin with the older one: something was changed.",
    **SENTENCES,
}
"""What speaks against a newer board, by code."""
STATES: Mapping[Kind, str] = {
    Kind.SETUP: "Voting may begin; no ballot yet.",
    Kind.BALLOT: "Voting is open, as far as this file goes.",
    Kind.END_BALLOTS: "Voting is closed; nothing is counted yet.",
    Kind.ENCRYPTED_TALLY: "The ballots are multiplied; no trustee has decrypted yet.",
    Kind.PARTIAL_DECRYPTION: "Trustees are decrypting; there is no result yet.",
    Kind.RESULT: "The result is published.",
}


@dataclass
class Account:
    """What was found. ``sound`` is the verdict."""

    findings: list[Problem] = field(default_factory=list)
    board: Board | None = None
    credentials: int = 0
    weighted: bool = False
    counted: int = 0
    result: list[list[int]] | None = None
    without: frozenset[str] = frozenset()

    @property
    def sound(self) -> bool:
        return not self.findings

    def find(self, code: str, where: str) -> None:
        """Notes what fails, unless that check is left out."""
        if code not in self.without:
            self.findings.append(Problem(code, where))


Report = Callable[[str, int, int], None]
"""Told the name of a step, how much of it is done, and how much there is."""


def silent(step: str, done: int, total: int) -> None:
    pass


def verify(
    path: Path, *, processes: int = 1, report: Report = silent, without: Iterable[str] = ()
) -> Account:
    """Checks the bundle at ``path`` with so many ``processes``.

    ``without`` leaves checks out by their code: only to show in a test that each is needed. A file that cannot be read
    gives an account with the finding ``unreadable`` and the reason.
    """
    account = Account(without=frozenset(without))
    try:
        account.board = board.read_board(path)
        for problem in account.board.problems:
            account.find(problem.code, problem.where)
        _check_setup(account, account.board)
        with _workers(account.board, processes) as run:
            weights = _check_credentials(account, account.board, run, report)
            table = _check_ballots(account, account.board, weights, run, report)
        _check_tally(account, account.board, table)
        _check_result(account, account.board)
    except DomainError as error:
        account.findings.append(Problem(UNREADABLE, ", ".join(_reason(each) for each in error.all())))
    return account


def _reason(error: DomainError) -> str:
    details = " ".join(f"{name}={value}" for name, value in error.parameters.items())
    return f"{error.code} {details}".strip()


# Before voting ---------------------------------------------------------------------------------------------------------


def _check_setup(account: Account, found: Board) -> None:
    election = found.election
    group = election.group
    for fault in trustees.faults(group, found.trustees):
        account.find(fault, "trustees")
    key = trustees.public_key(group, found.trustees)
    if election.public_key != key or key == group.identity:
        account.find(Check.ELECTION_KEY, "election")
    for question in election.questions:
        for problem in question.problems():
            account.find(Check.ELECTION_QUESTION, problem.code)
    if not election.questions:
        account.find(Check.ELECTION_QUESTION, "question_missing")


# Work shared among processes -------------------------------------------------------------------------------------------

T = TypeVar("T")


class Run(Protocol):
    """Runs a function over many arguments; the answers come in no order."""

    def __call__(
        self, function: Callable[..., T], arguments: Iterable[tuple[object, ...]]
    ) -> Iterator[T]: ...


@contextmanager
def _workers(found: Board, processes: int) -> Iterator[Run]:
    """What runs a function here or, where it is worth it, in several processes."""
    if processes <= 1 or len(found.ballots) + found.credentials.size // 60_000 <= FEW:

        def here(function: Callable[..., T], arguments: Iterable[tuple[object, ...]]) -> Iterator[T]:
            _prepare(found.path, found.election)
            return (function(*each) for each in arguments)

        yield here
        return
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_prepare, initargs=(found.path,)
    )

    def there(function: Callable[..., T], arguments: Iterable[tuple[object, ...]]) -> Iterator[T]:
        waiting: set[Future[T]] = set()
        left = iter(arguments)
        for each in islice(left, 4 * processes):
            waiting.add(pool.submit(function, *each))
        while waiting:
            done = next(as_completed(waiting))
            waiting.remove(done)
            yield done.result()
            for each in islice(left, 1):
                waiting.add(pool.submit(function, *each))

    try:
        yield there
    finally:
        pool.shutdown(cancel_futures=True)


_work: dict[str, object] = {}


def _prepare(path: Path, election: Election | None = None) -> None:
    """What a process needs to know: the file, and the election that stands at its beginning."""
    _work["path"] = path
    _work["election"] = election or _election_in(path)


def _election_in(path: Path) -> Election:
    with path.open("rb") as stream:
        before = list(takewhile(lambda member: not member.is_event, members(stream)))
    election = before[-4].body
    assert election is not None
    return read_election(election)


def _members_of(group: Group, elements: Sequence[Element]) -> list[bool]:
    return [element != group.identity and group.contains(element) for element in elements]


def _credential_task(start: int, numbers: Sequence[str]) -> tuple[int, list[bool]]:
    group = _the_election().group
    return start, _members_of(group, [group.read(number) for number in numbers])


def _the_election() -> Election:
    election = _work["election"]
    assert isinstance(election, Election)
    return election


def _ballot_task(
    places: Sequence[tuple[int, int, int, bytes, int]],
) -> tuple[int, list[tuple[str, int]], tally.Table]:
    """Checks ballots (number, offset, size, credential's key, weight; 0 if it does not count) and multiplies them."""
    election = _the_election()
    product = tally.Tally(election)
    faults: list[tuple[str, int]] = []
    path = _work["path"]
    assert isinstance(path, Path)
    with path.open("rb") as stream:
        bodies = board.read_ballots(stream, ((offset, size) for _, offset, size, _, _ in places))
        for (number, _, _, key, weight), body in zip(places, bodies, strict=True):
            try:
                ballot = ballots.read_ballot(election, body)
            except DomainError:
                faults.append((Check.BALLOT_UNREADABLE, number))
                continue
            faults += [(fault, number) for fault in ballots.faults(election, ballot)]
            if board.credential_key(election.group.write(ballot.credential).encode()) != key:
                faults.append((Check.BALLOT_UNREADABLE, number))
            if weight:
                product.add(ballot, weight)
    return len(places), faults, product.table


def _check_credentials(account: Account, found: Board, run: Run, report: Report) -> dict[bytes, int]:
    """Checks the list, and gives the weight of each credential by its short hash."""
    group = found.election.group
    weights: dict[bytes, int] = {}

    def tasks() -> Iterator[tuple[int, list[str]]]:
        listed = found.public_credentials()
        while several := list(islice(listed, CREDENTIALS)):
            numbers = [group.write(each.element) for each in several]
            for each, number in zip(several, numbers, strict=True):
                key = board.credential_key(number.encode())
                if key in weights:
                    account.find(Check.CREDENTIAL_TWICE, f"credential {account.credentials + 1}")
                weights[key] = each.weight
                account.credentials += 1
                account.weighted |= each.weight != 1
            yield account.credentials - len(several), numbers

    done = 0
    for start, good in run(_credential_task, tasks()):
        for at, fine in enumerate(good, start + 1):
            if not fine:
                account.find(Check.CREDENTIAL_OUTSIDE_GROUP, f"credential {at}")
        done += len(good)
        report("credentials", done, max(done, found.credentials.size // 600))
    return weights


def _check_ballots(
    account: Account, found: Board, weights: Mapping[bytes, int], run: Run, report: Report
) -> tally.Table:
    """Checks every ballot, and gives the product of those that count: of each credential the last."""
    cast = found.ballots
    last = {cast.credential(at): at for at in range(len(cast))}
    product = tally.Tally(found.election)
    weight = 0
    for key in last:
        weight += weights.get(key, 1)

    def place(at: int) -> tuple[int, int, int, bytes, int]:
        key = cast.credential(at)
        if key not in weights:
            account.find(Check.BALLOT_CREDENTIAL, f"ballot {at + 1}")
        counts = weights.get(key, 1) if last[key] == at else 0
        return at + 1, cast.offsets[at], cast.sizes[at], key, counts

    tasks = (
        ([place(at) for at in range(start, min(start + CHUNK, len(cast)))],)
        for start in range(0, len(cast), CHUNK)
    )
    done = 0
    faults: list[tuple[str, int]] = []
    for count, wrong, table in run(_ballot_task, tasks):
        faults += wrong
        product.multiply(table)
        done += count
        report("ballots", done, len(cast))
    for code, number in sorted(faults, key=lambda fault: fault[1]):
        account.find(code, f"ballot {number}")
    account.counted = len(last)
    if found.sized is not None:
        if found.sized.ballots != len(last):
            account.find(Check.TALLY_COUNT, "encrypted tally")
        if found.sized.weight != weight:
            account.find(Check.TALLY_WEIGHT, "encrypted tally")
    return product.table


# After voting ----------------------------------------------------------------------------------------------------------


def _check_tally(account: Account, found: Board, table: tally.Table) -> None:
    if found.table is not None and tally.read_table(found.election, found.table) != table:
        account.find(Check.TALLY_VALUE, "encrypted tally")


def _check_result(account: Account, found: Board) -> None:
    if found.table is None or found.sized is None:
        return
    election = found.election
    group = election.group
    table = tally.read_table(election, found.table)
    owners = trustees.owners(found.trustees)
    parts: dict[int, tally.PartialDecryption] = {}
    for owner, body in found.parts:
        where = f"partial decryption of trustee {owner}"
        if owner not in owners:
            account.find(Check.PART_OWNER, where)
            continue
        if owner in parts:
            account.find(Check.PART_TWICE, where)
            continue
        part = tally.read_part(election, body)
        if not tally.part_is_member(group, part):
            account.find(Check.PART_OUTSIDE_GROUP, where)
        if not tally.part_holds(election, table, owners[owner], part):
            account.find(Check.PART_PROOF, where)
        parts[owner] = part
    if found.result is None:
        return
    if not tally.enough(found.trustees, parts):
        account.find(Check.PARTS_MISSING, "result")
        return
    account.result = tally.read_result(election, found.result)
    decrypted = tally.opened(group, table, tally.combine(group, found.trustees, parts))
    inside = all(number <= found.sized.weight for row in account.result for number in row)
    if not inside or not tally.result_holds(group, decrypted, account.result):
        account.find(Check.RESULT, "result")


# What people read ------------------------------------------------------------------------------------------------------


def lines(account: Account, more: Mapping[str, str] | None = None) -> Iterator[str]:
    """The account in sentences; ``more`` says what findings mean that are not the verifier's own."""
    sentences = {**SENTENCES, **(more or {})}
    found = account.board
    if found is not None:
        election = found.election
        yield f"Election: {election.name} ({election.uuid})"
        yield f"Fingerprint of the election: {election.fingerprint}"
        yield f"Credentials: {account.credentials}, hash {found.setup.credentials}"
        if account.weighted:
            yield "Not every vote counts once: some credentials carry a weight."
        for number, each in enumerate(found.trustees, 1):
            if isinstance(each, trustees.Single):
                yield f"Key part {number}: one trustee, always needed"
            else:
                yield f"Key part {number}: any {each.needed} of {len(each.keys)} trustees"
        yield f"Ballots: {len(found.ballots)} cast, {account.counted} count (of each credential the last)"
        yield f"Head of the chain: {found.head}, event {found.height}"
        yield STATES[found.last]
        if account.result is not None:
            for question, row in zip(election.questions, account.result, strict=True):
                yield f"  {question.text}"
                names = [*(["(blank)"] if question.blank else []), *question.answers]
                for name, votes in zip(names, row, strict=True):
                    yield f"    {votes:>7}  {name}"
    for finding in account.findings[:50]:
        sentence = sentences.get(finding.code, UNREADABLE_SENTENCE)
        yield f"WRONG: {sentence} [{finding.code}: {finding.where}]"
    if len(account.findings) > 50:
        yield f"… and {len(account.findings) - 50} more."
    yield "All checks passed." if account.sound else "NOT SOUND."


def differences(old: Path, new: Path) -> list[Problem]:
    """What speaks against ``new`` being ``old`` with something added: nothing for an honest board."""
    problem = board.prefix_problem(old, new)
    if problem:
        return [Problem(problem, str(new))]
    try:
        return board.read_board(new).problems
    except DomainError as error:
        return [Problem(UNREADABLE, _reason(error))]


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What could make a terminal show other lines than ours: the names in a bundle are anybody's."""


@contextmanager
def progress_bar(console: Console) -> Iterator[Report]:
    """A bar on the terminal for each step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(f"Checking {step}", total=total)
            bar.update(tasks[step], completed=done)

        yield report


def check_file(path: Path, processes: int | None = None, heads: Sequence[str] = ()) -> Account:
    """Checks ``path``, an archive or an audit bundle, with a progress bar and prints the account.

    ``heads`` are heads of the chain that were written down earlier: each must still be in it.
    """
    from elections.audit_bundle import checking  # which uses this module

    processes = processes or os.cpu_count() or 1
    with progress_bar(Console(stderr=True)) as report:
        if checking.is_bundle(path):
            account: Account = checking.check_bundle(path, processes=processes, report=report)
        else:
            account = verify(path, processes=processes, report=report)
    for head in board.missing_events(path, heads):
        account.find("head_missing", head)
    said = checking.lines(account) if isinstance(account, checking.Account) else lines(account)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in said:
        console.print(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", line))
    return account


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m elections.verify BUNDLE``"""
    parser = argparse.ArgumentParser(prog="python -m elections.verify", description="Check an election.")
    parser.add_argument("bundle", type=Path, help="the archive (.bel), or the whole audit bundle (.tar)")
    parser.add_argument(
        "--head", action="append", default=[], help="a head written down earlier, which must be in the chain"
    )
    parser.add_argument(
        "--processes", type=int, default=None, help="processes to use; else one for each core"
    )
    given = parser.parse_args(arguments)
    if not given.bundle.is_file():
        print(f"{given.bundle} is no file", file=sys.stderr)  # noqa: T201 - this is the command line
        return 1
    return 0 if check_file(given.bundle, given.processes, given.head).sound else 1


if __name__ == "__main__":
    sys.exit(main())
