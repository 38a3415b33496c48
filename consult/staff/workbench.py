"""The workbench: what is owed, by due day; passing it on, and moving a due day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.access import acting, granted, person, requires
from accounts.desk import OfficeForm, status_of
from accounts.permissions import (
    approve_answers,
    extend_promises,
    moderate_texts,
    own_account,
    read_workbench,
    release_answers,
    write_answers,
)
from consult.forms.moderation import languages_by_name
from consult.queries import items, office_rounds, texts, workbench
from consult.queries.office_rounds import OfficeRound
from consult.queries.texts import TextList
from consult.queries.workbench import Counts, Filter
from consult.rules.rounds import Phase
from consult.staff.desk import Place, office_page, pack_cursor, read_cursor, read_place
from consult.staff.selection import Selection, nothing_chosen, read_selection
from core import settings
from core.db import db
from core.errors import DomainError
from core.forms import shows_own_form
from core.localized import Localized
from followup.number_fields import SELECTION_LIMIT, whole_number
from followup.queries import replies_in_work
from followup.queries.replies_in_work import Queue
from followup.reply_forms import ExtendForm, PassOnForm
from followup.services import promises
from followup.waiting import waiting_for

blueprint = Blueprint("workbench", __name__, url_prefix="/office")

NO_BREAK = "\N{NON-BREAKING HYPHEN}"
"""Stands in a round's code on a button, which would else break inside the code on a phone."""


