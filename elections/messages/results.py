"""The sentences of station results, counts and the published result."""

from __future__ import annotations

from collections.abc import Mapping

from babel.lists import format_list
from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.wording import Sentence

Parameters = Mapping[str, object]

SHOWN = 5
"""How many missing names a sentence lists."""


def _votes_missing(parameters: Parameters) -> str:
    names = [str(name) for name in parameters["names"]]  # type: ignore[attr-defined]
    listed = format_list(names[:SHOWN], locale=get_locale())
    if len(names) <= SHOWN:
        return _("Enter the votes of everybody, 0 included. Missing: %(names)s.", names=listed)
    more = len(names) - SHOWN
    return ngettext(
        "Enter the votes of everybody, 0 included. Missing: %(names)s and %(num)d more.",
        "Enter the votes of everybody, 0 included. Missing: %(names)s and %(num)d more.",
        more,
        names=listed,
    )


def _stations_reconciled(parameters: Parameters) -> str:
    return _(
        "Two persons agree on the results of %(done)s of %(stations)s stations",
        done=parameters["done"],
        stations=parameters["stations"],
    )


CHECKS: Mapping[str, Sentence] = {
    "stations_there": _l("There are stations"),
    "stations_reconciled": _stations_reconciled,
    "urn_opened": _l("The trustees have decrypted the online vote"),
    "count_complete": _l("The last count has come to its end: no lot is missing"),
    "count_current": _l("Nothing that was counted has changed since"),
    "decision_day": _l("The day on which the city council decided is known"),
    "seats_known": _l("Every seat of the result has its seat class in the council"),
    "delegates_named": _l("The factions have named whom they send. Named so far: %(count)s"),
}
"""Lines of the checklists before an act."""

FACTS: Mapping[str, LazyString] = {
    "count": _l("Count %(value)s"),
    "commitment": _l("Fingerprint of the count, to be compared once it is published: %(value)s"),
    "lots": _l("Lots to be drawn: %(value)s"),
    "members": _l("Seats taken: %(value)s"),
}
"""Words for what these acts record, as the minutes say it."""

CONFLICTS: frozenset[str] = frozenset(
    {
        "stations_closed",
        "station_taken",
        "entering_closed",
        "station_two_entered",
        "turnout_closed",
        "delegates_closed",
    }
)

SENTENCES: Mapping[str, Sentence] = {
    # before an act
    "missing_stations_there": _l("There is no station yet."),
    "missing_urn_opened": _l("The trustees have not decrypted the online vote yet."),
    "missing_stations_reconciled": _l(
        "Two persons agree on %(done)s of %(stations)s stations. All must be done before the count."
    ),
    "missing_count_complete": _l(
        "The count is not complete: a lot must be drawn, then votes are counted again."
    ),
    "missing_count_current": _l("Figures or lots changed after the count. Count again first."),
    "missing_decision_day": _l(
        "Enter the day on which the city council decided: not before the finding, not in the future."
    ),
    "missing_seats_known": _l("The council has no seat class for some seats of the result."),
    # stations
    "station_key": _l("Write a short name for addresses: small letters, digits and hyphens."),
    "station_name_missing": _l("Write the name of the station."),
    "station_text_too_long": _l("This is too long. There is room for %(limit)s characters."),
    "station_taken": _l("There is a station with this short name."),
    "stations_closed": _l("Stations cannot be added once votes were counted."),
    # figures
    "entering_closed": _l("Results are entered after voting is closed and before they are found."),
    "station_two_entered": _l("Two persons have entered this station. Only they can correct their figures."),
    "station_range": _l("Every figure must be a whole number from 0 to %(limit)s."),
    "station_few_ballots": _l(
        "A station with fewer than %(limit)s ballots would show how people voted. "
        "Mix its ballots with another station’s, count them there, and enter 0 here."
    ),
    "station_invalid_over": _l("There are more invalid ballots than ballots."),
    "station_blank_over": _l("There are more ballots without a vote than valid ballots."),
    "station_votes_missing": _votes_missing,
    "station_vote_unknown": _l("There are votes for “%(key)s”, who does not stand."),
    "station_votes_over": _l("Votes in all: %(votes)s. These ballots can hold no more than %(most)s."),
    "station_votes_under": _l(
        "Votes in all: %(votes)s. Valid ballots with a vote: %(least)s. Each of them has one vote or more."
    ),
    "station_option_over": _l("Votes for %(name)s: %(votes)s. These ballots can hold no more than %(most)s."),
    "station_ranked_twice": _l("A ballot ranks somebody twice: %(ranking)s."),
    "station_rankings_sum": _l("Ranked ballots: %(found)s. Valid ballots with a vote: %(expected)s."),
    "station_ballots_differ": _l(
        "The file must list the candidates of this election in the order of the ballot."
    ),
    # turnout
    "turnout_closed": _l("Turnout is reported while people vote."),
    "turnout_falls": _l("The last report was %(before)s ballots. There cannot be fewer."),
    # delegates
    "delegates_closed": _l("Delegates are named before the result is published."),
    "seat_class_not_delegated": _l("Choose seats that factions send somebody to."),
    "delegate_organisation_missing": _l("Write the name of the faction."),
    "delegate_name_missing": _l("Write the name of the person."),
    # lots
    "tie_unknown": _l("The last count has no such tie that waits for a lot."),
}
