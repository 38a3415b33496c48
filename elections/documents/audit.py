"""The audit bundle's files in words: the seats with their reasons, and how to check, in every language of the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from core import settings
from core.localized import direction
from elections.audit_bundle import form
from elections.messages.checks import FILES
from elections.messages.counting import explain_reason
from elections.models.elections import Election
from elections.queries import board as boards
from elections.queries.results import ShownCount, delegates_of
from elections.queries.tallies import names_of
from elections.queries.watching import write


def words_of(session: Session, election: Election, shown: ShownCount) -> Mapping[str, bytes]:
    """``seats.json``, and a page for each language that says how to check."""
    languages = settings.current().languages
    files = {form.SEATS: write(_seats(session, election, shown, languages))}
    known = boards.identifier_and_state(session, election.code)
    for language in languages:
        name = form.HOW_TO.format(language=language)
        files[name] = _page(election, language, known[0] if known else "").encode()
    return files


def _seats(
    session: Session, election: Election, shown: ShownCount, languages: tuple[str, ...]
) -> dict[str, Any]:
    result, names = shown.result, shown.names
    plain: Any = result.to_plain()["seats"]
    said: list[dict[str, list[str]]] = [{} for _seat in result.seats]
    where: list[dict[str, str]] = [{} for _seat in result.seats]
    for language in languages:
        called = names_of(session, election, language)
        with force_locale(language):
            for at, seat in enumerate(result.seats):
                said[at][language] = [explain_reason(reason, called) for reason in seat.reasons]
                where[at][language] = called.get(seat.where, seat.where)
    return {
        "seats": [
            {**each, "name": names.get(each["holder"], ""), "group": where[at], "said": said[at]}
            for at, each in enumerate(plain)
        ],
        "delegates": [
            {"organisation": each.organisation, "name": each.name} for each in delegates_of(session, election)
        ],
    }


def _page(election: Election, language: str, identifier: str) -> str:
    archive = f"{identifier}{form.ARCHIVE}" if identifier else ""
    with force_locale(language):
        files = [(name, str(text)) for name, text in FILES.items() if identifier or name not in _ONLINE]
        named = [(name.replace(form.ARCHIVE, archive), text) for name, text in files]
        return current_app.jinja_env.get_template("elections/how_to_check_file.html").render(
            language=language,
            direction=direction(language),
            code=election.code,
            title=election.title.best(language).text,
            folder=f"audit-{election.code}",
            archive=archive,
            online=bool(identifier),
            files=named,
        )


_ONLINE = frozenset({form.ARCHIVE, form.ONLINE, form.REPLACEMENTS})
