"""Writing answers, checking them by a second person, releasing them together, correcting what is public."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts import permissions
from accounts.access import acting, granted, person, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.permissions import read_workbench, release_answers, write_answers
from consult.queries import items, office_rounds, workbench
from consult.queries.items import Item
from consult.queries.office_rounds import OfficeRound
from consult.staff.desk import Place, office_page, unpack_place
from consult.staff.selection import nothing_chosen, read_selection
from core import settings
from core.errors import Conflict, DomainError, NotFound
from core.forms import shows_own_form
from followup.number_fields import whole_number
from followup.queries import replies_in_work
from followup.queries.replies_in_work import Queue, ReplyInFull, Wording
from followup.reply_forms import AnswerForm, SendBackForm, answer_form, revision_of
from followup.rules import ReplyState
from followup.services import replies

blueprint = Blueprint("office_answers", __name__, url_prefix="/office/rounds/<code>")

LETTERS_SHOWN = 50
"""How many letters stand beside an answer in full; the rest are named by number."""
EDITABLE = (ReplyState.DRAFT, ReplyState.SUBMITTED)
VERBS = {
    "send_back": "send_back_answer",
    "edit": "edit_answer",
    "discard": "discard_answer",
    "correct": "correct_reply",
}
"""What can be done with one answer, and by which view."""


# Writing ------------------------------------------------------------------------------------------------------------


@blueprint.route("/answer", methods=["GET", "POST"])
@shows_own_form
@requires(write_answers)
def write_answer(code: str) -> ResponseReturnValue:
    """One answer for exactly the chosen comments, or for none."""
    found = office_rounds.find_round(code)
    chosen = read_selection(found)
    letters = items.find_items(found.register_id, chosen.numbers[:LETTERS_SHOWN])
    form = _form(found, letters, numbers=chosen.numbers, back=chosen.place.packed())
    if not form.is_submitted():
        if not chosen.numbers:
            return nothing_chosen(found, chosen)
        return _writing(found, form, letters)
    return _write(found, form, letters)


def _write(found: OfficeRound, form: AnswerForm, letters: Sequence[Item]) -> ResponseReturnValue:
    if not form.validate():
        return _writing(found, form, letters)
    numbers = [n for n in form.numbers.data if not (form.leave_out.data and n in form.taken.data)]
    sending = bool(form.send.data)
    try:
        replies.write_answer(
            found.register_id, numbers, form.reply_text(), acting(write_answers), submit=sending
        )
    except DomainError as error:
        form.refuse(error)
        taken = [n for e in error.all() if e.code == "selection_changed" for n in e.parameters["numbers"]]  # type: ignore[attr-defined]
        form.show_taken(taken)
        return _writing(found, form, letters, status_of(error))
    flash(_saved(len(numbers), sending=sending), "success")
    return redirect(_next_letter(found, form, numbers))


@blueprint.route("/replies/<int(max=2147483647):reply_id>/edit", methods=["GET", "POST"])
@shows_own_form
@requires(write_answers)
def edit_answer(code: str, reply_id: int) -> ResponseReturnValue:
    """Change an answer that is not public; whoever comes second sees both texts and loses neither."""
    found = office_rounds.find_round(code)
    try:
        reply = replies_in_work.find_reply(found.register_id, reply_id)
    except NotFound:
        if request.method == "GET":
            raise
        return _discarded_meanwhile(found)
    letters = items.find_items(found.register_id, reply.numbers[:LETTERS_SHOWN])
    form = _form(found, letters, numbers=reply.numbers, also=reply.newest.reason.versions)
    if not form.is_submitted():
        if reply.working is None or reply.working.state not in EDITABLE:
            return redirect(url_for("office_answers.show_reply", code=code, reply_id=reply_id))
        working = reply.working
        form.fill_from(working.outcome, working.reason, working.change, working.correction_note)
        form.revision.data = str(working.revision)
        return _editing(found, form, reply, letters)
    if not form.validate():
        return _editing(found, form, reply, letters)
    sending = bool(form.send.data)
    try:
        replies.edit_answer(
            reply_id, form.seen_revision, form.reply_text(), acting(write_answers), submit=sending
        )
    except NotFound:
        return _discarded_meanwhile(found)
    except Conflict:
        return _edited_meanwhile(found, form, reply_id, letters)
    except DomainError as error:
        form.refuse(error)
        return _editing(found, form, reply, letters, status_of(error))
    flash(_saved(len(reply.numbers), sending=sending), "success")
    return redirect(_next_reply(found, reply, sent_back=bool(reply.newest.note_back)))


def _edited_meanwhile(
    found: OfficeRound, form: AnswerForm, reply_id: int, letters: Sequence[Item]
) -> ResponseReturnValue:
    """Both texts: the other person's beside the form, which from now on replaces it."""
    reply = replies_in_work.find_reply(found.register_id, reply_id)
    form.revision.data = str(reply.newest.revision)
    return _editing(found, form, reply, letters, 409, theirs=reply.newest)


