"""The page of an election's public lots."""

from __future__ import annotations

from flask import Blueprint, render_template

from accounts.access import public
from core.compression import compressed
from core.db import db
from elections.messages.lots import WAYS
from elections.queries.elections import find_election
from elections.queries.lots import public_election, public_lots
from elections.queries.nominations import group_names

blueprint = Blueprint("elections_lots", __name__)


@blueprint.get("/elections/<code>/lots/")
@public
@compressed
def show_lots(code: str) -> str:
    """Each lot with its source, seed, items and order, and how to recompute it."""
    session = db.session()
    election = public_election(session, code)
    return render_template(
        "elections/lots.html",
        election=election,
        line=find_election(code),
        lots=public_lots(session, election),
        groups=group_names(election),
        ways=WAYS,
    )
