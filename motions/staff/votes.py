"""Recording votes at the desk: the clerk enters what was counted, a second person counts papers again."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.desk import office_page
from accounts.permissions import count_votes, record_meetings
from core.db import db
from core.errors import NotFound
from core.forms import shows_own_form
from core.i18n import localized, show_day
from core.texts import excerpt
from motions.forms.meetings import ChooseVoteForm, SureForm, VoteForm, choices, fields_of
from motions.messages import meetings as words
from motions.messages.amendments import CHANGES, place
from motions.models.meetings import AgendaItem, Meeting
from motions.queries import meetings as read
from motions.queries.attendance import Room, room_at
from motions.queries.council_rules import rule_on
from motions.queries.meetings import ItemLine, MeetingHead
from motions.queries.votes import VoteLine, find_vote, votes_of_meeting
from motions.rules.meetings import VOTED_UNDER, About, ItemKind
from motions.rules.votes import Figures, Tie, Way
from motions.services import corrections, minutes, papers, votes
from motions.services.votes import NewVote
from motions.staff.desk import Page, handle
from motions.staff.meetings import open_meeting

blueprint = Blueprint("office_votes", __name__, url_prefix="/office/meetings")

ITEM = "/items/<int(max=2147483647):item_id>"


@blueprint.get(f"{ITEM}/choose-vote")
@requires(record_meetings)
def choose_vote(item_id: int) -> ResponseReturnValue:
    """Choose what is voted on, and how."""
    item, head = read.find_item(db.session(), item_id)
    form = ChooseVoteForm(formdata=None)
    under = VOTED_UNDER[ItemKind(item.kind)]
    form.about.choices = choices((each, words.ABOUT[each]) for each in under)
    form.about.data = under[0].value
    return office_page(
        "motions/staff/choose_vote.html", form=form, item=item, meeting=head, about=None, way=None
    )


@blueprint.route(f"{ITEM}/vote", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def record_vote(item_id: int) -> ResponseReturnValue:
    """Enter what was counted, or who voted what; the outcome follows."""
    session = db.session()
    item, head = read.find_item(session, item_id)
    about, way = _asked(item)
    room = _room(head, item_id)
    rule = rule_on(session, head.body_id, head.day)
    form = _form(about, way, rule.vote.tie, room)
    if "amendment" in form:
        form.offer("amendment", _changes(item))
    if "objection" in form:
        form.offer("objection", _minutes_questions(head))
    seen = len(votes_of_meeting(session, head.id, public=False).get(item_id, []))
    if not form.is_submitted():
        form.seen.data = str(seen)

    def act() -> str:
        typed = form.seen.data or ""
        new = NewVote(
            about,
            way,
            form.figures() if way is not Way.BY_NAME else None,
            form.names(),
            form.about_words("question"),
            form.chair(),
            form["returns_on"].data if "returns_on" in form else None,
            form.about_words("reason"),
            form.chosen("teller"),
            form.chosen("amendment"),
            form.chosen("objection"),
            int(typed) if typed.isdigit() and len(typed) < 6 else seen,
        )
        vote_id = votes.record_vote(item_id, new, acting(record_meetings))
        if vote_id is None:
            return url_for("office_votes.count_again", item_id=item_id)
        return url_for("office_meetings.show_meeting", meeting_id=head.id, _anchor=f"item-{item_id}")

    done = _("The first count is kept. Now the second teller counts.")
    return handle(
        form,
        Page(
            str(words.ABOUT[about]),
            _("Record the vote"),
            _back(head, item_id),
            _("Enter what was counted. What follows from it, the rules say."),
            facts=_facts(head, item, room, way),
        ),
        act,
        done if way is Way.ON_PAPER else _("The vote is recorded."),
    )


@blueprint.route(f"{ITEM}/count-again", methods=["GET", "POST"])
@shows_own_form
@requires(count_votes)
def count_again(item_id: int) -> ResponseReturnValue:
    """The second teller of a secret vote, or another clerk for them, enters what they counted."""
    item, head = read.find_item(db.session(), item_id)
    open_meeting(head.id)
    if not item.counting:
        raise NotFound("count", item_id)
    room = _room(head, item_id)
    form = _form(About.MOTION, Way.ON_PAPER, Tie.REJECTS, room)

    def act() -> None:
        figures = form.figures()
        if figures is None:
            figures = Figures(0, 0, 0)
        papers.count_again(item_id, figures, form.chosen("teller") or 0, acting(count_votes))

    page = Page(
        _("The second count"),
        _("Enter my count"),
        _back(head, item_id),
        _("Count without looking at the first count. Both must be the same."),
        facts=_facts(head, item, room, Way.ON_PAPER),
    )
    return handle(form, page, act, _("Both tellers counted the same. The vote is recorded."))


@blueprint.route(f"{ITEM}/discard-count", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def discard_count(item_id: int) -> ResponseReturnValue:
    """Throw the first count away; both tellers begin anew."""
    item, head = read.find_item(db.session(), item_id)

    def act() -> None:
        papers.discard_count(item_id, acting(record_meetings))

    page = Page(
        _("Throw the first count away"),
        _("Throw it away"),
        _back(head, item_id),
        warning=_("Both tellers count anew."),
        facts=_facts(head, item, _room(head, item_id), Way.ON_PAPER),
    )
    return handle(SureForm(), page, act, _("The first count is thrown away."))


@blueprint.route("/votes/<int(max=2147483647):vote_id>/correct", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def correct_vote(vote_id: int) -> ResponseReturnValue:
    """Record what was really counted, with a reason; the vote before stays for everybody to see."""
    session = db.session()
    old = find_vote(session, vote_id)
    if old is None:
        raise NotFound("vote", vote_id)
    item, head = read.find_item(session, old.item_id)
    about, way = About(old.about), Way(old.way)
    rule = rule_on(session, head.body_id, head.day)
    named = [(each.member_id, each.name) for each in old.names]
    wanted = [name for name in fields_of(about, way, rule.vote.tie) if name in _COUNTS]
    if about in (About.REFERRAL, About.POSTPONEMENT):
        wanted.append("returns_on")
    if way is Way.ON_PAPER:
        wanted.append("teller")
    room = _room(head, old.item_id)
    form = VoteForm.of([*wanted, "reason"], named)
    _offer_tellers(form, room)
    if not form.is_submitted():
        _fill(form, old)

    def act() -> str | None:
        new = NewVote(
            about,
            way,
            form.figures() if way is not Way.BY_NAME else None,
            form.names(),
            chair_choice=form.chair(),
            returns_on=form["returns_on"].data if "returns_on" in form else None,
            reason=form.about_words("reason"),
            teller_id=form.chosen("teller"),
        )
        if corrections.correct_vote(vote_id, new, acting(record_meetings)) is None:
            return url_for("office_votes.count_again", item_id=old.item_id)
        return None

    page = Page(
        _("Correct a vote"),
        _("Record the correction"),
        _back(head, old.item_id),
        _("The vote as it was recorded stays for everybody to see."),
        _("If the outcome changes, the motion goes back and on."),
        facts=_facts(head, item, room, way),
    )
    done = _("The first count is kept. Now the second teller counts.")
    return handle(form, page, act, done if way is Way.ON_PAPER else _("The correction is recorded."))


_COUNTS = frozenset({"yes", "no", "abstain", "invalid", "chair_choice"})


def _fill(form: VoteForm, old: VoteLine) -> None:
    for name in ("yes", "no", "abstain", "invalid", "chair_choice"):
        if name in form:
            form[name].data = getattr(old, name)
    for each in old.names:
        form[f"member_{each.member_id}"].data = each.choice


def _asked(item: ItemLine) -> tuple[About, Way]:
    """On what and how the address says that the council votes; else the usual."""
    about, way = request.args.get("about", ""), request.args.get("way", "")
    return (
        About(about) if about in set(About) else VOTED_UNDER[ItemKind(item.kind)][0],
        Way(way) if way in set(Way) else Way.SHOW_OF_HANDS,
    )


def _form(about: About, way: Way, tie: Tie, room: Room) -> VoteForm:
    named = [(id, room.name(id)) for id in room.voting] if way is Way.BY_NAME else []
    form = VoteForm.of(fields_of(about, way, tie), named)
    _offer_tellers(form, room)
    return form


def _offer_tellers(form: VoteForm, room: Room) -> None:
    if "teller" in form:
        form.teller.choices = choices(
            [("", _("Choose a member")), *((id, room.name(id)) for id in sorted(room.present))]
        )


def _changes(item: ItemLine) -> list[tuple[object, object, str]]:
    """The changes that wait, each with its place and its words."""
    return [
        (
            each.id,
            f"{_('Change %(number)s', number=each.number)}, {place(each.change, each.paragraph)}",
            excerpt(localized(each.text).text) or str(CHANGES[each.change]),
        )
        for each in read.open_amendments(db.session(), item.motion_id or 0)
    ]


def _minutes_questions(head: MeetingHead) -> list[tuple[object, object, str]]:
    """Objections that wait, each with its words, and whether to approve the minutes."""
    session = db.session()
    known = minutes.to_approve(session, session.get_one(Meeting, head.id))
    found = read.minutes_of(session, known.meeting_id) if known is not None else None
    lines: list[tuple[object, object, str]] = [
        (each.id, _("Objection of %(name)s", name=each.member), excerpt(localized(each.text).text))
        for each in (found.objections if found else ())
        if each.outcome is None
    ]
    return [*lines, ("minutes", _("Approve the minutes"), "")]


def _room(head: MeetingHead, item_id: int) -> Room:
    session = db.session()
    return room_at(session, session.get_one(Meeting, head.id), session.get_one(AgendaItem, item_id))


def _back(head: MeetingHead, item_id: int) -> str:
    return url_for("office_meetings.show_meeting", meeting_id=head.id, _anchor=f"item-{item_id}")


def _facts(head: MeetingHead, item: ItemLine, room: Room, way: Way) -> tuple[tuple[str, object], ...]:
    return (
        (_("Meeting"), show_day(head.day, "full")),
        (_("Item"), localized(item.title).text),
        (_("How"), words.WAYS[way]),
        (
            _("There and may vote"),
            _("%(have)s, and %(need)s are needed", have=len(room.voting), need=room.quorum),
        ),
    )
