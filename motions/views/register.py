"""The public register of motions: a page, and what every address with its filters asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import public
from core.db import LARGEST_ID, db
from core.localized import clean
from core.search import words as words_of
from motions.messages import register as register_words
from motions.messages.words import KINDS, TOPICS
from motions.queries import listing
from motions.queries.choices import Choices, choices
from motions.queries.listing import COUNTED, Filter
from motions.queries.public import find_number

blueprint = Blueprint("motions", __name__, url_prefix="/motions")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(register_words=register_words))

LONGEST_WORD = 200
_LARGEST_PLACE = 2**62


@blueprint.get("/")
@public
def list_motions() -> ResponseReturnValue:
    """Thirty motions, newest first, filtered and searched as the address says; a number leads to its motion."""
    session = db.session()
    known = choices(session)
    wanted = read_filter(known, request.args)
    numbers = find_number(session, wanted.word) if wanted.word else []
    if len(numbers) == 1:
        return redirect(url_for("motion_pages.show_motion", number=numbers[0]), 302)
    page = listing.read_page(session, wanted, after=_place("after"), before=_place("before"))
    chosen = as_query(wanted)
    rows = page.rows
    return render_template(
        "motions/register.html",
        rows=rows,
        page=page,
        counted=COUNTED,
        numbers=numbers,
        choices=known,
        wanted=wanted,
        chosen=chosen,
        too_short=[word for word in words_of(wanted.word) if len(word) < listing.SHORTEST_WORD],
        earlier=_address(chosen, before=rows[0].place) if page.earlier and rows else None,
        later=_address(chosen, after=rows[-1].place) if page.later and rows else None,
    )


def read_filter(known: Choices, values: Mapping[str, str]) -> Filter:
    """What an address asks for. Whatever the register does not know is left out, so that old links still show it."""

    def word(name: str, offered: Collection[object]) -> str:
        value = values.get(name, "")
        return value if value in {str(each) for each in offered} else ""

    def row(name: str, ids: Collection[int]) -> int:
        number = _number(values.get(name, ""))
        return number if number in ids else 0

    return Filter(
        word=clean(values.get("word", ""))[:LONGEST_WORD],
        state=word("state", register_words.STATES),
        topic=word("topic", TOPICS),
        kind=word("kind", KINDS),
        council=row("council", known.councils),
        department=row("department", known.departments),
        term=row("term", {each.id for each in known.terms}),
        member=row("member", known.members),
    )


def as_query(wanted: Filter) -> dict[str, str]:
    """The parts of an address that ask for ``wanted`` again."""
    return {name: str(value) for name, value in asdict(wanted).items() if value}


def _address(chosen: Mapping[str, str], **place: int) -> str:
    return url_for("motions.list_motions", **{**chosen, **place})  # type: ignore[arg-type]


def _place(name: str) -> int:
    """A place from the address; whatever is none is left out."""
    value = request.args.get(name, "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 20 else 0
    return min(number, _LARGEST_PLACE)


def _number(value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 11 else 0
    return number if number <= LARGEST_ID else 0
