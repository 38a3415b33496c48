"""What the office's pages share: the list one came from, and how refusals are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import permissions
from consult.forms.office import LARGEST_NUMBER, OfficeForm
from consult.queries.workbench import Cursor, Filter, Queue
from core.errors import Conflict, DomainError, NotFound
from core.localized import clean
from core.texts import excerpt
from core.wording import explain
from followup.numbers import in_short, register_number

View = TypeVar("View", bound=Callable[..., object])

WORDS_LENGTH = 200
_CHANGED_MEANWHILE = {
    "selection_changed",
    "reply_state",
    "already_concluded",
    "promises_unanswered",
    "register_concluded",
    "round_concluded",
    "round_still_open",
    "round_not_public",
    "already_published",
}


def shows_own_form(view: View) -> View:
    """Mark a view whose form checks its own token, so that a refused form is shown filled (see app/security.py)."""
    view.form_checks_token = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the workbench: a queue and what they look for in it."""

    queue: Queue = Queue.TO_ANSWER
    chosen: Filter = Filter()  # noqa: RUF009 - frozen

    def query(self) -> dict[str, str]:
        """The place as parts of an address."""
        parts = {
            "queue": "" if self.queue is Queue.TO_ANSWER else self.queue.value,
            "measure": self.chosen.measure,
            "language": self.chosen.language,
            "department": str(self.chosen.department_id or ""),
            "q": self.chosen.words,
        }
        return {name: value for name, value in parts.items() if value}

    def packed(self) -> str:
        """The place in one form field."""
        return urlencode(self.query())

    def url(self, code: str, **more: str) -> str:
        """The address of the list."""
        parts: dict[str, Any] = {**self.query(), **more}
        return url_for("workbench.show_queue", code=code, **parts)


def read_place(parts: Mapping[str, str]) -> Place:
    """The place that an address names; what makes no sense is passed over."""
    try:
        queue = Queue(parts.get("queue", ""))
    except ValueError:
        queue = Queue.TO_ANSWER
    department = whole_number(parts.get("department", ""))
    return Place(
        queue,
        Filter(
            measure=clean(parts.get("measure", ""))[:20],
            language=clean(parts.get("language", ""))[:20],
            department_id=department or None,
            words=clean(parts.get("q", ""))[:WORDS_LENGTH],
        ),
    )


def unpack_place(packed: str | None) -> Place:
    """The place that ``packed`` wrote into a form field."""
    return read_place(dict(parse_qsl((packed or "")[:2_000])))


def pack_cursor(due_on: date, number: int) -> str:
    """A row of a list as part of an address."""
    return f"{due_on.isoformat()}~{number}"


def read_cursor(parts: Mapping[str, str]) -> Cursor | None:
    """Where a page begins (``after``) or ends (``before``); None for the first page or what makes no sense."""
    for name, backwards in (("after", False), ("before", True)):
        day, _mark, number = parts.get(name, "").partition("~")
        if whole_number(number):
            try:
                return Cursor(date.fromisoformat(day), whole_number(number), backwards)
            except ValueError:
                return None
    return None


def whole_number(text: str) -> int:
    """A whole number from 1 on, as an address or a box writes it; else 0."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if number <= LARGEST_NUMBER else 0


def prefers_json() -> bool:
    """Whether this client would rather have JSON than a page; its refusals are then worded in app/errors.py."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def status_of(error: DomainError) -> int:
    """409 where others were faster or something is not over yet, 404 for what is not there, else 422."""
    if isinstance(error, NotFound):
        return 404
    codes = {single.code for single in error.all()}
    return 409 if isinstance(error, Conflict) or codes & _CHANGED_MEANWHILE else 422


def sentences(error: DomainError) -> list[str]:
    """Everything that was refused, in the reader's language."""
    return [explain(single) for single in error.all()]


def office_page(
    template: str, status: int = 200, problems: Iterable[str] = (), **context: object
) -> ResponseReturnValue:
    """A page of the office; 422 when a form on it was refused, unless ``status`` says more."""
    refused = any(isinstance(value, OfficeForm) and value.errors for value in context.values())
    if status == 200 and refused:
        status = 422
    page = render_template(
        f"consult/staff/{template}",
        problems=list(problems),
        permissions=permissions,
        register_number=register_number,
        in_short=in_short,
        excerpt=excerpt,
        **context,
    )
    return page, status