def _discarded_meanwhile(found: OfficeRound) -> ResponseReturnValue:
    """Somebody threw the answer away: the text goes on as a new answer for the same comments."""
    chosen = read_selection(found)
    letters = items.find_items(found.register_id, chosen.numbers[:LETTERS_SHOWN])
    form = _form(found, letters, numbers=chosen.numbers)
    form.form_errors.append(_("Somebody discarded this answer meanwhile. Save yours as a new one."))
    return _writing(found, form, letters, 409)


@blueprint.post("/replies/<int(max=2147483647):reply_id>/discard")
@requires(write_answers)
def discard_answer(code: str, reply_id: int) -> ResponseReturnValue:
    found = office_rounds.find_round(code)
    replies_in_work.find_reply(found.register_id, reply_id)
    try:
        replies.discard_answer(reply_id, revision_of(request.form.get("revision")), acting(write_answers))
    except DomainError as error:
        return _refused(found, reply_id, error)
    flash(_("The answer is discarded. Its comments are unanswered again."), "success")
    return redirect(Place().url(code))


@blueprint.post("/replies/<int(max=2147483647):reply_id>/correct")
@requires(write_answers)
def correct_reply(code: str, reply_id: int) -> ResponseReturnValue:
    """Begin a marked new version of a public answer; the old one stays public until the new one is released."""
    found = office_rounds.find_round(code)
    replies_in_work.find_reply(found.register_id, reply_id)
    try:
        replies.correct_reply(reply_id, acting(write_answers))
    except DomainError as error:
        return _refused(found, reply_id, error)
    return redirect(url_for("office_answers.edit_answer", code=code, reply_id=reply_id))


# Checking -----------------------------------------------------------------------------------------------------------


@blueprint.get("/replies/<int(max=2147483647):reply_id>/")
@requires(read_workbench)
def show_reply(code: str, reply_id: int) -> ResponseReturnValue:
    """One answer with its letters; for the second person, the place to check it."""
    found = office_rounds.find_round(code)
    return _reply_page(found, reply_id)


@blueprint.post("/approve-answers")
@requires(permissions.approve_answers)
def approve_answers(code: str) -> ResponseReturnValue:
    """Approve exactly the chosen answers (``reply`` is ``id~revision``), as a second person, or none."""
    found = office_rounds.find_round(code)
    sent = [value.partition("~") for value in request.form.getlist("reply")]
    chosen = {whole_number(id): revision_of(revision) for id, _mark, revision in sent if whole_number(id)}
    known = replies_in_work.of_register(found.register_id, chosen)
    if not chosen or known != set(chosen):
        flash(_("Choose at least one answer in the list first."))
        return redirect(Place(Queue.TO_CHECK).url(code))
    try:
        replies.approve_answers(sorted(chosen.items()), acting(permissions.approve_answers))
    except DomainError as error:
        if prefers_json():
            raise
        if len(chosen) == 1:
            return _refused(found, next(iter(chosen)), error)
        for sentence in sentences(error):
            flash(_("Nothing was approved. %(reason)s", reason=sentence))
        return redirect(Place(Queue.TO_CHECK).url(code))
    flash(
        ngettext("One answer is approved.", "%(num)d answers are approved.", len(chosen)),
        "success",
    )
    return redirect(_next_check(found, max(chosen)))


@blueprint.post("/replies/<int(max=2147483647):reply_id>/send-back")
@shows_own_form
@requires(permissions.approve_answers)
def send_back_answer(code: str, reply_id: int) -> ResponseReturnValue:
    """Return an answer to whoever wrote it, with a note on what to mend."""
    found = office_rounds.find_round(code)
    replies_in_work.find_reply(found.register_id, reply_id)
    form = SendBackForm()
    if not form.validate():
        return _reply_page(found, reply_id, form=form)
    try:
        replies.send_back_answer(
            reply_id,
            revision_of(form.revision.data),
            form.note.data or "",
            acting(permissions.approve_answers),
        )
    except DomainError as error:
        return _refused(found, reply_id, error, form)
    flash(_("The answer went back to whoever wrote it."), "success")
    return redirect(_next_check(found, reply_id))


# Releasing ----------------------------------------------------------------------------------------------------------


@blueprint.get("/publish-replies")
@requires(release_answers)
def show_release(code: str) -> ResponseReturnValue:
    """What releasing would publish now."""
    found = office_rounds.find_round(code)
    return office_page("release.html", round=found, approved=replies_in_work.approved(found.register_id))


@blueprint.post("/publish-replies")
@requires(release_answers)
def publish_replies(code: str) -> ResponseReturnValue:
    """Release every approved answer together."""
    found = office_rounds.find_round(code)
    before = replies_in_work.approved(found.register_id)
    answered = replies.publish_replies(found.register_id, acting(release_answers))
    if before.answers + before.corrections:
        told = ngettext(
            "Released. One comment has its answer now.",
            "Released. %(num)d comments have their answer now.",
            answered,
        )
        flash(told, "success")
    else:
        flash(_("There was nothing to release."))
    return redirect(Place(Queue.ANSWERED).url(code))


