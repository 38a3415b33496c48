"""Amendments at the desk: proposing a change of a paragraph, taking it back, settling what contradicts itself."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.desk import office_page
from accounts.permissions import read_motions_desk, record_meetings
from core.db import db
from core.errors import DomainError
from core.forms import choice, shows_own_form
from core.texts import excerpt
from motions.forms.amendments import AmendmentForm, SettleForm
from motions.forms.drafting import ActForm
from motions.messages import amendments as messages
from motions.queries import amendments as queries
from motions.queries.amendments import PublicAmendment
from motions.queries.motions import MotionHead, words
from motions.queries.parts import Standing
from motions.rules import amendments as rules
from motions.rules.drafting import own_text
from motions.rules.stages import MotionKind, Part, Stage
from motions.services import amendments as service
from motions.staff.desk import Page, handle, open_motion

blueprint = Blueprint("office_amendments", __name__, url_prefix="/office/motions")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(amendment_words=messages))
MOTION = "/<int(max=2147483647):motion_id>"
AMENDMENT = f"{MOTION}/amendments/<int(max=2147483647):amendment>"


@blueprint.get(f"{MOTION}/amendments/")
@requires(read_motions_desk)
def list_amendments(motion_id: int) -> ResponseReturnValue:
    """Every proposed change, what this person may do with it, and what contradicts itself."""
    head, standing = _public(motion_id)
    found = queries.public_amendments(db.session(), motion_id)
    return office_page(
        "motions/staff/amendments.html",
        motion=head,
        standing=standing,
        amendments=found,
        amendable=_amendable(head) and bool({Part.MEMBER, Part.AUTHOR, Part.OFFICE} & standing.parts),
        mine=[each.number for each in found if _is_mine(each, standing)],
        contradict=[each for each in found if each.conflicts],
    )


@blueprint.route(f"{MOTION}/propose-amendment", methods=["GET", "POST"])
@shows_own_form
@requires(read_motions_desk)
def propose_amendment(motion_id: int) -> ResponseReturnValue:
    """Propose to change a paragraph of the public text."""
    head, standing = _public(motion_id)
    if not {Part.MEMBER, Part.AUTHOR, Part.OFFICE} & standing.parts:
        abort(404)
    text = own_text(words(db.session(), motion_id, public=True), head.language).text
    form = AmendmentForm(data={"base": rules.digest(text), "paragraph": 1})
    parts = rules.paragraphs(text)
    form.paragraph.choices = [
        choice("0", _("0: the beginning")),
        *(choice(str(number), f"{number}: {excerpt(part, 60)}") for number, part in enumerate(parts, 1)),
    ]

    def act() -> str:
        new = service.NewAmendment(
            form.base.data or "",
            form.paragraph.data if form.paragraph.data is not None else -1,
            form.change.data or "",
            form.text.data or "",
            form.reason.data or "",
        )
        service.propose_amendment(motion_id, new, acting(read_motions_desk))
        return _list(motion_id)

    page = Page(
        _("Propose a change"),
        _("Propose the change"),
        _list(motion_id),
        _("Everybody can read it at once. The council votes on it."),
    )
    return handle(
        form,
        page,
        act,
        _("The change is proposed."),
        "motions/staff/propose_amendment.html",
        paragraphs=parts,
        motion=head,
    )


@blueprint.route(f"{AMENDMENT}/withdraw", methods=["GET", "POST"])
@shows_own_form
@requires(read_motions_desk)
def withdraw_amendment(motion_id: int, amendment: int) -> ResponseReturnValue:
    """Whoever proposed a change takes it back."""
    _head, standing = _public(motion_id)
    found = _find(motion_id, amendment)
    if not _is_mine(found, standing):
        abort(404)

    def act() -> str:
        service.withdraw_amendment(found.id, acting(read_motions_desk))
        return _list(motion_id)

    page = Page(
        _("Withdraw the change"),
        _("Withdraw it"),
        _list(motion_id),
        facts=((_("Change"), f"{amendment}, {messages.place(found.change, found.paragraph)}"),),
    )
    return handle(ActForm(), page, act, _("The change is withdrawn."))


@blueprint.route(f"{AMENDMENT}/settle", methods=["GET", "POST"])
@shows_own_form
@requires(record_meetings)
def settle_conflict(motion_id: int, amendment: int) -> ResponseReturnValue:
    """The clerk records which of two accepted changes that contradict each other does not count."""
    _public(motion_id)
    found = _find(motion_id, amendment)
    form = SettleForm()

    def act() -> str:
        service.settle_conflict(found.id, form.outcome.data or "", acting(record_meetings))
        return _list(motion_id)

    others = ", ".join(str(each) for each in found.conflicts)
    page = Page(
        _("Settle a contradiction"),
        _("Record it"),
        _list(motion_id),
        _("The council or whoever proposed it decides which of them does not count. Record that here."),
        facts=(
            (_("Change"), f"{amendment}, {messages.place(found.change, found.paragraph)}"),
            (_("It contradicts"), others or _("none")),
        ),
    )
    return handle(form, page, act, _("The contradiction is settled."))


def _public(motion_id: int) -> tuple[MotionHead, Standing]:
    head, standing = open_motion(motion_id)
    if not head.is_public:
        abort(404)
    return head, standing


def _find(motion_id: int, number: int) -> PublicAmendment:
    found = queries.public_amendments(db.session(), motion_id)
    amendment = next((each for each in found if each.number == number), None)
    if amendment is None:
        abort(404)
    return amendment


def _is_mine(amendment: PublicAmendment, standing: Standing) -> bool:
    if amendment.member_id is None:
        return Part.OFFICE in standing.parts
    return amendment.member_id == standing.member_id


def _amendable(head: MotionHead) -> bool:
    try:
        rules.check_amendable(Stage(head.stage), MotionKind(head.kind))
    except DomainError:
        return False
    return True


def _list(motion_id: int) -> str:
    return url_for("office_amendments.list_amendments", motion_id=motion_id)
