"""Words for the states of a nomination and its vetting, and the sentences for what its rules refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from elections.rules.nominations import Ground, Method, State

Parameters = Mapping[str, object]

STATES: Mapping[str, LazyString] = {
    State.RECEIVED: _l("Received"),
    State.MENDING: _l("Something is missing"),
    State.PREPARED: _l("Decision waits for a second person"),
    State.ADMITTED: _l("Admitted"),
    State.REFUSED: _l("Refused"),
    State.WITHDRAWN: _l("Withdrawn"),
}
MARKS: Mapping[str, str] = {
    State.RECEIVED: "open",
    State.MENDING: "soon",
    State.PREPARED: "waiting",
    State.ADMITTED: "accepted",
    State.REFUSED: "refused",
    State.WITHDRAWN: "plain",
}
"""The chip of each state."""
GROUNDS: Mapping[str, LazyString] = {
    Ground.NOT_ELIGIBLE: _l("A line of the rule is not met"),
    Ground.NOT_MENDED: _l("What was missing was not mended in time"),
    Ground.TOO_FEW_SUPPORTERS: _l("Too few people support it"),
    Ground.NOT_SERIOUS: _l("It was not handed in by the person it names"),
}
METHODS: Mapping[str, LazyString] = {
    Method.REGISTER: _l("Looked up in the register of residents"),
    Method.SEEN: _l("A document was shown"),
    Method.DECLARED: _l("The person declared it"),
    Method.COUNTED: _l("Counted by this site"),
}


def _on(sentence: LazyString) -> Sentence:
    return lambda parameters: str(sentence) % {"day": show_day(cast(date, parameters["day"]), "full")}


def _state(parameters: Parameters) -> str:
    return _(
        "This cannot be done now. The nomination stands at “%(state)s”.",
        state=STATES[str(parameters["state"])],
    )


def _undecided(parameters: Parameters) -> str:
    return ngettext(
        "%(num)d nomination is not decided yet.",
        "%(num)d nominations are not decided yet.",
        cast(int, parameters["count"]),
    )


def _undrawn(parameters: Parameters) -> str:
    groups = cast(Sequence[Any], parameters["groups"])
    return ngettext(
        "The lot for the order of the ballot is not drawn for %(num)d group.",
        "The lot for the order of the ballot is not drawn for %(num)d groups.",
        len(groups),
    )


def _enough(parameters: Parameters) -> str:
    return _(
        "There are candidates for all seats (%(count)s candidates, %(seats)s seats).",
        count=parameters["count"],
        seats=parameters["seats"],
    )


CHECKS: Mapping[str, Sentence] = {
    "nominations_decided": _l("Every nomination is decided."),
    "mending_over": _on(_l("The time to mend nominations is over. It ends on %(day)s.")),
    "ballot_order_drawn": _l("The order of the ballot is drawn by lot."),
    "candidates_stand": _l("At least one candidate stands."),
    "candidates_enough": _enough,
}
"""The lines of the checklist before the candidates are published."""

CONFLICTS: frozenset[str] = frozenset(
    {"nomination_state", "decision_differs", "decision_not_told", "nomination_erased"}
)

SENTENCES: Mapping[str, Sentence] = {
    "nomination_state": _state,
    "nominations_not_open_yet": _on(_l("Nominations open on %(day)s.")),
    "nominations_closed": _on(_l("Nominations closed on %(day)s.")),
    "mending_closed": _on(_l("Nominations could be mended and supported until %(day)s.")),
    "withdrawal_too_late": _l("The candidates are published. The ballot stays as it is."),
    "nominee_missing": _l("Enter the name as it is to stand on the ballot."),
    "nominee_too_long": _l("The name is too long. There is room for %(limit)s characters in one line."),
    "nominee_address_missing": _l("Enter the address where you live. It is not published."),
    "nominee_address_too_long": _l("The address is too long. There is room for %(limit)s characters."),
    "nominee_group_missing": _l("Choose the group whose seats you stand for."),
    "nominee_list_missing": _l("Enter the name of your list."),
    "nominee_list_too_long": _l("The name of the list is too long. There is room for %(limit)s characters."),
    "statement_missing": _l("Write a statement in the language that you chose."),
    "statement_too_long": _l("A statement has room for %(limit)s characters in each language."),
    "consent_missing": _l("Say that you agree, or the nomination does not count."),
    "supporter_missing": _l("Enter your name."),
    "supporter_address_missing": _l("Enter your address."),
    "supporter_too_long": _l("This is too long. There is room for %(limit)s characters."),
    "checklist_line_unknown": _l("The checklist has no such line. Open the page again."),
    "finding_unknown": _l("Choose a result and a method for each line that you checked."),
    "deficiencies_missing": _l("Say what is missing."),
    "decision_unknown": _l("Choose whether to admit or to refuse."),
    "vetting_incomplete": _l("Every line of the checklist must be met before a nomination is admitted."),
    "ground_missing": _l("Choose the ground for refusing."),
    "refusal_reason_missing": _l("Write the reason. It is published."),
    "decision_differs": _l("The answer says something else than the decision. Take it back and decide anew."),
    "decision_not_told": _l(
        "The answer to the nomination still says the opposite. Correct it first, with a second person, so that whoever was "
        "nominated reads why. Then record what followed."
    ),
    "nomination_erased": _l("The name was erased, as the law wants. Nobody can be admitted any more."),
    "erasing_too_early": _on(_l("Personal data are erased from %(day)s on.")),
    "erasing_still_needed": _l("Nominations are kept until the result is published."),
    "erasing_unanswered": _l("Nominations are kept while anybody waits for an answer in this election."),
    "lot_too_early": _undecided,
    "missing_nominations_decided": _undecided,
    "missing_mending_over": _on(_l("Nominations can be mended until %(day)s.")),
    "missing_ballot_order_drawn": _undrawn,
    "missing_candidates_stand": _l("No candidate stands."),
}