@dataclass(frozen=True, slots=True)
class RoundOnDesk:
    """One round with what waits in it for whoever is signed in."""

    round: OfficeRound
    counts: Counts
    sent_back: int
    texts_waiting: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is most urgent, as a sentence and where to do it."""

    sentence: str
    url: str


@blueprint.get("/")
@requires(own_account)
def start() -> ResponseReturnValue:
    """The first page of the office: what waits for me, across all rounds, and what to do next.

    Whoever has no business with rounds is led on to where their work begins.
    """
    if not granted(read_workbench):
        return redirect(url_for("accounts.begin"))
    account = person()
    sent_back = replies_in_work.sent_back_to(account.id)
    desk = []
    for found in office_rounds.list_rounds():
        counted = workbench.counts(found.register_id, account.department_id)
        in_work = counted.begun + counted.sent_back + counted.to_check + counted.to_release
        waiting = texts.count_texts(found.id, TextList.WAITING) if found.phase is not Phase.CONCLUDED else 0
        if found.phase is not Phase.CONCLUDED or counted.unanswered or in_work:
            desk.append(RoundOnDesk(found, counted, sent_back.get(found.register_id, 0), waiting))
    return office_page(
        "start.html",
        desk=desk,
        next_step=_next_step(desk),
        waiting=waiting_for(db.session(), account),
        texts_counted=texts.COUNTED,
        own=account.department_id,
    )


@blueprint.get("/rounds/<code>/")
@requires(read_workbench)
def show_queue(code: str) -> ResponseReturnValue:
    """One queue of a round: comments by due day, or answers on their way."""
    found = office_rounds.find_round(code)
    place = read_place(request.args)
    counted = workbench.counts(found.register_id, person().department_id)
    context: dict[str, Any] = {
        "round": found,
        "counts": counted,
        "place": place,
        "own": person().department_id,
        "departments": _departments(),
        "waiting": texts.count_texts(found.id, TextList.WAITING),
        "texts_counted": texts.COUNTED,
    }
    if place.queue in (Queue.TO_ANSWER, Queue.OVERDUE):
        page = workbench.list_promises(found, place.queue, place.chosen, read_cursor(request.args))
        first, last = (page.items[0], page.items[-1]) if page.items else (None, None)
        matches = counted.to_answer
        if place.chosen or place.queue is Queue.OVERDUE:
            matches = workbench.count_matches(found, place.queue, place.chosen)
        return office_page(
            "queue.html",
            **context,
            page=page,
            matches=matches,
            can_choose_all=len(page.items) < matches <= min(SELECTION_LIMIT, workbench.MATCHES_SHOWN),
            matches_shown=workbench.MATCHES_SHOWN,
            previous=place.url(code, before=pack_cursor(first.due_on, first.number))
            if first and page.has_previous
            else None,
            next=place.url(code, after=pack_cursor(last.due_on, last.number))
            if last and page.has_next
            else None,
            measures=workbench.measures(found.id),
            languages=languages_by_name(*found.languages),
        )
    after, before = (whole_number(request.args.get(name, "")) for name in ("after", "before"))
    replies = replies_in_work.list_replies(found.register_id, place.queue, after, before)
    if not replies.lines:  # what stood there moved on meanwhile
        replies = replies_in_work.list_replies(found.register_id, place.queue)
    return office_page(
        "replies.html",
        **context,
        page=replies,
        previous=place.url(code, before=str(replies.first_id)) if replies.first_id else None,
        next=place.url(code, after=str(replies.last_id)) if replies.last_id else None,
        account_id=person().id,
    )


@blueprint.get("/rounds/<code>/items/<int(max=2147483647):number>/")
@requires(read_workbench)
def show_item(code: str, number: int) -> ResponseReturnValue:
    """One comment with its promise, and the way to its answer."""
    found = office_rounds.find_round(code)
    item = items.find_item(found.register_id, number)
    reply = replies_in_work.find_reply(found.register_id, item.reply_id) if item.reply_id else None
    return office_page(
        "item.html",
        round=found,
        item=item,
        reply=reply,
        departments=_departments(),
        place=read_place(request.args),
    )


@blueprint.route("/rounds/<code>/pass-on", methods=["GET", "POST"])
@shows_own_form
@requires(write_answers)
def pass_on(code: str) -> ResponseReturnValue:
    """Give comments to the department that can answer them."""
    found = office_rounds.find_round(code)
    chosen = read_selection(found)
    form = PassOnForm(numbers=chosen.numbers, back=chosen.place.packed())
    form.offer(office_rounds.departments())
    if not chosen.numbers and not form.is_submitted():
        return nothing_chosen(found, chosen)
    if form.is_submitted() and form.validate():
        count = len(chosen.numbers)
        try:
            promises.pass_on(
                found.register_id, chosen.numbers, int(form.department.data), acting(write_answers)
            )
        except DomainError as error:
            form.refuse(error)
            return _about_promises("pass_on.html", found, form, chosen, status_of(error))
        flash(ngettext("One comment was passed on.", "%(num)d comments were passed on.", count), "success")
        return redirect(chosen.place.url(code))
    return _about_promises("pass_on.html", found, form, chosen)


@blueprint.route("/rounds/<code>/extend-due-day", methods=["GET", "POST"])
@shows_own_form
@requires(extend_promises)
def extend_due_day(code: str) -> ResponseReturnValue:
    """Move the due day of comments once, before it has passed, with a public reason."""
    found = office_rounds.find_round(code)
    chosen = read_selection(found)
    form = ExtendForm(numbers=chosen.numbers, back=chosen.place.packed())
    form.offer(dict.fromkeys((found.language, *found.languages, *settings.current().languages)))
    if not chosen.numbers and not form.is_submitted():
        return nothing_chosen(found, chosen)
    if form.is_submitted() and form.validate():
        try:
            promises.extend_due_day(
                found.register_id,
                chosen.numbers,
                form.new_due_on.data,
                form.language.data,
                form.reason.data or "",
                acting(extend_promises),
            )
        except DomainError as error:
            form.refuse(error)
            return _about_promises("extend.html", found, form, chosen, status_of(error))
        moved = ngettext(
            "The due day of one comment is moved.",
            "The due day of %(num)d comments is moved.",
            len(chosen.numbers),
        )
        flash(moved, "success")
        return redirect(chosen.place.url(code))
    return _about_promises("extend.html", found, form, chosen)


# Parts of pages -----------------------------------------------------------------------------------------------------


def _about_promises(
    template: str, found: OfficeRound, form: OfficeForm, chosen: Selection, status: int = 200
) -> ResponseReturnValue:
    return office_page(
        template, status, round=found, form=form, numbers=chosen.numbers, back=chosen.place.url(found.code)
    )


def _departments() -> dict[int, Localized]:
    return {id: name for id, _key, name in office_rounds.departments()}


def _next_step(desk: Sequence[RoundOnDesk]) -> NextStep | None:
    """What whoever is signed in should do first: what came back, then checks, then what is due soonest."""
    department = person().department_id
    steps: list[tuple[int, date, NextStep]] = []

    def propose(urgency: int, line: RoundOnDesk, queue: Queue, sentence: str) -> None:
        chosen = Filter(department_id=department) if queue in (Queue.TO_ANSWER, Queue.OVERDUE) else Filter()
        url = Place(queue, chosen).url(line.round.code)
        steps.append((urgency, line.round.answers_due_on, NextStep(sentence, url)))

    for line in desk:
        owed = line.counts.own_to_answer if department else line.counts.to_answer
        late = line.counts.own_overdue if department else line.counts.overdue
        title = {"round": line.round.code.replace("-", NO_BREAK)}
        if granted(write_answers) and line.sent_back:
            propose(0, line, Queue.SENT_BACK, _("Mend the answers that were sent back: %(round)s", **title))
        if granted(approve_answers) and line.counts.to_check:
            propose(1, line, Queue.TO_CHECK, _("Check the answers that wait for you: %(round)s", **title))
        if granted(write_answers) and late:
            propose(2, line, Queue.OVERDUE, _("Answer what is overdue: %(round)s", **title))
        if granted(write_answers) and owed:
            propose(3, line, Queue.TO_ANSWER, _("Answer the next comments: %(round)s", **title))
        if granted(release_answers) and line.counts.to_release:
            propose(4, line, Queue.TO_RELEASE, _("Release the approved answers: %(round)s", **title))
        if granted(moderate_texts) and line.texts_waiting:
            url = url_for("moderation.list_texts", code=line.round.code)
            step = NextStep(_("Release the texts that wait: %(round)s", **title), url)
            steps.append((5, line.round.answers_due_on, step))
    return min(steps, key=lambda step: step[:2])[2] if steps else None
