"""What can be passed on: poster, flyer and a kit of texts, in every language of the election."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.access import public
from core import i18n, settings
from core.compression import compressed
from core.documents import papers, parts
from core.errors import NotFound
from elections.messages.kit import Kit, Passage, say_kit, say_papers
from elections.queries import elections as queries
from elections.queries.elections import ElectionLine

blueprint = Blueprint("elections_papers", __name__)


@blueprint.get("/elections/<code>/poster.<language>.pdf")
@public
def poster(code: str, language: str) -> Response:
    """A poster (A4)."""
    return _pdf(code, language, "poster", _paper)


@blueprint.get("/elections/<code>/flyer.<language>.pdf")
@public
def flyer(code: str, language: str) -> Response:
    """A flyer (A5)."""
    return _pdf(code, language, "flyer", _paper)


@blueprint.get("/elections/<code>/kit.<language>.pdf")
@public
def kit_pdf(code: str, language: str) -> Response:
    """The texts to pass on, on paper."""
    return _pdf(code, language, "kit", _kit_paper)


@blueprint.get("/elections/<code>/kit.<language>.txt")
@public
def kit_text(code: str, language: str) -> Response:
    """The texts to pass on, to copy from."""
    election = _election_in(code, language)
    with force_locale(language):
        return Response(_as_text(_kit(election, language)), content_type="text/plain; charset=utf-8")


@blueprint.get("/elections/<code>/kit/")
@public
@compressed
def kit(code: str) -> str:
    """The texts in the reader's language, and every paper in every language of the election."""
    election = queries.find_election(code)
    return render_template(
        "elections/kit.html",
        election=election,
        kit=_kit(election, i18n.language()),
        languages=[language for language in election.languages if language in settings.current().languages],
    )


def _election_in(code: str, language: str) -> ElectionLine:
    """The election, if it is held in ``language``. Raises NotFound."""
    election = queries.find_election(code)
    if language not in election.languages or language not in settings.current().languages:
        raise NotFound("election", code)
    return election


def _address(election: ElectionLine, language: str) -> str:
    return f"{settings.current().base_url}/{language}/elections/{election.code}/"


def _kit(election: ElectionLine, language: str) -> Kit:
    return say_kit(election, _address(election, language))


def _pdf(
    code: str, language: str, name: str, data: Callable[[ElectionLine, str], dict[str, Any]]
) -> Response:
    election = _election_in(code, language)
    with force_locale(language):
        made = papers.render(f"elections/{name}", language, data(election, language))
    response = Response(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{code}-{name}-{language}.pdf"'
    return response


def _paper(election: ElectionLine, language: str) -> dict[str, Any]:
    words = say_papers(election)
    address = _address(election, language)
    return {
        "title": parts.localized(election.title, language),
        "eyebrow": words.eyebrow,
        "days": [list(day) for day in words.days],
        "who": words.who,
        "criteria": [{"text": line.text, "depth": line.depth} for line in words.criteria],
        "how": words.how,
        "how_text": parts.localized(election.how_to_vote, language)
        if election.how_to_vote
        else words.how_text,
        "more": words.more,
        "address": address,
        "qr": parts.qr_code(address, words.scan),
    }


def _kit_paper(election: ElectionLine, language: str) -> dict[str, Any]:
    said = _kit(election, language)
    return {
        "title": parts.localized(election.title, language),
        "messages_title": _("Short messages"),
        "messages": [[when, asdict(message)] for when, message in said.messages],
        "mail_title": _("E-mail"),
        "subject": [_("Subject"), said.subject],
        "mail": [asdict(paragraph) for paragraph in said.mail],
        "sign_title": _("Sign for a door or a counter"),
        "sign": [asdict(line) for line in said.sign],
        "qr": parts.qr_code(_address(election, language), _("QR code: opens the page of the election")),
    }


def _as_text(said: Kit) -> str:
    """The kit as plain text; each address is a line of its own, so that it is read from its beginning."""
    blocks = [said.title]
    for heading, message in said.messages:
        blocks.append(f"{_('Short messages')} ({heading})\n\n{_in_lines(message)}")
    mail = "\n\n".join(_in_lines(paragraph) for paragraph in said.mail)
    blocks.append(f"{_('E-mail')}\n\n{_('Subject')}: {said.subject}\n\n{mail}")
    sign = "\n".join(_in_lines(line) for line in said.sign)
    blocks.append(f"{_('Sign for a door or a counter')}\n\n{sign}")
    return "\n\n\n".join(blocks) + "\n"


def _in_lines(passage: Passage) -> str:
    return f"{passage.text}\n{passage.link}" if passage.link else passage.text
