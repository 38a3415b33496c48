"""What is said about counting: a sentence for every refusal, and one for every reason in a result.

``explain_reason`` turns a reason into a sentence for the page that says why seat 7 went to whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import LazyString, format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.wording import Sentence
from elections.counting.result import Reason
from elections.counting.rule import Apportionment, Method

Parameters = Mapping[str, Any]

METHODS: Mapping[str, LazyString] = {
    Method.PLURALITY_IN_GROUPS: _l("Most votes within each group"),
    Method.BLOCK: _l("Most votes, one for each candidate"),
    Method.CUMULATIVE: _l("Most votes, several for one candidate"),
    Method.LISTS: _l("One vote for a whole list"),
    Method.STV: _l("Candidates ranked by the voter (Scottish rule)"),
}
APPORTIONMENTS: Mapping[str, LazyString] = {
    Apportionment.DHONDT: _l("D'Hondt"),
    Apportionment.SAINTE_LAGUE: _l("Sainte-Laguë"),
    Apportionment.HARE_NIEMEYER: _l("Hare-Niemeyer"),
}

# Reasons -------------------------------------------------------------------------------------------------------------

NAMED = frozenset({"candidate", "list", "group", "quota_group", "runner_up", "instead_of", "names"})
"""Parameters of reasons that are ids, for which a reader wants to see names."""


def explain_reason(reason: Reason, names: Mapping[str, str]) -> str:
    """The sentence for one reason in the language now in force; ``names`` maps ids to what people are called."""
    shown: dict[str, object] = {}
    for key, value in reason.parameters.items():
        if isinstance(value, list):
            shown[key] = _listed(names.get(each, each) for each in value)
        elif key in NAMED:
            shown[key] = names.get(str(value), value)
        elif isinstance(value, int):
            shown[key] = format_decimal(value)
        else:
            shown[key] = value.replace("/", " ÷ ")
    sentence = REASONS[reason.code]
    if callable(sentence) and not isinstance(sentence, LazyString):
        return str(sentence(shown))
    return str(sentence) % shown


def _listed(values: Iterable[str]) -> str:
    shown = list(values)
    return format_list(shown, locale=get_locale()) if shown else ""


def _joined(*sentences: str) -> str:
    return " ".join(sentences)


def _most_votes(p: Parameters) -> str:
    won = _("%(candidate)s has most votes: %(votes)s.", candidate=p["candidate"], votes=p["votes"])
    if not p["runner_up"]:
        return won
    return _joined(
        won,
        _("Next is %(name)s: %(votes)s.", name=p["runner_up"], votes=p["runner_up_votes"]),
    )


def _quotient(p: Parameters) -> str:
    won = _("%(list)s has the largest quotient: %(quotient)s.", list=p["list"], quotient=p["quotient"])
    if not p["runner_up"]:
        return won
    return _joined(won, _("Next is %(name)s: %(votes)s.", name=p["runner_up"], votes=p["runner_up_quotient"]))


def _remainder(p: Parameters) -> str:
    won = _(
        "%(list)s has one of the largest remainders: %(remainder)s.",
        list=p["list"],
        remainder=p["remainder"],
    )
    if not p["runner_up"]:
        return won
    return _joined(
        won, _("Next is %(name)s: %(votes)s.", name=p["runner_up"], votes=p["runner_up_remainder"])
    )


REASONS: Mapping[str, LazyString | Callable[[Parameters], str]] = {
    # why somebody has a seat
    "seat_most_votes": _most_votes,
    "seat_most_votes_list": _most_votes,
    "seat_next_votes": _l("%(candidate)s has most votes of all who have no seat yet: %(votes)s."),
    "seat_no_contest": _l("%(candidate)s has a seat, since there are no more candidates than seats."),
    "seat_minimum": _l(
        "At least %(minimum)s of these seats go to %(quota_group)s. "
        "So %(candidate)s has the seat instead of %(instead_of)s."
    ),
    "seat_by_lot": _l("%(names)s were equal. The lot decided."),
    "seat_quotient": _quotient,
    "seat_whole_quota": _l(
        "%(list)s has %(votes)s of %(total)s votes. Of %(seats)s seats, the whole part of its share is %(whole)s."
    ),
    "seat_remainder": _remainder,
    "seat_list_order": _l("%(candidate)s is number %(position)s on the list."),
    "seat_quota": _l(
        "%(candidate)s reached the quota of %(quota)s in stage %(stage)s, with %(votes)s votes."
    ),
    "seat_last_vacancies": _l(
        "%(candidate)s was elected in stage %(stage)s: as many were left as there were seats."
    ),
    "seat_any_lot": _l("%(candidate)s is elected, whatever the lot says."),
    "seat_passed_on": _l("%(group)s had no candidate left for this seat."),
    # why nobody has it
    "seat_undecided": _l("%(names)s are equal. A lot must be drawn."),
    "seat_vacant": _l(
        "The seat stays empty. Seats: %(seats)s. Candidates who could take them: %(candidates)s."
    ),
    "seat_vacant_list": _l("The seat stays empty: %(list)s has no more candidates."),
    "seat_vacant_lists": _l("The seat stays empty: no list with votes is left for it."),
    # what else a result notes
    "barrier_missed": _l(
        "%(list)s takes no part: %(votes)s of %(total)s votes are less than the share of %(barrier)s."
    ),
    "list_full": _l("All candidates of %(list)s have a seat: %(candidates)s. Its other seats went on."),
    "maximum_reached": _l(
        "%(candidate)s was passed over: at most %(maximum)s of these seats go to %(quota_group)s."
    ),
    "minimum_unmet": _l(
        "At least %(minimum)s of these seats should go to %(quota_group)s. Candidates were missing: %(missing)s."
    ),
    # stages of a transferable vote
    "stage_surplus": _l(
        "%(candidate)s has %(votes)s votes. What exceeds the quota goes on to the next preferences: %(surplus)s."
    ),
    "stage_exclusion": _l(
        "%(candidate)s has the fewest votes: %(votes)s. They go on to the next preferences."
    ),
    "tie_by_earlier_stage": _l("%(names)s were equal. Stage %(stage)s, where they differed, decided."),
    "tie_by_lot": _l("%(names)s were equal at all stages. The lot decided."),
}

# Refusals ------------------------------------------------------------------------------------------------------------


def _lot_names(p: Parameters) -> str:
    parts = [_("The lot for “%(key)s” was not drawn among those who are equal.", key=p["key"])]
    if p["missing"]:
        parts.append(_("Missing: %(numbers)s.", numbers=_listed(p["missing"])))
    if p["extra"]:
        parts.append(_("Too many: %(numbers)s.", numbers=_listed(p["extra"])))
    return _joined(*parts)


def _method(sentence: LazyString) -> Callable[[Parameters], str]:
    """A sentence in which the method's code is shown by its name."""
    return lambda p: str(sentence) % {**p, "method": METHODS[p["method"]]}


