"""What drafting, signing and suggesting refuse, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.localized import State
from core.wording import Sentence

PARTS_OF_TEXT: Mapping[str, LazyString] = {
    "title": _l("Title"),
    "text": _l("What the council should decide"),
    "reasons": _l("Why"),
    "costs": _l("What it costs"),
}
ASKED: Mapping[str, LazyString] = {
    "asked": _l("has not signed yet"),
    "signed": _l("signed"),
    "left": _l("signed, and sits on the council no longer"),
    "void": _l("signed an earlier text, which counts no longer"),
    "declined": _l("does not sign"),
}
"""Where a member stands who was asked to sign."""
STATES: Mapping[str, LazyString] = {
    State.ORIGINAL: _l("the text itself, binding"),
    State.CHECKED: _l("translation, checked"),
    State.MACHINE: _l("translation by a machine, not checked"),
    State.OUTDATED: _l("outdated: the text has changed since"),
}
"""How far a translation can be trusted."""


def _too_long(parameters: Mapping[str, Any]) -> str:
    limit = int(parameters["limit"])
    return ngettext(
        "“%(part)s” is too long. There is room for one character.",
        "“%(part)s” is too long. There is room for %(limit)s characters.",
        limit,
        part=str(PARTS_OF_TEXT[str(parameters["part"])]),
        limit=format_decimal(limit),
    )


def _cosigners_missing(parameters: Mapping[str, Any]) -> str:
    have = ngettext(
        "One signature stands under these words.",
        "%(num)d signatures stand under these words.",
        int(parameters["have"]),
    )
    return f"{have} {_needed(int(parameters['need']))}"


def _needed(count: int) -> str:
    return ngettext("One is needed.", "%(num)d are needed.", count)


def signatures(have: int, need: int) -> str:
    """How many signed, and how many must."""
    said = (
        ngettext("One member signed.", "%(num)d members signed.", have) if have else _("Nobody signed yet.")
    )
    return f"{said} {_needed(need)}"


def _of_nothing(parameters: Mapping[str, Any]) -> str:
    part = str(PARTS_OF_TEXT[str(parameters["part"])])
    return _("“%(part)s” is empty in the motion itself. Leave it empty in the translation.", part=part)


CONFLICTS: frozenset[str] = frozenset({"motion_changed_meanwhile", "text_changed"})
"""Refusals because others were faster."""

SENTENCES: Mapping[str, Sentence] = {
    "motion_text_missing": _l("Write what the council should decide."),
    "reasons_missing": _l("Write why."),
    "costs_missing": _l("Write what it costs. A budget request needs it."),
    "too_long": _too_long,
    "gaps_left": _l("Fill in the gaps of the template first."),
    "motion_kind_unknown": _l("Choose what it is."),
    "motion_topic_unknown": _l("Choose a topic."),
    "motion_changed_meanwhile": _l(
        "The text was changed meanwhile. What you typed is kept here, with what differs below. Send it again to replace it."
    ),
    "text_changed": _l("The text was changed since you read it. Read it once more."),
    "translation_language": _l("Choose another language than that of the motion."),
    "translation_of_nothing": _of_nothing,
    "cosigners_chosen_none": _l("Choose at least one member."),
    "foreign_cosigner": _l("Only members who sit on this council can sign."),
    "own_motion": _l("This is your own motion. Others sign it."),
    "not_invited": _l("Nobody has asked you to sign this."),
    "signed_before": _l("This member has signed before and may go on reading."),
    "cosigners_missing": _cosigners_missing,
    "seat_missing": _l("You hold no seat of your own on this council today."),
    "carry_over_same_term": _l("It lapsed in this very term. A member of the next term can take it over."),
    "suggestion_topic": _l("Choose what it is about."),
}
