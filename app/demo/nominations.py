"""Those who stand in the demo's election: they hand in, are vetted by two persons, and come to the ballot by lot."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core import audit
from core.db import db
from elections.models.elections import Election
from elections.models.nominations import Nomination
from elections.rules.lots import Way, ballot_purpose
from elections.rules.nominations import NewNomination, is_counted
from elections.services.lots import announce_lot
from elections.services.nominations.ballot_order import draw_ballot_order
from elections.services.nominations.decisions import prepare_decision, release_decision
from elections.services.nominations.receiving import mend, nominate
from elections.services.nominations.vetting import Found, check_nomination, questions_of, request_mending

ADDRESS = "Lindenufer 3, 99872 Lindhafen"
"""Where everybody in the demo lives."""
Codes = dict[str, str]
"""The receipt codes that nominees hold, by name, for as long as the demo is played."""


def hand_in(code: str, each: Mapping[str, Any], codes: Codes) -> None:
    """Somebody nominates themselves; whose statement is to be mended says too little first."""
    statements = {each["language"]: "…"} if "mending" in each else each["statement"]
    receipt = nominate(
        code,
        secrets.token_hex(16),
        NewNomination(
            name=each["name"],
            address=ADDRESS,
            group_key=each["region"],
            language=each["language"],
            statements=statements,
            consents=True,
        ),
    )
    codes[each["name"]] = receipt.code


def ask_to_mend(code: str, each: Mapping[str, Any], actor: audit.Actor) -> None:
    """An officer names what is missing."""
    request_mending(_id_of(code, each["name"]), "de", each["mending"], actor)


def mend_it(each: Mapping[str, Any], codes: Codes) -> None:
    """Whoever holds the receipt code mends what was missing."""
    mend(codes[each["name"]], each["statement"])


def vet(code: str, each: Mapping[str, Any], answers: Mapping[str, Any], actor: audit.Actor) -> None:
    """One person looks at every line of the checklist and prepares the decision with its answer."""
    nomination_id = _id_of(code, each["name"])
    refused = "refusal" in each
    election = db.session.scalars(select(Election).where(Election.code == code)).one()
    lines = [question.key for question in questions_of(election) if not is_counted(question.criterion)]
    found = {key: Found("met", "register") for key in lines}
    if refused:
        found[lines[-1]] = Found("unknown", "declared")
    check_nomination(nomination_id, found, actor)
    if refused:
        prepare_decision(nomination_id, "refuse", each["refusal"], actor, ground="not_mended")
    else:
        prepare_decision(nomination_id, "admit", answers["reason"], actor, change=answers["change"])


def decide(code: str, each: Mapping[str, Any], actor: audit.Actor) -> None:
    """Another person releases decision and answer."""
    release_decision(_id_of(code, each["name"]), actor)


def announce_order(code: str, regions: list[str], source: str, actor: audit.Actor) -> None:
    """Say in public where the seed for the order of each region's candidates will come from."""
    for region in regions:
        announce_lot(code, ballot_purpose(region), Way.SEED, source, actor)


def draw_order(code: str, regions: list[str], seed: str, actor: audit.Actor) -> None:
    """Draw the order of each region's candidates from the seed."""
    for region in regions:
        draw_ballot_order(code, region, actor, seed=seed)


def _id_of(code: str, name: str) -> int:
    return db.session.scalars(
        select(Nomination.id)
        .join(Election, Election.id == Nomination.election_id)
        .where(Election.code == code, Nomination.name == name)
    ).one()
