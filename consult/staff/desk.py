"""What the workbench's pages share: the list one came from, and what their templates need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from flask.typing import ResponseReturnValue

from accounts import desk
from consult.queries.workbench import Cursor, Filter
from core.localized import clean
from core.texts import excerpt
from followup.number_fields import whole_number
from followup.numbers import in_short, register_number
from followup.queries.replies_in_work import Queue

WORDS_LENGTH = 200


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


def office_page(
    template: str, status: int = 200, problems: Iterable[str] = (), **context: object
) -> ResponseReturnValue:
    """A page of the workbench, with what its templates need beside ``accounts.desk.office_page``."""
    return desk.office_page(
        f"consult/staff/{template}",
        status,
        problems,
        register_number=register_number,
        in_short=in_short,
        excerpt=excerpt,
        **context,
    )
