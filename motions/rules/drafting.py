"""Drafting and co-signing: a signature is given to the very words that were read.

Source: ``domain.md`` ("Motions and meetings"): a signature is bound to the text it signed, a changed text voids it;
at least two co-signers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.errors import DomainError, raise_all
from core.localized import Localized, clean
from motions.rules.stages import MotionKind

FEWEST_COSIGNERS = 2
PARTS_OF_TEXT = ("title", "text", "reasons", "costs")
TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
COSTS_LENGTH = 2_000
GAP = "{…}"
"""Where a template has to be filled in; no prose writes it, unlike an ellipsis or the sign of an omission."""
MISSING = {
    "title": "title_missing",
    "text": "motion_text_missing",
    "reasons": "reasons_missing",
    "costs": "costs_missing",
}
"""What is said of a part that is not there."""


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a motion in its own language, Markdown: what is asked for, why, and what it costs."""

    title: str
    text: str
    reasons: str
    costs: str = ""


class Worded(Protocol):
    """A version of the words, in the motion's own language and in translations."""

    @property
    def title(self) -> Localized: ...
    @property
    def text(self) -> Localized: ...
    @property
    def reasons(self) -> Localized: ...
    @property
    def costs(self) -> Localized: ...


@dataclass(frozen=True, slots=True)
class Signature:
    """A member's signature, and the digest of the text that it was given to."""

    member_id: int
    digest: str
    signed_on: date


def digest(text: Text) -> str:
    """SHA-256 of the words as canonical JSON, hexadecimal. Line ends and blanks around a part do not matter, all else does."""
    parts = [clean(part) for part in (text.title, text.text, text.reasons, text.costs)]
    written = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def own_text(words: Worded, language: str) -> Text:
    """What binds: the words in the motion's own ``language``. A part that stands in a translation alone is empty."""
    own = [getattr(words, part).get(language) for part in PARTS_OF_TEXT]
    return Text(*(version.text if version else "" for version in own))


def check_translation(translation: Text, own: Text) -> None:
    """A translation adds nothing. Raises, together, ``translation_of_nothing`` (``part``), ``title_missing``, ``too_long``."""
    errors = [
        DomainError("translation_of_nothing", part=part)
        for part in PARTS_OF_TEXT
        if clean(getattr(translation, part)) and not clean(getattr(own, part))
    ]
    try:
        check_draft(translation)
    except DomainError as error:
        errors += error.all()
    raise_all(errors)


def standing(signatures: Sequence[Signature], current: str) -> tuple[list[int], list[int]]:
    """Members whose signature stands under the text with digest ``current``, and those whose signature it voids."""
    stands = {each.member_id for each in signatures if each.digest == current}
    void = {each.member_id for each in signatures} - stands
    return sorted(stands), sorted(void)


def check_text(text: Text, kind: MotionKind) -> None:
    """Whether words can be signed and handed in.

    Raises, together, ``title_missing``, ``motion_text_missing``, ``reasons_missing``, ``costs_missing`` (of a budget request),
    ``too_long`` (``part``, ``limit``), and ``gaps_left`` where a template was not filled in.
    """
    needed = {"title", "text"}
    if kind is not MotionKind.QUESTION:
        needed.add("reasons")
    if kind is MotionKind.BUDGET_REQUEST:
        needed.add("costs")
    errors: list[DomainError] = []
    try:
        _check_parts(text, needed)
    except DomainError as error:
        errors += error.all()
    if any(GAP in part for part in (text.title, text.text, text.reasons, text.costs)):
        errors.append(DomainError("gaps_left"))
    raise_all(errors)


def check_draft(text: Text) -> None:
    """Whether a draft can be kept, complete or not. Raises, together, ``title_missing`` and ``too_long`` (``part``,
    ``limit``)."""
    _check_parts(text, {"title"})


def _check_parts(text: Text, needed: Collection[str]) -> None:
    limits = {"title": TITLE_LENGTH, "text": TEXT_LENGTH, "reasons": TEXT_LENGTH, "costs": COSTS_LENGTH}
    errors = []
    for part, limit in limits.items():
        words = clean(getattr(text, part))
        if part in needed and not words:
            errors.append(DomainError(MISSING[part]))
        if len(words) > limit:
            errors.append(DomainError("too_long", part=part, limit=limit))
    raise_all(errors)


def check_signature(
    member_id: int, author_id: int, invited: Collection[int], read: str, current: str
) -> None:
    """Whether a member may sign what they ``read`` (a digest). Raises ``own_motion``, ``not_invited``, ``text_changed``."""
    errors = []
    if member_id == author_id:
        errors.append(DomainError("own_motion"))
    elif member_id not in invited:
        errors.append(DomainError("not_invited"))
    if read != current:
        errors.append(DomainError("text_changed"))
    raise_all(errors)


def check_submission(
    signatures: Sequence[Signature],
    current: str,
    members: Collection[int],
    fewest: int = FEWEST_COSIGNERS,
) -> list[int]:
    """Who co-signs what is submitted: members on that day whose signature stands. Raises ``cosigners_missing`` (``have``,
    ``need``)."""
    signed, _void = standing(signatures, current)
    counted = [each for each in signed if each in members]
    if len(counted) < fewest:
        raise DomainError("cosigners_missing", have=len(counted), need=fewest)
    return counted
