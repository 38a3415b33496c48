"""News feeds in Atom (RFC 4287). Pure.

We know days and no times: ``updated`` is the beginning of the day in the city.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot carry, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One piece of news. ``id`` is an address that never changes; ``language`` is the one ``text`` is in."""

    id: str
    title: str
    day: date
    link: str
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in ``language``; ``link`` is the page it tells about, ``own`` its own address."""

    id: str
    title: str
    author: str
    language: str
    link: str
    own: str
    zone: str
    day: date
    """The day it is, for a feed without entries."""
    entries: Sequence[FeedEntry]


def write_atom(feed: Feed) -> str:
    """The feed as an XML document; every text is escaped."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {_LANGUAGE: feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    newest = max((entry.day for entry in feed.entries), default=feed.day)
    _add(root, "updated", _moment(newest, feed.zone))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.own)
    _add(root, "link", rel="alternate", type="text/html", href=feed.link)
    for entry in feed.entries:
        element = _add(root, "entry")
        _add(element, "id", entry.id)
        _add(element, "title", entry.title)
        _add(element, "updated", _moment(entry.day, feed.zone))
        _add(element, "link", rel="alternate", type="text/html", href=entry.link)
        if entry.text:
            content = _add(element, "content", entry.text, type="text")
            content.set(_LANGUAGE, entry.language or feed.language)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        child.text = _NOT_XML.sub("\ufffd", text)
    return child


def _moment(day: date, zone: str) -> str:
    return datetime.combine(day, time(), ZoneInfo(zone)).isoformat()
