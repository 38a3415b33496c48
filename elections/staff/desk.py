"""What the office's pages of an election share: where else one can go, and what their templates need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from accounts import desk

TABS: tuple[tuple[LazyString, str], ...] = (
    (_l("Where it stands"), "office_elections.show_desk"),
    (_l("Rules"), "office_preparation.show_rules"),
    (_l("Nominations"), "office_nominations.list_nominations"),
    (_l("Roll"), "office_roll.show_roll"),
    (_l("Online vote"), "office_urn.show_urn"),
    (_l("Station devices"), "office_devices.show_devices"),
    (_l("Voting on paper"), "office_devices.show_paper"),
    (_l("Stations and results"), "office_results.show_results"),
    (_l("Objections"), "office_objections.list_objections"),
    (_l("Minutes"), "office_elections.show_minutes"),
)
"""The pages beside each other in one election: title and endpoint, which takes the election's ``code``."""

PLACES: Mapping[str, str] = {
    "rules_sound": "office_preparation.change_rules",
    "days_in_order": "office_preparation.change_election",
    "seats_agree": "office_preparation.change_rules",
    "nominations_ahead": "office_preparation.change_election",
    "texts_in": "office_preparation.change_election",
    "candidates_public": "office_nominations.list_nominations",
    "nominations_decided": "office_nominations.list_nominations",
    "ballot_order_drawn": "office_nominations.show_ballot_order",
    "candidates_stand": "office_nominations.list_nominations",
    "candidates_enough": "office_nominations.list_nominations",
    "roll_imported": "office_roll.import_roll",
    "registrations_decided": "office_roll.show_roll",
    "roll_committed": "office_roll.show_roll",
    "roll_changes": "office_roll.correct_roll",
    "urn_prepared": "office_urn.show_urn",
    "urn_opened": "office_urn.show_urn",
    "devices_there": "office_devices.show_devices",
    "paper_enough": "office_devices.show_paper",
    "paper_struck": "office_urn.show_urn",
    "paper_ballots": "office_devices.show_paper",
    "roll_answers": "promises.show_register",
    "stations_there": "office_results.list_stations",
    "stations_reconciled": "office_results.list_stations",
    "delegates_named": "office_results.list_stations",
    "count_complete": "office_results.show_results",
    "count_current": "office_results.show_results",
    "seats_known": "office_preparation.show_rules",
    "objections_answered": "promises.show_register",
    "objections_followed": "office_objections.list_objections",
    "everything_answered": "promises.show_register",
}
"""Where to do what a check asks for: its code and an endpoint, which takes the election's ``code``."""


@dataclass(frozen=True, slots=True)
class StepShown:
    """One stage on the way, as ``_components/steps.html`` shows it."""

    title: str
    when: str
    state: str
    note: str = ""


def tabs(code: str) -> list[tuple[str, str, str]]:
    """Title, address and endpoint of every page that this installation has for an election."""
    return [
        (str(title), url_for(endpoint, code=code), endpoint)
        for title, endpoint in TABS
        if endpoint in current_app.view_functions
    ]


def place_of(check: str, code: str) -> str:
    """Where in the election called ``code`` one does what ``check`` asks for; nothing if that has no page."""
    endpoint = PLACES.get(check, "")
    return url_for(endpoint, code=code) if endpoint in current_app.view_functions else ""


def office_page(
    template: str, status: int = 200, problems: Iterable[str] = (), **context: object
) -> ResponseReturnValue:
    """A page of the elections' office, with what its templates need beside ``accounts.desk.office_page``."""
    return desk.office_page(
        f"elections/staff/{template}", status, problems, election_tabs=tabs, place_of=place_of, **context
    )
