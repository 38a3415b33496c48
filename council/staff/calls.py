"""Public calls in the office: opening and closing them."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, requires
from accounts.permissions import manage_council
from core.forms import shows_own_form
from core.i18n import localized
from council import rules
from council.forms.office import CallForm, ConfirmForm, named
from council.queries import bodies, calls
from council.rules import Way
from council.services import calls as service
from council.staff.desk import Page, handle

blueprint = Blueprint("office_calls", __name__, url_prefix="/office/council")


@blueprint.route("/<key>/open-call", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def open_call(key: str) -> ResponseReturnValue:
    """Invite applications in public."""
    body = bodies.find_body(key)
    form = CallForm()
    form.seat_class.choices = named(
        (each.key, localized(each.name).text) for each in body.classes if Way(each.way) in rules.CALLED
    )

    def act() -> str:
        service.open_call(body.id, form.facts(body.language), acting(manage_council))
        return key

    page = Page(
        _("Open a public call"),
        _("Open the call"),
        _("It is public at once. Every application is owed an answer with a reason, by the day you name."),
    )
    return handle(body, form, page, act, _("The call is public."))


@blueprint.route("/<key>/calls/<int(max=2147483647):call_id>/close", methods=["GET", "POST"])
@shows_own_form
@requires(manage_council)
def close_call(key: str, call_id: int) -> ResponseReturnValue:
    """Take no more applications, before the last day."""
    body, call = bodies.find_body(key), calls.find_call(key, call_id)
    form = ConfirmForm()

    def act() -> str:
        service.close_call(call_id, acting(manage_council))
        return key

    page = Page(
        _("Close the call"),
        _("Close the call"),
        warning=_("People rely on its last day. It cannot be opened again."),
        facts=((_("Title"), localized(call.title).text),),
    )
    return handle(body, form, page, act, _("The call is closed."))
