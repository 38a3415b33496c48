"""Objecting to the roll, a nomination or the result, without account or script; and reading one's objection by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.access import public
from core import clock, limits
from core.codes import FORM_KEY, new_form_key
from core.db import db
from core.errors import Conflict, DomainError
from core.forms import ONLY_LOOK, shows_own_form
from core.wording import explain
from elections.forms.objections import ObjectionForm
from elections.messages.objections import EFFECTS, GROUNDS, MATTERS, about
from elections.models.elections import Election
from elections.queries import letters
from elections.queries import objections as queries
from elections.queries.letters import PublicElection
from elections.queries.objections import OwnObjection
from elections.rules import objections as rules
from elections.rules.objections import Window
from elections.rules.rule_sets import Matter
from elections.services import objections
from followup import subjects
from followup.forms import HeldCodeForm
from followup.numbers import register_number
from followup.views.answers import keep_nowhere, show_receipt

blueprint = Blueprint("objections", __name__, url_prefix="/elections/<code>/object")
blueprint.after_request(keep_nowhere)


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One matter with its window, and whether it can be objected to today; else ``why_not`` says so in words."""

    matter: Matter
    window: Window | None
    why_not: str


@blueprint.get("/")
@public
def choose(code: str) -> ResponseReturnValue:
    """What can be objected to now (``?matter=`` opens its form), and until when each matter is open."""
    session = db.session()
    found = letters.find_election(session, code)
    matters = _matters(session, found)
    chosen = request.args.get("matter", "")
    if any(each.matter == chosen and not each.why_not for each in matters):
        form = ObjectionForm(formdata=None, matter=chosen, form_key=new_form_key())
        about_number = request.args.get("about", "")
        form.about.data = about_number if about_number.isdecimal() and len(about_number) <= 10 else ""
        return _page(found, matters, form)
    return _page(found, matters, None)


@blueprint.post("/")
@public
@shows_own_form
def object_to(code: str) -> ResponseReturnValue:
    """Take an objection and answer with its receipt; or show the filled form with everything that is wrong."""
    session = db.session()
    found = letters.find_election(session, code)
    form = ObjectionForm()
    complete = form.validate()
    matters = _matters(session, found)
    if ONLY_LOOK in request.form:
        return _page(found, matters, form)
    if not limits.allow("submit", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many letters came from your network. Your text is kept: try again in an hour.")
        )
        return _page(found, matters, form), 429
    if not complete:
        return _page(found, matters, form), 422
    try:
        receipt = objections.object_to(code, form.form_key.data or "", form.objection, form.contact_left)
    except Conflict as error:
        number = register_number(code, int(str(error.parameters["number"])))
        form.form_errors.append(
            _("Your first text from this form is safe. It has the number %(number)s.", number=number)
        )
        form.form_errors.append(
            _("This text is another one and was not sent yet. Send it as a second objection?")
        )
        form.renew_key()
        return _page(found, matters, form), 409
    except DomainError as error:
        form.refuse(error)
        form.renew_key()
        return _page(found, matters, form), 422
    return show_receipt(
        "elections/objection_receipt.html", receipt, election=found, form=form, new=form.objection, **_words()
    )


def show_own(own: OwnObjection, held: HeldCodeForm, done: str = "") -> str:
    """The page of one's own objection: what was written, the answer, what followed, the clock."""
    return render_template("elections/own_objection.html", own=own, held=held, done=done, **_words())


def ask_to_withdraw(own: OwnObjection, held: HeldCodeForm) -> str:
    """The page that asks before a text is erased."""
    return render_template("elections/withdraw_objection.html", own=own, form=held)


def withdraw(digits: str) -> str:
    """Erase the objection's text, and say so."""
    objections.withdraw(digits)
    return _("Your text is withdrawn. Number and answer stay.")


def for_office(session: Session, ids: Sequence[int]) -> dict[int, subjects.Item]:
    """Objections as the reply desk shows them."""
    codes = queries.codes_of(session, ids)
    return {
        id: subjects.Item(
            title=str(GROUNDS[found.ground]),
            text=found.text,
            language=found.language,
            facts=(
                str(MATTERS[found.matter]),
                *([about(found.matter, found.about)] if found.about else []),
            ),
            link=url_for("office_objections.list_objections", code=codes[id]),
        )
        for id, found in queries.by_id(session, ids).items()
    }


def for_public(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """What everybody may read about objections: the matter, the ground, and what followed."""
    return {
        id: " · ".join(
            [
                str(MATTERS[found.matter]),
                str(GROUNDS[found.ground]),
                *([str(EFFECTS[found.effect])] if found.effect else []),
            ]
        )
        for id, found in queries.by_id(session, ids).items()
    }


def _matters(session: Session, found: PublicElection) -> list[OpenMatter]:
    """Every matter, and whether it is open today."""
    election = session.get_one(Election, found.id)
    matters = []
    for matter in Matter:
        window: Window | None = objections.window_of(election, matter)
        why_not = ""
        try:
            rules.check_open(matter, found.stage, window, clock.today())
        except DomainError as error:
            if matter is Matter.NOMINATION and found.stage in rules.STAGES[matter]:
                window = None  # each decision on a nomination opens a window of its own
            else:
                why_not = explain(error)
        matters.append(OpenMatter(matter, window, why_not))
    return matters


def _page(found: PublicElection, matters: list[OpenMatter], form: ObjectionForm | None) -> str:
    if form is not None and not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.renew_key()
    return render_template("elections/object.html", election=found, matters=matters, form=form, **_words())


def _words() -> dict[str, object]:
    return {"matter_words": MATTERS, "ground_words": GROUNDS, "effect_words": EFFECTS, "about_words": about}
