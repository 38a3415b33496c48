"""Letting our verifier look at a board, for anybody who asks: once for each head, one at a time, with a visible end.

A check is a row. Whoever asks while one is under way, or after one ended, is shown that one. The work takes minutes for a
city and stands behind everything else; a process that dies leaves it to the next, and what dies again and again is given
up and says so.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, outbox, settings
from core.db import db, write
from core.errors import NotFound
from elections import verify
from elections.audit_bundle import checking as bundles
from elections.ballot.board import Problem
from elections.ballot.trustees import Single
from elections.models.watching import BoardCheck
from elections.queries import board as boards
from elections.queries import watching
from elections.services.urn.board import lock_urn

KIND = "elections.check_board"
MOST_STARTS = 3
"""How often a check is begun before it is given up."""
MOST_FINDINGS = 200
"""How many findings an account keeps."""
_PAUSE = 2.0  # seconds between two notes of progress
_LEFT_OVER = 2 * 24 * 3600  # seconds after which a folder can only be one of a process that died


def ask_check(code: str) -> bool:
    """Let the board of the election ``code`` be checked as it is now, with its audit bundle if there is one.

    Returns whether a check was begun: none is while another is under way, or if this very board was checked already. One
    that was given up can be asked for again. Raises NotFound.
    """
    board = boards.find_board(db.session(), code)
    bundle = watching.bundle_if_public(db.session(), code)
    digest = bundle.manifest.digest if bundle else ""
    with write() as session:
        urn = lock_urn(session, board.id)
        if urn.head is None:
            raise NotFound("board", code)
        head, height = urn.head, urn.height
        found = session.scalars(
            select(BoardCheck).where(
                BoardCheck.urn_id == urn.id,
                BoardCheck.state.in_(("waiting", "running"))
                | ((BoardCheck.head == head) & (BoardCheck.bundle == digest)),
            )
        ).all()
        if any(each.state != "failed" for each in found):
            return False
        check = found[0] if found else BoardCheck(urn_id=urn.id, head=head, height=height, bundle=digest)
        check.state, check.step, check.starts = "waiting", "", 0
        check.done, check.total = 0, 0
        check.asked_on, check.ended_on = clock.today(), None
        session.add(check)
        session.flush()
        outbox.enqueue(session, KIND, {"check": check.id})
        return True


def run_check(check_id: int) -> None:
    """Do what was asked for and keep the account. Safe to run twice: who comes second changes nothing."""
    begun = _begin(check_id)
    if begun is None:
        return
    try:
        with _place(check_id) as place:
            account = _look(begun, place)
    except outbox.Stopped:
        _go_back(check_id)
        raise
    with write() as session:
        check = session.get(BoardCheck, check_id, with_for_update=True)
        if check is not None and check.state == "running":
            check.account, check.state, check.step = plain(account), "done", ""
            check.ended_on = clock.today()


def _begin(check_id: int) -> BoardCheck | None:
    with write() as session:
        check = session.get(BoardCheck, check_id, with_for_update=True)
        if check is None or check.state in ("done", "failed"):
            return None
        if check.starts >= MOST_STARTS:
            check.state, check.step, check.ended_on = "failed", "", clock.today()
            return None
        check.starts += 1
        check.state, check.step, check.done, check.total = "running", "copy", 0, check.height + 1
        session.flush()
        session.expunge(check)
        return check


def _go_back(check_id: int) -> None:
    """The process ends in order: this start does not count."""
    with write() as session:
        check = session.get(BoardCheck, check_id, with_for_update=True)
        if check is not None and check.state == "running":
            check.state, check.step, check.starts = "waiting", "", check.starts - 1


@contextmanager
def _place(check_id: int) -> Iterator[Path]:
    """A folder for the copy of the board, gone afterwards; with it goes what processes left that were killed."""
    folder = settings.current().folder / "checks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.iterdir():
        if left.stat().st_mtime < time.time() - _LEFT_OVER:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{check_id}-") as name:
        yield Path(name)


def _look(check: BoardCheck, place: Path) -> verify.Account:
    report = _Progress(check.id)
    path = place / "board"
    with Session(db.engine) as reading, path.open("wb") as file:
        board = watching.board_at(reading, check.urn_id, check.height)
        bundle = None
        if check.bundle:
            bundle = watching.bundle_if_public(reading, watching.code_of(reading, check.urn_id))
        if bundle is not None and bundle.manifest.digest == check.bundle:
            parts = watching.bundle_parts(reading, bundle)
        else:
            bundle, parts = None, boards.archive_parts(reading, board)
        for number, part in enumerate(parts):
            file.write(part)
            if number % 100 == 0:
                report("copy", min(number // 2, check.height), check.height + 1)
    if bundle is not None:
        account: verify.Account = bundles.check_bundle(path, report=report, folder=place)
    else:
        account = verify.verify(path, report=report)
    if account.board is not None and account.board.head != check.head:
        account.findings.append(Problem("head_missing", check.head))
    return account


class _Progress:
    """Notes how far a check is, every few seconds, and asks whether it may go on."""

    def __init__(self, check_id: int) -> None:
        self._id = check_id
        self._noted = time.monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._noted < _PAUSE:
            return
        self._noted = now
        with write() as session:
            check = session.get(BoardCheck, self._id, with_for_update=True)
            if check is not None and check.state == "running":
                check.step, check.done, check.total = step, done, total
        outbox.still_running()


def plain(account: verify.Account) -> dict[str, Any]:
    """An account as it is kept and shown: numbers, hashes, names, and codes of what failed."""
    kept: dict[str, Any] = {
        "sound": account.sound,
        "findings": [[each.code, each.where] for each in account.findings[:MOST_FINDINGS]],
        "more": max(0, len(account.findings) - MOST_FINDINGS),
    }
    if isinstance(account, bundles.Account):
        manifest = account.manifest
        kept["bundle"] = {
            "manifest": manifest.digest if manifest else "",
            "files": len(manifest.files) if manifest else 0,
            "people": account.people,
            "seats": account.seats,
            "again": account.again,
        }
    found = account.board
    if found is None:
        return kept
    questions = []
    for question, row in zip(found.election.questions, account.result or [], strict=False):
        blank = row[0] if question.blank else None
        votes = row[1:] if question.blank else row
        questions.append(
            {
                "text": question.text,
                "blank": blank,
                "votes": [[name, number] for name, number in zip(question.answers, votes, strict=True)],
            }
        )
    return kept | {
        "fingerprint": found.election.fingerprint,
        "credentials": account.credentials,
        "credentials_hash": found.setup.credentials,
        "trustees": [
            [each.needed, 1 if isinstance(each, Single) else len(each.keys)] for each in found.trustees
        ],
        "ballots": len(found.ballots),
        "counted": account.counted,
        "head": found.head,
        "height": found.height,
        "last": found.last.value,
        "questions": questions,
    }
