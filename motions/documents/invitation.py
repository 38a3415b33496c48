"""The invitation to a meeting with its agenda and the words of every motion on it, as one file."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.documents import papers, parts
from core.i18n import language_name, nearest, show_day
from core.localized import Localized, State
from core.showing import STATES
from motions.messages import meetings as words
from motions.queries import meetings
from motions.queries.meetings import ItemLine, MeetingHead


def invitation(session: Session, meeting: MeetingHead, language: str, *, public: bool) -> bytes:
    """The invitation as PDF/UA for a reader of ``language``; for the public without what is not public."""
    items = meetings.agenda_of(session, meeting.id, public=public)
    with force_locale(nearest(language)):
        data = {
            "title": _("Invitation"),
            "body": parts.localized(meeting.body_name, language),
            "facts": [
                [_("Day"), show_day(meeting.day, "full")],
                [_("Time"), f"{meeting.starts:%H:%M}"],
                [_("Place"), parts.localized(meeting.place, language)],
            ],
            "note": parts.localized(meeting.note, language) if meeting.note else "",
            "agenda": _("Agenda"),
            "items": [_item(item, language) for item in items],
            "papers_title": _("Papers"),
            "papers": [_paper(session, item, language) for item in items if item.motion_id is not None],
            "why": _("Why"),
            "costs": _("What it costs"),
        }
    return papers.render("motions/invitation", language, data)


def _item(item: ItemLine, language: str) -> dict[str, object]:
    return {
        "place": f"{item.place}.",
        "kind": str(words.ITEM_KINDS[item.kind]),
        "title": parts.localized(item.title, language) if item.title else _("Not public"),
        "number": item.number or "",
        "reason": parts.localized(item.reason, language) if item.reason else "",
    }


def _paper(session: Session, item: ItemLine, language: str) -> dict[str, object]:
    assert item.motion_id is not None
    text = meetings.paper(session, item.motion_id)
    return {
        "number": item.number or "",
        "title": parts.localized(text.title, language),
        "note": _note(text.text, language),
        "text": _markdown(text.text, language),
        "reasons": _markdown(text.reasons, language) if text.reasons else None,
        "costs": _markdown(text.costs, language) if text.costs else None,
    }


def _markdown(text: Localized, language: str) -> parts.Part:
    version = text.best(language)
    return parts.markdown(version.text, version.language)


def _note(text: Localized, language: str) -> str:
    """What a reader should know about the language that the words stand in."""
    shown = text.best(language)
    if shown.language != language:
        return str(_("Original, in %(language)s", language=language_name(shown.language, language)))
    return "" if shown.state in (State.ORIGINAL, State.CHECKED) else str(STATES[shown.state])
