"""Amendments: to one paragraph each, bound to the text that they change, and merged only without conflict.

Source: ``domain.md`` ("Amendments"): per paragraph, conflicts refused until resolved, the forwarded text's hash equals the
adopted one's.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import clean
from motions.rules.stages import MotionKind, Stage

_GAP = re.compile(r"\n[ \t]*\n\s*")


class Change(StrEnum):
    """What an amendment does to its paragraph."""

    REPLACE = "replace"
    DELETE = "delete"
    INSERT_AFTER = "insert_after"
    """``paragraph`` 0 stands for the beginning."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of paragraph ``paragraph``, counted from 1, of the text with digest ``base``."""

    id: int
    base: str
    paragraph: int
    change: Change
    text: str = ""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what empty lines part."""
    cleaned = clean(text)
    return [part.strip("\n") for part in _GAP.split(cleaned)] if cleaned else []


def digest(text: str) -> str:
    """SHA-256 of a text as its paragraphs, hexadecimal: what an amendment is bound to.

    The digest of what a council adopts is ``rules.drafting.digest`` of all the words, as it is for signatures.
    """
    return hashlib.sha256("\n\n".join(paragraphs(text)).encode("utf-8")).hexdigest()


def check_amendment(amendment: Amendment, text: str) -> None:
    """Whether an amendment fits the ``text`` that it changes.

    Raises, together, ``text_changed``, ``paragraph_unknown`` (``paragraph``, ``count``), ``amendment_empty``,
    ``amendment_several`` (one paragraph each), ``amendment_changes_nothing``.
    """
    parts = paragraphs(text)
    first = 0 if amendment.change is Change.INSERT_AFTER else 1
    errors = []
    if amendment.base != digest(text):
        errors.append(DomainError("text_changed"))
    known = first <= amendment.paragraph <= len(parts)
    if not known:
        errors.append(DomainError("paragraph_unknown", paragraph=amendment.paragraph, count=len(parts)))
    words = paragraphs(amendment.text)
    if amendment.change is not Change.DELETE:
        if not words:
            errors.append(DomainError("amendment_empty"))
        elif len(words) > 1 and amendment.change is Change.REPLACE:
            errors.append(DomainError("amendment_several"))
        elif known and amendment.change is Change.REPLACE and words == [parts[amendment.paragraph - 1]]:
            errors.append(DomainError("amendment_changes_nothing"))
    raise_all(errors)


def conflicts(accepted: Sequence[Amendment]) -> list[tuple[int, list[int]]]:
    """Where accepted amendments contradict each other: the paragraph, and the amendments' ids.

    Two that change or delete one paragraph contradict each other; insertions at one place do too, since nobody has said
    in which order. Equal ones do not.
    """
    touched: dict[tuple[bool, int], list[Amendment]] = defaultdict(list)
    for each in accepted:
        touched[each.change is Change.INSERT_AFTER, each.paragraph].append(each)
    found = []
    for (_inserts, paragraph), group in sorted(touched.items(), key=lambda item: (item[0][1], item[0][0])):
        if len({(each.change, *paragraphs(each.text)) for each in group}) > 1:
            found.append((paragraph, sorted(each.id for each in group)))
    return found


def merge(text: str, accepted: Sequence[Amendment]) -> str:
    """The final text. Raises, together, what ``check_amendment`` raises, and ``amendments_conflict`` (``paragraph``,
    ``amendments``) for each paragraph."""
    errors: list[DomainError] = []
    for each in accepted:
        try:
            check_amendment(each, text)
        except DomainError as error:
            errors += error.all()
    errors += [
        DomainError("amendments_conflict", paragraph=paragraph, amendments=ids)
        for paragraph, ids in conflicts(accepted)
    ]
    raise_all(errors)
    parts = paragraphs(text)
    changed = {each.paragraph: each for each in accepted if each.change is not Change.INSERT_AFTER}
    inserted = {
        each.paragraph: paragraphs(each.text) for each in accepted if each.change is Change.INSERT_AFTER
    }
    final = list(inserted.get(0, []))
    for number, part in enumerate(parts, start=1):
        change = changed.get(number)
        if change is None:
            final.append(part)
        elif change.change is Change.REPLACE:
            final += paragraphs(change.text)
        final += inserted.get(number, [])
    return "\n\n".join(final)


AMENDABLE: frozenset[Stage] = frozenset({Stage.ADMISSIBLE, Stage.SCHEDULED, Stage.REFERRED, Stage.POSTPONED})
"""Where a motion can still be changed: it is admissible, and the council has not voted for good."""


def check_amendable(stage: Stage, kind: MotionKind) -> None:
    """Whether changes may be proposed. Raises ``amendment_not_now``; a question is never voted on, so never amended."""
    if stage not in AMENDABLE or kind is MotionKind.QUESTION:
        raise DomainError("amendment_not_now", stage=stage.value)
