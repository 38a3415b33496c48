"""Standing for election: the form, its receipt with the supporters' link, supporting, and the candidates' pages."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import clock, limits, settings
from core.codes import FORM_KEY, new_form_key
from core.compression import compressed
from core.db import db
from core.errors import Conflict, DomainError, NotFound
from core.forms import ONLY_LOOK, shows_own_form
from core.wording import explain
from elections.documents.booklet import booklet
from elections.forms.nominations import PREFIX, NominationForm, SupportForm, nomination_form
from elections.models.elections import Election
from elections.queries import nominations as queries
from elections.queries.elections import find_election
from elections.queries.lots import public_election
from elections.queries.nominations import OwnNomination
from elections.rules import nominations as rules
from elections.rules.deadlines import Step, read_timetable
from elections.rules.plain_rule_sets import from_plain
from elections.rules.stages import Stage
from elections.services.nominations import receiving
from followup.views.answers import keep_nowhere, show_receipt

blueprint = Blueprint("elections_nominations", __name__)


@blueprint.get("/elections/<code>/nominate/")
@public
def nominate(code: str) -> ResponseReturnValue:
    """The form for one's own nomination, or when nominations come in."""
    return _form_page(public_election(db.session(), code))


@blueprint.post("/elections/<code>/nominate/")
@public
@shows_own_form
def send_nomination(code: str) -> ResponseReturnValue:
    """Take a nomination and answer with its receipt and link; or show the filled form with everything that is wrong."""
    election = public_election(db.session(), code)
    form = nomination_form(election)
    complete = form.validate()
    if ONLY_LOOK in request.form:
        return _form_page(election, form)
    if not limits.allow("submit", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many forms came from your network. Your text is kept: try again in an hour.")
        )
        return _form_page(election, form, 429)
    if not complete:
        return _form_page(election, form, 422)
    try:
        contact = form.contact_left
        receipt = receiving.nominate(code, form.form_key.data or "", form.nomination, contact)
    except DomainError as error:
        form.refuse(error)
        if isinstance(error, Conflict):
            form.renew_key()
        return _form_page(election, form, 409 if isinstance(error, Conflict) else 422)
    return keep_nowhere(
        Response(
            show_receipt(
                "elections/nomination_receipt.html",
                receipt,
                election=election,
                form=form,
                nomination=receiving.cleaned(form.nomination),
                group=queries.group_names(election).get(form.nomination.group_key),
                needed=from_plain(election.rule_set).supporters,
                support_url=support_url(code, receipt.code),
                mending_closes=read_timetable(election.timetable)[Step.MENDING_CLOSES],
                kept="",
            )
        )
    )


@blueprint.get("/elections/<code>/support/<token>/")
@public
def show_support(code: str, token: str) -> ResponseReturnValue:
    """Whom the link asks to support, and the form."""
    found = _supported(code, token)
    return _support_page(found, token, SupportForm(formdata=None))


@blueprint.post("/elections/<code>/support/<token>/")
@public
@shows_own_form
def support(code: str, token: str) -> ResponseReturnValue:
    """Support the nomination behind the link, once for each person."""
    found = _supported(code, token)
    form = SupportForm()
    complete = form.validate()
    if ONLY_LOOK in request.form:
        return _support_page(found, token, form)
    if not limits.allow("submit", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many forms came from your network. Your text is kept: try again in an hour.")
        )
        return _support_page(found, token, form, 429)
    if complete:
        try:
            fresh = receiving.support(token, form.name.data or "", form.address.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            done = (
                _("Thank you. Your support is counted.")
                if fresh
                else _("You supported this before. It counts once.")
            )
            return _support_page(_supported(code, token), token, SupportForm(formdata=None), done=done)
    return _support_page(found, token, form, 422)


@blueprint.get("/elections/<code>/candidates/")
@public
@compressed
def list_candidates(code: str) -> str:
    """The candidates by group in the order of the ballot, or on which day they are published."""
    session = db.session()
    election = public_election(session, code)
    shown = queries.candidates_shown(election)
    return render_template(
        "elections/candidates.html",
        election=election,
        line=find_election(code),
        shown=shown,
        sections=queries.sections(session, election) if shown else [],
        published_on=read_timetable(election.timetable)[Step.CANDIDATES_PUBLISHED],
    )


@blueprint.get("/elections/<code>/candidates/<int(max=2147483647):candidate_id>/")
@public
@compressed
def show_candidate(code: str, candidate_id: int) -> str:
    """One candidate: the statement in the reader's language, with the original beside it."""
    session = db.session()
    election = public_election(session, code)
    section, candidate = queries.find_candidate(session, election, candidate_id)
    return render_template(
        "elections/candidate.html", election=election, section=section, candidate=candidate
    )


@blueprint.get("/elections/<code>/booklet.<language>.pdf")
@public
def show_booklet(code: str, language: str) -> ResponseReturnValue:
    """All candidates and their statements, to print, in one language of the election."""
    session = db.session()
    election = public_election(session, code)
    if language not in election.languages or not queries.candidates_shown(election):
        raise NotFound("booklet", language[:20])
    paper = booklet(election, queries.sections(session, election), language)
    response = Response(paper, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{election.code}-{language}.pdf"'
    return response


def support_url(code: str, receipt_code: str) -> str:
    """The address that supporters get. It follows from the receipt code and is stored nowhere."""
    return f"{settings.current().base_url}/elections/{code}/support/{receiving.link_token(receipt_code)}/"


def _form_page(
    election: Election, form: NominationForm | None = None, status: int = 200
) -> ResponseReturnValue:
    timetable = read_timetable(election.timetable)
    refused = ""
    try:
        rules.check_open(Stage(election.stage), timetable, clock.today())
    except DomainError as error:
        refused = explain(error)
    if form is None and not refused:
        form = nomination_form(election, formdata=None, form_key=new_form_key())
    if form is not None and not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.renew_key()
    page = render_template(
        "elections/nominate.html",
        election=election,
        form=form,
        refused=refused,
        timetable=timetable,
        steps=Step,
        prefix=PREFIX,
        needed=from_plain(election.rule_set).supporters,
    )
    return page, status


def _supported(code: str, token: str) -> OwnNomination:
    found = queries.find_supported(receiving.link_mac(token))
    if found.election.code != code:
        raise NotFound("nomination", "link")
    return found


def _support_page(
    found: OwnNomination, token: str, form: SupportForm, status: int = 200, done: str = ""
) -> ResponseReturnValue:
    election = found.election
    closed = ""
    try:
        rules.check_mending(Stage(election.stage), read_timetable(election.timetable), clock.today())
    except DomainError as error:
        closed = explain(error)
    page = render_template(
        "elections/support.html",
        own=found,
        election=election,
        form=form,
        closed=closed,
        done=done,
        needed=from_plain(election.rule_set).supporters,
        path=url_for("elections_nominations.support", code=election.code, token=token),
    )
    return keep_nowhere(Response(page, status))
