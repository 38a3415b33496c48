"""The reply desk: answering what elections and the council received, as consultation rounds answer comments.

One person writes, a second approves, everything approved is released together. What is answered comes from
``followup.subjects``; registers of consultation rounds have a workbench of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts import desk as office
from accounts.access import acting, granted, person, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.permissions import answer_promises, approve_promises, read_promises
from core import settings
from core.db import db
from core.errors import Conflict, DomainError, NotFound
from core.forms import shows_own_form
from followup.number_fields import SELECTION_LIMIT, spread, too_many, whole_number
from followup.numbers import in_short, register_number
from followup.queries import desk, replies_in_work
from followup.queries.desk import DeskRegister, Owed
from followup.queries.replies_in_work import Queue, ReplyInFull, Wording
from followup.reply_forms import AnswerForm, ExtendForm, SendBackForm, answer_form, revision_of
from followup.rules import ReplyState
from followup.services import promises, replies

blueprint = Blueprint("promises", __name__, url_prefix="/office/promises")

EDITABLE = (ReplyState.DRAFT, ReplyState.SUBMITTED)
OF_PROMISES = (Queue.TO_ANSWER, Queue.OVERDUE, Queue.ANSWERED)
"""The lists that hold what was received; the others hold answers in work."""
ITEMS_SHOWN = 50
"""How many items stand beside an answer in full; the rest are named by number."""


# Lists ---------------------------------------------------------------------------------------------------------------


@blueprint.get("/")
@requires(read_promises)
def list_registers() -> ResponseReturnValue:
    """Every register that is answered here, with what is owed in it."""
    return _page("registers.html", registers=desk.list_registers(db.session()))


@blueprint.get("/<code>/")
@requires(read_promises)
def show_register(code: str) -> ResponseReturnValue:
    """One list of a register: what was received by due day, or the answers in work."""
    session = db.session()
    found = desk.find_register(session, code)
    queue = _queue(request.args.get("queue", ""))
    page = answers = None
    if queue in OF_PROMISES:
        page = desk.list_owed(session, found.id, queue, after=_row("after"), before=_row("before"))
    else:
        after, before = (whole_number(request.args.get(name, "")) for name in ("after", "before"))
        answers = replies_in_work.list_replies(found.id, queue, after, before)
    return _page(
        "register.html",
        register=found,
        queue=queue,
        counts=desk.count_queues(session, found.id),
        own=person().id,
        page=page,
        answers=answers,
    )


@blueprint.get("/<code>/<int(max=2147483647):number>/")
@requires(read_promises)
def show_promise(code: str, number: int) -> ResponseReturnValue:
    """One promise: what was received, by when it is answered, and the answer as far as there is one."""
    found = desk.find_register(db.session(), code)
    owed = _owed(found, [number])
    reply_id = owed[0].reply_id
    return _page(
        "promise.html",
        register=found,
        owed=owed[0],
        reply=replies_in_work.find_reply(found.id, reply_id) if reply_id else None,
    )


# Writing -------------------------------------------------------------------------------------------------------------


@blueprint.route("/<code>/answer", methods=["GET", "POST"])
@shows_own_form
@requires(answer_promises)
def write_answer(code: str) -> ResponseReturnValue:
    """One answer for exactly the chosen numbers (``pick``, or ``numbers`` as ``1-17,20``), or for none."""
    found = desk.find_register(db.session(), code)
    numbers, problem = _chosen(found)
    if not numbers:
        flash(problem or _("Choose at least one number in the list first."))
        return redirect(url_for("promises.show_register", code=found.code))
    form = _form(found, _some(found, numbers), numbers=numbers)
    if not form.is_submitted():
        return _writing(found, form, numbers)
    if not form.validate():
        return _writing(found, form, numbers)
    wanted = [n for n in numbers if not (form.leave_out.data and n in form.taken.data)]
    sending = bool(form.send.data)
    try:
        replies.write_answer(found.id, wanted, form.reply_text(), acting(answer_promises), submit=sending)
    except DomainError as error:
        form.refuse(error)
        form.show_taken(_taken(error))
        return _writing(found, form, numbers, status_of(error))
    flash(_saved(len(wanted), sending=sending), "success")
    return redirect(url_for("promises.show_register", code=found.code))


@blueprint.route("/<code>/replies/<int(max=2147483647):reply_id>/edit", methods=["GET", "POST"])
@shows_own_form
@requires(answer_promises)
def edit_answer(code: str, reply_id: int) -> ResponseReturnValue:
    """Change an answer that is not public; whoever comes second sees both texts and loses neither."""
    found = desk.find_register(db.session(), code)
    try:
        reply = replies_in_work.find_reply(found.id, reply_id)
    except NotFound:
        if request.method == "GET":
            raise
        return _discarded_meanwhile(found)
    form = _form(found, _some(found, reply.numbers), reply, numbers=list(reply.numbers))
    if not form.is_submitted():
        if reply.working is None or reply.working.state not in EDITABLE:
            return redirect(url_for("promises.show_reply", code=found.code, reply_id=reply_id))
        working = reply.working
        form.fill_from(working.outcome, working.reason, working.change, working.correction_note)
        form.revision.data = str(working.revision)
        return _editing(found, form, reply)
    if not form.validate():
        return _editing(found, form, reply)
    sending = bool(form.send.data)
    try:
        replies.edit_answer(
            reply_id, form.seen_revision, form.reply_text(), acting(answer_promises), submit=sending
        )
    except NotFound:
        return _discarded_meanwhile(found)
    except Conflict:
        reply = replies_in_work.find_reply(found.id, reply_id)
        form.revision.data = str(reply.newest.revision)
        return _editing(found, form, reply, 409, theirs=reply.newest)
    except DomainError as error:
        form.refuse(error)
        return _editing(found, form, reply, status_of(error))
    flash(_saved(len(reply.numbers), sending=sending), "success")
    return redirect(url_for("promises.show_register", code=found.code))


def _discarded_meanwhile(found: DeskRegister) -> ResponseReturnValue:
    """Somebody threw the answer away: the text goes on as a new answer for the same numbers."""
    numbers, _problem = _chosen(found)
    form = _form(found, _some(found, numbers), numbers=numbers)
    form.form_errors.append(_("Somebody discarded this answer meanwhile. Save yours as a new one."))
    return _writing(found, form, numbers, 409)


@blueprint.post("/<code>/replies/<int(max=2147483647):reply_id>/discard")
@requires(answer_promises)
def discard_answer(code: str, reply_id: int) -> ResponseReturnValue:
    """Throw a draft away; what it answered is unanswered again."""
    found = _holding(code, reply_id)
    try:
        replies.discard_answer(reply_id, revision_of(request.form.get("revision")), acting(answer_promises))
    except DomainError as error:
        return _refused(found, reply_id, error)
    flash(_("The answer is discarded. What it answered is unanswered again."), "success")
    return redirect(url_for("promises.show_register", code=found.code))


@blueprint.post("/<code>/replies/<int(max=2147483647):reply_id>/correct")
@requires(answer_promises)
def correct_reply(code: str, reply_id: int) -> ResponseReturnValue:
    """Begin a marked new version of a public answer; the old one stays public until the new one is released."""
    found = _holding(code, reply_id)
    try:
        replies.correct_reply(reply_id, acting(answer_promises))
    except DomainError as error:
        return _refused(found, reply_id, error)
    return redirect(url_for("promises.edit_answer", code=found.code, reply_id=reply_id))


# Checking and releasing ----------------------------------------------------------------------------------------------


@blueprint.get("/<code>/replies/<int(max=2147483647):reply_id>/")
@requires(read_promises)
def show_reply(code: str, reply_id: int) -> ResponseReturnValue:
    """One answer with what it answers; for the second person, the place to check it."""
    return _reply_page(desk.find_register(db.session(), code), reply_id)


@blueprint.post("/<code>/replies/<int(max=2147483647):reply_id>/approve")
@requires(approve_promises)
def approve_answer(code: str, reply_id: int) -> ResponseReturnValue:
    """Approve, as a second person, exactly the wording that was read."""
    found = _holding(code, reply_id)
    seen = revision_of(request.form.get("revision"))
    try:
        replies.approve_answers([(reply_id, seen)], acting(approve_promises))
    except DomainError as error:
        return _refused(found, reply_id, error)
    flash(_("The answer is approved. It counts as given when the approved answers are released."), "success")
    return redirect(url_for("promises.show_register", code=found.code, queue=Queue.TO_RELEASE.value))


@blueprint.post("/<code>/replies/<int(max=2147483647):reply_id>/send-back")
@shows_own_form
@requires(approve_promises)
def send_back_answer(code: str, reply_id: int) -> ResponseReturnValue:
    """Return an answer to whoever wrote it, with a note on what to mend."""
    found = _holding(code, reply_id)
    form = SendBackForm()
    if not form.validate():
        return _reply_page(found, reply_id, form=form)
    try:
        replies.send_back_answer(
            reply_id, revision_of(form.revision.data), form.note.data or "", acting(approve_promises)
        )
    except DomainError as error:
        return _refused(found, reply_id, error, form)
    flash(_("The answer went back to whoever wrote it."), "success")
    return redirect(url_for("promises.show_register", code=found.code, queue=Queue.TO_CHECK.value))


@blueprint.get("/<code>/publish-replies")
@requires(approve_promises)
def show_release(code: str) -> ResponseReturnValue:
    """What releasing would publish now."""
    found = desk.find_register(db.session(), code)
    return _page("release.html", register=found, approved=replies_in_work.approved(found.id))


@blueprint.post("/<code>/publish-replies")
@requires(approve_promises)
def publish_replies(code: str) -> ResponseReturnValue:
    """Release every approved answer of the register together."""
    found = desk.find_register(db.session(), code)
    before = replies_in_work.approved(found.id)
    answered = replies.publish_replies(found.id, acting(approve_promises))
    if before.answers + before.corrections:
        told = ngettext(
            "Released. One promise is kept now.", "Released. %(num)d promises are kept now.", answered
        )
        flash(told, "success")
    else:
        flash(_("There was nothing to release."))
    return redirect(url_for("promises.show_register", code=found.code, queue=Queue.ANSWERED.value))


@blueprint.route("/<code>/extend-due-day", methods=["GET", "POST"])
@shows_own_form
@requires(answer_promises)
def extend_due_day(code: str) -> ResponseReturnValue:
    """Move the due day of the chosen numbers once, before it has passed, with a public reason."""
    found = desk.find_register(db.session(), code)
    numbers, problem = _chosen(found)
    if not numbers:
        flash(problem or _("Choose at least one number in the list first."))
        return redirect(url_for("promises.show_register", code=found.code))
    form = ExtendForm(numbers=numbers)
    form.offer(_languages(found))
    if not form.is_submitted() or not form.validate():
        return _extending(found, form, numbers)
    try:
        promises.extend_due_day(
            found.id,
            numbers,
            form.new_due_on.data,
            form.language.data,
            form.reason.data or "",
            acting(answer_promises),
        )
    except DomainError as error:
        form.refuse(error)
        return _extending(found, form, numbers, status_of(error))
    flash(ngettext("One due day is moved.", "%(num)d due days are moved.", len(numbers)), "success")
    return redirect(url_for("promises.show_register", code=found.code))


# Parts of pages ------------------------------------------------------------------------------------------------------


def _page(
    template: str, status: int = 200, problems: Sequence[str] = (), **context: object
) -> ResponseReturnValue:
    return office.office_page(
        f"followup/staff/{template}",
        status,
        problems,
        register_number=register_number,
        in_short=in_short,
        may_write=granted(answer_promises),
        may_approve=granted(approve_promises),
        may_release=granted(approve_promises),
        **context,
    )


def _writing(
    found: DeskRegister, form: AnswerForm, numbers: Sequence[int], status: int = 200
) -> ResponseReturnValue:
    return _page(
        "answer.html",
        status,
        register=found,
        form=form,
        items=_some(found, numbers),
        numbers=numbers,
        reply=None,
        theirs=None,
        back=url_for("promises.show_register", code=found.code),
        action=url_for("promises.write_answer", code=found.code),
    )


def _extending(
    found: DeskRegister, form: ExtendForm, numbers: Sequence[int], status: int = 200
) -> ResponseReturnValue:
    private = any(owed.private for owed in desk.find_owed(db.session(), found.id, numbers))
    return _page("extend.html", status, register=found, form=form, numbers=numbers, private=private)


def _editing(
    found: DeskRegister,
    form: AnswerForm,
    reply: ReplyInFull,
    status: int = 200,
    theirs: Wording | None = None,
) -> ResponseReturnValue:
    return _page(
        "answer.html",
        status,
        register=found,
        form=form,
        items=_some(found, reply.numbers),
        numbers=reply.numbers,
        reply=reply,
        theirs=theirs,
        back=url_for("promises.show_reply", code=found.code, reply_id=reply.id),
        action=url_for("promises.edit_answer", code=found.code, reply_id=reply.id),
    )


def _reply_page(
    found: DeskRegister,
    reply_id: int,
    status: int = 200,
    problems: Sequence[str] = (),
    form: SendBackForm | None = None,
) -> ResponseReturnValue:
    reply = replies_in_work.find_reply(found.id, reply_id)

    def at(verb: str) -> str:
        return url_for(f"promises.{verb}", code=found.code, reply_id=reply_id)

    return _page(
        "reply.html",
        status,
        problems,
        register=found,
        reply=reply,
        items=_some(found, reply.numbers),
        numbers=reply.numbers,
        form=form or SendBackForm(formdata=None, revision=str(reply.newest.revision)),
        own=person().id in reply.newest.editors,
        urls={
            "approve": at("approve_answer"),
            "send_back": at("send_back_answer"),
            "edit": at("edit_answer"),
            "discard": at("discard_answer"),
            "correct": at("correct_reply"),
            "release": url_for("promises.show_release", code=found.code),
        },
    )


def _refused(
    found: DeskRegister, reply_id: int, error: DomainError, form: SendBackForm | None = None
) -> ResponseReturnValue:
    """The answer's page as it is now, with what was refused above it."""
    if prefers_json() or isinstance(error, NotFound):
        raise error
    return _reply_page(found, reply_id, status_of(error), sentences(error), form)


