"""People who want to stand in the test election, and those who support them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import select

from core import clock
from core.db import db
from elections.models.nominations import Nomination
from elections.rules.lots import ballot_purpose
from elections.rules.nominations import NewNomination
from elections.rules.stages import Stage
from elections.services.lots import announce_lot
from elections.services.nominations import ballot_order, decisions, receiving, vetting
from elections.services.nominations.vetting import Found
from followup.services.receipts import Receipt
from tests.city import found_city, staff
from tests.elections.city import CODE, bring_to, election, found_council, on, prepare_election, rules

OPEN, MENDING, AFTER = on(-40), on(-22), on(-20)
"""Days while nominations come in, while only mending is left, and after."""


@contextmanager
def the_day(day: date = OPEN) -> Iterator[None]:
    """A day of the election, and everything as it was before afterwards."""
    with clock.freeze(day):
        yield


def call_election(rule_set: Any = None) -> None:
    """A city, a council and an election that was called."""
    found_city()
    found_council()
    prepare_election(rule_set)
    bring_to(Stage.CALLED)


def key_of(name: str) -> str:
    """The key of the form that ``name`` sends."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def nominee(name: str = "Amina Yusuf", **changed: Any) -> NewNomination:
    facts: dict[str, Any] = {
        "name": name,
        "address": "Canarygasse 7, Lindhafen",
        "group_key": rules().groups[0].key,
        "language": "en",
        "statements": {"en": f"{name} wants longer opening hours.", "ar": "ساعات عمل أطول."},
        "consents": True,
    }
    return NewNomination(**{**facts, **changed})


def nominate(name: str = "Amina Yusuf", **changed: Any) -> Receipt:
    return receiving.nominate(CODE, key_of(name), nominee(name, **changed))


def nomination(number: int = 1) -> Nomination:
    db.session.expire_all()
    return db.session.scalars(select(Nomination).where(Nomination.number == number)).one()


def vet(number: int = 1, result: str = "met") -> None:
    """Tick every line of the checklist."""
    asked = vetting.questions_of(election())
    found = {each.key: Found(result, "register") for each in asked if each.criterion.rule != "supporters"}
    vetting.check_nomination(nomination(number).id, found, staff("returning_officer"))


def prepare(number: int = 1, decision: str = "admit", **changed: Any) -> None:
    facts: dict[str, Any] = {"change": {"en": "The name is on the ballot."}} if decision == "admit" else {}
    facts |= {"ground": "not_eligible"} if decision == "refuse" else {}
    decisions.prepare_decision(
        nomination(number).id,
        decision,
        {"en": "Every line of the rule was checked."},
        staff("returning_officer"),
        **{**facts, **changed},
    )


def release(number: int = 1, who: str = "election_board") -> None:
    decisions.release_decision(nomination(number).id, staff(who))


def admit(number: int = 1) -> None:
    """Check, decide, release: as two persons do it."""
    vet(number)
    prepare(number)
    release(number)


def draw_order(group: str, seed: str = "4 8 15 16 23 42") -> tuple[str, ...]:
    announce_lot(
        CODE, ballot_purpose(group), "seed", "The lottery of next Saturday.", staff("returning_officer")
    )
    return ballot_order.draw_ballot_order(CODE, group, staff("returning_officer"), seed=seed)
