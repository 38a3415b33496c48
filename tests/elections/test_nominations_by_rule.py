"""Nominations under other rules: with supporters, and on lists."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from elections.models.candidates import Candidate, CandidateList
from elections.rules.deadlines import Step, read_timetable
from elections.rules.stages import ActKind
from elections.services.lots import announce_lot
from elections.services.nominations import ballot_order, receiving
from tests.city import on_one_database, refused, rows, staff
from tests.elections.city import CODE, act, election, rules
from tests.elections.nominees import (
    admit,
    call_election,
    nominate,
    nomination,
    prepare,
    release,
    the_day,
    vet,
)

pytestmark = on_one_database


@pytest.fixture(autouse=True)
def in_time(app: Flask) -> Iterator[None]:
    with the_day():
        yield


def test_a_nomination_is_admitted_once_enough_people_support_it() -> None:
    call_election(dataclasses.replace(rules(), supporters=2))
    secret = receiving.link_token(nominate().code)
    vet()
    receiving.support(secret, "Karim", "Am Markt 1")
    with refused("vetting_incomplete"):
        prepare()
    receiving.support(secret, "Lena", "Am Markt 1")
    prepare()
    release()
    assert nomination().state == "admitted"


def test_lists_are_put_in_order_by_lot_and_keep_their_own_order_within() -> None:
    call_election(dataclasses.replace(rules("lists"), supporters=0))
    days = read_timetable(election().timetable)
    with the_day(days[Step.NOMINATIONS_CLOSE]):
        with refused("nominee_list_missing"):
            nominate("Nobody", group_key="")
        for name, on_list in (("Amina", "Open City"), ("Boris", "open city"), ("Chen", "Neighbours")):
            nominate(name, group_key="", list_name=on_list)
        for number in (1, 2, 3):
            admit(number)
    assert [(each.name, each.position) for each in rows(CandidateList)] == [
        ("Open City", None),
        ("Neighbours", None),
    ]
    assert [each.position for each in rows(Candidate)] == [1, 2, 1]
    officer = staff("returning_officer")
    announce_lot(CODE, "ballot-order", "hand", "In the town hall.", officer)
    with the_day(days[Step.MENDING_CLOSES] + timedelta(1)):
        with refused("missing_ballot_order_drawn"):
            act(ActKind.PUBLISH_CANDIDATES)
        ballot_order.draw_ballot_order(
            CODE, "", officer, order=["list-2", "list-1"], witnesses="Drawn by the mayor, watched by two."
        )
        act(ActKind.PUBLISH_CANDIDATES)
    assert [each.position for each in rows(CandidateList)] == [2, 1]