def _holding(code: str, reply_id: int) -> DeskRegister:
    """The register with this code, which holds that answer. Raises NotFound."""
    found = desk.find_register(db.session(), code)
    replies_in_work.find_reply(found.id, reply_id)
    return found


def _owed(found: DeskRegister, numbers: Sequence[int]) -> Sequence[Owed]:
    """What stands under these numbers. Raises NotFound when there is nothing."""
    owed = desk.find_owed(db.session(), found.id, numbers)
    if not owed:
        raise NotFound("promise", numbers[0] if numbers else 0)
    return owed


def _some(found: DeskRegister, numbers: Sequence[int]) -> Sequence[Owed]:
    return desk.find_owed(db.session(), found.id, numbers[:ITEMS_SHOWN])


def _languages(found: DeskRegister) -> list[str]:
    of_register = found.desk.languages(db.session(), found.code)
    return list(dict.fromkeys((*of_register, *settings.current().languages)))


def _form(
    found: DeskRegister, items: Sequence[Owed], reply: ReplyInFull | None = None, **data: object
) -> AnswerForm:
    """A form in the register's languages, the city's, and those in which was written."""
    written = [version.language for version in reply.newest.reason.versions] if reply else []
    theirs = sorted({owed.item.language for owed in items if owed.item.language})
    form = answer_form((*_languages(found), *written, *theirs), **data)
    form.change.description = _(
        "Needed for accepted and partly accepted: what is done, by whom, by which day."
    )
    return form


