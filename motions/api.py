"""Open data of motions: the register as CSV and JSON, and news feeds of one motion and of all. Read-only.

Each file holds the rows that the page with the same filters shows, read from one moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from flask import Blueprint, Response, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.access import public
from core import clock, i18n, settings
from core.db import db
from core.exports import csv_text, json_text, of_one_moment
from core.feeds import Feed, FeedEntry, write_atom
from core.localized import Localized
from motions.messages.words import CITY_DECISIONS, HAPPENED
from motions.queries import listing, news
from motions.queries.choices import choices
from motions.queries.listing import Filter, Row
from motions.queries.news import News
from motions.queries.public import canonical, read_motion
from motions.views.register import as_query, read_filter

blueprint = Blueprint("motions_api", __name__, url_prefix="/motions")

NEWS = 50
"""Entries of a feed."""
COLUMNS = (
    "number",
    "council",
    "kind",
    "topic",
    "stage",
    "city_decision",
    "author",
    "term",
    "submitted_on",
    "dealt_on",
    "closed_on",
    "owed",
    "due_on",
    "late",
    "url",
)
"""What CSV and JSON tell of each motion, besides title and department. ``owed`` is the step that is due first."""


@blueprint.get("/register.json")
@public
def register_json() -> Response:
    """The motions that fit the filters."""
    pieces = partial(_as_json, wanted=_wanted())
    return _streamed(pieces, "application/json; charset=utf-8")


@blueprint.get("/register.csv")
@public
def register_csv() -> Response:
    """The motions that fit the filters as a table, with a column for the title in each of the city's languages."""
    response = _streamed(partial(_as_csv, wanted=_wanted()), "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="motions.csv"'
    return response


@blueprint.get("/feed.atom")
@public
def feed() -> Response:
    """What happened lately to the motions that fit the filters, newest first."""
    wanted = _wanted()
    chosen = as_query(wanted)
    entries = news.latest(db.session(), wanted, NEWS)
    return _feed(
        _("Motions"),
        f"{settings.current().base_url}/motions/"
        + ("?" + "&".join(f"{name}={value}" for name, value in sorted(chosen.items())) if chosen else ""),
        url_for("motions.list_motions", **chosen),  # type: ignore[arg-type]
        url_for("motions_api.feed", **chosen),  # type: ignore[arg-type]
        entries,
    )


@blueprint.get("/<number>/feed.atom")
@public
def motion_feed(number: str) -> ResponseReturnValue:
    """What happened to one motion, newest first."""
    session = db.session()
    label = canonical(session, number)
    if label != number:
        return redirect(url_for("motions_api.motion_feed", number=label), 301)
    found = read_motion(session, label)
    return _feed(
        f"{label}: {i18n.localized(found.head.title).text}",
        f"{settings.current().base_url}/motions/{label}/",
        url_for("motion_pages.show_motion", number=label),
        url_for("motions_api.motion_feed", number=label),
        news.of_motion(session, found.head.id, NEWS),
    )


def _wanted() -> Filter:
    return read_filter(choices(db.session()), request.args)


def _streamed(pieces: partial[Iterator[str]], content_type: str) -> Response:
    return Response(stream_with_context(of_one_moment(pieces)), content_type=content_type)


def _as_json(session: Session, wanted: Filter) -> Iterator[str]:
    head = {"day": clock.today().isoformat(), "filter": as_query(wanted)}
    return json_text(head, "motions", (_entry(row) for row in listing.all_rows(session, wanted)))


def _as_csv(session: Session, wanted: Filter) -> Iterator[str]:
    languages = settings.current().languages
    header = [*COLUMNS, "department", "title", "title_language", *(f"title_{code}" for code in languages)]
    return csv_text(header, (_cells(row, languages) for row in listing.all_rows(session, wanted)))


def _facts(row: Row) -> dict[str, object]:
    values = (
        row.number,
        row.council_key,
        row.kind,
        row.topic,
        row.stage,
        row.city_decision,
        row.author,
        row.term,
        row.submitted_on.isoformat(),
        row.dealt_on.isoformat() if row.dealt_on else None,
        row.closed_on.isoformat() if row.closed_on else None,
        row.step,
        row.due_on.isoformat() if row.due_on else None,
        row.is_late,
        f"{settings.current().base_url}/motions/{row.number}/",
    )
    return dict(zip(COLUMNS, values, strict=True))


def _entry(row: Row) -> dict[str, object]:
    department = _texts(row.department) if row.department else None
    return {**_facts(row), "department": department, "title": row.title.dump()}


def _cells(row: Row, languages: Sequence[str]) -> list[object]:
    source = row.title.source
    texts = _texts(row.title)
    department = row.department.best(settings.current().official_language).text if row.department else None
    original = [source.text, source.language] if source else [None, None]
    return [*_facts(row).values(), department, *original, *(texts.get(code) for code in languages)]


def _texts(text: Localized) -> dict[str, str]:
    return {version.language: version.text for version in text.versions}


def _feed(title: str, id: str, page: str, own: str, entries: Sequence[News]) -> Response:
    here = settings.current()
    written = Feed(
        id=id,
        title=title,
        author=i18n.localized(here.city).text,
        language=i18n.language(),
        link=here.base_url + page,
        own=here.base_url + own,
        zone=here.time_zone,
        day=clock.today(),
        entries=[_news(each) for each in entries],
    )
    return Response(write_atom(written), content_type="application/atom+xml; charset=utf-8")


def _news(each: News) -> FeedEntry:
    """Something that happened. Its number within the motion never changes, so it makes the entry's id."""
    here = settings.current()
    happened = str(HAPPENED[each.kind])
    if each.city_decision:
        happened = str(CITY_DECISIONS[each.city_decision])
    reason = each.reason.best(i18n.language())
    return FeedEntry(
        id=f"{here.base_url}/motions/{each.number}/#event-{each.sequence}",
        title=_(
            "%(number)s: %(happened)s. %(title)s",
            number=each.number,
            happened=happened,
            title=i18n.localized(each.title).text,
        ),
        day=each.day,
        link=here.base_url + url_for("motion_pages.show_motion", number=each.number),
        text=reason.text,
        language=reason.language,
    )