# Parts of pages -----------------------------------------------------------------------------------------------------


def _form(
    found: OfficeRound, letters: Sequence[Item], also: Sequence[object] = (), **data: object
) -> AnswerForm:
    """A form in the round's languages, the city's, and those that the letters are written in."""
    return answer_form(
        (
            found.language,
            *found.languages,
            *settings.current().languages,
            *(version.language for version in also),  # type: ignore[attr-defined]
            *sorted({letter.language for letter in letters}),
        ),
        **data,
    )


def _writing(
    found: OfficeRound, form: AnswerForm, letters: Sequence[Item], status: int = 200
) -> ResponseReturnValue:
    return office_page(
        "answer.html",
        status,
        round=found,
        form=form,
        letters=letters,
        numbers=form.numbers.data or [],
        reply=None,
        theirs=None,
        back=unpack_place(form.back.data).url(found.code),
        action=url_for("office_answers.write_answer", code=found.code),
    )


def _editing(
    found: OfficeRound,
    form: AnswerForm,
    reply: ReplyInFull,
    letters: Sequence[Item],
    status: int = 200,
    theirs: Wording | None = None,
) -> ResponseReturnValue:
    return office_page(
        "answer.html",
        status,
        round=found,
        form=form,
        letters=letters,
        numbers=reply.numbers,
        reply=reply,
        theirs=theirs,
        back=url_for("office_answers.show_reply", code=found.code, reply_id=reply.id),
        action=url_for("office_answers.edit_answer", code=found.code, reply_id=reply.id),
    )


def _reply_page(
    found: OfficeRound,
    reply_id: int,
    status: int = 200,
    problems: Sequence[str] = (),
    form: SendBackForm | None = None,
) -> ResponseReturnValue:
    reply = replies_in_work.find_reply(found.register_id, reply_id)
    form = form or SendBackForm(formdata=None, revision=str(reply.newest.revision))
    return office_page(
        "reply.html",
        status,
        problems,
        round=found,
        reply=reply,
        letters=items.find_items(found.register_id, reply.numbers[:LETTERS_SHOWN]),
        numbers=reply.numbers,
        form=form,
        own=person().id in reply.newest.editors,
        urls={
            "approve": url_for("office_answers.approve_answers", code=found.code),
            "release": url_for("office_answers.show_release", code=found.code),
            **{
                verb: url_for(f"office_answers.{view}", code=found.code, reply_id=reply_id)
                for verb, view in VERBS.items()
            },
        },
        may_write=granted(write_answers),
        may_approve=granted(permissions.approve_answers),
        may_release=granted(release_answers),
    )


def _refused(
    found: OfficeRound, reply_id: int, error: DomainError, form: SendBackForm | None = None
) -> ResponseReturnValue:
    """The answer's page as it is now, with what was refused above it."""
    if prefers_json() or isinstance(error, NotFound):
        raise error
    return _reply_page(found, reply_id, status_of(error), sentences(error), form)


def _saved(count: int, *, sending: bool) -> str:
    if sending:
        return ngettext(
            "Sent to be checked: the answer to one comment.",
            "Sent to be checked: the answer to %(num)d comments.",
            count,
        )
    return ngettext(
        "Saved: the answer to one comment. It is not sent yet.",
        "Saved: the answer to %(num)d comments. It is not sent yet.",
        count,
    )


def _next_letter(found: OfficeRound, form: AnswerForm, numbers: Sequence[int]) -> str:
    """Where writing goes on: after a single letter with the next one, after many with the list."""
    place = unpack_place(form.back.data)
    if len(numbers) == 1:
        following = workbench.next_number(found, place.chosen, numbers[0])
        if following is not None:
            return url_for(
                "office_answers.write_answer",
                code=found.code,
                pick=following,
                **place.query(),  # type: ignore[arg-type]
            )
    return place.url(found.code)


def _next_reply(found: OfficeRound, reply: ReplyInFull, *, sent_back: bool) -> str:
    """Where mending goes on: with the next answer that was sent back or begun, else with the list of comments."""
    queue = Queue.SENT_BACK if sent_back else Queue.BEGUN
    following = replies_in_work.next_reply(found.register_id, queue, reply.id)
    if following is not None:
        return url_for("office_answers.edit_answer", code=found.code, reply_id=following)
    return Place().url(found.code)


def _next_check(found: OfficeRound, after: int) -> str:
    """Where checking goes on: with the next answer that somebody else wrote, else with what can be released."""
    following = replies_in_work.next_reply(found.register_id, Queue.TO_CHECK, after, not_by=person().id)
    if following is not None:
        return url_for("office_answers.show_reply", code=found.code, reply_id=following)
    return Place(Queue.TO_RELEASE).url(found.code)
