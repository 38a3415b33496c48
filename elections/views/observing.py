"""The heads of a board for those who watch: a feed, and mail to whoever asked and confirmed."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import i18n, limits, settings
from core.db import db
from core.errors import DomainError, NotFound
from core.feeds import Feed, FeedEntry, write_atom
from core.forms import shows_own_form
from core.wording import is_conflict
from elections.forms.watching import CheckForm, ObserveForm
from elections.messages.checks import OCCASIONS
from elections.models.watching import BoardHead
from elections.queries import board as boards
from elections.queries import watching
from elections.queries.elections import find_election
from elections.rules.urn import UrnState
from elections.services.urn import observing
from followup.views.answers import keep_nowhere

blueprint = Blueprint("elections_observing", __name__)
blueprint.after_request(keep_nowhere)


@blueprint.get("/elections/<code>/heads.atom")
@public
def heads_atom(code: str) -> Response:
    """The heads that were published apart from the board, the newest first."""
    session = db.session()
    line = find_election(code)
    board = boards.find_board(session, code)
    here = settings.current()
    page = here.base_url + url_for("elections_board.show_board", code=code)
    feed = Feed(
        id=f"{here.base_url}/elections/{code}/heads/",
        title=_("Heads of the ballot board: %(title)s", title=i18n.localized(line.title).text),
        author=i18n.localized(here.city).text,
        language=i18n.language(),
        link=page,
        own=here.base_url + url_for("elections_observing.heads_atom", code=code),
        zone=here.time_zone,
        day=line.opens_at.date(),
        entries=[_entry(head, code, page) for head in watching.heads_of(session, board)],
    )
    return Response(write_atom(feed), content_type="application/atom+xml; charset=utf-8")


def _entry(head: BoardHead, code: str, page: str) -> FeedEntry:
    return FeedEntry(
        id=f"{settings.current().base_url}/elections/{code}/heads/{head.id}",
        title=str(OCCASIONS[head.occasion]),
        day=head.noted_on,
        link=page,
        text=head.head,
        language="und",
    )


@blueprint.get("/elections/<code>/observe/")
@public
def ask_to_observe(code: str) -> str:
    """What heads are for, those that were published, the feed, and the form for getting them by mail."""
    return _page(code, ObserveForm(formdata=None))


@blueprint.post("/elections/<code>/observe/")
@public
@shows_own_form
def observe(code: str) -> ResponseReturnValue:
    """Send a link to the address; nothing more goes there before it is confirmed."""
    form = ObserveForm()
    boards.find_board(db.session(), code)
    if not form.validate():
        return _page(code, form), 422
    if not limits.allow("observe", request.remote_addr or ""):
        form.form_errors.append(_("Too many requests came from your network. Try again in an hour."))
        return _page(code, form), 429
    try:
        observing.ask_to_observe(code, form.recipient, i18n.language())
    except NotFound:
        raise
    except DomainError as error:
        form.refuse(error)
        return _page(code, form), 409 if is_conflict(error) else 422
    flash(_("We sent a link to your address. Open it to confirm; without that you get no mail."), "success")
    return redirect(url_for("elections_observing.ask_to_observe", code=code), 303)


@blueprint.get("/elections/<code>/observe/<token>/")
@public
def show_observing(code: str, token: str) -> str:
    """The link from the mail: confirm, or end it. Opening it alone does nothing, since mail programs open links too."""
    return _own(code, token)


@blueprint.post("/elections/<code>/observe/<token>/")
@public
@shows_own_form
def confirm(code: str, token: str) -> ResponseReturnValue:
    """Get the heads by mail from now on."""
    if not CheckForm().validate():
        return _own(code, token), 422
    _known(code, token)
    observing.confirm_observing(token)
    flash(_("Confirmed. You get each head of the board by mail."), "success")
    return redirect(url_for("elections_observing.show_observing", code=code, token=token), 303)


@blueprint.post("/elections/<code>/observe/<token>/end")
@public
@shows_own_form
def end(code: str, token: str) -> ResponseReturnValue:
    """Get no more mail; the address is deleted at once."""
    if not CheckForm().validate():
        return _own(code, token), 422
    _known(code, token)
    observing.stop_observing(token)
    flash(_("Ended. Your address is deleted."), "success")
    return redirect(url_for("elections_observing.ask_to_observe", code=code), 303)


def _known(code: str, token: str) -> bool:
    confirmed = watching.observes(db.session(), code, token)
    if confirmed is None:
        raise NotFound("observer", "")
    return confirmed


def _own(code: str, token: str) -> str:
    confirmed = _known(code, token)
    return render_template(
        "elections/observing.html",
        election=find_election(code),
        confirmed=confirmed,
        token=token,
        form=CheckForm(formdata=None),
    )


def _page(code: str, form: ObserveForm) -> str:
    session = db.session()
    board = boards.find_board(session, code)
    return render_template(
        "elections/observe.html",
        election=find_election(code),
        board=board,
        heads=watching.heads_of(session, board),
        occasions=OCCASIONS,
        open=board.state != UrnState.OPENED,
        form=form,
        days=settings.current().contact_kept_days,
    )
