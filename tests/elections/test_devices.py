"""Station devices: enrolled by the office, found by everybody, ended when lost, and known to no ballot."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.audit import AuditEntry
from core.errors import DomainError
from elections.models.devices import Device
from elections.models.urn import UrnEvent
from elections.rules.devices import ENROLLING, check_device
from elections.rules.stages import Stage
from elections.services.devices import Enrolled, enrol_device, revoke_device
from tests.accounts.browsers import text_of
from tests.city import everything, found_city, refused, rows, staff
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.elections.voters import VOTING, at, open_town
from tests.office import Desk

DEVICES = f"/office/elections/{CODE}/devices/"
LIBRARY = ("Library", "Market 2, ground floor", "Monday to Friday, 9:00 to 17:00")


def enrol() -> Enrolled:
    return enrol_device(CODE, *LIBRARY, staff("returning_officer"))


def station(enrolled: Enrolled) -> str:
    return f"/en/elections/{CODE}/station/{enrolled.token}/"


@pytest.mark.parametrize("stage", Stage)
def test_devices_are_enrolled_from_the_call_until_voting_is_closed(stage: Stage) -> None:
    if stage in ENROLLING:
        check_device(stage, *LIBRARY)
    else:
        with pytest.raises(DomainError, match="device_stage"):
            check_device(stage, *LIBRARY)


def test_a_device_says_where_it_stands_and_when_or_is_refused(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    with refused("device_name_missing", "device_place_missing", "device_hours_missing"):
        enrol_device(CODE, " ", "", "", staff("returning_officer"))
    with refused("device_text_too_long"):
        enrol_device(CODE, "x" * 201, "Market 2", "Mondays", staff("returning_officer"))


def test_the_office_enrols_a_device_whose_link_is_shown_once_and_kept_nowhere(
    app: Flask, client: FlaskClient
) -> None:
    open_town()
    desk = Desk(app, "returning_officer")
    name, place, hours = LIBRARY
    page = desk.send(f"{DEVICES}enrol", {"name": name, "place": place, "hours": hours}, page=DEVICES)
    link = page.get_data(as_text=True).partition("/station/")[2].partition("/")[0]
    assert client.get(f"/en/elections/{CODE}/station/{link}/").status_code == 200
    assert link not in desk.read(DEVICES)
    assert link not in str(everything())
    (entry,) = (row for row in rows(AuditEntry) if row.tag == "elections:device:enrol")
    assert json.loads(entry.facts)["place"] == place


def test_everybody_reads_where_devices_stand_on_the_page_of_the_election_and_in_the_booth(
    app: Flask, client: FlaskClient
) -> None:
    open_town()
    enrolled = enrol()
    for page in (f"/en/elections/{CODE}/", f"/en/elections/{CODE}/vote/"):
        text = text_of(client.get(page))
        assert all(each in text for each in LIBRARY)
    booth = client.get(f"/en/elections/{CODE}/vote/booth.json").get_json()
    assert LIBRARY[1] in booth["words"]["stations"]
    revoke_device(CODE, enrolled.number, staff("returning_officer"))
    assert LIBRARY[1] not in text_of(client.get(f"/en/elections/{CODE}/vote/"))


def test_a_lost_device_is_ended_and_its_link_opens_nothing(app: Flask, client: FlaskClient) -> None:
    open_town()
    enrolled = enrol()
    assert client.get(station(enrolled)).status_code == 200
    assert client.get(station(Enrolled(1, "guessed"))).status_code == 404
    desk = Desk(app, "returning_officer")
    desk.send(f"{DEVICES}1/revoke", page=DEVICES)
    assert client.get(station(enrolled)).status_code == 404
    with refused("device_revoked"):
        revoke_device(CODE, 1, staff("returning_officer"))
    again = desk.post(f"{DEVICES}1/revoke")
    assert "The link of this device was ended before." in text_of(again)


def test_a_device_that_is_opened_before_voting_says_that_it_waits(app: Flask, client: FlaskClient) -> None:
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    assert "Voting has not begun yet." in text_of(client.get(station(enrol())))


def test_a_station_leaves_no_trace_of_itself_and_no_request_of_its_booth_names_it(
    app: Flask, client: FlaskClient
) -> None:
    """Page, words and question are read without writing anything; then a ballot writes what every ballot writes."""
    town = open_town()
    enrolled = enrol()
    with at(VOTING):
        before = everything()
        page = client.get(station(enrolled))
        assert everything() == before
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in page.headers
        shown = page.get_data(as_text=True)
        addresses = [part.partition('"')[0] for part in shown.split('="') if part.startswith("/")]
        assert f"/en/elections/{CODE}/ballots" in addresses
        assert not [each for each in addresses if enrolled.token in each and "/station/" not in each]
        town.vote(0, 1)
    after = everything()
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"elections_urn", "elections_urn_event"}
    assert sum(row.kind == "Ballot" for row in rows(UrnEvent)) == 1


def test_a_device_holds_nothing_that_could_be_joined_to_a_ballot() -> None:
    assert {column.name for column in Device.__table__.columns} == {
        "id",
        "election_id",
        "number",
        "name",
        "place",
        "hours",
        "token_mac",
        "enrolled_on",
        "revoked_on",
    }
