"""The office's pages of nominations: the list, one nomination's vetting and decision, and the order of the ballot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.access import acting, granted, requires
from accounts.desk import sentences, status_of
from accounts.permissions import approve_promises, manage_elections, read_elections, vet_nominations
from core import clock
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import shows_own_form
from core.localized import Localized
from elections.eligibility.facts import Purpose
from elections.forms.office_nominations import (
    METHOD,
    RESULT,
    AnnounceForm,
    CheckForm,
    DecisionForm,
    DrawForm,
    MendingForm,
    check_form,
)
from elections.messages import eligibility as criteria_words
from elections.messages import nominations as words
from elections.models.elections import Election
from elections.models.nominations import Nomination
from elections.queries import nominations as queries
from elections.queries.lots import public_lots
from elections.rules import nominations as rules
from elections.rules.deadlines import read_timetable
from elections.rules.lots import ballot_purpose
from elections.rules.nominations import Decision
from elections.rules.plain_rule_sets import from_plain
from elections.rules.stages import Stage
from elections.services.lots import announce_lot
from elections.services.nominations import ballot_order, decisions, seals, vetting
from elections.staff.desk import office_page
from followup.models import ReplyVersion

blueprint = Blueprint("office_nominations", __name__, url_prefix="/office/elections/<code>")
NUMBER = "/nominations/<int(max=2147483647):number>"


@blueprint.get("/nominations/")
@requires(read_elections)
def list_nominations(code: str) -> ResponseReturnValue:
    """Every nomination with its state."""
    election = _election(code)
    return office_page(
        "nominations.html",
        election=election,
        lines=queries.lines(db.session(), election),
        words=words,
        needed=from_plain(election.rule_set).supporters,
    )


@blueprint.get(NUMBER + "/")
@requires(read_elections)
def show_nomination(code: str, number: int) -> ResponseReturnValue:
    """One nomination: its checklist, what is missing, and the decision."""
    return _page(code, number)


@blueprint.post(NUMBER + "/check")
@shows_own_form
@requires(vet_nominations)
def check_nomination(code: str, number: int) -> ResponseReturnValue:
    """Keep what was found."""
    election, nomination = _find(code, number)
    form = check_form(_ticked(election))
    if form.validate():
        try:
            vetting.check_nomination(nomination.id, form.found, acting(vet_nominations))
        except DomainError as error:
            form.refuse(error)
            return _page(code, number, status_of(error), checking=form)
        flash(_("The checklist is kept."), "success")
        return redirect(url_for("office_nominations.show_nomination", code=code, number=number))
    return _page(code, number, checking=form)


@blueprint.post(NUMBER + "/request-mending")
@shows_own_form
@requires(vet_nominations)
def request_mending(code: str, number: int) -> ResponseReturnValue:
    """Name what is missing."""
    election, nomination = _find(code, number)
    form = MendingForm()
    if form.validate():
        try:
            vetting.request_mending(
                nomination.id, election.language, form.deficiencies.data or "", acting(vet_nominations)
            )
        except DomainError as error:
            form.refuse(error)
            return _page(code, number, status_of(error), mending=form)
        flash(_("Whoever holds the code now reads what is missing."), "success")
        return redirect(url_for("office_nominations.show_nomination", code=code, number=number))
    return _page(code, number, mending=form)


@blueprint.post(NUMBER + "/decide")
@shows_own_form
@requires(vet_nominations)
def prepare_decision(code: str, number: int) -> ResponseReturnValue:
    """Write a decision and its answer, for a second person to release."""
    election, nomination = _find(code, number)
    form = DecisionForm()
    if form.validate():
        decision = form.decision.data or ""
        admits = decision == Decision.ADMIT
        try:
            decisions.prepare_decision(
                nomination.id,
                decision,
                _admission(election) if admits else _refusal(election, form.reason.data or ""),
                acting(vet_nominations),
                ground="" if admits else form.ground.data or "",
                change=_consequence(election) if admits else None,
            )
        except DomainError as error:
            form.refuse(error)
            return _page(code, number, status_of(error), deciding=form)
        flash(_("The decision waits for a second person."), "success")
        return redirect(url_for("office_nominations.show_nomination", code=code, number=number))
    return _page(code, number, deciding=form)


@blueprint.post(NUMBER + "/take-back")
@requires(vet_nominations)
def take_back_decision(code: str, number: int) -> ResponseReturnValue:
    """Throw a prepared decision away."""
    _election_of_it, nomination = _find(code, number)
    try:
        decisions.take_back_decision(nomination.id)
    except DomainError as error:
        return _page(code, number, status_of(error), problems=sentences(error))
    flash(_("The decision is taken back."), "success")
    return redirect(url_for("office_nominations.show_nomination", code=code, number=number))


@blueprint.post(NUMBER + "/release")
@requires(approve_promises)
def release_decision(code: str, number: int) -> ResponseReturnValue:
    """Approve and publish a prepared decision, as the second person."""
    _election_of_it, nomination = _find(code, number)
    try:
        decisions.release_decision(nomination.id, acting(approve_promises))
    except DomainError as error:
        return _page(code, number, status_of(error), problems=sentences(error))
    flash(_("The decision is published."), "success")
    return redirect(url_for("office_nominations.show_nomination", code=code, number=number))


# The order of the ballot --------------------------------------------------------------------------------------------


@blueprint.get("/ballot-order/")
@requires(read_elections)
def show_ballot_order(code: str) -> ResponseReturnValue:
    """Which lots for the order of the ballot are announced and drawn, and what is missing."""
    return _ballot_page(code)


@blueprint.post("/ballot-order/announce")
@shows_own_form
@requires(manage_elections)
def announce_ballot_lot(code: str) -> ResponseReturnValue:
    """Announce the lots of all groups that need one, in one way and from one source."""
    election = _election(code)
    form = AnnounceForm()
    if form.validate():
        known = {lot.purpose for lot in public_lots(db.session(), election)}
        wanted = [key for key in ballot_order.lot_keys(election) if ballot_purpose(key) not in known]
        try:
            for key in wanted:
                announce_lot(
                    code,
                    ballot_purpose(key),
                    form.way.data or "",
                    form.source.data or "",
                    acting(manage_elections),
                )
        except DomainError as error:
            form.refuse(error)
            return _ballot_page(code, status_of(error), announcing=form)
        flash(_("The lots are announced."), "success")
        return redirect(url_for("office_nominations.show_ballot_order", code=code))
    return _ballot_page(code, announcing=form)


@blueprint.post("/ballot-order/draw", defaults={"group": ""})
@blueprint.post("/ballot-order/draw/<group>")
@shows_own_form
@requires(manage_elections)
def draw_ballot_lot(code: str, group: str) -> ResponseReturnValue:
    """Enter what came out for one group."""
    _election(code)
    form = DrawForm()
    if form.validate():
        try:
            ballot_order.draw_ballot_order(
                code,
                group,
                acting(manage_elections),
                seed=form.seed.data or "",
                order=form.drawn,
                witnesses=form.witnesses.data or "",
            )
        except DomainError as error:
            form.refuse(error)
            return _ballot_page(code, status_of(error), drawing=form, drawn_group=group)
        flash(_("The order is drawn."), "success")
        return redirect(url_for("office_nominations.show_ballot_order", code=code))
    return _ballot_page(code, drawing=form, drawn_group=group)


# Pages ---------------------------------------------------------------------------------------------------------------


def _election(code: str) -> Election:
    found = None
    if code.isascii() and code.isprintable():
        found = db.session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None:
        raise NotFound("election", code[:40])
    return found


def _find(code: str, number: int) -> tuple[Election, Nomination]:
    election = _election(code)
    return election, queries.find_nomination(db.session(), election, number)


def _ticked(election: Election) -> list[str]:
    """The lines that an officer ticks; the others this site counts."""
    return [each.key for each in vetting.questions_of(election) if not rules.is_counted(each.criterion)]


def _page(
    code: str,
    number: int,
    status: int = 200,
    *,
    checking: CheckForm | None = None,
    mending: MendingForm | None = None,
    deciding: DecisionForm | None = None,
    problems: list[str] | None = None,
) -> ResponseReturnValue:
    db.session.rollback()
    election, nomination = _find(code, number)
    session = db.session()
    stored = {check.criterion: check for check in vetting.checks_of(session, nomination)}
    if checking is None:
        checking = check_form(_ticked(election), formdata=None)
        for key in checking.keys:
            if key in stored:
                checking[RESULT + key].data = stored[key].result
                checking[METHOD + key].data = stored[key].method
    rule_set = from_plain(election.rule_set)
    days = rule_set.days(Purpose.STAND, read_timetable(election.timetable), clock.today())
    found = vetting.results(session, election, nomination)
    return office_page(
        "nomination.html",
        status,
        problems or (),
        election=election,
        nomination=nomination,
        group=queries.group_names(election).get(nomination.group_key or ""),
        questions=[
            (each.key, criteria_words.criterion(each.criterion, days), found[each.key], stored.get(each.key))
            for each in vetting.questions_of(election)
        ],
        private=seals.unseal(election.code, nomination.sealed) if granted(vet_nominations) else {},
        supporters=vetting.count_supporters(session, nomination),
        needed=rule_set.supporters,
        checking=checking,
        mending=mending or MendingForm(formdata=None),
        deciding=deciding or DecisionForm(formdata=None),
        reason=_written(nomination),
        words=words,
        verdicts=criteria_words.VERDICTS,
        may_vet=granted(vet_nominations),
        may_release=granted(approve_promises),
    )


def _ballot_page(
    code: str,
    status: int = 200,
    *,
    announcing: AnnounceForm | None = None,
    drawing: DrawForm | None = None,
    drawn_group: str = "",
) -> ResponseReturnValue:
    db.session.rollback()
    election = _election(code)
    session = db.session()
    lots = {lot.purpose: lot for lot in public_lots(session, election)}
    names = queries.group_names(election)
    standing = ballot_order.standing_names(session, election)
    return office_page(
        "ballot_order.html",
        status,
        election=election,
        rows=[
            (
                key,
                names.get(key),
                standing.get(key, []),
                lots.get(ballot_purpose(key)),
                drawing if drawing and drawn_group == key else _draw_form(key),
            )
            for key in ballot_order.lot_keys(election)
        ],
        announcing=announcing or AnnounceForm(formdata=None),
        drawing=drawing,
        may_manage=granted(manage_elections),
        open_still=election.stage == Stage.CALLED,
    )


def _draw_form(group: str) -> DrawForm:
    """One of several on a page, so its fields have ids of their own."""
    form = DrawForm(formdata=None)
    for field in (form.seed, form.order, form.witnesses):
        field.id = f"{field.name}-{group}"
    return form


# Answers -------------------------------------------------------------------------------------------------------------


def _admission(election: Election) -> dict[str, str]:
    return _in_each(election, lambda: _("Your nomination meets every line of the rule. You are admitted."))


def _consequence(election: Election) -> dict[str, str]:
    return _in_each(election, lambda: _("Your name stands on the ballot. A public lot decides on its place."))


def _refusal(election: Election, reason: str) -> Mapping[str, str]:
    return {election.language: reason}


def _written(nomination: Nomination) -> Localized:
    """What the answer that waits says."""
    newest = (
        select(ReplyVersion.reason)
        .where(ReplyVersion.reply_id == nomination.reply_id)
        .order_by(ReplyVersion.version.desc())
        .limit(1)
    )
    return db.session.scalars(newest).first() or Localized()


def _in_each(election: Election, say: Callable[[], str]) -> dict[str, str]:
    """A sentence in every language of the election."""
    spoken = {}
    for language in election.languages:
        with force_locale(language):
            spoken[language] = say()
    return spoken
