"""What happens to credentials after they were made: each step goes into the file of two persons and the public record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import DomainError
from elections.authority import files, making
from elections.authority.registry import Registry, is_registry, seal, unseal
from elections.ballot.board import Board, credential_key, read_board
from elections.ballot.chain import Kind
from elections.ballot.group import Group
from elections.ballot.replacements import Entry, Record, read_record

_HEAD = 200
BEFORE_VOTING = 0
"""The height of a board without a ballot."""


def step(
    path: Path,
    passphrases: tuple[str, str],
    board: Path | None,
    out: Path,
    verb: Callable[[Registry], Registry],
) -> Entry:
    """One ``verb`` on the file of two persons at ``path``; the record at ``out`` is written whole. Gives the new entry.

    The board is the one published last, and none older than before: a credential that has a ballot there stays. There is
    none before voting opens, when paper voters are struck. Two steps at once wait for each other.
    A record that lags behind, because a step was cut off, is completed first. Raises DomainError ``file_missing``, what
    ``unseal`` and the verb raise, ``record_differs`` if the record at ``out`` says something else than the file,
    ``board_older`` without a board after there was one, and what ``check_board`` raises.
    """
    there = None if board is None else _read_board(board)
    try:
        with files.locked(path):
            registry, lock = unseal(path.read_bytes(), *passphrases)
            _complete(registry.record, out)
            changed = verb(registry).looked_at(BEFORE_VOTING if there is None else there.height)
            entry = changed.record.entries[-1]
            if there is not None:
                check_board(there, registry.election, entry)
            files.replace(path, seal(changed, lock))
            files.replace(out, changed.record.write(), files.PUBLIC)
            return entry
    except FileNotFoundError:
        raise DomainError("file_missing", file=str(path)) from None


def check_board(board: Board, election: str, entry: Entry) -> None:
    """Whether ``entry`` may still come to be.

    Raises DomainError ``board_other_election``, ``board_broken``, ``board_closed`` once no ballot is taken any more,
    ``board_other_list`` if it knows one of the credentials not, or ``credential_voted``.
    """
    if board.election.uuid != election:
        raise DomainError("board_other_election")
    if board.problems:
        raise DomainError("board_broken", where=board.problems[0].where)
    if board.last not in (Kind.SETUP, Kind.BALLOT):
        raise DomainError("board_closed")
    group: Group = board.election.group
    listed = {group.write(each.element) for each in board.public_credentials()}
    if not {entry.old, entry.new} - {""} <= listed:
        raise DomainError("board_other_list")
    key = credential_key(entry.old.encode("ascii"))
    if any(board.ballots.credential(place) == key for place in range(len(board.ballots))):
        raise DomainError("credential_voted")


def _read_board(path: Path) -> Board:
    try:
        return read_board(path)
    except FileNotFoundError:
        raise DomainError("file_missing", file=str(path)) from None
    except DomainError:
        raise DomainError("board_unreadable") from None


def _complete(record: Record, out: Path) -> None:
    published = read_record(out.read_bytes()) if out.exists() else Record(record.election)
    if not published.begins(record):
        raise DomainError("record_differs")
    if published != record:
        files.replace(out, record.write(), files.PUBLIC)


def remains(target: Path, *, only_letters: bool = False) -> list[Path]:
    """What has to be destroyed: the file of two persons (unless ``only_letters``) and the letters, in a folder or alone.

    Raises DomainError ``nothing_to_destroy``; files that are public, or none of ours, are left alone.
    """
    if target.is_dir():
        patterns = [making.LETTERS]
        if not only_letters:
            patterns += [making.REGISTRY, f".{making.REGISTRY}.*"]
        found = sorted(path for pattern in patterns for path in target.glob(pattern))
    else:
        found = [target]
    ours = [path for path in found if path.is_file() and not path.is_symlink() and _is_ours(path)]
    if not ours:
        raise DomainError("nothing_to_destroy", target=str(target))
    return ours


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(_HEAD)
    return is_registry(start) or (path.match(making.LETTERS) and start.startswith(b"%PDF-"))
