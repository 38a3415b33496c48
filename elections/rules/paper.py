"""Who votes on paper in an election that votes online. Pure.

They ask before voting opens, and the credential authority revokes their codes before it opens: nobody votes both ways.
Fewer than the rules' smallest number would show how they voted, since the online result is public on its own: they vote
on a station device instead.
"""

from __future__ import annotations

from datetime import datetime

from core.errors import Conflict, DomainError
from elections.ballot.replacements import Reason, Record
from elections.rules.checklists import Check
from elections.rules.stages import Stage

ASKING: frozenset[Stage] = frozenset({Stage.ROLL, Stage.READY})


def check_asking(stage: Stage, now: datetime, opens_at: datetime) -> None:
    """Whether somebody can still ask for paper, or take it back. Raises Conflict ``paper_stage`` (``moment``)."""
    if stage not in ASKING or now >= opens_at:
        raise Conflict("paper_stage", moment=opens_at)


def struck(record: Record | None) -> int:
    """How many credentials the authority revoked because their voters vote on paper."""
    return sum(entry.reason == Reason.PAPER for entry in record.entries) if record else 0


def check_struck(struck: int, asked: int, smallest: int, *, opened: bool, more: bool) -> None:
    """Whether the authority's record may have ``struck`` credentials of paper voters where ``asked`` want paper.

    ``more`` says that there are some that the record before had not. Raises DomainError ``paper_opened`` once voting is
    open, ``paper_few`` (``count``, ``limit``) or ``paper_not_asked`` (``struck``, ``asked``).
    """
    if not more:
        return
    if opened:
        raise DomainError("paper_opened")
    if asked < smallest:
        raise DomainError("paper_few", count=asked, limit=smallest)
    if struck > asked:
        raise DomainError("paper_not_asked", struck=struck, asked=asked)


def opening(struck: int, asked: int, smallest: int) -> list[Check]:
    """Before voting opens, nobody who votes on paper has a code that counts, and they are enough to hide each other."""
    if not struck and not asked:
        return []
    return [
        Check("paper_enough", not 0 < asked < smallest, parameters={"count": asked, "limit": smallest}),
        Check("paper_struck", struck == asked, parameters={"struck": struck, "asked": asked}),
    ]


def counting(ballots: int, asked: int) -> list[Check]:
    """Not more paper ballots than people who asked for paper: somebody might have voted both ways."""
    return [
        Check(
            "paper_ballots", ballots <= asked, needed=False, parameters={"ballots": ballots, "asked": asked}
        )
    ]
