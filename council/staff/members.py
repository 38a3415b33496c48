"""Members in the office: leaving, removal, vacancies, successors, deputies, offices, signing in."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.permissions import manage_council
from core import settings
from core.errors import NotFound
from core.forms import shows_own_form
from core.i18n import language_name, localized
from council.forms.office import (
    ConfirmForm,
    DeclineForm,
    DeputyForm,
    ElectForm,
    FillForm,
    LeaveForm,
    RemoveForm,
    named,
)
from council.forms.sign_in import SignInForm
from council.queries import bodies
from council.queries.bodies import MemberLine, SeatClassPage
from council.queries.members import SignIn, find_sign_in
from council.rules import Way
from council.services import accounts, vacancies
from council.staff.desk import Page, handle

blueprint = Blueprint("office_members", __name__, url_prefix="/office/council")

MEMBER = "/members/<int(max=2147483647):member_id>"


@blueprint.route(f"{MEMBER}/leave", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def leave_member(member_id: int) -> ResponseReturnValue:
    """A member leaves, and the seat falls vacant."""
    member, seat_class, body = bodies.find_member(member_id)
    form = LeaveForm(Way(seat_class.way))

    def act() -> str:
        assert form.day.data is not None
        vacancies.leave_member(member_id, form.day.data, form.chosen(), acting(manage_council))
        return body.key

    page = Page(
        _("A member leaves"),
        _("Record it"),
        warning=_("The seat falls vacant on that day. This cannot be undone."),
        facts=_facts(member, seat_class),
    )
    return handle(body, form, page, act, _("The seat falls vacant on that day."))


@blueprint.route(f"{MEMBER}/remove", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def remove_member(member_id: int) -> ResponseReturnValue:
    """The council voted a member out: ground, reason and every vote."""
    member, seat_class, body = bodies.find_member(member_id)
    form = RemoveForm()

    def act() -> str:
        assert form.day.data is not None
        vacancies.remove_member(
            member_id,
            form.day.data,
            form.chosen(),
            form.reason.data or "",
            form.votes(),
            acting(manage_council),
        )
        return body.key

    page = Page(
        _("A member was voted out"),
        _("Record the removal"),
        _("Only yes and no decide. A tie removes nobody."),
        _("Ground, reason and votes become public. This cannot be undone."),
        facts=_facts(member, seat_class),
    )
    return handle(body, form, page, act, _("The removal is recorded and public."))


@blueprint.route(f"{MEMBER}/name-deputy", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def name_deputy(member_id: int) -> ResponseReturnValue:
    """A member gets a personal deputy; one before ceases to be."""
    member, seat_class, body = bodies.find_member(member_id)
    form = DeputyForm()

    def act() -> str:
        assert form.since_on.data is not None
        vacancies.name_deputy(member_id, form.name.data or "", form.since_on.data, acting(manage_council))
        return body.key

    page = Page(
        _("Name a personal deputy"),
        _("Name the deputy"),
        _("A deputy who was named before ceases to be one."),
        facts=_facts(member, seat_class),
    )
    return handle(body, form, page, act, _("The deputy is named."))


@blueprint.route(f"{MEMBER}/elect-office", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def elect_office(member_id: int) -> ResponseReturnValue:
    """The council elected a member to an office."""
    member, seat_class, body = bodies.find_member(member_id)
    form = ElectForm()

    def act() -> str:
        vacancies.elect_office(member_id, form.chosen(), acting(manage_council))
        return body.key

    page = Page(
        _("Record an election to an office"),
        _("Record it"),
        _("There is one chair. Whoever was it before ceases to be."),
        facts=_facts(member, seat_class),
    )
    return handle(body, form, page, act, _("The office is recorded."))


@blueprint.route(f"{MEMBER}/let-sign-in", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def let_sign_in(member_id: int) -> ResponseReturnValue:
    """A member, or a personal deputy, is invited to sign in."""
    found = find_sign_in(member_id)
    city = settings.current()
    form = SignInForm(language=found.body.language)
    form.language.choices = named((code, language_name(code)) for code in city.languages)

    def act() -> str:
        accounts.invite_member(
            member_id, form.email.data or "", form.language.data or "", acting(manage_council)
        )
        return found.body.key

    page = Page(
        _("Let a member sign in"),
        _("Send the invitation"),
        _("The member gets a link to choose a password. The address is never shown in public."),
        facts=_sign_in_facts(found),
    )
    return handle(found.body, form, page, act, _("The member can sign in. The invitation is on its way."))


@blueprint.route(f"{MEMBER}/stop-sign-in", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def stop_sign_in(member_id: int) -> ResponseReturnValue:
    """A member's account no longer works for this seat, such as after an invitation to a wrong address."""
    found = find_sign_in(member_id)

    def act() -> str:
        accounts.link_account(member_id, None, acting(manage_council))
        return found.body.key

    page = Page(
        _("Take the account off this member"),
        _("Take the account off"),
        _("The account stays, but it can do nothing more for this member."),
        facts=_sign_in_facts(found),
    )
    return handle(found.body, ConfirmForm(), page, act, _("The account is taken off this member."))


@blueprint.route("/<key>/fill-vacancy", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def fill_vacancy(key: str) -> ResponseReturnValue:
    """Somebody takes a vacant seat of the kind that the address names (``?seats=``)."""
    body = bodies.find_body(key)
    seat_class = bodies.find_class(body, request.args.get("seats", ""))
    if body.term is None:
        raise NotFound("term", key)
    term_id, following = body.term.id, seat_class.next
    equals = [each for each in seat_class.successors if each.id in following.equals]
    form = FillForm(Way(seat_class.way), equals)

    def act() -> str:
        assert form.since_on.data is not None
        vacancies.fill_vacancy(
            term_id, seat_class.key, form.since_on.data, form.seated(), acting(manage_council)
        )
        return key

    facts: list[tuple[str, object]] = [(_("Kind of seat"), localized(seat_class.name).text)]
    facts += [
        (_("Next in the order of the result"), each.name)
        for each in seat_class.successors
        if each.id == following.next_id
    ]
    lead = _("Successors with the same rank are equal. A lot in public decides.") if equals else ""
    page = Page(_("Fill a vacant seat"), _("Fill the seat"), lead, facts=tuple(facts))
    return handle(body, form, page, act, _("The seat is filled."))


@blueprint.route("/successors/<int(max=2147483647):successor_id>/decline", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def decline(successor_id: int) -> ResponseReturnValue:
    """A successor does not want the seat; the next in order is asked."""
    successor, seat_class, body = bodies.find_successor(successor_id)
    form = DeclineForm()

    def act() -> str:
        assert form.day.data is not None
        vacancies.decline(successor_id, form.day.data, acting(manage_council))
        return body.key

    page = Page(
        _("A successor declines"),
        _("Record it"),
        warning=_("The successor is not asked again in this term. This cannot be undone."),
        facts=((_("Name"), successor.name), (_("Kind of seat"), localized(seat_class.name).text)),
    )
    return handle(body, form, page, act, _("It is recorded. The next in the order is asked now."))


def _facts(member: MemberLine, seat_class: SeatClassPage) -> tuple[tuple[str, object], ...]:
    return ((_("Name"), member.name), (_("Kind of seat"), localized(seat_class.name).text))


def _sign_in_facts(found: SignIn) -> tuple[tuple[str, object], ...]:
    return ((_("Name"), found.name), (_("Kind of seat"), localized(found.seat_class).text))
