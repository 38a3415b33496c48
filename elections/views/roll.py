"""The roll before the public: its hash and count, its corrections, how to ask to be on it, when it is deleted."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import limits
from core.codes import FORM_KEY, new_form_key
from core.errors import DomainError
from core.forms import ONLY_LOOK, shows_own_form
from core.wording import is_conflict
from elections.forms.roll import RegistrationForm
from elections.messages import roll as words
from elections.queries.elections import find_election
from elections.queries.roll import OwnRegistration, RollPage, find_roll
from elections.services.roll.registrations import register_person
from followup.forms import HeldCodeForm
from followup.services.receipts import Receipt
from followup.views.answers import show_receipt

blueprint = Blueprint("roll", __name__)
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(roll_words=words))


@blueprint.get("/elections/<code>/roll/")
@public
def show_roll(code: str) -> str:
    """Everything that anybody may know of the roll: nothing about any one person."""
    return render_template("elections/roll.html", page=find_roll(code), line=find_election(code))


@blueprint.get("/elections/<code>/register/")
@public
def ask_to_register(code: str) -> str:
    """The form for somebody whom the register misses."""
    page = find_roll(code)
    return _form(page, RegistrationForm(formdata=None, form_key=new_form_key()))


@blueprint.post("/elections/<code>/register/")
@public
@shows_own_form
def register(code: str) -> ResponseReturnValue:
    """Take a registration and answer with its receipt; or show the filled form with everything that is wrong."""
    page = find_roll(code)
    form = RegistrationForm()
    complete = form.validate()
    if ONLY_LOOK in request.form:
        return _form(page, form)
    if not limits.allow("submit", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many requests came from your network. Your text is kept: try again in an hour.")
        )
        return _form(page, form), 429
    if not complete:
        return _form(page, form), 422
    try:
        receipt = register_person(code, form.form_key.data or "", form.person, form.contact_left)
    except DomainError as error:
        form.refuse(error)
        return _form(page, form), 409 if is_conflict(error) else 422
    return _receipt(page, form, receipt)


def show_own(own: OwnRegistration, held: HeldCodeForm, done: str = "") -> str:
    """What the holder of a receipt code reads: where it stands, and the city's answer."""
    return render_template("elections/own_registration.html", own=own, held=held, done=done)


def _form(page: RollPage, form: RegistrationForm) -> str:
    if not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.renew_key()
    return render_template("elections/register.html", page=page, form=form)


def _receipt(page: RollPage, form: RegistrationForm, receipt: Receipt) -> str:
    return show_receipt(
        "elections/registration_receipt.html", receipt, page=page, form=form, person=form.person, kept=None
    )
