"""The ballot board of an encrypted election: everybody's view of the urn, and where the booth sends ballots."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from accounts.access import public
from accounts.desk import sentences, status_of
from core.compression import compressed
from core.db import db
from core.errors import DomainError, NotFound
from core.exports import of_one_moment
from core.forms import signed_by_sender
from elections.queries import board as queries
from elections.queries.elections import find_election
from elections.queries.watching import heads_of
from elections.services.urn.casting import cast_ballot

blueprint = Blueprint("elections_board", __name__)
_KEY = re.compile(r"[0-9a-f]{32}")


@blueprint.get("/elections/<code>/board/")
@public
@compressed
def show_board(code: str) -> ResponseReturnValue:
    """Every ballot by its tracker, the latest first, with the head of the chain; and a look-up by tracker."""
    session = db.session()
    board = queries.find_board(session, code)
    asked = request.args.get("tracker", "").strip()
    found = seal = None
    if asked:
        try:
            found, ballot = queries.find_ballot(session, board, asked)
            seal = queries.seal_of(ballot)
        except NotFound:
            found = None
    below = request.args.get("below", type=int)
    above = request.args.get("above", type=int)
    lines = queries.list_ballots(session, board, below=below, above=above)
    page = render_template(
        "elections/board.html",
        election=find_election(code),
        board=board,
        lines=lines,
        asked=asked,
        found=found,
        seal=seal,
        heads=heads_of(session, board, 1),
        older=lines[-1].height if lines and lines[-1].height > 1 else None,
        newer=lines[0].height if lines and lines[0].height < board.ballots else None,
    )
    return page, 404 if asked and found is None else 200


@blueprint.get("/elections/<code>/board.bel")
@public
def download_archive(code: str) -> Response:
    """The live archive: everything that happened so far, to be checked by any program that knows the format."""
    board = queries.find_board(db.session(), code)
    pieces = of_one_moment(lambda session: queries.archive_parts(session, board))
    response = Response(stream_with_context(pieces), content_type="application/x-tar")
    response.headers["Content-Disposition"] = f'attachment; filename="{board.uuid}.bel"'
    return response


@blueprint.get("/elections/<code>/board/<digest>.json")
@public
def download_ballot(code: str, digest: str) -> Response:
    """One ballot as it was cast, by its hash."""
    session = db.session()
    _line, message = queries.find_ballot(session, queries.find_board(session, code), digest)
    return Response(message, content_type="application/json")


@blueprint.get("/elections/<code>/board/election.json")
@public
def download_election(code: str) -> Response:
    """Questions and key, to the byte: what ballots are made for."""
    session = db.session()
    message = queries.published_election(session, queries.find_board(session, code))
    return Response(message, content_type="application/json")


@blueprint.get("/elections/<code>/board/replacements.json")
@public
def download_replacements(code: str) -> Response:
    """What became of credentials: replaced, revoked, given out later."""
    session = db.session()
    record = queries.published_replacements(session, queries.find_board(session, code))
    return Response(record, content_type="application/json")


@blueprint.get("/elections/<code>/board/credentials/<key>.json")
@public
def show_credential(code: str, key: str) -> Response:
    """Whether a ballot was cast with the credential that has this short hash. Anybody who holds the code can ask."""
    if not _KEY.fullmatch(key):
        raise NotFound("credential", key[:64])
    session = db.session()
    use = queries.find_use(session, queries.find_board(session, code), bytes.fromhex(key))
    return jsonify(
        {
            "used": use.line is not None,
            "tracker": use.line.tracker if use.line else None,
            "state": use.state,
            "replaced": use.replaced,
        }
    )


@blueprint.post("/elections/<code>/ballots")
@public
@signed_by_sender
def cast(code: str) -> ResponseReturnValue:
    """Take a ballot: ``{"tracker", "height", "head"}``, or ``{"code", "message"}`` and nothing changed.

    No limit by address shuts out a library or a camp: what no listed credential signed is refused before any proof is read.
    """
    urn = queries.identifier_and_state(db.session(), code)
    if urn is None:
        raise NotFound("board", code)
    try:
        done = cast_ballot(urn[0], request.get_data())
    except DomainError as error:
        return jsonify({"code": error.code, "message": " ".join(sentences(error))}), status_of(error)
    return jsonify({"tracker": done.tracker, "height": done.height, "head": done.head})
