"""The practice election: anybody tries their device in the real booth. What is cast there is checked and thrown away."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from accounts.desk import sentences, status_of
from core import codes, i18n, limits
from core.errors import DomainError
from core.forms import signed_by_sender
from core.localized import direction
from elections.ballot.practice import check_practice, practice_election
from elections.messages.booth import BoothFacts, say_booth, say_contact, say_stations
from elections.messages.practice import ask_practice, say_practice
from elections.rules.urn import check_size
from elections.views.booth import booth_response, contact

blueprint = Blueprint("elections_practice", __name__, url_prefix="/elections/practice")


@blueprint.get("/")
@public
def show_practice() -> ResponseReturnValue:
    """What one can try here, with a code of one's own that counts nowhere."""
    code = codes.draw(codes.Kind.VOTING)
    page = render_template("elections/practice.html", groups=codes.groups(code), code=code)
    return page, {"Cache-Control": "no-store"}


@blueprint.get("/vote/")
@public
def show_booth() -> Response:
    """The booth, as a real election has it."""
    page = render_template(
        "_layout/booth.html",
        booth={
            "title": _("Practice"),
            "election_url": url_for("elections_practice.download_election"),
            "words_url": url_for("elections_practice.booth_json"),
            "cast_url": url_for("elections_practice.cast"),
            "contact": say_contact(contact()),
            "stations": say_stations(""),
            "practice": True,
        },
    )
    return booth_response(page)


@blueprint.get("/vote/booth.json")
@public
def booth_json() -> Response:
    """Everything that the booth says, in the reader's language."""
    language = i18n.language()
    facts = BoothFacts(
        title=_("Practice: which fruit do you like?"),
        language=language,
        closes="",
        contact=contact(),
        practice=True,
    )
    said = say_booth(
        practice_election(),
        [ask_practice()],
        facts,
        language=language,
        direction=direction(language),
        languages={each.code: each.url for each in i18n.interface_languages()},
    )
    said["closes"] = _("The practice is always open.")
    said["words"].update(say_practice())
    return jsonify(said)


@blueprint.get("/election.json")
@public
def download_election() -> Response:
    """Question and key, which nobody holds."""
    return Response(practice_election().message, content_type="application/json")


@blueprint.post("/ballots")
@public
@signed_by_sender
def cast() -> ResponseReturnValue:
    """Check a ballot as a real one is checked, and keep nothing of it."""
    if not limits.allow("practice", request.remote_addr or ""):
        return jsonify({"code": "too_many"}), 429  # the booth waits and tries again
    data = request.get_data()
    try:
        check_size(data, practice_election().questions)
        tracker = check_practice(data)
    except DomainError as error:
        return jsonify({"code": error.code, "message": " ".join(sentences(error))}), status_of(error)
    return jsonify({"tracker": tracker, "height": 0, "head": ""})
