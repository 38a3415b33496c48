"""Rounds and measures, and the way of a comment: form, receipt."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from consult.forms.submission import CodeForm, SubmissionForm, new_form_key
from consult.queries import measures, rounds
from consult.queries.measures import MeasurePage
from consult.rules.rounds import Phase
from consult.rules.submissions import FORM_KEY
from consult.services import submissions
from consult.services.submissions import Receipt
from consult.views.texts import init_texts, qr_code
from core import limits, settings
from core.compression import compressed
from core.db import db
from core.errors import Conflict, DomainError
from core.forms import ONLY_LOOK
from followup.numbers import register_number
from followup.queries import ledger

blueprint = Blueprint("consult", __name__)
init_texts(blueprint)
blueprint.add_app_template_global(register_number)

AHEAD = (Phase.OPEN, Phase.ANNOUNCED, Phase.CLOSED)
LATE_SHOWN = 2


@blueprint.get("/")
@public
@compressed
def home() -> str:
    """What this is, what is open now, what the city owes, and its latest answers."""
    lines = rounds.list_rounds()
    return render_template(
        "consult/home.html",
        rounds=[line for line in lines if line.phase in AHEAD],
        owed=ledger.ledger(db.session()).totals,
        late=ledger.overdue(db.session(), limit=LATE_SHOWN),
        answers=measures.latest_answers(),
        code_form=CodeForm(formdata=None),
    )


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


submit.form_checks_token = True  # type: ignore[attr-defined] # a lost token comes back with the filled form


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
    address = f"{settings.current().base_url}/answer/#{receipt.code}"
    return render_template(
        "consult/receipt.html",
        page=page,
        round=page.round,
        form=form,
        comment=form.comment,
        receipt=receipt,
        number=register_number(receipt.round_code, receipt.number),
        days=(receipt.due_on - page.round.today).days,
        qr=qr_code(address, _("QR code that opens the page for your answer, with your code in it")),
        kept=_kept(page),
    )


def _kept(page: MeasurePage) -> str:
    """Under which name the browser keeps what is typed, until the receipt was shown."""
    return f"{page.round.code}:{page.number or 'whole'}"
