"""The trustees: who they are and how far, for everybody; and their own page, which makes keys and decrypts on their device."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from accounts.desk import sentences, status_of
from core import i18n, settings
from core.db import db
from core.errors import DomainError
from core.forms import signed_by_sender
from core.localized import direction
from elections.ballot import canonical
from elections.messages import trustee as words
from elections.messages.booth import POLICY
from elections.queries.elections import find_election
from elections.queries.urn import find_ceremony
from elections.services.urn.closing import take_handed_part
from elections.services.urn.keys import TRUSTEE, hand_in_key_by_code

blueprint = Blueprint("elections_trustee", __name__)
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(trustee_words=words))


@blueprint.get("/elections/<code>/trustees/")
@public
def show_trustees(code: str) -> str:
    """Everybody sees whose key is in, with its fingerprint, and later who has decrypted."""
    return render_template(
        "elections/trustees.html", election=find_election(code), ceremony=find_ceremony(db.session(), code)
    )


@blueprint.get("/elections/<code>/trustee/")
@public
def show_page(code: str) -> Response:
    """The trustees' page. The code with which a key is handed in stands after ``#`` in its address."""
    find_ceremony(db.session(), code)
    page = render_template(
        "_layout/trustee.html",
        trustee={
            "title": i18n.localized(find_election(code).title).text,
            "words_url": url_for("elections_trustee.trustee_json", code=code),
            "keys_url": url_for("elections_trustee.hand_in_key", code=code),
            "parts_url": url_for("elections_trustee.hand_in_part", code=code),
            "board_url": url_for("elections_board.download_archive", code=code),
            "public_url": url_for("elections_trustee.show_trustees", code=code),
            "contact": words.say_trustee_contact(_contact()),
        },
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/elections/<code>/trustee/trustee.json")
@public
def trustee_json(code: str) -> Response:
    """Everything that the page says, in the reader's language, and how far the trustees are."""
    title = i18n.localized(find_election(code).title)
    language = i18n.language()
    return jsonify(
        words.say_trustee_page(
            find_ceremony(db.session(), code),
            words.TrusteeFacts(title.text, title.language, _contact()),
            language=language,
            direction=direction(language),
            languages={each.code: each.url for each in i18n.interface_languages()},
        )
    )


@blueprint.post("/elections/<code>/trustee/keys")
@public
@signed_by_sender
def hand_in_key(code: str) -> ResponseReturnValue:
    """Take a public key with the code of its place: ``{"fingerprint"}``, or ``{"code", "message"}`` and nothing changed."""
    try:
        found = canonical.fields(canonical.read(request.get_data()), ("number", "code", "key"))
        number, given = canonical.whole(found["number"], 1), canonical.text(found["code"])
        fingerprint = hand_in_key_by_code(code, number, given, canonical.write(found["key"]))
    except DomainError as error:
        return _refused(error)
    return jsonify({"fingerprint": fingerprint})


@blueprint.post("/elections/<code>/trustee/parts")
@public
@signed_by_sender
def hand_in_part(code: str) -> ResponseReturnValue:
    """Take a partial decryption: ``{"done"}``, or ``{"code", "message"}`` and nothing changed.

    Its proofs say whose it is, and everybody may read it: whoever brings it needs no leave.
    """
    try:
        done = take_handed_part(code, request.get_data(), TRUSTEE)
    except DomainError as error:
        return _refused(error)
    return jsonify({"done": done})


def _refused(error: DomainError) -> ResponseReturnValue:
    return jsonify({"code": error.code, "message": " ".join(sentences(error))}), status_of(error)


def _contact() -> str:
    return settings.current().contact.best(i18n.language()).text or _("Ask the election office.")
