"""The public register of a round: every number with what was said and answered, and how to check the chain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import public
from consult import events
from consult.messages import AUTHOR_KINDS, CHANNELS, KINDS, OUTCOMES, STATES
from consult.queries import entries
from consult.queries import register as queries
from consult.queries.register import WAITING, WHOLE, Filter, Measure, RoundRegister
from consult.rules.submissions import LANGUAGE
from core import clock, i18n, languages
from core.db import db
from core.localized import Localized, clean
from core.texts import excerpt, to_html
from followup import events as followup_events
from followup.numbers import read_number, register_number
from followup.queries import chain, ledger
from followup.queries.ledger import Totals

blueprint = Blueprint("register", __name__)

SOON = 14
"""Days before a due day from which the clock is said to be near."""
LONGEST_WORD = 200
LARGEST = 10**9

RECORDED: Mapping[str, LazyString] = {
    events.ROUND_CREATE: _l("The round was created"),
    events.ROUND_DESCRIBE: _l("What the round says about itself was changed"),
    events.ROUND_PUBLISH: _l("The round was published"),
    events.ROUND_RETIME: _l("The timetable was changed"),
    events.DRAFT_IMPORT: _l("A draft was imported"),
    events.SUBMISSION_RECEIVE: _l("Comment received"),
    events.SUBMISSION_RELEASE: _l("Text published"),
    events.SUBMISSION_HIDE: _l("Text hidden"),
    events.SUBMISSION_SHOW: _l("Text shown again"),
    events.SUBMISSION_CORRECT_LANGUAGE: _l("Language of the comment corrected"),
    events.SUBMISSION_ERASE: _l("Text withdrawn and erased"),
    events.RECONSIDERATION_RECEIVE: _l("Request to look again received"),
    followup_events.REPLY_PUBLISH: _l("Answer published"),
    followup_events.REPLY_CORRECT: _l("Answer corrected"),
    followup_events.PROMISE_EXTEND: _l("Due day moved"),
    followup_events.PROMISE_PASS_ON: _l("Passed on to another department"),
    followup_events.REGISTER_CONCLUDE: _l("The round was concluded"),
}
ROLES: Mapping[str, LazyString] = {
    "resident": _l("the author"),
    "system": _l("the software"),
    "officer": _l("an officer"),
    "approver": _l("an approver"),
    "moderator": _l("a moderator"),
    "administrator": _l("an administrator"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """The public clock of a round's answers.

    ``state`` is ``due``, ``late``, ``extended`` (the common day has passed, nothing is late), ``kept`` or
    ``concluded``; ``count`` is how many answers it is about, ``share`` how much of the time has run.
    """

    state: str
    day: date
    days: int
    count: int
    share: float

    @property
    def tone(self) -> str:
        if self.state in ("late", "extended"):
            return "overdue" if self.state == "late" else ""
        if self.state == "due":
            return "soon" if self.days <= SOON else ""
        return "kept"


@blueprint.get("/rounds/<code>/register/")
@public
def show_register(code: str) -> str:
    """Fifty numbers of the register, filtered as the address says."""
    session = db.session()
    found = queries.find_round(session, code)
    measures = queries.list_measures(session, found.id)
    wanted = read_filter(found, measures, request.args)
    page = queries.read_page(
        session, found, wanted, measures, after=_number("after"), before=_number("before")
    )
    totals = ledger.totals(session, found.register_id)
    chosen = _as_query(wanted)
    rows = page.rows
    return render_template(
        "consult/register/register.html",
        round=found,
        totals=totals,
        clock=clock_of(found, totals),
        rows=rows,
        measures=measures,
        chosen=chosen,
        languages=_language_choices(i18n.language()),
        earlier=_address(found, chosen, before=rows[0].number) if page.earlier and rows else None,
        later=_address(found, chosen, after=rows[-1].number) if page.later and rows else None,
        **_words(found),
    )


@blueprint.get("/rounds/<code>/register/<int(max=2147483647):number>/")
@public
def show_entry(code: str, number: int) -> str:
    """One number: the letter, the answer in all its versions, and what was recorded."""
    session = db.session()
    found = queries.find_round(session, code)
    entry = entries.find_entry(session, found, min(number, LARGEST))
    return render_template(
        "consult/register/entry.html",
        round=found,
        entry=entry,
        row=entry.row,
        today=clock.today(),
        recorded=RECORDED,
        roles=ROLES,
        versions_of=versions_of,
        **_words(found),
    )


@blueprint.get("/rounds/<code>/register/check/")
@public
def show_check(code: str) -> str:
    """How to check that no entry was changed; with ``?hash=`` the entry that carries it."""
    session = db.session()
    found = queries.find_round(session, code)
    asked = re.sub(r"[^0-9a-f]", "", request.args.get("hash", "").casefold())[:64]
    return render_template(
        "consult/register/check.html",
        round=found,
        head=chain.head(session, found.chain),
        asked=asked,
        link=chain.by_hash(session, found.chain, asked) if asked else None,
        recorded=RECORDED,
        **_words(found),
    )


def read_filter(found: RoundRegister, measures: Sequence[Measure], values: Mapping[str, str]) -> Filter:
    """What an address asks for. Whatever the register does not know is left out, so that old links still show it."""

    def known(name: str, choices: object) -> str:
        value = values.get(name, "")
        return value if value in choices else ""  # type: ignore[operator]

    word = clean(values.get("word", ""))[:LONGEST_WORD]
    number = read_number(found.code, word)
    language = values.get("language", "")
    return Filter(
        # A number that is not there may still stand in somebody's text.
        word="" if number is not None and number <= found.last_number else word,
        number=number if number is not None and number <= found.last_number else None,
        outcome=known("outcome", {*OUTCOMES, WAITING}),
        measure=known("measure", {*(measure.number for measure in measures), WHOLE}),
        author=known("author", AUTHOR_KINDS),
        language=language if LANGUAGE.fullmatch(language) else "",
        channel=known("channel", CHANNELS),
    )


def versions_of(text: Localized) -> list[dict[str, object]]:
    """A text for this reader, and beside it the original where that is another one."""
    shown = dict.fromkeys(version for version in (i18n.localized(text), text.source) if version is not None)
    return [
        {
            "language": version.language,
            "direction": version.direction,
            "name": i18n.language_name(version.language, version.language),
            "label": STATES[version.state],
            "html": to_html(version.text),
        }
        for version in shown
    ]


def clock_of(found: RoundRegister, totals: Totals) -> Clock:
    """Where the time for this round's answers stands today."""
    today = clock.today()
    days = (found.answers_due_on - today).days
    run = clock.share(found.opens_on, found.answers_due_on, today)
    if found.concluded_on is not None:
        return Clock("concluded", found.concluded_on, 0, totals.unanswered, 1)
    if not totals.unanswered and today > found.closes_on:
        return Clock("kept", found.answers_due_on, days, 0, 1)
    if days >= 0:
        return Clock("due", found.answers_due_on, days, totals.unanswered, run)
    # An extension moves the day of some answers: then the common day has passed, and nothing need be late.
    state = "late" if totals.overdue else "extended"
    return Clock(state, found.answers_due_on, days, totals.overdue or totals.unanswered, 1)


