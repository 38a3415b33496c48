"""The election board's desk for the online vote: identifier, keys and credentials, product, parts, result."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, granted, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.permissions import manage_elections, read_elections
from core import settings
from core.db import db
from core.errors import DomainError
from core.forms import shows_own_form
from elections.forms.urn import HandInForm, HandInKeyForm, NameTrusteesForm, PrepareForm
from elections.messages import urn as words
from elections.messages.trustee import in_fives
from elections.queries.procedure import find_election
from elections.queries.urn import Ceremony, urn_desk, why_paper
from elections.services.urn import closing, following, keys, preparing
from elections.staff.desk import office_page

blueprint = Blueprint("office_urn", __name__, url_prefix="/office/elections/<code>/urn")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(urn_words=words))


@blueprint.get("/")
@requires(read_elections)
def show_urn(code: str) -> ResponseReturnValue:
    """Where the online vote stands, and what comes next."""
    return _desk(code)


@blueprint.post("/begin")
@requires(manage_elections)
def begin(code: str) -> ResponseReturnValue:
    """Give the election its identifier."""
    try:
        preparing.begin_urn(code, acting(manage_elections))
    except DomainError as error:
        return _refused(code, error)
    flash(_("The election has its identifier. Hand it to trustees and credential authority."), "success")
    return redirect(url_for("office_urn.show_urn", code=code))


@blueprint.post("/name-trustees")
@shows_own_form
@requires(manage_elections)
def name_trustees(code: str) -> ResponseReturnValue:
    """Say who the trustees are."""
    form = NameTrusteesForm()
    if form.validate():
        try:
            keys.name_trustees(code, form.lines, acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            return _desk(code, status_of(error), name=form)
        flash(_("Everybody can read now who the trustees are."), "success")
        return redirect(url_for("office_urn.show_urn", code=code))
    return _desk(code, 422, name=form)


@blueprint.post("/hand-in-key")
@shows_own_form
@requires(manage_elections)
def hand_in_key(code: str) -> ResponseReturnValue:
    """Take a trustee's public key."""
    form = HandInKeyForm()
    form.offer(_free_places(code))
    if form.validate():
        try:
            fingerprint = keys.hand_in_key(code, form.number.data, form.content, acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            return _desk(code, status_of(error), key=form)
        flash(_("The key is taken. Its fingerprint: %(digits)s", digits=in_fives(fingerprint)), "success")
        return redirect(url_for("office_urn.show_urn", code=code))
    return _desk(code, 422, key=form)


@blueprint.post("/take-key-away")
@requires(manage_elections)
def take_key_away(code: str) -> ResponseReturnValue:
    """Free a trustee's place for another key."""
    number = request.form.get("number", 0, type=int)
    try:
        keys.take_key_away(code, number, acting(manage_elections))
    except DomainError as error:
        return _refused(code, error)
    flash(_("The key is taken away. Give the trustee the new address."), "success")
    return redirect(url_for("office_urn.show_urn", code=code))


@blueprint.post("/prepare")
@shows_own_form
@requires(manage_elections)
def prepare(code: str) -> ResponseReturnValue:
    """Fix trustees, credentials and question."""
    form = PrepareForm()
    if form.validate():
        try:
            preparing.prepare_urn(code, form.keys, form.listed, form.spares, acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            return _desk(code, status_of(error), prepare=form)
        flash(_("Trustees, credentials and question are fixed."), "success")
        return redirect(url_for("office_urn.show_urn", code=code))
    return _desk(code, 422, prepare=form)


@blueprint.post("/follow")
@shows_own_form
@requires(manage_elections)
def follow(code: str) -> ResponseReturnValue:
    """Take the authority's record of replaced and revoked credentials."""
    form = HandInForm()
    if form.validate():
        try:
            fresh = following.follow_replacements(code, form.content, acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            return _desk(code, status_of(error), hand_in=form)
        flash(_("New entries taken: %(count)s.", count=fresh), "success")
        return redirect(url_for("office_urn.show_urn", code=code))
    return _desk(code, 422, hand_in=form)


@blueprint.post("/multiply")
@requires(manage_elections)
def multiply(code: str) -> ResponseReturnValue:
    """Let the product of the ballots that count be published, in the background."""
    try:
        closing.order_multiplication(code, acting(manage_elections))
    except DomainError as error:
        return _refused(code, error)
    flash(_("The ballots are being multiplied. This page says how far that is."), "success")
    return redirect(url_for("office_urn.show_urn", code=code))


@blueprint.post("/take-part")
@shows_own_form
@requires(manage_elections)
def take_part(code: str) -> ResponseReturnValue:
    """Take a trustee's part, as ``answerable trustee decrypt`` writes it."""
    form = HandInForm()
    if form.validate():
        try:
            done = closing.take_handed_part(code, form.content, acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            return _desk(code, status_of(error), hand_in=form)
        told = _("The online vote is decrypted.") if done else _("The part is taken.")
        flash(told, "success")
        return redirect(url_for("office_urn.show_urn", code=code))
    return _desk(code, 422, hand_in=form)


def _refused(code: str, error: DomainError) -> ResponseReturnValue:
    if prefers_json():
        raise error
    return _desk(code, status_of(error), sentences(error))


def _free_places(code: str) -> dict[int, str]:
    """The places of trustees whose keys are still to come."""
    urn = urn_desk(db.session(), code)
    lines = urn.ceremony.trustees if urn else ()
    return {each.number: f"{each.number} – {each.name}" for each in lines if not each.fingerprint}


def _addresses(code: str, ceremony: Ceremony) -> dict[int, str]:
    """Where each trustee whose key is still to come makes it and hands it in. The code behind ``#`` reaches no log."""
    page = f"{settings.current().base_url}{url_for('elections_trustee.show_page', code=code)}"
    return {
        each.number: f"{page}#{each.number}-{keys.place_code(ceremony.uuid, each.number, each.turn)}"
        for each in ceremony.trustees
        if not each.fingerprint
    }


def _desk(
    code: str,
    status: int = 200,
    problems: list[str] | None = None,
    *,
    name: NameTrusteesForm | None = None,
    key: HandInKeyForm | None = None,
    prepare: PrepareForm | None = None,
    hand_in: HandInForm | None = None,
) -> ResponseReturnValue:
    page = find_election(code)
    urn = urn_desk(db.session(), code)
    paper = None if urn else why_paper(db.session(), code)
    may = granted(manage_elections)
    if name is None:
        names = "\n".join(each.name for each in urn.ceremony.trustees) if urn else ""
        name = NameTrusteesForm(formdata=None, data={"names": names})
    if key is None:
        key = HandInKeyForm(formdata=None)
        key.offer(_free_places(code))
    return office_page(
        "urn.html",
        status,
        problems or (),
        page=page,
        urn=urn,
        on_paper=sentences(paper) if paper else [],
        addresses=_addresses(code, urn.ceremony) if urn and may else {},
        name=name,
        key=key,
        prepare=prepare or PrepareForm(formdata=None),
        hand_in=hand_in or HandInForm(formdata=None),
    )
