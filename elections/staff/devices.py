"""The office's pages beside the online vote: station devices, and who votes on paper."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.permissions import keep_roll, manage_elections, read_elections
from core import settings
from core.db import db
from core.errors import DomainError
from core.forms import shows_own_form
from core.showing import qr_code
from elections.forms.devices import DeviceForm, PaperForm
from elections.messages.procedure import show_moment
from elections.queries.board import identifier_and_state
from elections.queries.devices import list_devices
from elections.queries.paper import paper_desk
from elections.queries.procedure import find_election
from elections.rules.devices import ENROLLING
from elections.services import devices
from elections.services.devices import Enrolled
from elections.services.roll import paper
from elections.staff.desk import office_page

blueprint = Blueprint("office_devices", __name__, url_prefix="/office/elections/<code>")


# Station devices -----------------------------------------------------------------------------------------------------


@blueprint.get("/devices/")
@requires(read_elections)
def show_devices(code: str) -> ResponseReturnValue:
    """Every device, and what is done for a voter at one."""
    return _devices(code)


@blueprint.post("/devices/enrol")
@shows_own_form
@requires(manage_elections)
def enrol_device(code: str) -> ResponseReturnValue:
    """Enrol a device. Its link stands in the answer to this very request and nowhere else."""
    form = DeviceForm()
    if not form.validate():
        return _devices(code, 422, form=form)
    try:
        done = devices.enrol_device(
            code,
            form.name.data or "",
            form.place.data or "",
            form.hours.data or "",
            acting(manage_elections),
        )
    except DomainError as error:
        form.refuse(error)
        return _devices(code, status_of(error), form=form)
    return _devices(code, enrolled=done)


@blueprint.post("/devices/<int(max=9999):place>/revoke")
@requires(manage_elections)
def revoke_device(code: str, place: int) -> ResponseReturnValue:
    """End the link of a device."""
    try:
        devices.revoke_device(code, place, acting(manage_elections))
    except DomainError as error:
        if prefers_json():
            raise
        return _devices(code, status_of(error), sentences(error))
    flash(_("The device's link is ended."), "success")
    return redirect(url_for("office_devices.show_devices", code=code))


def _devices(
    code: str,
    status: int = 200,
    problems: Sequence[str] = (),
    *,
    form: DeviceForm | None = None,
    enrolled: Enrolled | None = None,
) -> ResponseReturnValue:
    election = find_election(code)
    session = db.session()
    link = ""
    if enrolled is not None:
        link = f"{settings.current().base_url}/elections/{code}/station/{enrolled.token}/"
    return office_page(
        "devices.html",
        status,
        problems,
        page=election,
        devices=list_devices(session, code, revoked=True),
        form=form or DeviceForm(formdata=None),
        may_enrol=election.stage in ENROLLING,
        open=identifier_and_state(session, code) is not None,
        enrolled=enrolled,
        link=link,
        qr=qr_code(link, _("QR code: opens the booth on the station device")) if link else "",
    )


# Paper ---------------------------------------------------------------------------------------------------------------


@blueprint.get("/paper/")
@requires(read_elections)
def show_paper(code: str) -> ResponseReturnValue:
    """How many vote on paper, what stands in the way, and for who keeps the roll their numbers."""
    return _paper(code)


@blueprint.post("/paper/ask")
@shows_own_form
@requires(keep_roll)
def ask_for_paper(code: str) -> ResponseReturnValue:
    """Somebody asked to vote on paper."""
    return _changed(code, take_back=False)


@blueprint.post("/paper/take-back")
@shows_own_form
@requires(keep_roll)
def take_back_paper(code: str) -> ResponseReturnValue:
    """Somebody votes with the code after all."""
    return _changed(code, take_back=True)


def _changed(code: str, *, take_back: bool) -> ResponseReturnValue:
    form = PaperForm()
    if not form.validate():
        return _paper(code, 422, form=form)
    try:
        if take_back:
            paper.take_back_paper(code, acting(keep_roll), form.roll_number)
        else:
            paper.ask_for_paper(code, form.roll_number, acting(keep_roll))
    except DomainError as error:
        form.refuse(error)
        return _paper(code, status_of(error), form=form)
    flash(
        _("This person votes with the code after all.") if take_back else _("This person votes on paper."),
        "success",
    )
    return redirect(url_for("office_devices.show_paper", code=code))


@blueprint.post("/paper/send-to-device")
@requires(keep_roll)
def send_to_device(code: str) -> ResponseReturnValue:
    """All who asked for paper vote on a station device: they are too few."""
    try:
        paper.take_back_paper(code, acting(keep_roll))
    except DomainError as error:
        if prefers_json():
            raise
        return _paper(code, status_of(error), sentences(error))
    flash(_("They keep their codes and vote on a station device. Tell them."), "success")
    return redirect(url_for("office_devices.show_paper", code=code))


def _paper(
    code: str, status: int = 200, problems: Sequence[str] = (), *, form: PaperForm | None = None
) -> ResponseReturnValue:
    election = find_election(code)
    return office_page(
        "paper.html",
        status,
        problems,
        page=election,
        desk=paper_desk(db.session(), code),
        opens_at=show_moment(election.voting_opens_at),
        form=form or PaperForm(formdata=None),
    )
