"""A public call for seats: the call, the form, the receipt, and what the receipt's code opens."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import limits
from core.codes import FORM_KEY, new_form_key
from core.errors import Conflict, DomainError
from core.forms import ONLY_LOOK, shows_own_form
from council.forms.application import ApplicationForm
from council.queries import calls
from council.queries.calls import CallLine, OwnApplication
from council.services import calls as service
from followup.forms import HeldCodeForm
from followup.services.receipts import Receipt
from followup.views.answers import keep_nowhere, show_receipt

blueprint = Blueprint("applications", __name__, url_prefix="/council")
blueprint.after_request(keep_nowhere)


@blueprint.get("/<key>/calls/<int(max=2147483647):call_id>/")
@public
def show_call(key: str, call_id: int) -> str:
    """What is called for, until when, and the form as long as it is open."""
    return _call(calls.find_call(key, call_id))


@blueprint.post("/<key>/calls/<int(max=2147483647):call_id>/apply")
@public
@shows_own_form
def apply(key: str, call_id: int) -> ResponseReturnValue:
    """Take an application and answer with its receipt; or show the filled form with everything that is wrong."""
    call = calls.find_call(key, call_id)
    form = ApplicationForm(for_organisations=call.for_organisations)
    complete = form.validate()
    if ONLY_LOOK in request.form:
        return _call(call, form)
    if not limits.allow("submit", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many forms came from your network. Your text is kept: try again in an hour.")
        )
        return _call(call, form), 429
    if not complete:
        return _call(call, form), 422
    try:
        receipt = service.apply(call.id, form.form_key.data or "", form.application, form.contact_left)
    except DomainError as error:
        form.refuse(error)
        form.renew_key()
        return _call(call, form), 409 if isinstance(error, Conflict) else 422
    return _receipt(call, form, receipt)


def show_own(own: OwnApplication, held: HeldCodeForm, done: str) -> str:
    """The page of one's own application: what was written, the answer, the clock."""
    return render_template("council/own_application.html", own=own, held=held, done=done)


def ask_to_withdraw(own: OwnApplication, held: HeldCodeForm) -> str:
    """The page that asks before an application is erased."""
    return render_template("council/withdraw.html", own=own, form=held)


def withdraw(digits: str) -> str:
    """Erase the application's text and names, and say so."""
    service.withdraw(digits)
    return _("Your application is withdrawn. Number and answer stay.")


def _call(call: CallLine, form: ApplicationForm | None = None) -> str:
    if form is None and call.is_open:
        form = ApplicationForm(
            formdata=None, form_key=new_form_key(), for_organisations=call.for_organisations
        )
    if form is not None and not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.renew_key()
    return render_template("council/call.html", call=call, form=form)


def _receipt(call: CallLine, form: ApplicationForm, receipt: Receipt) -> str:
    return show_receipt(
        "council/receipt.html",
        receipt,
        call=call,
        form=form,
        application=form.application,
        kept=f"council:{call.id}",
    )
