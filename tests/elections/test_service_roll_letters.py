"""The roll leaves for the credential authority: whoever may vote, once, in a file that only its owner reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from core import keys
from elections.authority.roll import read_roll
from elections.models.roll import RollEntry
from elections.services.roll.letters import export_for_letters
from elections.services.roll.seals import key_name
from tests.city import entries, found_city, refused, rows, staff
from tests.elections.city import CODE, found_council, prepare_election
from tests.elections.registers import person
from tests.elections.test_service_roll_changes import bring_in


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    keys.destroy(key_name(CODE))
    found_city()
    found_council()
    prepare_election()


def test_the_authority_reads_what_the_server_wrote_and_the_minutes_say_how_many(tmp_path: Path) -> None:
    bring_in(person(1), person(2), person(3, Geburtsdatum="01.02.2020"))
    file = tmp_path / "roll.csv"
    people = export_for_letters(CODE, file, staff("returning_officer"))
    read = read_roll(file, "en")
    voting = [entry.number for entry in rows(RollEntry) if entry.verdict == "met" and entry.struck_on is None]
    assert sorted(person.number for person in read) == sorted(voting)
    assert len(read) == people == 2
    assert file.stat().st_mode & 0o077 == 0
    (said,) = entries("elections:roll:export")
    assert said.facts == '{"people":2}'


def test_a_file_that_is_there_is_not_overwritten_and_nothing_is_said(tmp_path: Path) -> None:
    bring_in(person(1), person(2), person(3, Geburtsdatum="01.02.2020"))
    file = tmp_path / "roll.csv"
    file.write_text("mine")
    with refused("file_exists"):
        export_for_letters(CODE, file, staff("returning_officer"))
    assert file.read_text() == "mine"


def test_without_a_roll_there_is_nothing_to_export(tmp_path: Path) -> None:
    with refused("not_found"):
        export_for_letters(CODE, tmp_path / "roll.csv", staff("returning_officer"))
    assert not (tmp_path / "roll.csv").exists()
