"""Atom feeds that every reader understands, whatever somebody wrote."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

from core.feeds import ATOM, Feed, FeedEntry, write_atom

NAMES = {"a": ATOM}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def feed(*entries: FeedEntry) -> ET.Element:
    written = write_atom(
        Feed(
            id="https://city.example/register/",
            title="Register",
            author="City & Co <Ltd>",
            language="ar",
            link="https://city.example/register/",
            own="https://city.example/register.atom",
            zone="Europe/Berlin",
            day=date(2027, 9, 14),
            entries=entries,
        )
    )
    assert written.startswith('<?xml version="1.0" encoding="utf-8"?>')
    return ET.fromstring(written)


def entry(text: str = "", day: date = date(2027, 9, 1)) -> FeedEntry:
    return FeedEntry("https://city.example/1", "One", day, "https://city.example/1", text, "uk")


def test_a_feed_says_what_it_is_in_which_language_and_when() -> None:
    root = feed(entry(day=date(2027, 9, 1)), entry(day=date(2027, 9, 10)))
    assert root.get(LANGUAGE) == "ar"
    assert root.findtext("a:updated", namespaces=NAMES) == "2027-09-10T00:00:00+02:00"
    assert root.findtext("a:author/a:name", namespaces=NAMES) == "City & Co <Ltd>"
    assert {link.get("rel") for link in root.findall("a:link", NAMES)} == {"self", "alternate"}


def test_an_empty_feed_is_still_a_feed() -> None:
    assert feed().findtext("a:updated", namespaces=NAMES) == "2027-09-14T00:00:00+02:00"


def test_markup_is_text_and_foreign_texts_say_their_language() -> None:
    content = feed(entry("<script>alert(1)</script> & ]]>")).find("a:entry/a:content", NAMES)
    assert content is not None
    assert content.text == "<script>alert(1)</script> & ]]>"
    assert content.get("type") == "text"
    assert content.get(LANGUAGE) == "uk"


def test_what_xml_cannot_carry_is_replaced() -> None:
    content = feed(entry("a\0b\x0bc\ufffed")).find("a:entry/a:content", NAMES)
    assert content is not None
    assert content.text == "a\ufffdb\ufffdc\ufffdd"