SENTENCES: Mapping[str, Sentence] = {
    # rules
    "rule_seats_range": _l("The number of seats must lie between 1 and %(limit)s, not %(seats)s."),
    "rule_groups_missing": _l("Say how many seats each group has."),
    "rule_groups_sum": _l("Seats of all groups together: %(found)s. Seats in the rule: %(seats)s."),
    "rule_group_seats": _l("Group “%(group)s” needs at least one seat."),
    "rule_groups_not_here": _method(_l("Seats per group do not go with “%(method)s”.")),
    "rule_votes_range": _l("A voter needs at least one vote."),
    "rule_votes_missing": _l("Say how many votes a voter has."),
    "rule_most_range": _l("A candidate must be allowed at least one vote from each voter."),
    "rule_most_over_votes": _l(
        "Votes for one candidate: %(most)s. That is more than a voter has: %(votes)s."
    ),
    "rule_most_not_here": _method(_l("Several votes for one candidate do not go with “%(method)s”.")),
    "rule_one_vote": _method(_l("With “%(method)s” a voter has exactly one vote.")),
    "rule_apportionment_missing": _l("Say how seats are shared out among lists."),
    "rule_apportionment_not_here": _method(
        _l("Sharing seats out among lists does not go with “%(method)s”.")
    ),
    "rule_barrier_range": _l("The smallest share must be at least 0 and less than 1, not %(barrier)s."),
    "rule_barrier_not_here": _l("A smallest share needs lists."),
    "rule_quotas_not_here": _l("Minimums and maximums go only with most votes, not with lists or ranking."),
    "rule_quota_negative": _l("The minimum and maximum for “%(group)s” cannot be less than 0."),
    "rule_quota_crossed": _l("“%(group)s” has the minimum %(minimum)s and the maximum %(maximum)s."),
    "rule_minimums_sum": _l("Seats that the minimums need: %(minimums)s. Seats there are: %(seats)s."),
    "rule_key_unknown": _l("The counting rule has “%(key)s”, which is not known."),
    "rule_key_missing": _l("The counting rule does not say “%(key)s”."),
    "rule_value": _l("“%(value)s” cannot stand for “%(key)s” in a counting rule."),
    # tallies
    "tally_id_twice": _l("“%(key)s” stands twice among candidates and lists."),
    "tally_group_unknown": _l("“%(candidate)s” stands in the group “%(group)s”, which has no seats."),
    "tally_list_unknown": _l("“%(candidate)s” stands on the list “%(list)s”, which does not exist."),
    "tally_position_twice": _l("The list “%(list)s” has number %(position)s twice."),
    "tally_negative": _l("“%(key)s” has a negative number."),
    "tally_vote_unknown": _l("There are votes for “%(key)s”, who does not stand."),
    "tally_candidate_votes": _l("Votes for “%(key)s”: %(votes)s. There can be no more than %(most)s."),
    "tally_votes": _l("Votes in all: %(votes)s. There can be no more than %(most)s."),
    "tally_rankings_not_here": _l("Ranked ballots cannot be counted by this rule."),
    "tally_ranked_twice": _l("A ballot ranks somebody twice: %(ranking)s."),
    # ballots
    "ballot_candidate_unknown": _l("The ballot names “%(candidate)s”, who does not stand."),
    "ballot_candidate_votes": _l("Votes for “%(candidate)s” on the ballot: %(votes)s. At most: %(most)s."),
    "ballot_too_many_votes": _l("Votes on the ballot: %(votes)s. At most: %(most)s."),
    # sharing seats out, lots
    "seats_range": _l("The number of seats must lie between 0 and %(limit)s, not %(seats)s."),
    "votes_negative": _l("“%(key)s” has a negative number."),
    "votes_not_a_number": _l("“%(key)s” has no whole number of votes, but %(value)s."),
    "votes_twice": _l("“%(key)s” stands twice in the file."),
    "published_unreadable": _l("The file is not the result.json of an election."),
    "published_differs": _l("Counted again, the file gives another result than the one it publishes."),
    "votes_names_many": _l("The file may name %(limit)s lists or people at most."),
    "votes_name": _l(
        "“%(key)s” cannot be a name: use up to %(limit)s characters, and only such that can be seen."
    ),
    "votes_too_large": _l("“%(key)s” has more votes than a count can take: %(limit)s at most."),
    "votes_unreadable": _l("Line %(line)s: the file is not readable JSON."),
    "votes_not_an_object": _l('The file must map names to votes, such as {"A": 120, "B": 80}.'),
    "lot_names_differ": _lot_names,
    # BLT files
    "blt_not_utf8": _l("Line %(line)s is not UTF-8. Save the file as UTF-8."),
    "blt_header": _l("Line %(line)s: the file must begin with the number of candidates and of seats."),
    "blt_candidates": _l(
        "Line %(line)s: the number of candidates must lie between 1 and %(limit)s, not %(value)s."
    ),
    "blt_seats": _l("Line %(line)s: the number of seats must lie between 1 and %(limit)s, not %(value)s."),
    "blt_withdrawn": _l("Line %(line)s: “%(value)s” is not a withdrawn candidate such as -2."),
    "blt_weight": _l("Line %(line)s: “%(value)s” is not a number of ballots. Write a whole number from 1."),
    "blt_equal": _l("Line %(line)s: “%(value)s” ranks candidates as equal. This rule does not allow it."),
    "blt_preference": _l("Line %(line)s: “%(value)s” is not the number of a candidate."),
    "blt_unknown": _l("Line %(line)s: there is no candidate %(value)s. The last one is %(candidates)s."),
    "blt_twice": _l("Line %(line)s: the ballot ranks candidate %(value)s twice."),
    "blt_open": _l("Line %(line)s: the ballot does not end with 0."),
    "blt_end_missing": _l("Line %(line)s: the ballots do not end with a line that is just 0."),
    "blt_name": _l("Line %(line)s: “%(value)s” is not a name in quotation marks."),
    "blt_name_open": _l("Line %(line)s: a quotation mark is not closed."),
    "blt_names_missing": _l("Line %(line)s: names are missing. Found: %(found)s. Needed: %(candidates)s."),
    "blt_names_too_many": _l("Line %(line)s: there are more names than candidates."),
}
