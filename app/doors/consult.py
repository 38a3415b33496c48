"""The door of consultation rounds."""

from __future__ import annotations

from flask import url_for

from consult import api, messages
from consult.events import SUBMISSION
from consult.queries.answers import find_own
from consult.queries.register import titles
from consult.services.rounds import REGISTER_KIND
from consult.staff import answers, moderation, workbench
from consult.staff import rounds as office_rounds
from consult.views import own_comments, register, rounds
from followup import held, links

pages = (rounds, own_comments, register, api, workbench, office_rounds, answers, moderation)
sentences = (messages,)


def connect() -> None:
    """The ledger learns where rounds are read, the page for receipt codes what a comment's code opens."""
    links.register(
        REGISTER_KIND,
        links.Place(
            register=lambda code: url_for("register.show_register", code=code),
            entry=lambda code, number: url_for("register.show_entry", code=code, number=number),
            titles=titles,
        ),
    )
    held.register(
        SUBMISSION,
        held.Kind(
            find=find_own,
            show=own_comments.show_own,
            ask_to_withdraw=own_comments.ask_to_withdraw,
            withdraw=own_comments.withdraw,
        ),
    )