def _chosen(found: DeskRegister) -> tuple[list[int], str]:
    """The numbers of this request that the register knows, and what was wrong with them, if anything."""
    given = request.form if request.method == "POST" else request.args
    try:
        numbers = set(spread(given.get("numbers", "")))
    except ValueError as error:
        return [], str(error)
    numbers |= {whole_number(pick) for pick in given.getlist("pick")} - {0}
    if len(numbers) > SELECTION_LIMIT:
        return [], too_many()
    return [owed.number for owed in desk.find_owed(db.session(), found.id, numbers)], ""


def _taken(error: DomainError) -> list[int]:
    """The numbers that somebody else answers meanwhile."""
    return [n for e in error.all() if e.code == "selection_changed" for n in e.parameters["numbers"]]  # type: ignore[attr-defined]


def _queue(name: str) -> Queue:
    return Queue(name) if name in set(Queue) else Queue.TO_ANSWER


def _row(name: str) -> tuple[date, int] | None:
    """A row of a list as the address writes it, ``2027-11-08~17``; None for what makes no sense."""
    day, _mark, number = request.args.get(name, "").partition("~")
    try:
        return (date.fromisoformat(day), whole_number(number)) if whole_number(number) else None
    except ValueError:
        return None


def _saved(count: int, *, sending: bool) -> str:
    if sending:
        return ngettext(
            "Sent to be checked: one answer.", "Sent to be checked: an answer for %(num)d numbers.", count
        )
    return ngettext(
        "Saved, and not sent yet: one answer.",
        "Saved, and not sent yet: an answer for %(num)d numbers.",
        count,
    )
