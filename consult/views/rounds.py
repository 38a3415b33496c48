"""Rounds and measures, and the way of a comment: form, receipt."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from consult import messages
from consult.forms.submission import SubmissionForm
from consult.queries import measures, rounds
from consult.queries.measures import MeasurePage
from consult.rules.rounds import Phase
from consult.services import submissions
from core import limits
from core.codes import FORM_KEY, new_form_key
from core.compression import compressed
from core.errors import Conflict, DomainError
from core.forms import ONLY_LOOK, shows_own_form
from followup.numbers import register_number
from followup.services.receipts import Receipt
from followup.views.answers import show_receipt

blueprint = Blueprint("consult", __name__)
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(consult_words=messages))

AHEAD = (Phase.OPEN, Phase.ANNOUNCED, Phase.CLOSED)
"""The phases of a round that is not answered yet."""


@blueprint.get("/rounds/")
@public
@compressed
def list_rounds() -> str:
    """Every round that is or was before the public."""
    lines = rounds.list_rounds()
    return render_template(
        "consult/rounds.html",
        current=[line for line in lines if line.phase in AHEAD],
        past=[line for line in lines if line.phase not in AHEAD],
    )


@blueprint.get("/rounds/<code>/")
@public
@compressed
def show_round(code: str) -> str:
    """What is decided and what not, until when, who decides, and every measure."""
    return render_template("consult/round.html", page=rounds.find_round(code))


@blueprint.get("/rounds/<code>/measures/<number>/")
@public
@compressed
def show_measure(code: str, number: str) -> str:
    """One measure with its latest comments and the form."""
    return _measure(measures.find_measure(code, number))


@blueprint.get("/rounds/<code>/whole-draft/")
@public
@compressed
def show_whole(code: str) -> str:
    """The draft as a whole, for comments that are about no single measure."""
    return _measure(measures.find_whole(code))


@blueprint.post("/rounds/<code>/submit")
@public
@shows_own_form
def submit(code: str) -> ResponseReturnValue:
    """Take a comment and answer with its receipt; or show the filled form with everything that is wrong."""
    form = SubmissionForm()
    page = _page_of(code, form)
    complete = form.validate()
    if ONLY_LOOK in request.form:
        return _measure(page, form)
    if not limits.allow("submit", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many comments came from your network. Your text is kept: try again in an hour.")
        )
        return _measure(page, form), 429
    if not complete:
        return _measure(page, form), 422
    try:
        receipt = submissions.submit(code, form.form_key.data or "", form.comment, form.contact_left)
    except DomainError as error:
        return _refused(page, form, error)
    return _receipt(page, form, receipt)


def _page_of(code: str, form: SubmissionForm) -> MeasurePage:
    """The page that the form was on, in the version of the draft that its author saw."""
    unit_id = form.unit_id
    return measures.find_whole(code) if unit_id is None else measures.find_seen_measure(code, unit_id)


def _measure(page: MeasurePage, form: SubmissionForm | None = None) -> str:
    if form is None and page.round.is_open:
        form = SubmissionForm(formdata=None, form_key=new_form_key(), unit=page.unit_id or "")
    if form is not None and not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.renew_key()
    return render_template("consult/measure.html", page=page, round=page.round, form=form, kept=_kept(page))


def _refused(page: MeasurePage, form: SubmissionForm, error: DomainError) -> ResponseReturnValue:
    if isinstance(error, Conflict):
        number = register_number(page.round.code, int(str(error.parameters["number"])))
        form.form_errors.append(
            _("Your first text from this form is safe. It has the number %(number)s.", number=number)
        )
        form.form_errors.append(
            _("This text is another one and was not sent yet. Send it as a second comment?")
        )
    else:
        form.refuse(error)
    form.renew_key()
    return _measure(page, form), 409 if isinstance(error, Conflict) or not page.round.is_open else 422


def _receipt(page: MeasurePage, form: SubmissionForm, receipt: Receipt) -> str:
    return show_receipt(
        "consult/receipt.html",
        receipt,
        page=page,
        round=page.round,
        form=form,
        comment=form.comment,
        kept=_kept(page),
    )


def _kept(page: MeasurePage) -> str:
    """Under which name the browser keeps what is typed, until the receipt was shown."""
    return f"{page.round.code}:{page.number or 'whole'}"
