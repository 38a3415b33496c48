"""Words for the procedure of an election: the lines before its acts, what was refused, and the minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString, format_date, format_time, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import language, language_name, show_day
from core.wording import Sentence
from elections import events
from elections.messages.acts import ACTS
from elections.messages.objections import EFFECTS
from elections.rules.stages import ActKind
from followup.events import REGISTER_CONCLUDE

Parameters = Mapping[str, Any]


def show_moment(moment: datetime) -> str:
    """A moment as the city's clocks show it, with its day."""
    day = format_date(moment, "d MMMM y" if language() == "en" else "long")
    return f"{day}, {format_time(moment, 'HH:mm')}"


def at_moment(sentence: LazyString) -> Callable[[Parameters], str]:
    """A sentence about a moment, shown as the city's clocks show it."""
    return lambda p: str(sentence) % {"moment": show_moment(p["moment"])}


def _on(sentence: LazyString) -> Callable[[Parameters], str]:
    return lambda p: str(sentence) % {"day": show_day(p["day"])}


CHECKS: Mapping[str, Sentence] = {
    "rules_sound": _l("The rules do not contradict themselves"),
    "days_in_order": _l("The days are all there and in order"),
    "seats_agree": _l("The rules elect %(rules)s members. The council has %(body)s elected seats"),
    "nominations_ahead": _on(_l("The first day for nominations is still to come: %(day)s")),
    "texts_in": lambda p: _("Title and texts in %(language)s", language=language_name(str(p["language"]))),
    "candidates_public": _l("The candidates are published"),
    "roll_committed": _l("The roll is committed"),
    "urn_prepared": _l("Trustees and credentials of the online vote are fixed"),
    "opening_reached": at_moment(
        _l("The announced moment has come: %(moment)s. Earlier only with a public reason")
    ),
    "closing_ahead": at_moment(_l("Voting closes later than now: %(moment)s")),
    "closing_reached": at_moment(_l("The announced moment has come: %(moment)s")),
    "time_left": at_moment(_l("There is time left to vote, until %(moment)s. Otherwise extend voting first")),
    "extension_later": at_moment(_l("The new moment is later than the old one: %(moment)s")),
    "extension_before_finding": _on(_l("Voting closes by the day on which the result is found: %(day)s")),
    "everything_answered": lambda p: ngettext(
        "Everything is answered. Still open: %(num)d number",
        "Everything is answered. Still open: %(num)d numbers",
        int(p["count"] or 0),
    ),
}
"""One line of a checklist for each check."""

SENTENCES: Mapping[str, Sentence] = {
    "election_code_form": _l("“%(value)s” is not a code for an election. Write one such as MC-28."),
    "election_day_range": _l("Election day: write a year from %(first)s to %(last)s."),
    "preset_unknown": _l("There are no rules called “%(value)s”. There are: %(known)s."),
    "missing_rules_sound": lambda p: ngettext(
        "The rules contradict themselves in one place. Mend that first.",
        "The rules contradict themselves in %(num)d places. Mend that first.",
        int(p["count"]),
    ),
    "missing_days_in_order": _l("Days are missing, or in the wrong order. Mend that first."),
    "missing_candidates_public": _l("The candidates are not published yet."),
    "missing_roll_committed": _l("The roll is not committed yet."),
    "missing_urn_prepared": _l("Trustees or credentials of the online vote are still missing."),
    "missing_opening_reached": at_moment(
        _l("Voting was announced for %(moment)s. To open it earlier, give a public reason.")
    ),
    "missing_closing_ahead": at_moment(_l("Voting would close at %(moment)s. That is over.")),
    "missing_closing_reached": at_moment(
        _l("Voting is announced until %(moment)s. It cannot close earlier, since people rely on it.")
    ),
    "missing_extension_later": at_moment(
        _l("Write a moment that is later than now, and later than the old one: %(moment)s.")
    ),
}

CONFLICTS: frozenset[str] = frozenset(
    {"missing_opening_reached", "missing_closing_ahead", "missing_closing_reached"}
)
"""Refusals because something is not over yet."""


# Minutes -------------------------------------------------------------------------------------------------------------

