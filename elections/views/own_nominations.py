"""What the receipt code of a nomination opens, and what its holder may do: mend, withdraw."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import clock
from core.errors import DomainError
from core.forms import ONLY_LOOK, shows_own_form
from elections.forms.nominations import MendForm, mend_form, statements_in
from elections.messages import nominations as words
from elections.queries.nominations import OwnNomination, find_own
from elections.rules import nominations as rules
from elections.rules.deadlines import Step, read_timetable
from elections.rules.nominations import Event, State
from elections.rules.plain_rule_sets import from_plain
from elections.rules.stages import Stage
from elections.services.nominations import receiving
from elections.services.nominations.decisions import objections_until
from elections.views.nominations import support_url
from followup.forms import CodeForm, HeldCodeForm
from followup.services.receipts import code_mac
from followup.views.answers import hold, keep_nowhere, not_opened, open_code

blueprint = Blueprint("own_nominations", __name__)
blueprint.after_request(keep_nowhere)


@blueprint.post("/answer/nomination/mend")
@public
@shows_own_form
def mend() -> ResponseReturnValue:
    """Change the statement, or answer what was missing, by receipt code."""
    code_form = CodeForm()
    own = open_code(code_form, find_own)
    if own is None:
        return not_opened(code_form)
    form = mend_form(own.election, own.nomination.statement)
    complete = form.validate()
    if ONLY_LOOK in request.form or not complete:
        return show_own(own, hold(code_form), mending=form), 422 if form.errors else 200
    try:
        receiving.mend(code_form.digits, statements_in(form, form.codes), form.note.data or "")
    except DomainError as error:
        form.refuse(error)
        return show_own(own, hold(code_form), mending=form), 422
    again = find_own(code_mac(code_form.digits))
    assert again is not None  # nothing deletes a nomination
    return show_own(again, hold(code_form), _("Your nomination is mended. An officer checks it again."))


def show_own(
    own: OwnNomination, held: HeldCodeForm, done: str = "", *, mending: MendForm | None = None
) -> str:
    """The page of one's own nomination: where it stands, what is missing, the answer, and what can be done now."""
    election, nomination = own.election, own.nomination
    timetable = read_timetable(election.timetable)
    state = State(nomination.state)
    open_still = election.stage == Stage.CALLED
    in_time = open_still and clock.today() <= timetable[Step.MENDING_CLOSES]
    can_mend = in_time and (state, Event.MEND) in rules.WAY
    if can_mend and mending is None:
        mending = mend_form(election, nomination.statement, formdata=None, code=held.code.data)
    refused_on = nomination.decided_on if state is State.REFUSED else None
    return render_template(
        "elections/own_nomination.html",
        own=own,
        election=election,
        nomination=nomination,
        held=held,
        done=done,
        mending=mending if can_mend else None,
        can_withdraw=open_still and (state, Event.WITHDRAW) in rules.WAY,
        support_url=support_url(election.code, held.code.data or "") if in_time else "",
        needed=from_plain(election.rule_set).supporters,
        mending_closes=timetable[Step.MENDING_CLOSES],
        object_until=objections_until(election, refused_on) if refused_on else None,
        words=words,
    )


def ask_to_withdraw(own: OwnNomination, held: HeldCodeForm) -> str:
    """The page that asks before a nomination is withdrawn."""
    return render_template("elections/withdraw_nomination.html", own=own, form=held)


def withdraw(digits: str) -> str:
    """Withdraw the nomination, and say so."""
    receiving.withdraw(digits)
    return _("Your nomination is withdrawn. Its number stays.")
