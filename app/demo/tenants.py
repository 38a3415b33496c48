"""Plays the election of the demo's tenants' board up to today: it was called, and nominations come in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from accounts.rules import RoleName
from app.demo import elections, nominations, roll
from app.demo.elections import Event, People
from core import audit
from core.localized import Localized
from council.rules import Way
from council.services.bodies import NewSeatClass
from elections.rules.nominations import NewNomination
from elections.rules.rule_sets import RuleSet
from elections.rules.stages import ActKind
from elections.services.nominations.receiving import link_token, nominate, support

CITATION = "Satzung des Mieterbeirats Hafenviertel, § 4 (invented); counted by the Scottish rule"


def rule_set(facts: Mapping[str, Any], seats: int, founded: date) -> RuleSet:
    """The Scottish count for everybody who lives there."""
    found = elections.residents_rule_set(facts, "tenants-hafenviertel", CITATION, founded)
    return replace(found, counting=replace(found.counting, seats=seats), supporters=facts["supporters"])


def plan(today: date, tenants: Mapping[str, Any], people: People) -> list[Event]:
    """The board is founded, its election called; some stand, some wait for an officer, and somebody asks for the roll."""
    body, facts = tenants["body"], tenants["election"]
    founded = today + timedelta(days=body["founded"])
    voting_ends = elections.election_day(facts, today)
    rules = rule_set(facts, body["seats"], founded)
    officers = people[RoleName.RETURNING_OFFICER]
    code = facts["code"]

    def on(days: int) -> date:
        return voting_ends + timedelta(days=days)

    seats = NewSeatClass("tenants", Way.ELECTED, Localized.of(body["class"], body["language"]), body["seats"])
    called = on(facts["days"]["called"])
    events: list[Event] = [
        (founded, 10, partial(elections.found_body, body, [seats], people[RoleName.CLERK][0])),
        (called, 20, partial(elections.prepare, facts, body, rules, voting_ends, officers[0])),
        (called, 21, partial(elections.act, code, ActKind.CALL, people)),
        (on(facts["days"]["missed"]), 20, partial(roll.ask, code, facts["missed"])),
    ]
    for each in facts["candidates"]:
        events.append((on(each["day"]), 20, partial(_hand_in, code, each)))
        if "mending" in each:
            events.append(
                (on(each["day"] + 2), 20, partial(nominations.ask_to_mend, code, each, officers[0]))
            )
        if "vetted" in each:
            events += _decided(code, each, facts["admission"], on(each["vetted"]), officers)
    return events


def _decided(
    code: str,
    each: Mapping[str, Any],
    admission: Mapping[str, Any],
    day: date,
    officers: Sequence[audit.Actor],
) -> list[Event]:
    return [
        (day, 20, partial(nominations.vet, code, each, admission, officers[0])),
        (day, 21, partial(nominations.decide, code, each, officers[1])),
    ]


def _hand_in(code: str, each: Mapping[str, Any]) -> None:
    """Somebody nominates themselves and passes the supporters' link on."""
    receipt = nominate(
        code,
        secrets.token_hex(16),
        NewNomination(
            name=each["name"],
            address=nominations.ADDRESS,
            language=each["language"],
            statements=each["statement"],
            consents=True,
        ),
    )
    for house, name in enumerate(each["supporters"], start=1):
        support(link_token(receipt.code), name, f"Speicherstraße {house}, 99875 Lindhafen")