@lru_cache(maxsize=4096)
def show_day(language: str, day: date) -> str:
    """A day in words. The same few days stand in thousands of rows; ``language`` is the one now in force."""
    return i18n.show_day(day)


@lru_cache(maxsize=1024)
def due_words(language: str, day: date, late: bool) -> str:
    """When an answer is or was due; ``language`` is the one now in force."""
    shown = show_day(language, day)
    return _("Was due on %(day)s", day=shown) if late else _("Due on %(day)s", day=shown)


@lru_cache(maxsize=1024)
def part_words(language: str, measure: str | None) -> str:
    """What a row calls its part of the draft; ``language`` is the one now in force."""
    return _("Measure %(number)s", number=measure) if measure else _("Whole draft")


@lru_cache(maxsize=16)
def _language_choices(language: str) -> tuple[tuple[str, str], ...]:
    named = [(code, i18n.language_name(code, language)) for code in languages.OFFERED]
    return tuple(sorted(named, key=lambda choice: choice[1].casefold()))


def _words(found: RoundRegister) -> dict[str, object]:
    """The words for what stands in rows, in the reader's language."""
    language = i18n.language()
    return {
        **_labels(language),
        "number": partial(register_number, found.code),
        "excerpt": excerpt,
        "in_words": partial(show_day, language),
        "due_words": partial(due_words, language),
        "part_words": partial(part_words, language),
    }


@lru_cache(maxsize=16)
def _labels(language: str) -> dict[str, dict[str, str]]:
    """The words of the language now in force; nobody changes what is kept here."""
    words = {"outcomes": OUTCOMES, "authors": AUTHOR_KINDS, "channels": CHANNELS, "kinds": KINDS}
    return {name: {key: str(label) for key, label in labels.items()} for name, labels in words.items()}


def _as_query(wanted: Filter) -> dict[str, str]:
    """The parts of an address that ask for ``wanted`` again."""
    parts = {name: value for name, value in asdict(wanted).items() if name != "number" and value}
    if wanted.number is not None:
        parts["word"] = str(wanted.number)
    return parts


def _address(found: RoundRegister, chosen: Mapping[str, str], **place: int) -> str:
    values: dict[str, Any] = {"code": found.code, **chosen, **place}
    return url_for("register.show_register", **values)


def _number(name: str) -> int | None:
    """A register number from the address; whatever is none is left out."""
    value = request.args.get(name, "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0
    return min(number, LARGEST) or None
