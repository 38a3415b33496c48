"""Whether a code was used: a page whose script derives the code's public part on the device and asks the board about that."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from accounts.access import public
from core import i18n
from core.db import db
from elections.messages.booth import WORDS, say_contact
from elections.messages.procedure import show_moment
from elections.queries import board as boards
from elections.queries import procedure
from elections.rules.urn import UrnState
from elections.views.booth import booth_response, contact

blueprint = Blueprint("elections_code", __name__)


@blueprint.get("/elections/<code>/code/")
@public
def show_code(code: str) -> Response:
    """Where whoever holds a code learns what became of it. The code stands after ``#`` or is typed; it is never sent."""
    board = boards.find_board(db.session(), code)
    election = procedure.find_election(code)
    page = render_template(
        "elections/code.html",
        booth={
            "title": i18n.localized(election.title).text,
            "contact": say_contact(contact()),
            "uuid": board.uuid,
            "open": board.state in (UrnState.OPEN, UrnState.INTERRUPTED),
            "closes": _("You can vote until %(moment)s.", moment=show_moment(election.voting_closes_at)),
            "vote_url": url_for("elections_booth.show_booth", code=code),
            "board_url": url_for("elections_board.show_board", code=code),
            "ask_url": url_for("elections_board.show_credential", code=code, key="KEY"),
        },
        booth_words=WORDS,
    )
    return booth_response(page)
