"""Councils: who sits on them, what is vacant, how many must be present, what changed, and their register."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request, url_for

from accounts.access import public
from core.compression import compressed
from core.db import db
from council import events, links, messages
from council.queries import bodies, calls
from followup import subjects
from followup.messages import OWED
from followup.queries import ledger

blueprint = Blueprint("council", __name__, url_prefix="/council")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(council_words=messages))


@blueprint.get("/")
@public
@compressed
def list_bodies() -> str:
    """Every council of the city."""
    return render_template("council/bodies.html", bodies=bodies.list_bodies())


@blueprint.get("/<key>/")
@public
@compressed
def show_body(key: str) -> str:
    """Who sits on it by kind of seat, what is vacant, the quorum and why, training, term, contact, open calls."""
    page = bodies.find_body(key)
    return render_template(
        "council/body.html",
        body=page,
        calls=calls.list_calls(key, only_open=True),
        more=links.more(key),
        member_url=partial(links.member, key),
    )


@blueprint.get("/<key>/history/")
@public
@compressed
def show_history(key: str) -> str:
    """What changed, day by day: seats, terms, members."""
    return render_template("council/history.html", body=bodies.find_body(key), happenings=bodies.history(key))


@blueprint.get("/<key>/register/")
@public
@compressed
def show_register(key: str) -> str:
    """Every number that the council was sent: what it is, where it stands, outcome and reason. No names, no texts.

    Of a private answer it shows that it was given, and when.
    """
    body = bodies.find_body(key)
    after = request.args.get("after", "")
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    rows = calls.read_register(body.register_id, first)
    return render_template(
        "council/register.html",
        body=body,
        rows=rows[: calls.PAGE],
        later=rows[calls.PAGE - 1].number if len(rows) > calls.PAGE else None,
        totals=ledger.totals(db.session(), body.register_id),
        application=events.APPLICATION,
        owed=OWED,
        word=subjects.word,
        pages=subjects.public_links(db.session(), [row.subject for row in rows[: calls.PAGE]]),
    )


def register_url(code: str, number: int | None = None) -> str:
    """Where a council's register is read, by its code; with a ``number``, the place of that number on its page."""
    key, _name = bodies.keys_by_code(db.session(), [code])[code]
    if number is None:
        return url_for("council.show_register", key=key)
    before = (number - 1) // calls.PAGE * calls.PAGE
    return url_for("council.show_register", key=key, after=before or None, _anchor=f"n{number}")
