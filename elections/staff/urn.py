"""The election board's desk for the online vote: identifier, keys and credentials, product, parts, result."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.permissions import manage_elections, read_elections
from core.db import db
from core.errors import DomainError
from core.forms import shows_own_form
from elections.ballot import canonical
from elections.forms.urn import HandInForm, PrepareForm
from elections.messages import urn as words
from elections.queries.procedure import find_election
from elections.queries.urn import urn_desk
from elections.services.urn import closing, following, preparing
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
            owner, part = _part(form.content)
            done = closing.take_part(code, owner, part, acting(manage_elections))
        except DomainError as error:
            form.refuse(error)
            return _desk(code, status_of(error), hand_in=form)
        told = _("The online vote is decrypted.") if done else _("The part is taken.")
        flash(told, "success")
        return redirect(url_for("office_urn.show_urn", code=code))
    return _desk(code, 422, hand_in=form)


def _part(data: bytes) -> tuple[int, bytes]:
    found = canonical.fields(canonical.read(data), ("election", "owner", "partial_decryption"))
    return canonical.whole(found["owner"], 1), canonical.write(found["partial_decryption"])


def _refused(code: str, error: DomainError) -> ResponseReturnValue:
    if prefers_json():
        raise error
    return _desk(code, status_of(error), sentences(error))


def _desk(
    code: str,
    status: int = 200,
    problems: list[str] | None = None,
    *,
    prepare: PrepareForm | None = None,
    hand_in: HandInForm | None = None,
) -> ResponseReturnValue:
    return office_page(
        "urn.html",
        status,
        problems or (),
        page=find_election(code),
        urn=urn_desk(db.session(), code),
        prepare=prepare or PrepareForm(formdata=None),
        hand_in=hand_in or HandInForm(formdata=None),
    )
