"""Amendments in words, and what speaks against one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.wording import Sentence
from motions.messages.words import STAGES
from motions.rules.amendments import Change

CHANGES: Mapping[str, LazyString] = {
    Change.REPLACE: _l("Write the paragraph anew"),
    Change.DELETE: _l("Take the paragraph out"),
    Change.INSERT_AFTER: _l("Put something in after the paragraph"),
}
KINDS: Mapping[str, LazyString] = {
    "amendment": _l("Amendment"),
    "recommendation": _l("Recommended change"),
}
STATES: Mapping[str, LazyString] = {
    "open": _l("not decided yet"),
    "accepted": _l("accepted"),
    "rejected": _l("rejected"),
    "withdrawn": _l("withdrawn"),
    "outdated": _l("outdated: the text has changed since"),
}


def place(change: str, paragraph: int) -> str:
    """Where a change stands, for a heading."""
    if change == Change.INSERT_AFTER:
        return _("after paragraph %(number)s", number=paragraph) if paragraph else _("at the beginning")
    return _("paragraph %(number)s", number=paragraph)


def _numbers(parameters: Mapping[str, Any]) -> str:
    return ", ".join(str(each) for each in parameters["amendments"])


CONFLICTS: frozenset[str] = frozenset({"amendment_settled"})
"""Refusals because others were faster."""

SENTENCES: Mapping[str, Sentence] = {
    "amendment_not_now": lambda p: _(
        "The text cannot be changed now. The motion stands at: %(stage)s.", stage=STAGES[p["stage"]]
    ),
    "amendment_change_unknown": _l("Choose what happens to the paragraph."),
    "paragraph_unknown": lambda p: _(
        "There is no paragraph %(paragraph)s. The text has %(count)s.",
        paragraph=p["paragraph"],
        count=p["count"],
    ),
    "amendment_empty": _l("Write the new words."),
    "amendment_several": _l("Write one paragraph, without an empty line."),
    "amendment_changes_nothing": _l("This is what the paragraph says already."),
    "amendments_conflict": lambda p: _(
        "At paragraph %(paragraph)s these accepted changes contradict each other: %(numbers)s. Settle that first.",
        paragraph=p["paragraph"],
        numbers=_numbers(p),
    ),
    "amendment_settled": _l("This change was decided on or withdrawn meanwhile."),
    "amendment_outcome": _l("Choose what became of it."),
    "amendment_no_conflict": _l("This change contradicts no other one. There is nothing to settle."),
}
