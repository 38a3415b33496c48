"""The front door: what is open now in every room, what the city owes, and its latest answers.

It lies here because only ``app`` knows every room; rooms never import each other.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from accounts.access import public
from consult.queries import measures, rounds
from consult.views.rounds import AHEAD
from core.compression import compressed
from core.db import db
from elections.queries import elections
from elections.rules.public_way import Period
from followup import links
from followup.forms import CodeForm
from followup.queries import ledger
from followup.queries.ledger import Overdue
from motions.queries import listing
from motions.queries.public import step_at

blueprint = Blueprint("home", __name__)

LATE_SHOWN = 2
MOTIONS_SHOWN = 3


@blueprint.get("/")
@public
@compressed
def show_home() -> str:
    """What this is, what is open now, what the city owes, and its latest answers."""
    return render_template(
        "pages/home.html",
        elections=[line for line in elections.list_elections() if line.period is not Period.PAST],
        rounds=[line for line in rounds.list_rounds() if line.phase in AHEAD],
        owed=ledger.ledger(db.session()).totals,
        late=ledger.overdue(db.session(), limit=LATE_SHOWN),
        late_url=_where,
        late_step=lambda item: step_at(db.session(), item.code, item.number),
        motions=listing.newest(db.session(), MOTIONS_SHOWN),
        answers=measures.latest_answers(),
        code_form=CodeForm(formdata=None),
    )


def _where(item: Overdue) -> str | None:
    """Where a late item is read: a comment in its round's register, a step at its motion."""
    place = links.place(item.kind)
    return place.entry(item.code, item.number) if place else None
