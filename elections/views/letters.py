"""The public register of an election: every letter it received, when its answer is due, and how it was answered.

The texts of letters are not public: they are about people. Numbers, days, outcomes and reasons are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.access import public
from core import clock, i18n, settings
from core.db import db
from core.exports import csv_text, json_text, of_one_moment
from core.feeds import Feed, FeedEntry, write_atom
from core.localized import Localized
from elections.queries import letters as queries
from elections.queries.letters import Filter, Letter, PublicElection
from followup import subjects
from followup.messages import OUTCOMES
from followup.number_fields import whole_number
from followup.numbers import register_number
from followup.queries import ledger
from followup.queries.debts import published_versions

blueprint = Blueprint("letters", __name__, url_prefix="/elections/<code>")

NEWS = 50
"""Entries of the feed."""
_BATCH = 500


@blueprint.get("/letters/")
@public
def show_register(code: str) -> str:
    """Fifty numbers of the register, filtered as the address says."""
    session = db.session()
    found = queries.find_election(session, code)
    words = subjects.words()
    kinds = [kind for kind in queries.kinds_in(session, found.register_id) if kind in words]
    wanted = _filter(kinds)
    rows = queries.list_letters(session, found.register_id, wanted, after=whole_number(_asked("after")))
    shown = rows[: queries.PAGE]
    chosen = {name: value for name, value in asdict(wanted).items() if value}
    return render_template(
        "elections/letters.html",
        election=found,
        totals=ledger.totals(session, found.register_id),
        rows=shown,
        facts=_facts_of(session, shown),
        kinds=[(kind, words[kind]) for kind in kinds],
        kind_words=words,
        chosen=chosen,
        later=_later(found, chosen, shown[-1].number) if len(rows) > queries.PAGE else None,
        first=url_for("letters.show_register", code=found.code, **chosen) if _asked("after") else None,
    )


@blueprint.get("/letters/<int(max=2147483647):number>/")
@public
def show_letter(code: str, number: int) -> str:
    """One number: what it is, by when it is answered, and the answer in all its versions."""
    session = db.session()
    found = queries.find_election(session, code)
    letter = queries.find_letter(session, found.register_id, number)
    return render_template(
        "elections/letter.html",
        election=found,
        letter=letter,
        word=subjects.word(letter.kind),
        facts=_facts_of(session, [letter]).get((letter.kind, letter.subject_id), ""),
        versions=published_versions(session, letter.reply_id) if letter.reply_id else [],
    )


@blueprint.get("/letters.json")
@public
def letters_json(code: str) -> Response:
    """The whole register with its totals."""
    queries.find_election(db.session(), code)
    return _streamed(partial(_as_json, code=code), "application/json; charset=utf-8")


@blueprint.get("/letters.csv")
@public
def letters_csv(code: str) -> Response:
    """The whole register as a table, with a column for the reason in each of the election's languages."""
    queries.find_election(db.session(), code)
    response = _streamed(partial(_as_csv, code=code), "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="letters-{code}.csv"'
    return response


@blueprint.get("/letters.atom")
@public
def letters_atom(code: str) -> Response:
    """The latest answers, newest first."""
    session = db.session()
    found = queries.find_election(session, code)
    here = settings.current()
    feed = Feed(
        id=f"{here.base_url}/elections/{found.code}/letters/",
        title=_("Letters and answers: %(title)s", title=i18n.localized(found.title).text),
        author=i18n.localized(here.city).text,
        language=i18n.language(),
        link=_absolute(url_for("letters.show_register", code=found.code)),
        own=_absolute(url_for("letters.letters_atom", code=found.code)),
        zone=here.time_zone,
        day=found.called_on or clock.today(),
        entries=[_news(found, letter) for letter in queries.newest_answers(session, found.register_id, NEWS)],
    )
    return Response(write_atom(feed), content_type="application/atom+xml; charset=utf-8")


def _filter(kinds: Sequence[str]) -> Filter:
    """What the address asks for; what the register does not know is left out."""
    kind, state, outcome = _asked("kind"), _asked("state"), _asked("outcome")
    return Filter(
        kind=kind if kind in kinds else "",
        state=state if state in (*queries.STATES, "overdue") else "",
        outcome=outcome if outcome in OUTCOMES else "",
    )


def _asked(name: str) -> str:
    return request.args.get(name, "")


def _later(found: PublicElection, chosen: dict[str, str], number: int) -> str:
    return url_for("letters.show_register", code=found.code, after=number, **chosen)  # type: ignore[arg-type]


def _facts_of(session: Session, letters: Sequence[Letter]) -> dict[tuple[str, int], str]:
    return subjects.public_facts(session, [(letter.kind, letter.subject_id) for letter in letters])


# Files ---------------------------------------------------------------------------------------------------------------

COLUMNS = (
    "number",
    "register_number",
    "kind",
    "received_on",
    "due_on",
    "extended_from",
    "answered_on",
    "state",
    "outcome",
    "version",
)


def _as_json(session: Session, code: str) -> Iterator[str]:
    found = queries.find_election(session, code)
    head = {
        "election": {"code": found.code, "title": _texts(found.title), "languages": list(found.languages)},
        "totals": ledger.ledger(session, found.register_id).status(),
    }
    rows = queries.all_letters(session, found.register_id)
    entries = (
        {**_row(found, letter), "reason": letter.reason.dump() if letter.reason else None} for letter in rows
    )
    return json_text(head, "entries", entries)


def _as_csv(session: Session, code: str) -> Iterator[str]:
    found = queries.find_election(session, code)
    languages = tuple(dict.fromkeys((*found.languages, *settings.current().languages)))
    header = [*COLUMNS, *(f"reason_{language}" for language in languages)]
    return csv_text(
        header,
        (_cells(found, letter, languages) for letter in queries.all_letters(session, found.register_id)),
    )


def _row(found: PublicElection, letter: Letter) -> dict[str, object]:
    return {
        "number": letter.number,
        "register_number": register_number(found.code, letter.number),
        "kind": letter.kind.rpartition(".")[2],
        "received_on": letter.received_on.isoformat(),
        "due_on": letter.due_on.isoformat(),
        "extended_from": letter.extended_from.isoformat() if letter.extended_from else None,
        "answered_on": letter.answered_on.isoformat() if letter.answered_on else None,
        "state": letter.state.value,
        "outcome": letter.outcome,
        "version": letter.version,
    }


def _cells(found: PublicElection, letter: Letter, languages: Sequence[str]) -> list[object]:
    facts = _row(found, letter)
    texts = _texts(letter.reason) if letter.reason else {}
    return [*(facts[name] for name in COLUMNS), *(texts.get(language) for language in languages)]


def _texts(text: Localized) -> dict[str, str]:
    return {version.language: version.text for version in text.versions}


def _news(found: PublicElection, letter: Letter) -> FeedEntry:
    shown = register_number(found.code, letter.number)
    outcome = str(OUTCOMES[letter.outcome or ""])
    reason = i18n.localized(letter.reason)
    address = url_for("letters.show_letter", code=found.code, number=letter.number)
    return FeedEntry(
        id=f"{settings.current().base_url}/elections/{found.code}/letters/{letter.number}/#{letter.version}",
        title=_("%(number)s: answered, %(outcome)s", number=shown, outcome=outcome),
        day=letter.answered_on or clock.today(),
        link=_absolute(address),
        text=reason.text,
        language=reason.language,
    )


def _streamed(pieces: partial[Iterator[str]], content_type: str) -> Response:
    return Response(stream_with_context(of_one_moment(pieces)), content_type=content_type)


def _absolute(path: str) -> str:
    return settings.current().base_url + path
