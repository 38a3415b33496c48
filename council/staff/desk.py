"""What the office's pages about councils share: a form, the verb it is for, and where one goes afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from accounts.desk import OfficeForm, office_page, status_of
from core.errors import DomainError
from council.queries.bodies import BodyPage


@dataclass(frozen=True, slots=True)
class Page:
    """How a form's page looks: heading, what to know before, the button; ``grave`` warns and colours the button."""

    heading: str
    button: str
    lead: str = ""
    warning: str = ""
    facts: tuple[tuple[str, object], ...] = field(default=())


def handle(
    body: BodyPage | None,
    form: OfficeForm,
    page: Page,
    act: Callable[[], str | None],
    done: str,
) -> ResponseReturnValue:
    """Show ``form``; when it was sent and is complete, do ``act`` and go to the council's page.

    ``act`` returns the key of the council to go to, or None when the form itself says what is wrong.
    """
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and _is_filled(form):
            try:
                key = act()
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                if key is not None:
                    flash(done, "success")
                    return redirect(url_for("office_council.show_body", key=key))
    return office_page("council/staff/form.html", status, body=body, form=form, page=page)


def _is_filled(form: OfficeForm) -> bool:
    check = getattr(form, "check_filled", None)
    return bool(check()) if check else True
