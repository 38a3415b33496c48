"""What the public reads of a comment: releasing, redacting, hiding, and its language."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.access import acting, requires
from accounts.desk import OfficeForm, sentences, status_of
from accounts.permissions import moderate_texts
from consult.forms.moderation import CommentLanguageForm, HideForm, RedactForm
from consult.queries import office_rounds, texts
from consult.queries.office_rounds import OfficeRound
from consult.queries.texts import TextList
from consult.services import moderation
from consult.staff.desk import office_page
from core.errors import DomainError
from core.forms import shows_own_form
from followup.number_fields import whole_number

blueprint = Blueprint("moderation", __name__, url_prefix="/office/rounds/<code>/texts")


@blueprint.get("/")
@requires(moderate_texts)
def list_texts(code: str) -> ResponseReturnValue:
    """The texts that wait, that are hidden, or that the public reads."""
    found = office_rounds.find_round(code)
    return _list(found)


@blueprint.post("/release")
@requires(moderate_texts)
def release_texts(code: str) -> ResponseReturnValue:
    """Publish exactly the chosen texts as they were written, or none."""
    found = office_rounds.find_round(code)
    numbers = sorted({whole_number(pick) for pick in request.form.getlist("pick")} - {0})
    try:
        moderation.release_texts(code, numbers, acting(moderate_texts))
    except DomainError as error:
        return _list(found, error)
    flash(
        ngettext("One text is public now.", "%(num)d texts are public now.", len(numbers)),
        "success",
    )
    if len(numbers) == 1:
        return redirect(_next(found, numbers[0]))
    return redirect(url_for("moderation.list_texts", code=code))


@blueprint.get("/<int(max=2147483647):number>/")
@requires(moderate_texts)
def show_text(code: str, number: int) -> ResponseReturnValue:
    """One text: as it was written, what the public reads, and what can be done."""
    return _text_page(office_rounds.find_round(code), number)


@blueprint.post("/<int(max=2147483647):number>/release-redacted")
@shows_own_form
@requires(moderate_texts)
def release_redacted(code: str, number: int) -> ResponseReturnValue:
    """Publish a version in which passages were taken out."""
    found = office_rounds.find_round(code)
    form = RedactForm()
    if form.validate():
        try:
            moderation.release_redacted(
                code,
                number,
                form.text.data or "",
                form.proposed_wording.data or "",
                form.reason.data or "",
                acting(moderate_texts),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("The changed text is public now. The original stays unpublished."), "success")
            return redirect(_next(found, number))
    return _text_page(found, number, redact=form)


@blueprint.post("/<int(max=2147483647):number>/hide")
@shows_own_form
@requires(moderate_texts)
def hide_text(code: str, number: int) -> ResponseReturnValue:
    """Hide a text with a public reason; number, measure, outcome and answer stay."""
    found = office_rounds.find_round(code)
    form = HideForm()
    if form.validate():
        try:
            moderation.hide_text(code, number, form.reason.data or "", acting(moderate_texts))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("The text is hidden. Number, measure, outcome and answer stay."), "success")
            return redirect(_next(found, number))
    return _text_page(found, number, hide=form)


@blueprint.post("/<int(max=2147483647):number>/show")
@requires(moderate_texts)
def show_again(code: str, number: int) -> ResponseReturnValue:
    """Undo a hiding."""
    found = office_rounds.find_round(code)
    try:
        moderation.show_text(code, number, acting(moderate_texts))
    except DomainError as error:
        return _text_page(found, number, error=error)
    flash(_("The text is not hidden any more."), "success")
    return redirect(url_for("moderation.show_text", code=code, number=number))


@blueprint.post("/<int(max=2147483647):number>/correct-language")
@shows_own_form
@requires(moderate_texts)
def correct_language(code: str, number: int) -> ResponseReturnValue:
    """Correct the language that a comment is taken to be in."""
    found = office_rounds.find_round(code)
    form = CommentLanguageForm()
    form.offer(texts.find_text(found.id, number).language)
    if form.validate():
        try:
            moderation.correct_language(code, number, form.language.data, acting(moderate_texts))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("The language is corrected."), "success")
            return redirect(url_for("moderation.show_text", code=code, number=number))
    return _text_page(found, number, language=form)


# Parts of pages -----------------------------------------------------------------------------------------------------


def _list(found: OfficeRound, error: DomainError | None = None) -> ResponseReturnValue:
    try:
        which = TextList(request.args.get("list", ""))
    except ValueError:
        which = TextList.WAITING
    after, before = (whole_number(request.args.get(name, "")) for name in ("after", "before"))
    page = texts.list_texts(found.id, which, after, before)
    if not page.texts:  # what stood there was released meanwhile
        page = texts.list_texts(found.id, which)

    def address(**place: int) -> str:
        return url_for("moderation.list_texts", code=found.code, list=which, **place)  # type: ignore[arg-type]

    return office_page(
        "texts.html",
        status_of(error) if error else 200,
        sentences(error) if error else [],
        round=found,
        which=which,
        page=page,
        previous=address(before=page.first) if page.first else None,
        next=address(after=page.last) if page.last else None,
        waiting=texts.count_texts(found.id, TextList.WAITING),
        hidden=texts.count_texts(found.id, TextList.HIDDEN),
        counted=texts.COUNTED,
    )


def _text_page(
    found: OfficeRound,
    number: int,
    redact: RedactForm | None = None,
    hide: HideForm | None = None,
    language: CommentLanguageForm | None = None,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    text = texts.find_text(found.id, number)
    redact = redact or RedactForm(
        formdata=None,
        text=text.public or text.text or "",
        proposed_wording=text.public_wording or text.proposed_wording,
        reason=text.public_reason,
    )
    hide = hide or HideForm(formdata=None)
    if language is None:
        language = CommentLanguageForm(formdata=None, language=text.language)
        language.offer(text.language)
    forms: tuple[OfficeForm, ...] = (redact, hide, language)
    refused = any(form.errors for form in forms)
    return office_page(
        "text.html",
        status_of(error) if error else 422 if refused else 200,
        sentences(error) if error else [],
        round=found,
        text=text,
        redact=redact,
        hide=hide,
        language=language,
    )


def _next(found: OfficeRound, number: int) -> str:
    """Where moderating goes on: with the next text that waits, else with the list."""
    following = texts.next_waiting(found.id, number)
    if following is not None:
        return url_for("moderation.show_text", code=found.code, number=following)
    return url_for("moderation.list_texts", code=found.code)
