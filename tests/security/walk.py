"""A busy city, one person who may do everything in it, and every page that there is."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import Account
from consult.services import moderation
from core.db import write
from tests.accounts.browsers import PASSWORD, Browser
from tests.city import (
    CODE,
    STAFF,
    answer,
    beginning,
    draft_answer,
    found_city,
    open_round,
    staff,
    submit_comment,
)
from tests.office import Desk
from tests.routes.people import ROLES
from tests.routes.rooms import furnish, query_of, samples_of

SIGNED_OUT_ONLY = ("/office/sign-in", "/office/reset", "/office/second-factor-code", "/office/recovery-code")


def busy_city() -> None:
    """Five comments: one answered, one begun, one released, one hidden; and what the other rooms hold. Into empty tables."""
    beginning("busy city", _busy_city)


def _busy_city() -> None:
    found_city()
    open_round()
    for number in range(1, 6):
        submit_comment(f"Comment {number}", name="Amina", publish_name=True)
    answer([1])
    draft_answer([2], submit=False)
    moderation.release_texts(CODE, [1, 4, 5], staff("moderator"))
    moderation.hide_text(CODE, 5, "It names a neighbour.", staff("moderator"))
    furnish()


def chief(app: Flask) -> Desk:
    """Somebody who holds every role, so that pages show all their forms; with a password, as whoever signs in has."""
    with write() as session:
        account = session.scalars(select(Account).where(Account.handle == STAFF["officer"][1])).one()
        account.password = account.password or hash_password(PASSWORD)
    return Desk.holding(app, "officer", ROLES)


def addresses(app: Flask, method: str = "GET") -> list[str]:
    """One address for every route that takes ``method``."""
    adapter = app.url_map.bind("answerable.test")
    found = []
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            samples = {**samples_of(rule.rule), "account_id": 2}
            path = adapter.build(rule.endpoint, {name: samples[name] for name in rule.arguments})
            path = path.removeprefix("http://answerable.test")
            found.append(path + (query_of(rule.rule, path) if method == "GET" else ""))
    return sorted(found)


def all_pages(app: Flask, language: str) -> Iterator[tuple[str, TestResponse]]:
    """Every address that can be read, opened by a resident (the public ones) or by the chief (the office's)."""
    resident, office = Browser(app), chief(app).browser
    for path in addresses(app):
        signed_in = path.startswith("/office") and not path.startswith(SIGNED_OUT_ONLY)
        browser = office if signed_in else resident
        yield path, browser.get(f"/{language}{path}", buffered=True)


class Markup(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, where they lead, what runs."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shapes: set[tuple[str, str]] = set()
        self.addresses: set[str] = set()
        self.inline: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.shapes |= {(tag, ""), *((tag, name) for name, _value in attributes)}
        values = dict(attributes)
        if tag == "style" or (tag == "script" and not values.get("src")):
            self.inline.append(f"<{tag}>")
        for name, value in attributes:
            if name == "style" or name.startswith("on"):
                self.inline.append(f"<{tag} {name}>")
            if name in ("href", "src", "action", "formaction", "poster", "data"):
                self.addresses.add((value or "").strip())
