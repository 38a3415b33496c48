"""Reading one's answer by receipt code, and what its holder may do: ask for a second look, withdraw.

A code is looked up before anything is counted, so a correct one is never refused; only failures use up the tries.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from consult.forms.submission import CodeForm, HeldCodeForm, SecondLookForm
from consult.queries.answers import OwnComment, find_own
from consult.services import submissions
from core import languages, limits
from core.errors import DomainError
from core.forms import ONLY_LOOK
from core.i18n import language
from core.localized import clean

blueprint = Blueprint("answers", __name__)


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Nothing on these pages is for a cache, not even the empty form with what the browser put back into it."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/answer/")
@public
def find_answer() -> str:
    """The form for a receipt code."""
    return render_template("consult/find_answer.html", form=CodeForm(formdata=None))


@blueprint.post("/answer/")
@public
def read_answer() -> ResponseReturnValue:
    """State and answer of the comment that a code belongs to."""
    form = CodeForm()
    own = _open(form)
    return _not_opened(form) if own is None else _show(own, form)


@blueprint.post("/answer/reconsider")
@public
def reconsider() -> ResponseReturnValue:
    """Ask for a second look, once: "you misread me"."""
    form = SecondLookForm()
    own = _open(form)
    if own is None:
        return _not_opened(form)
    if ONLY_LOOK in request.form:
        return _show(own, form, second_look=form)
    if form.errors:
        return _show(own, form, second_look=form), 422
    if not limits.allow("reconsider", request.remote_addr or ""):
        form.form_errors.append(
            _("Too many requests came from your network. Your text is kept: try again in an hour.")
        )
        return _show(own, form, second_look=form), 429
    text = form.text.data or ""
    asked = own.second_look
    # A second click sends the same text again, and means it once.
    if asked is None or asked.text != clean(text):
        try:
            submissions.reconsider(form.digits, text, languages.guess(text, language()))
        except DomainError as error:
            form.refuse(error)
            return _show(_again(form), form, second_look=form), 422
    return _show(_again(form), form, done=_("The city looks again. It owes you a second answer."))


@blueprint.post("/answer/withdraw")
@public
def withdraw() -> ResponseReturnValue:
    """Withdraw a comment's text: first a page that asks, then the act."""
    form = HeldCodeForm()
    own = _open(form)
    if own is None:
        return _not_opened(form)
    if request.form.get("confirm") != "yes" or ONLY_LOOK in request.form:
        return render_template("consult/withdraw.html", own=own, form=form)
    submissions.withdraw(form.digits)
    return _show(_again(form), form, done=_("Your text is withdrawn. Number and answer stay."))


for _view in (read_answer, reconsider, withdraw):
    _view.form_checks_token = True  # type: ignore[attr-defined] # a lost token comes back with the code


def _open(form: CodeForm) -> OwnComment | None:
    """The comment behind the form's code; None when there is none, or the form cannot be trusted."""
    form.validate()
    if form.csrf_token.errors:
        return None
    try:
        own = find_own(submissions.code_mac(form.digits))
    except DomainError as error:
        form.refuse(error)
        return None
    if own is None:
        form.refuse(DomainError("code_unknown"))
    return own


def _not_opened(form: CodeForm) -> ResponseReturnValue:
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
    return render_template("consult/find_answer.html", form=given), status


def _show(
    own: OwnComment, form: CodeForm, *, second_look: SecondLookForm | None = None, done: str = ""
) -> str:
    digits = form.digits
    return render_template(
        "consult/answer.html",
        own=own,
        held=HeldCodeForm(formdata=None, code=digits),
        second_look=second_look or SecondLookForm(formdata=None, code=digits),
        done=done,
    )


def _again(form: CodeForm) -> OwnComment:
    """The comment as it stands after something was done."""
    own = find_own(submissions.code_mac(form.digits))
    assert own is not None  # nothing deletes a comment
    return own
