"""The minutes of an election as a file that anybody can recompute."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from core.audit import GENESIS, Actor, entry_hash
from elections.rules.stages import ActKind
from tests.city import found_city
from tests.elections.city import CODE, act, found_council, prepare_election


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def test_nobody_reads_the_chain_of_an_election_that_is_not_called(app: Flask) -> None:
    assert app.test_client().get(f"/elections/{CODE}/chain.json").status_code == 404


def test_every_entry_follows_from_the_one_before_it(app: Flask) -> None:
    act(ActKind.CALL)
    act(ActKind.ABANDON)
    file = app.test_client().get(f"/elections/{CODE}/chain.json").get_json()
    previous = GENESIS
    for entry in file["entries"]:
        assert entry["previous_hash"] == previous
        previous = entry_hash(
            file["chain"],
            entry["sequence"],
            date.fromisoformat(entry["day"]),
            Actor(entry["role"], entry["actor"]),
            entry["tag"],
            entry["subject"],
            entry["facts"],
            entry["commitment"],
            previous,
        )
    assert (file["head"], file["length"]) == (previous, len(file["entries"]))
    tags = [entry["tag"] for entry in file["entries"]]
    assert tags.count("elections:act:perform") == 2
