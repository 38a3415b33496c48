"""What the promise ledger says: sentences for its errors, and the words for its states.

Numbers are listed in short (``3-17, 20``), so that a round with thousands of missing answers still names each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import LazyString, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from followup.numbers import ranges, written
from followup.rules import Outcome, PromiseKind, ReplyEvent, ReplyState

Parameters = Mapping[str, object]

RUNS_NAMED = 200
"""Runs of numbers that a sentence names; whoever has more gaps than that needs the list, not a sentence."""

# Words ---------------------------------------------------------------------------------------------------------------

OUTCOMES: Mapping[str, LazyString] = {
    Outcome.ACCEPTED: _l("Accepted"),
    Outcome.PARTLY_ACCEPTED: _l("Partly accepted"),
    Outcome.NOT_ACCEPTED: _l("Not accepted"),
    Outcome.NOTED: _l("Noted"),
}
OWED: Mapping[str, LazyString] = {
    PromiseKind.ANSWER: _l("Answer to a comment"),
    PromiseKind.RECONSIDERATION: _l("Answer to a request to look again"),
    PromiseKind.STEP: _l("Step"),
}

# Sentences -----------------------------------------------------------------------------------------------------------

_STATES: Mapping[str, LazyString] = {
    ReplyState.DRAFT: _l("This answer is still being written."),
    ReplyState.SUBMITTED: _l("This answer waits to be checked."),
    ReplyState.APPROVED: _l("This answer is approved and waits to be released."),
    ReplyState.PUBLISHED: _l("This answer is published. It can only be corrected, by a new version."),
}
_NOT_NOW: Mapping[str, LazyString] = {
    ReplyEvent.EDIT: _l("It cannot be changed now."),
    ReplyEvent.SUBMIT: _l("It cannot be sent to be checked now."),
    ReplyEvent.APPROVE: _l("It cannot be approved now."),
    ReplyEvent.SEND_BACK: _l("It cannot be sent back now."),
    ReplyEvent.PUBLISH: _l("It cannot be released now."),
    ReplyEvent.DISCARD: _l("It cannot be thrown away now."),
}


def _day(parameters: Parameters) -> str:
    day = parameters["day"]
    return show_day(day, "full") if isinstance(day, date) else str(day)


def in_words(numbers: object) -> str:
    """Numbers in short, ``3-17, 20``; the first 200 runs, and how many numbers come after them."""
    known = [int(str(number)) for number in numbers] if isinstance(numbers, Iterable) else []
    runs = ranges(known)
    rest = sum(last - first + 1 for first, last in runs[RUNS_NAMED:])
    shown = written(runs[:RUNS_NAMED])
    if not rest:
        return shown
    return ngettext("%(numbers)s, and one more", "%(numbers)s, and %(num)d more", rest, numbers=shown)


def _room(parameters: Parameters) -> str:
    limit = int(str(parameters["limit"]))
    return ngettext(
        "There is room for one character.",
        "There is room for %(limit)s characters.",
        limit,
        limit=format_decimal(limit),
    )


def _reply_state(parameters: Parameters) -> str:
    return f"{_STATES[str(parameters['state'])]} {_NOT_NOW[str(parameters['event'])]}"


def _selection_changed(parameters: Parameters) -> str:
    numbers = in_words(parameters["numbers"])
    return _("Somebody else answers these meanwhile: %(numbers)s. Nothing was saved.", numbers=numbers)


def _promises_unanswered(parameters: Parameters) -> str:
    count = int(str(parameters["count"]))
    return ngettext(
        "One answer is missing, for number %(numbers)s.",
        "%(num)d answers are missing, for these numbers: %(numbers)s.",
        count,
        numbers=in_words(parameters["numbers"]),
    )


def _code_length(parameters: Parameters) -> str:
    return ngettext(
        "A code has 32 digits. You wrote one. Compare it with your receipt.",
        "A code has 32 digits. You wrote %(num)d. Compare it with your receipt.",
        int(str(parameters["count"])),
    )


CONFLICTS: frozenset[str] = frozenset(
    {
        "already_concluded",
        "promises_unanswered",
        "register_concluded",
        "reply_state",
        "selection_changed",
        "step_met",
    }
)
"""Refusals because others were faster, or something is not over yet."""

SENTENCES: Mapping[str, Sentence] = {
    # receipts
    "decided_apart": _l("This is answered by a decision on its own page. Prepare it there."),
    "form_key": _l("This form was damaged on its way. Check it and send it again."),
    "contact_unclear": _l("Write an e-mail address like name@example.org, or leave it empty"),
    "contact_unclear_phone": _l("Write an address like name@example.org, a mobile number, or nothing"),
    "mail_recipient_invalid": _l("We cannot write to this address. Correct it, or leave it empty."),
    "code_empty": _l("Write the code from your receipt"),
    "code_not_digits": _l("A code has digits only. Copy the 32 digits from your receipt."),
    "code_length": _code_length,
    "code_mistyped": _l("One digit is not right. Compare the code with your receipt."),
    "code_unknown": _l("Nothing we keep has this code. Compare it with your receipt, digit by digit."),
    "code_is_voting_code": _l(
        "This is a voting code. It must stay secret, so ask the election office to replace it. "
        "Use the code from your receipt here."
    ),
    # answers
    "outcome_missing": _l("Choose an outcome."),
    "outcome_unknown": _l("Choose one of the four outcomes."),
    "reason_missing": _l("Write the reason."),
    "reason_too_long": lambda p: _("Shorten the reason.") + " " + _room(p),
    "change_missing": _l("Say what changes in the plan, or what is done, by whom and until when."),
    "correction_note_missing": _l("Say what was wrong in the version before."),
    "note_too_long": lambda p: _("Shorten this.") + " " + _room(p),
    "reply_state": _reply_state,
    "reply_changed": _l("Somebody saved this answer while you had it open. Compare both texts."),
    "correction_begun": _l("A correction of this answer has begun already. Open that one."),
    "second_person": _l("You wrote in this answer. Somebody else must approve it."),
    "selection_empty": _l("Choose at least one comment."),
    "selection_changed": _selection_changed,
    "private_alone": lambda p: _(
        "These are private: %(numbers)s. Answer each by itself.", numbers=in_words(p["numbers"])
    ),
    # promises
    "already_answered": _l("This is answered already. Its day cannot be moved."),
    "extended_before": lambda p: _(
        "The day was moved once, on %(day)s. That can be done only once.", day=_day(p)
    ),
    "extension_too_late": lambda p: _(
        "The day was %(day)s. It can be moved only before it has passed.", day=_day(p)
    ),
    "extension_not_later": lambda p: _("Choose a day after %(day)s.", day=_day(p)),
    "day_out_of_range": _l("This day lies too far ahead. Choose an earlier one."),
    "extension_reason_missing": _l("Write why more time is needed. Everybody will read it."),
    # steps
    "step_met": lambda p: _("This step was met on %(day)s. Open the page again.", day=_day(p)),
    "step_day": lambda p: _("Choose a day between %(day)s and today.", day=_day(p)),
    "step_not_written": lambda p: _(
        "These are steps: %(numbers)s. Work on each on the page of its matter.",
        numbers=in_words(p["numbers"]),
    ),
    # the closing gate
    "register_concluded": lambda p: _("This was concluded on %(day)s. Nothing new is taken in.", day=_day(p)),
    "already_concluded": lambda p: _("This was concluded on %(day)s.", day=_day(p)),
    "promises_unanswered": _promises_unanswered,
}
