"""What is said about rule sets: words for their steps, and a sentence for every contradiction, naming the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.wording import Sentence
from elections.rules.deadlines import Step
from elections.rules.rule_sets import Matter

Parameters = Mapping[str, Any]

STEPS: Mapping[str, LazyString] = {
    Step.NOMINATIONS_OPEN: _l("Nominations open"),
    Step.NOMINATIONS_CLOSE: _l("Nominations close"),
    Step.MENDING_CLOSES: _l("Last day to mend a nomination"),
    Step.CANDIDATES_PUBLISHED: _l("Candidates are published"),
    Step.ROLL_OPENS: _l("The roll can be inspected"),
    Step.ROLL_APPLICATIONS_CLOSE: _l("Last day to apply for the roll"),
    Step.ROLL_CLOSES: _l("Inspection of the roll ends"),
    Step.ROLL_OBJECTIONS_CLOSE: _l("Last day to object to the roll"),
    Step.VOTING_OPENS: _l("Voting opens"),
    Step.VOTING_CLOSES: _l("Voting closes"),
    Step.FINDING: _l("The election board finds the result"),
    Step.RESULT_OBJECTIONS_CLOSE: _l("Last day to object to the result"),
    Step.ROLL_DELETED: _l("The roll is deleted"),
}
MATTERS: Mapping[str, LazyString] = {
    Matter.ROLL: _l("Objections to the roll"),
    Matter.NOMINATION: _l("Objections to a refused nomination"),
    Matter.RESULT: _l("Objections to the result"),
}
_RULES: Mapping[str, LazyString] = {
    "to_vote": _l("Who may vote"),
    "to_stand": _l("Who may stand"),
    "criteria": _l("Criteria"),
    "seats": _l("Groups of seats"),
    "quotas": _l("Groups of quotas"),
}


def _criterion(sentence: LazyString) -> Callable[[Parameters], str]:
    """The sentence of a criterion that cannot be used, behind the place where it stands."""

    def say(parameters: Parameters) -> str:
        rule = _RULES[parameters["rule"]]
        fault = str(sentence) % parameters
        if not parameters["place"]:
            return _("%(rule)s: %(fault)s", rule=rule, fault=fault)
        return _("%(rule)s, line %(place)s: %(fault)s", rule=rule, place=parameters["place"], fault=fault)

    return say


def _group(sentence: LazyString) -> Callable[[Parameters], str]:
    def say(parameters: Parameters) -> str:
        return _("%(rule)s: %(fault)s", rule=_RULES[parameters["rule"]], fault=str(sentence) % parameters)

    return say


def _step(sentence: LazyString) -> Callable[[Parameters], str]:
    def say(parameters: Parameters) -> str:
        return str(sentence) % {**parameters, "step": STEPS[parameters["step"]]}

    return say


def _out_of_order(parameters: Parameters) -> str:
    return _(
        "Deadlines: “%(earlier)s” must come before “%(later)s”.",
        earlier=STEPS[parameters["earlier"]],
        later=STEPS[parameters["later"]],
    )


def _window(sentence: LazyString) -> Callable[[Parameters], str]:
    def say(parameters: Parameters) -> str:
        return str(sentence) % {**parameters, "matter": MATTERS[parameters["matter"]]}

    return say


SENTENCES: Mapping[str, Sentence] = {
    # criteria
    "criterion_unreadable": _criterion(_l("this cannot be read as a criterion.")),
    "criterion_unknown": _criterion(_l("there is no criterion “%(value)s”.")),
    "criterion_too_deep": _criterion(_l("criteria are nested more than %(limit)s deep.")),
    "criterion_field_unknown": _criterion(_l("this criterion has no “%(field)s”.")),
    "criterion_field_missing": _criterion(_l("“%(field)s” is missing.")),
    "criterion_number": _criterion(_l("“%(field)s” must be a whole number from %(lowest)s to %(highest)s.")),
    "criterion_choice": _criterion(_l("“%(value)s” is not known for “%(field)s”.")),
    "criterion_groups_missing": _criterion(_l("name at least one group.")),
    "criterion_parts_missing": _criterion(_l("name at least one criterion.")),
    "criterion_too_many_parts": _criterion(_l("there is room for %(limit)s criteria here.")),
    # reading a rule set
    "rule_set_unreadable": _l("This is not a rule set."),
    "rule_set_version": _l("The rule set has version “%(found)s”. Version %(known)s can be read."),
    "rule_set_field_unknown": _l("A rule set has no “%(field)s”."),
    "rule_set_field_missing": _l("The rule set lacks “%(field)s”."),
    "rule_set_field": _l("“%(field)s” of the rule set cannot be read."),
    # contradictions
    "rule_set_key": _l("“%(value)s” cannot be a key. Use small letters, digits and hyphens."),
    "rule_set_name_missing": _l("The rule set needs a name."),
    "rule_set_citation_missing": _l("Cite the rule that is followed, and where it stands."),
    "rule_set_criterion_for_candidates": _l(
        "Who may vote: supporters and other lists can only be asked of candidates."
    ),
    "rule_set_supporters_twice": _l(
        "Who may stand: write the number of supporters only once, in its own field."
    ),
    "rule_set_supporters_range": lambda p: _(
        "Supporters: the number must be between 0 and %(limit)s.", limit=format_decimal(p["limit"])
    ),
    "rule_set_votes_over_seats": _l(
        "Votes: %(votes)s votes are more than %(seats)s seats can take, with at most %(most)s for one candidate."
    ),
    "rule_set_group_twice": _group(_l("“%(group)s” stands there twice.")),
    "rule_set_group_unnamed": _group(_l("“%(group)s” has no name.")),
    "rule_set_group_not_counted": _group(_l("“%(group)s” has a name, but the count does not know it.")),
    "rule_set_delegated": lambda p: _(
        "Delegated seats need a name, and a number from 1 to %(limit)s.", limit=format_decimal(p["limit"])
    ),
    "rule_set_window_missing": _window(_l("%(matter)s: say within how many days.")),
    "rule_set_window_range": _window(_l("%(matter)s: allow between 1 and %(limit)s days.")),
    "rule_set_paper_ballots": _l("Paper ballots: the smallest number must be between 1 and 1000."),
    "deadline_missing": _step(_l("Deadlines: “%(step)s” has no day.")),
    "deadline_too_far": _step(_l("Deadlines: “%(step)s” lies more than %(limit)s days from election day.")),
    "deadline_of_election_day": _l("Deadlines: voting closes on election day. Do not set another day."),
    "deadlines_out_of_order": _out_of_order,
    # notices
    "rule_set_stand_younger": _l(
        "People can stand from the age of %(to_stand)s, but vote only from %(to_vote)s. Is that meant?"
    ),
    "rule_set_few_paper_ballots": _l(
        "Paper ballots are counted apart from %(count)s on. Under %(usual)s, they can show how somebody voted."
    ),
}

CONFLICTS = frozenset[str]()
