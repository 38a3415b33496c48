"""The electoral roll of the demo: a register of invented people, and one person whom it misses."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from accounts.rules import RoleName
from core import audit
from elections.eligibility.checklists import Verdict
from elections.rules.roll import Change
from elections.rules.roll_maps import read_map
from elections.services import acts
from elections.services.roll.imports import import_roll
from elections.services.roll.registrations import propose_change, register_person, see_evidence
from elections.services.roll.seals import Person

COLUMNS = ("number", "first name", "last name", "street", "postcode", "city", "born", "since", "group")
MAPPING = {
    "columns": {
        "register_id": "number",
        "name": ["first name", "last name"],
        "street": "street",
        "postcode": "postcode",
        "city": "city",
        "born_on": "born",
        "resident_since": "since",
        "citizenship": "group",
    },
    "values": {"citizenship": {"foreign": "foreign", "naturalised": "naturalised", "?": "unknown"}},
}


def register_file(facts: Mapping[str, Any], people: int, election_day: date) -> bytes:
    """A CSV file of ``people`` invented people: a few too young, a few new in the city, a few not known well enough."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for place in range(people):
        writer.writerow(_row(facts, place, election_day))
    return file.getvalue().encode("utf-8")


def _row(facts: Mapping[str, Any], place: int, election_day: date) -> list[str]:
    """Steps that share no factor go through every pair of names before one comes again."""
    age = 17 if place % 97 == 0 else 18 + place * 7 % 60
    days_here = 40 if place % 61 == 0 else 100 + place * 53 % 9000
    group = "?" if place % 143 == 0 else "naturalised" if place % 6 == 0 else "foreign"
    return [
        str(100_000 + place * 37),
        _taken(facts["first_names"], place),
        _taken(facts["last_names"], place * 7),
        f"{_taken(facts['streets'], place * 5)} {1 + place % 60}",
        _taken(facts["postcodes"], place),
        facts["city"],
        (election_day - timedelta(days=age * 366 + place % 90)).isoformat(),
        (election_day - timedelta(days=days_here)).isoformat(),
        group,
    ]


def _taken(values: list[str], place: int) -> str:
    return values[place % len(values)]


def import_register(
    code: str, facts: Mapping[str, Any], people: int, election_day: date, actor: audit.Actor
) -> None:
    """Put everybody in the register on the roll."""
    import_roll(code, register_file(facts, people, election_day), "register.csv", read_map(MAPPING), actor)


def ask(code: str, missed: Mapping[str, Any]) -> None:
    """Somebody who is not in the register asks to be on the roll."""
    person = Person(missed["name"], missed["street"], missed["postcode"], missed["city"], "ar")
    register_person(code, secrets.token_hex(16), person)


def see(code: str, number: int, actor: audit.Actor) -> None:
    """An officer sees the evidence of the registration with this number."""
    see_evidence(code, number, "in_person", Verdict.MET, actor)


def correct(code: str, number: int, reason: str, first: audit.Actor, second: audit.Actor) -> None:
    """Two persons put the registration with this number on the roll."""
    roles = [RoleName.RETURNING_OFFICER]
    act = propose_change(code, [Change(registration=number)], reason, first, roles)
    acts.confirm_act(act, second, roles)
