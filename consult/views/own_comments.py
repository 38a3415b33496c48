"""What the receipt code of a comment opens, and what its holder may do: ask for a second look, withdraw."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from consult.forms.submission import SecondLookForm
from consult.queries.answers import OwnComment, find_own
from consult.services import submissions
from core import languages, limits
from core.errors import DomainError
from core.forms import ONLY_LOOK, shows_own_form
from core.i18n import language
from core.localized import clean
from followup.forms import HeldCodeForm
from followup.services.receipts import code_mac
from followup.views.answers import hold, keep_nowhere, not_opened, open_code

blueprint = Blueprint("own_comments", __name__)
blueprint.after_request(keep_nowhere)


@blueprint.post("/answer/reconsider")
@public
@shows_own_form
def reconsider() -> ResponseReturnValue:
    """Ask for a second look, once: "you misread me"."""
    form = SecondLookForm()
    own = open_code(form, find_own)
    if own is None:
        return not_opened(form)
    if ONLY_LOOK in request.form:
        return show_own(own, hold(form), second_look=form)
    if form.errors:
        return show_own(own, hold(form), second_look=form), 422
    if not limits.allow("reconsider", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many requests came from your network. Your text is kept: try again in an hour.")
        )
        return show_own(own, hold(form), second_look=form), 429
    text = form.text.data or ""
    asked = own.second_look
    # A second click sends the same text again, and means it once.
    if asked is None or asked.text != clean(text):
        try:
            submissions.reconsider(form.digits, text, languages.guess(text, language()))
        except DomainError as error:
            form.refuse(error)
            return show_own(_again(form), hold(form), second_look=form), 422
    return show_own(_again(form), hold(form), _("The city looks again. It owes you a second answer."))


def show_own(
    own: OwnComment, held: HeldCodeForm, done: str = "", *, second_look: SecondLookForm | None = None
) -> str:
    """The page of one's own comment: letter, answer, clock, and what can be done now."""
    return render_template(
        "consult/own_comment.html",
        own=own,
        held=held,
        second_look=second_look or SecondLookForm(formdata=None, code=held.code.data),
        done=done,
    )


def ask_to_withdraw(own: OwnComment, held: HeldCodeForm) -> str:
    """The page that asks before a text is erased."""
    return render_template("consult/withdraw.html", own=own, form=held)


def withdraw(digits: str) -> str:
    """Erase the comment's text, and say so."""
    submissions.withdraw(digits)
    return _("Your text is withdrawn. Number and answer stay.")


def _again(form: SecondLookForm) -> OwnComment:
    """The comment as it stands after something was done."""
    own = find_own(code_mac(form.digits))
    assert own is not None  # nothing deletes a comment
    return own
