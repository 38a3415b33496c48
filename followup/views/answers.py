"""Reading one's answer by receipt code. What a code opens, and what its holder may do, each room registers.

A code is looked up before anything is counted, so a correct one is never refused; only failures use up the tries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import clock, limits, settings
from core.errors import DomainError, NotFound
from core.forms import ONLY_LOOK, shows_own_form
from core.showing import qr_code
from followup import held
from followup.forms import CodeForm, HeldCodeForm
from followup.messages import OUTCOMES
from followup.numbers import register_number
from followup.services.receipts import Receipt, code_mac

Own = TypeVar("Own")

blueprint = Blueprint("answers", __name__)
blueprint.add_app_template_global(register_number)
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(outcome_words=OUTCOMES))


def keep_nowhere(response: Response) -> Response:
    """Nothing on these pages is for a cache, not even the empty form with what the browser put back into it.

    Every blueprint whose routes open a receipt code calls this after its requests.
    """
    response.headers["Cache-Control"] = "no-store"
    return response


blueprint.after_request(keep_nowhere)


@blueprint.get("/answer/")
@public
def find_answer() -> str:
    """The form for a receipt code."""
    return render_template("followup/find_answer.html", form=CodeForm(formdata=None))


@blueprint.post("/answer/")
@public
@shows_own_form
def read_answer() -> ResponseReturnValue:
    """State and answer of the item that a code belongs to."""
    form = CodeForm()
    opened = open_code(form, held.find)
    if opened is None:
        return not_opened(form)
    return opened.kind.show(opened.own, hold(form), "")


@blueprint.post("/answer/withdraw")
@public
@shows_own_form
def withdraw() -> ResponseReturnValue:
    """Withdraw what a code belongs to: first a page that asks, then the act."""
    form = HeldCodeForm()
    opened = open_code(form, held.find)
    if opened is None:
        return not_opened(form)
    kind = opened.kind
    if kind.ask_to_withdraw is None or kind.withdraw is None:
        raise NotFound("withdrawal", "code")
    if request.form.get("confirm") != "yes" or ONLY_LOOK in request.form:
        return kind.ask_to_withdraw(opened.own, form)
    try:
        done = kind.withdraw(form.digits)
    except DomainError as error:
        refused = hold(form)
        refused.refuse(error)
        return kind.show(opened.own, refused, ""), 422
    again = held.find(code_mac(form.digits))
    assert again is not None  # what is withdrawn keeps its number and its answer
    return kind.show(again.own, hold(form), done)


def open_code(form: CodeForm, find: Callable[[bytes], Own | None]) -> Own | None:
    """What ``find`` has for the form's code; None when it has nothing, or the form cannot be trusted."""
    form.validate()
    if form.csrf_token.errors:
        return None
    try:
        own = find(code_mac(form.digits))
    except DomainError as error:
        form.refuse(error)
        return None
    if own is None:
        form.refuse(DomainError("code_unknown"))
    return own


def not_opened(form: CodeForm) -> ResponseReturnValue:
    """The form again. Every wrong code gets the same answer, and counts; a lost token or an empty field does not."""
    status = 422
    given = CodeForm(formdata=None, code=form.code.data)
    given.form_errors = [*form.form_errors, *form.csrf_token.errors]
    given.code.errors = list(form.code.errors)
    if not form.csrf_token.errors and form.code.data and not limits.allow("code", request.remote_addr or ""):
        given.form_errors.append(
            _("Too many wrong codes came from your network. A correct code still opens its answer.")
        )
        status = 429
    return render_template("followup/find_answer.html", form=given), status


def hold(form: CodeForm) -> HeldCodeForm:
    """The code that ``form`` opened something with, for the page to hand on."""
    return HeldCodeForm(formdata=None, code=form.digits)


def show_receipt(template: str, receipt: Receipt, **facts: object) -> str:
    """The page of a receipt. ``template`` extends ``followup/receipt.html``, which says what it may fill in."""
    address = f"{settings.current().base_url}/answer/#{receipt.code}"
    return render_template(
        template,
        receipt=receipt,
        number=receipt.written_number,
        days=(receipt.due_on - clock.today()).days,
        qr=qr_code(address, _("QR code that opens the page for your answer, with your code in it")),
        **facts,
    )
