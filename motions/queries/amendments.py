"""Amendments as everybody reads them, with what each changes word by word; and how versions of the words differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.localized import Localized
from core.texts import Piece, differences
from council.models import Member
from motions.models.drafting import Amendment, MotionText
from motions.models.motions import Motion
from motions.queries.changes import Change, changes
from motions.queries.motions import MotionHead, Words, versions
from motions.rules import amendments as rules
from motions.rules.drafting import own_text


@dataclass(frozen=True, slots=True)
class PublicAmendment:
    """One proposed change. ``member`` is None of the office's; ``pieces`` say what it does to its paragraph.

    ``conflicts`` are the numbers of other accepted ones that contradict it.
    """

    id: int
    number: int
    kind: str
    member: str | None
    member_id: int | None
    paragraph: int
    change: str
    language: str
    pieces: Sequence[Piece]
    reason: Localized
    proposed_on: date
    state: str
    decided_on: date | None
    vote_id: int | None
    text_version: int
    conflicts: Sequence[int]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One public version of the words, and what differs from the public version before it."""

    words: Words
    changes: Sequence[Change]
    first: bool


def public_amendments(session: Session, motion_id: int) -> list[PublicAmendment]:
    """Every change that was proposed to a motion, in the order of their numbers; all of them are public."""
    rows = session.execute(
        select(Amendment, Member.name, MotionText)
        .join(
            MotionText,
            (MotionText.motion_id == Amendment.motion_id) & (MotionText.version == Amendment.text_version),
        )
        .outerjoin(Member, Member.id == Amendment.member_id)
        .where(Amendment.motion_id == motion_id)
        .order_by(Amendment.number)
    ).all()
    if not rows:
        return []
    language = session.get_one(Motion, motion_id).language
    numbers = {row.id: row.number for row, _name, _words in rows}
    beside = _conflicts([row for row, _name, _words in rows])
    return [
        PublicAmendment(
            row.id,
            row.number,
            row.kind,
            name,
            row.member_id,
            row.paragraph,
            row.change,
            language,
            _pieces(row, own_text(words, language).text, language),
            row.reason,
            row.proposed_on,
            row.state,
            row.decided_on,
            row.vote_id,
            row.text_version,
            [numbers[each] for each in beside.get(row.id, [])],
        )
        for row, name, words in rows
    ]


def version_lines(session: Session, head: MotionHead) -> list[VersionLine]:
    """The public versions of a motion's words, the newest first, each with what changed."""
    found = versions(session, head.id)
    lines = []
    for words, before in zip(found, [*found[1:], None], strict=True):
        own = own_text(words, head.language)
        differing = changes(head.language, own_text(before, head.language), own) if before else []
        lines.append(VersionLine(words, differing, before is None))
    return lines


def _pieces(row: Amendment, text: str, language: str) -> list[Piece]:
    parts = rules.paragraphs(text)
    old = parts[row.paragraph - 1] if 1 <= row.paragraph <= len(parts) else ""
    new = row.text.best(language).text
    match row.change:
        case rules.Change.DELETE:
            return differences(old, "")
        case rules.Change.INSERT_AFTER:
            return differences("", new)
        case _:
            return differences(old, new)


def _conflicts(rows: Sequence[Amendment]) -> dict[int, list[int]]:
    """Accepted amendments of one version that contradict each other, by id."""
    found: dict[int, list[int]] = {}
    for version in {row.text_version for row in rows}:
        counted = [
            rules.Amendment(
                row.id,
                row.base,
                row.paragraph,
                rules.Change(row.change),
                row.text.source.text if row.text.source else "",
            )
            for row in rows
            if row.text_version == version and row.state == "accepted"
        ]
        for _paragraph, ids in rules.conflicts(counted):
            for each in ids:
                found[each] = [other for other in ids if other != each]
    return found
