"""Checking an election: how anybody does it at home, letting our verifier do it here, and the audit bundle to take along."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import limits
from core.compression import compressed
from core.db import db
from core.errors import NotFound
from core.exports import of_one_moment
from core.forms import shows_own_form
from elections.audit_bundle.form import chunks
from elections.forms.watching import CheckForm
from elections.messages import checks as words
from elections.queries import board as boards
from elections.queries import watching
from elections.queries.board import Board
from elections.queries.elections import find_election
from elections.queries.watching import Bundle
from elections.services.urn import checking

blueprint = Blueprint("elections_checking", __name__)
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(check_words=words))
AGAIN = 5
"""Seconds after which the page of a running check looks again, for whoever wants that."""


@blueprint.get("/elections/<code>/check/")
@public
def show_check(code: str) -> ResponseReturnValue:
    """How to check the election, the check that is under way with its progress, and the account of the last."""
    return _page(code, CheckForm(formdata=None))


@blueprint.post("/elections/<code>/check/")
@public
@shows_own_form
def check(code: str) -> ResponseReturnValue:
    """Let our verifier look at the board as it is now. A second wish is shown what the first led to."""
    session = db.session()
    board = boards.find_board(session, code)
    form = CheckForm()
    if not form.validate():
        return _page(code, form), 422
    known = watching.find_checks(session, board, watching.bundle_if_public(session, code))
    if known.under_way is None and not known.current:
        # Counted are checks that begin: from one network, and of one election from everywhere.
        if not (limits.allow("check", request.remote_addr or "") and limits.allow("check_board", code)):
            form.form_errors.append(
                _(
                    "This election was checked often in the last hour. Read the last account, or try again later."
                )
            )
            return _page(code, form), 429
        checking.ask_check(code)
    return redirect(url_for("elections_checking.show_check", code=code, watch=1, _anchor="account"), 303)


@blueprint.get("/elections/<code>/audit.tar")
@public
def download_bundle(code: str) -> Response:
    """The audit bundle: everything that the election published, in one file, the same bytes each time."""
    bundle = _bundle(code)
    pieces = stream_with_context(
        chunks(of_one_moment(lambda session: watching.bundle_parts(session, bundle)))
    )
    response = Response(pieces, content_type="application/x-tar")
    response.headers["Content-Length"] = str(bundle.size)
    response.headers["Content-Disposition"] = f'attachment; filename="{bundle.name}"'
    return response


@blueprint.get("/elections/<code>/audit.json")
@public
@compressed
def show_manifest(code: str) -> Response:
    """The manifest of the audit bundle, whose hash stands for all of it."""
    return Response(_bundle(code).manifest.write(), content_type="application/json")


def _bundle(code: str) -> Bundle:
    found = watching.find_bundle(db.session(), code)
    if found is None:
        raise NotFound("bundle", code[:40])
    return found


def _page(code: str, form: CheckForm) -> Response:
    session = db.session()
    line = find_election(code)
    bundle = watching.bundle_if_public(session, code)
    board = _board(code)
    if board is None and not line.shows_result:
        raise NotFound("board", code[:40])
    found = watching.find_checks(session, board, bundle) if board else None
    watch = request.args.get("watch") == "1" and found is not None and found.under_way is not None
    page = render_template(
        "elections/check.html",
        election=line,
        board=board,
        bundle=bundle,
        found=found,
        form=form,
        watch=watch,
        again=AGAIN,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    if watch:
        response.headers["Refresh"] = str(AGAIN)
    return response


def _board(code: str) -> Board | None:
    try:
        return boards.find_board(db.session(), code)
    except NotFound:
        return None
