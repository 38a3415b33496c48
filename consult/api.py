"""Open data of rounds: registers as CSV, JSON and Atom, chains for checking, and the list of rounds. Read-only.

Everything of one file is read from one moment and written piece by piece, however long the register is. Contacts,
codes and texts that are not public are never read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial

from flask import Blueprint, Response, jsonify, stream_with_context, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.access import public
from consult import events
from consult.messages import OUTCOMES
from consult.queries import commitments
from consult.queries import register as queries
from consult.queries.register import RoundRegister, Row
from consult.rules.rounds import phase
from core import clock, i18n, settings
from core.db import db
from core.exports import csv_text, json_text, of_one_moment
from core.feeds import Feed, FeedEntry, write_atom
from core.localized import Localized
from followup import events as followup_events
from followup.numbers import in_short, register_number
from followup.queries import chain, ledger
from followup.queries.chain import Link
from followup.queries.chain_file import chain_file, openings_of
from followup.queries.commitments import Opening

blueprint = Blueprint("consult_api", __name__)

NEWS = 50
"""Entries of a feed."""


@blueprint.get("/rounds.json")
@public
def rounds_json() -> Response:
    """Every round that is before the public, newest first."""
    session = db.session()
    today = clock.today()
    found = []
    for round in queries.list_rounds(session):
        totals = ledger.totals(session, round.register_id)
        current = phase(
            round.published_on,
            round.opens_on,
            round.closes_on,
            totals.unanswered,
            round.concluded_on,
            today,
        )
        found.append({**_round(round), "phase": current.value, "totals": asdict(totals)})
    return jsonify(rounds=found)


@blueprint.get("/rounds/<code>/register.json")
@public
def register_json(code: str) -> Response:
    """The whole register with its totals."""
    queries.find_round(db.session(), code)
    return _streamed(partial(_register_as_json, code=code), "application/json; charset=utf-8")


@blueprint.get("/rounds/<code>/register.csv")
@public
def register_csv(code: str) -> Response:
    """The whole register as a table, with a column for the reason in each of the round's languages."""
    queries.find_round(db.session(), code)
    response = _streamed(partial(_register_as_csv, code=code), "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="register-{code}.csv"'
    return response


@blueprint.get("/rounds/<code>/chain.json")
@public
def chain_json(code: str) -> Response:
    """The round's audit chain, with all that its hashes are made from, and the openings of what is public."""
    queries.find_round(db.session(), code)
    return _streamed(partial(_chain_as_json, code=code), "application/json; charset=utf-8")


@blueprint.get("/rounds/<code>/register.atom")
@public
def register_atom(code: str) -> Response:
    """The latest published answers and comments, newest first."""
    session = db.session()
    found = queries.find_round(session, code)
    links = chain.newest(session, found.chain, NEWS_TAGS, NEWS)
    openings = openings_of(session, links, commitments.PUBLIC)
    texts = [link.subject_id for link in links if link.subject_kind == events.PUBLIC_TEXT]
    languages = queries.languages_of(session, texts)
    page = _absolute(url_for("register.show_register", code=found.code))
    here = settings.current()
    feed = Feed(
        id=f"{here.base_url}/rounds/{found.code}/register/",
        title=_("Register: %(title)s", title=i18n.localized(found.title).text),
        author=i18n.localized(here.city).text,
        language=i18n.language(),
        link=page,
        own=_absolute(url_for("consult_api.register_atom", code=found.code)),
        zone=here.time_zone,
        day=found.published_on or clock.today(),
        entries=[
            _news(found, link, openings.get(link.subject), languages.get(link.subject_id, ""))
            for link in links
        ],
    )
    return Response(write_atom(feed), content_type="application/atom+xml; charset=utf-8")


# Files that may be long ----------------------------------------------------------------------------------------------


def _register_as_json(session: Session, code: str) -> Iterator[str]:
    found = queries.find_round(session, code)
    counted = ledger.ledger(session, found.register_id)
    head = {"round": _round(found), "totals": counted.status()}
    return json_text(head, "entries", (_entry(found, row) for row in queries.all_rows(session, found)))


def _register_as_csv(session: Session, code: str) -> Iterator[str]:
    found = queries.find_round(session, code)
    languages = tuple(dict.fromkeys((*found.languages, *settings.current().languages)))
    header = [*COLUMNS, "reason", "reason_language", *(f"reason_{language}" for language in languages)]
    return csv_text(header, (_cells(found, row, languages) for row in queries.all_rows(session, found)))


def _chain_as_json(session: Session, code: str) -> Iterator[str]:
    return chain_file(session, queries.find_round(session, code).chain, commitments.PUBLIC)


def _streamed(pieces: Callable[[Session], Iterator[str]], content_type: str) -> Response:
    return Response(stream_with_context(of_one_moment(pieces)), content_type=content_type)


# Rounds and rows -----------------------------------------------------------------------------------------------------


def _round(found: RoundRegister) -> dict[str, object]:
    return {
        "code": found.code,
        "title": _texts(found.title),
        "language": found.language,
        "languages": list(found.languages),
        "opens_on": found.opens_on.isoformat(),
        "closes_on": found.closes_on.isoformat(),
        "answers_due_on": found.answers_due_on.isoformat(),
        "concluded_on": found.concluded_on.isoformat() if found.concluded_on else None,
        "register": _absolute(url_for("register.show_register", code=found.code)),
        "register_json": _absolute(url_for("consult_api.register_json", code=found.code)),
        "register_csv": _absolute(url_for("consult_api.register_csv", code=found.code)),
        "register_atom": _absolute(url_for("consult_api.register_atom", code=found.code)),
        "chain_json": _absolute(url_for("consult_api.chain_json", code=found.code)),
    }


def _texts(text: Localized) -> dict[str, str]:
    return {version.language: version.text for version in text.versions}


COLUMNS = (
    "number",
    "register_number",
    "about_number",
    "measure",
    "kind",
    "language",
    "channel",
    "author_kind",
    "name",
    "text_state",
    "text",
    "proposed_wording",
    "hidden_reason",
    "redaction_reason",
    "outcome",
    "received_on",
    "due_on",
    "answered_on",
    "version",
)
"""What CSV and JSON tell of each number, besides the reason. ``text_state`` is ``public``, ``withheld``, ``hidden`` or
``withdrawn``; ``measure`` is ``whole`` for the draft as a whole; ``version`` is that of the answer in force."""


def _facts(found: RoundRegister, row: Row) -> dict[str, object]:
    return {
        "number": row.number,
        "register_number": register_number(found.code, row.number),
        "about_number": row.about,
        "measure": row.measure or queries.WHOLE,
        "kind": row.kind,
        "language": row.language,
        "channel": row.channel,
        "author_kind": row.author_kind,
        "name": row.name,
        "text_state": row.text_state,
        "text": row.text,
        "proposed_wording": row.proposed_wording,
        "hidden_reason": row.hidden_reason,
        "redaction_reason": row.redaction_reason,
        "outcome": row.outcome,
        "received_on": row.received_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "answered_on": row.answered_on.isoformat() if row.answered_on else None,
        "version": row.version,
    }


def _entry(found: RoundRegister, row: Row) -> dict[str, object]:
    return {**_facts(found, row), "reason": row.reason.dump()}


def _cells(found: RoundRegister, row: Row, languages: Sequence[str]) -> list[object]:
    facts = _facts(found, row)
    source = row.reason.source
    texts = {version.language: version.text for version in row.reason.versions}
    original = [source.text, source.language] if source else [None, None]
    return [*(facts[name] for name in COLUMNS), *original, *(texts.get(language) for language in languages)]


# The feed ------------------------------------------------------------------------------------------------------------

NEWS_TAGS = (followup_events.REPLY_PUBLISH, followup_events.REPLY_CORRECT, events.SUBMISSION_RELEASE)


def _news(found: RoundRegister, link: Link, opening: Opening | None, language: str) -> FeedEntry:
    """One entry of the chain as news. Its hash never changes, so it makes the entry's id.

    ``language`` is that of a comment; a text that is no longer public is left out.
    """
    numbers = link.numbers
    first = numbers[0] if numbers else 0
    shown = (
        register_number(found.code, first)
        if len(numbers) == 1
        else f"{found.code}: {in_short(numbers[:500])}"
    )
    content = opening[1] if opening else {}
    if link.tag == events.SUBMISSION_RELEASE:
        title = _("%(number)s: comment published", number=shown)
        text = str(content.get("text", ""))
    else:
        outcome = str(OUTCOMES[str(link.facts.get("outcome", ""))])
        if link.tag == followup_events.REPLY_CORRECT:
            title = _("%(number)s: answer corrected, %(outcome)s", number=shown, outcome=outcome)
        else:
            title = _("%(number)s: answered, %(outcome)s", number=shown, outcome=outcome)
        reason = Localized.load(content.get("reason")).best(i18n.language())  # type: ignore[arg-type]
        text, language = reason.text, reason.language
    return FeedEntry(
        id=f"{settings.current().base_url}/rounds/{found.code}/register/check/?hash={link.entry_hash}",
        title=title,
        day=link.day,
        link=_absolute(url_for("register.show_entry", code=found.code, number=first)),
        text=text,
        language=language,
    )


# Writing -------------------------------------------------------------------------------------------------------------


def _absolute(path: str) -> str:
    return settings.current().base_url + path
