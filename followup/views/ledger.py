"""The ledger: what the city owes, as a page, JSON, CSV and news feed. All of them show the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts.access import public
from core import clock, i18n, settings
from core.db import db
from core.exports import csv_text, json_text, of_one_moment
from core.feeds import Feed, FeedEntry, write_atom
from core.localized import Localized
from followup import links, subjects
from followup.messages import OWED
from followup.numbers import register_number, written
from followup.queries import ledger as queries
from followup.queries.ledger import Ledger, Overdue, RegisterLine, Totals
from followup.rules import PromiseKind

blueprint = Blueprint("ledger", __name__)

PAGE = 100
"""Overdue items on one page."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """How one register is named and reached; no address where it is not before the public."""

    title: Localized
    url: str | None


@blueprint.get("/ledger/")
@public
def show_ledger() -> str:
    """Everything owed, by department and by register, and every item that is late."""
    session = db.session()
    code, register_id = _chosen(session)
    found = queries.ledger(session, register_id)
    late = queries.overdue(session, register_id, after=_place(), limit=PAGE + 1)
    extended = queries.extensions(session, register_id)
    more = late[PAGE - 1].place if len(late) > PAGE else None
    return render_template(
        "followup/ledger.html",
        ledger=found,
        totals=found.totals,
        overdue=late[:PAGE],
        more=url_for("ledger.show_ledger", round=code, after=_written(more)) if more else None,
        begins=_place() is None,
        extensions=extended,
        chosen=code,
        shown=_shown(session, found.registers),
        entry=_entries(session, late),
        owed=_word_of,
        number=register_number,
        written=written,
    )


@blueprint.get("/ledger.json", endpoint="json")
@public
def as_json() -> Response:
    """The figures, by department and register, with every extension and every item that is late."""
    code, register_id = _chosen(db.session())
    pieces = of_one_moment(partial(_ledger_as_json, code=code, register_id=register_id))
    return Response(stream_with_context(pieces), content_type="application/json; charset=utf-8")


@blueprint.get("/ledger.csv", endpoint="csv")
@public
def as_csv() -> Response:
    """The figures as a table: one line for everything, one for each register, one for each department."""
    _code, register_id = _chosen(db.session())
    return _table("ledger.csv", partial(_ledger_as_csv, register_id=register_id))


@blueprint.get("/ledger/overdue.csv", endpoint="overdue_csv")
@public
def overdue_as_csv() -> Response:
    """Every item that is late as a table, longest first."""
    _code, register_id = _chosen(db.session())
    return _table("overdue.csv", partial(_overdue_as_csv, register_id=register_id))


@blueprint.get("/ledger.atom", endpoint="atom")
@public
def as_atom() -> Response:
    """What became late, and which days were moved, newest first."""
    session = db.session()
    code, register_id = _chosen(session)
    here = settings.current()
    page = here.base_url + url_for("ledger.show_ledger", round=code)
    feed = Feed(
        id=f"{here.base_url}/ledger/" + (f"?round={code}" if code else ""),
        title=_("What the city owes"),
        author=i18n.localized(here.city).text,
        language=i18n.language(),
        link=page,
        own=here.base_url + url_for("ledger.atom", round=code),
        zone=here.time_zone,
        day=clock.today(),
        entries=sorted(_news(session, register_id), key=lambda entry: entry.day, reverse=True),
    )
    return Response(write_atom(feed), content_type="application/atom+xml; charset=utf-8")


# Files that may be long ----------------------------------------------------------------------------------------------


def _ledger_as_json(session: Session, code: str | None, register_id: int | None) -> Iterator[str]:
    found = queries.ledger(session, register_id)
    head: dict[str, object] = {
        **found.status(),
        "round": code,
        "departments": [
            {"key": line.key, "name": _texts(line.name), **asdict(line.totals)} for line in found.departments
        ],
        "registers": [
            {
                "code": line.code,
                "concluded_on": line.concluded_on.isoformat() if line.concluded_on else None,
                **asdict(line.totals),
                **asdict(line.answers),
            }
            for line in found.registers
        ],
        "extensions": [
            {
                "code": one.code,
                "numbers": written(one.runs),
                "count": one.count,
                "decided_on": one.decided_on.isoformat(),
                "due_before": one.due_before.isoformat(),
                "due_on": one.due_on.isoformat(),
                "reason": _texts(one.reason),
            }
            for one in queries.extensions(session, register_id)
        ],
    }
    return json_text(head, "overdue_items", (_late(item) for item in _all_overdue(session, register_id)))


def _ledger_as_csv(session: Session, register_id: int | None) -> Iterator[str]:
    return csv_text([*_FIGURES, *_ANSWERS], _lines(queries.ledger(session, register_id)))


def _overdue_as_csv(session: Session, register_id: int | None) -> Iterator[str]:
    language = settings.current().official_language
    rows = (
        [*_late(item).values(), item.department.best(language).text]
        for item in _all_overdue(session, register_id)
    )
    return csv_text([*_LATE, "department"], rows)


def _table(name: str, pieces: Callable[[Session], Iterator[str]]) -> Response:
    content = stream_with_context(of_one_moment(pieces))
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# Addresses -----------------------------------------------------------------------------------------------------------


def _chosen(session: Session) -> tuple[str | None, int | None]:
    """The register that ``?round=`` asks for, if it asks for one. Raises NotFound."""
    code = request.args.get("round", "").replace("\0", "")[:40]
    return (code, queries.register_id_of(session, code)) if code else (None, None)


def _written(place: tuple[date, int, int]) -> str:
    return "_".join(str(part) for part in place)


def _place() -> tuple[date, int, int] | None:
    """Where a page of overdue items begins; whatever cannot be read is left out."""
    try:
        due_on, register_id, number = request.args.get("after", "").split("_")
        place = (date.fromisoformat(due_on), int(register_id[:9]), int(number[:9]))
    except ValueError:
        return None
    return place


def _shown(session: Session, lines: Sequence[RegisterLine]) -> Mapping[str, Shown]:
    """Titles and addresses of registers, by code."""
    found: dict[str, Shown] = {}
    for kind in {line.kind for line in lines}:
        codes = [line.code for line in lines if line.kind == kind]
        place = links.place(kind)
        titles = place.titles(session, codes) if place else {}
        for code in codes:
            public = place is not None and code in titles
            found[code] = Shown(
                titles.get(code, Localized()), place.register(code) if place and public else None
            )
    return found


def _entries(session: Session, items: Sequence[Overdue]) -> Callable[[Overdue], str | None]:
    """What tells where an item is read: asked once for all of a page."""
    public: set[tuple[str, str]] = set()
    for kind in {item.kind for item in items}:
        place = links.place(kind)
        codes = sorted({item.code for item in items if item.kind == kind})
        public |= {(kind, code) for code in (place.titles(session, codes) if place else ())}

    def address(item: Overdue) -> str | None:
        place = links.place(item.kind)
        return place.entry(item.code, item.number) if place and (item.kind, item.code) in public else None

    return address


def _word_of(item: Overdue) -> str:
    """What is owed, in a few words: for a step, what its room calls it."""
    own = subjects.word(item.subject_kind) if item.promise_kind == PromiseKind.STEP else ""
    return own or str(OWED[item.promise_kind])


# Lines ---------------------------------------------------------------------------------------------------------------

_FIGURES = (
    "line",
    "register",
    "department",
    "received",
    "answered",
    "open",
    "overdue",
    "long_overdue",
    "median_days",
)
_ANSWERS = ("distinct_texts", "largest_group", "noted", "answered_by_reply")
_LATE = ("number", "register", "owed", "due_on", "late_since", "days_late", "long_overdue")


def _lines(found: Ledger) -> Iterator[list[object]]:
    yield ["all", None, None, *_figures(found.totals), *asdict(found.answers).values()]
    for register in found.registers:
        answers = asdict(register.answers).values()
        yield ["register", register.code, None, *_figures(register.totals), *answers]
    for department in found.departments:
        yield [
            "department",
            None,
            department.key,
            *_figures(department.totals),
            *(None for _name in _ANSWERS),
        ]


def _figures(totals: Totals) -> list[object]:
    return list(asdict(totals).values())


def _all_overdue(session: Session, register_id: int | None) -> Iterator[Overdue]:
    after = None
    while True:
        batch = queries.overdue(session, register_id, after=after, limit=_BATCH)
        yield from batch
        if len(batch) < _BATCH:
            return
        after = batch[-1].place


def _late(item: Overdue) -> dict[str, object]:
    values = (
        register_number(item.code, item.number),
        item.code,
        item.promise_kind,
        item.due_on.isoformat(),
        item.since.isoformat(),
        item.days_late,
        item.long,
    )
    return dict(zip(_LATE, values, strict=True))


def _texts(text: Localized) -> dict[str, str]:
    return {version.language: version.text for version in text.versions}


def _news(session: Session, register_id: int | None) -> Iterator[FeedEntry]:
    base = settings.current().base_url
    for late in queries.latenesses(session, register_id):
        since = late.due_on + timedelta(days=1)
        title = ngettext(
            "%(code)s: %(num)d promise is late since %(day)s",
            "%(code)s: %(num)d promises are late since %(day)s",
            late.count,
            code=late.code,
            day=i18n.show_day(since),
        )
        yield FeedEntry(
            id=f"{base}/ledger/?round={late.code}#late-{late.due_on.isoformat()}",
            title=title,
            day=since,
            link=base + url_for("ledger.show_ledger", round=late.code),
        )
    for one in queries.extensions(session, register_id)[:PAGE]:
        reason = i18n.localized(one.reason)
        first = one.runs[0][0]
        yield FeedEntry(
            id=f"{base}/ledger/?round={one.code}#moved-{one.decided_on.isoformat()}-{first}",
            title=_("%(code)s: due day moved to %(day)s", code=one.code, day=i18n.show_day(one.due_on)),
            day=one.decided_on,
            link=base + url_for("ledger.show_ledger", round=one.code),
            text=reason.text,
            language=reason.language,
        )