DONE: Mapping[str, LazyString] = {
    ActKind.CALL: _l("The election was called."),
    ActKind.PUBLISH_CANDIDATES: _l("The candidates were published."),
    ActKind.OPEN_ROLL: _l("The roll was opened for inspection."),
    ActKind.CHANGE_ROLL: _l("The roll was changed."),
    ActKind.COMMIT_ROLL: _l("The roll was committed."),
    ActKind.OPEN_VOTING: _l("Voting was opened."),
    ActKind.INTERRUPT_VOTING: _l("Voting was interrupted."),
    ActKind.RESUME_VOTING: _l("Voting was resumed."),
    ActKind.EXTEND_VOTING: _l("Voting was extended."),
    ActKind.CLOSE_VOTING: _l("Voting was closed."),
    ActKind.COUNT: _l("The votes were counted."),
    ActKind.FIND: _l("The election board found the result."),
    ActKind.APPROVE: _l("The city council approved the result."),
    ActKind.SEND_BACK: _l("The result was sent back to be counted anew."),
    ActKind.PUBLISH_RESULT: _l("The result was published, and the council was seated."),
    ActKind.CONCLUDE: _l("The election was concluded."),
    ActKind.ABANDON: _l("The election was abandoned."),
}
"""Each act, once it is done."""

ENTRIES: Mapping[str, LazyString] = {
    events.ELECTION_CREATE: _l("The election was prepared."),
    events.ELECTION_CHANGE: _l("What was prepared was changed."),
    events.LOT_ANNOUNCE: _l("A lot was announced."),
    events.LOT_DRAW: _l("A lot was drawn."),
    REGISTER_CONCLUDE: _l("The register was closed: every number in it has its answer."),
}
"""What else stands in the minutes."""

FACTS: Mapping[str, LazyString] = {"rule_set": _l("Rules: %(value)s")}
"""Words for the facts of this module's acts; other modules of sentences have such a table too."""

MOMENTS: Mapping[str, LazyString] = {
    "closes_at": _l("Voting closes: %(moment)s"),
    "opens_at": _l("Voting opens: %(moment)s"),
    "announced": _l("Announced for: %(moment)s"),
    "before": _l("Before: %(moment)s"),
    "election_day": _l("Election day: %(day)s"),
    "decided_on": _l("Decided by the city council on %(day)s"),
}
"""Facts of an act that are moments or days, in words."""
DAYS = ("election_day", "decided_on")
"""Which of them are days."""


_facts: dict[str, LazyString] = {}


def register_facts(facts: Mapping[str, LazyString]) -> None:
    """Add a subject's words for what its acts record: a sentence with ``%(value)s`` by the name of the fact."""
    _facts.update(facts)


def entry(tag: str, facts: Parameters) -> str:
    """One entry of the minutes as a sentence; the tag itself for what another room recorded."""
    if tag == events.ACT_PERFORM:
        return str(DONE[facts["act"]])
    if tag == events.ACT_PROPOSE:
        return _("Proposed: %(act)s", act=ACTS[facts["act"]])
    if tag == events.ACT_WITHDRAW and facts.get("void"):
        return _("No longer possible, and taken back: %(act)s", act=ACTS[facts["act"]])
    if tag == events.ACT_WITHDRAW:
        return _("Taken back or refused: %(act)s", act=ACTS[facts["act"]])
    if tag == events.OBJECTION_DECIDE_EFFECT:
        return _("Objection %(number)s: %(effect)s", number=facts["number"], effect=EFFECTS[facts["effect"]])
    return str(ENTRIES.get(tag, tag))


def details(facts: Mapping[str, Any]) -> list[str]:
    """What exactly was proposed or came of it, a line for each fact; lists and figures as they are."""
    lines = []
    for name, value in facts.items():
        if name in MOMENTS and isinstance(value, str):
            lines.append(_fact(name, value))
        elif isinstance(value, bool) or value in (None, "", [], {}):
            continue
        elif isinstance(value, str | int):
            lines.append(_worded(name, str(value)))
        elif isinstance(value, list) and all(isinstance(each, str | int) for each in value):
            lines.append(_worded(name, ", ".join(str(each) for each in value)))
    return lines


def _worded(name: str, value: str) -> str:
    if name in _facts:
        return str(_facts[name]) % {"value": value}
    return f"{name.replace('_', ' ')}: {value}"


def _fact(name: str, value: str) -> str:
    try:
        if name in DAYS:
            return str(MOMENTS[name]) % {"day": show_day(date.fromisoformat(value))}
        return str(MOMENTS[name]) % {"moment": show_moment(datetime.fromisoformat(value))}
    except ValueError:
        return value
