"""Anybody suggests something to a council: the form, the receipt, and what the receipt's code opens."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import limits, settings
from core.codes import FORM_KEY, new_form_key
from core.errors import Conflict, DomainError
from core.forms import ONLY_LOOK, shows_own_form
from council.queries.bodies import BodyPage, find_body
from followup.forms import HeldCodeForm
from followup.views.answers import keep_nowhere, show_receipt
from motions.forms.suggestion import SuggestionForm
from motions.queries.suggestions import OwnSuggestion
from motions.services import suggestions as service

blueprint = Blueprint("suggestions", __name__, url_prefix="/council")
blueprint.after_request(keep_nowhere)


@blueprint.get("/<key>/suggest/")
@public
def show_form(key: str) -> str:
    """The form, and what happens with what is sent."""
    return _page(find_body(key))


@blueprint.post("/<key>/suggest/")
@public
@shows_own_form
def suggest(key: str) -> ResponseReturnValue:
    """Take a suggestion and answer with its receipt; or show the filled form with everything that is wrong."""
    body = find_body(key)
    form = SuggestionForm()
    complete = form.validate()
    if ONLY_LOOK in request.form:
        return _page(body, form)
    if not limits.allow("submit", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many forms came from your network. Your text is kept: try again in an hour.")
        )
        return _page(body, form), 429
    if not complete:
        return _page(body, form), 422
    try:
        receipt = service.suggest(body.id, form.form_key.data or "", form.suggestion, form.contact_left)
    except DomainError as error:
        form.refuse(error)
        form.renew_key()
        return _page(body, form), 409 if isinstance(error, Conflict) else 422
    return show_receipt(
        "motions/receipt.html",
        receipt,
        body=body,
        form=form,
        suggestion=form.suggestion,
        kept=f"suggest:{body.key}",
    )


def show_own(own: OwnSuggestion, held: HeldCodeForm, done: str) -> str:
    """The page of one's own suggestion: what was written, the answer, the clock, and who took it up."""
    return render_template("motions/own_suggestion.html", own=own, held=held, done=done)


def ask_to_withdraw(own: OwnSuggestion, held: HeldCodeForm) -> str:
    """The page that asks before a suggestion is erased."""
    return render_template("motions/withdraw_suggestion.html", own=own, form=held)


def withdraw(digits: str) -> str:
    """Erase the suggestion's text and name, and say so."""
    service.withdraw(digits)
    return _("Your suggestion is withdrawn. Number and answer stay.")


def _page(body: BodyPage, form: SuggestionForm | None = None) -> str:
    form = form or SuggestionForm(formdata=None, form_key=new_form_key())
    if not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.renew_key()
    return render_template(
        "motions/suggest.html", body=body, form=form, weeks=settings.current().answer_weeks
    )
