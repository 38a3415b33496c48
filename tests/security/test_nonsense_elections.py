"""Nonsense in every field that a page of an election or a council shows, and in its files: never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from elections.services.nominations.receiving import link_token
from followup.services.receipts import code_of
from tests.elections.city import CODE
from tests.elections.nominees import OPEN, key_of, nominate, the_day
from tests.security.test_nonsense import BYTES, Sender, Watch, nothing_refused_changes, pairs, watch
from tests.security.walk import addresses, all_pages

__all__ = ["watch"]
ROOMS = ("/elections/", "/office/elections/", "/council/", "/office/council/", "/eligibility/")
ENDING = ("/confirm", "/withdraw", "/close")
"""What does its work however it is asked, so that the forms after it would meet another election."""
FILES = {
    "a table that ends in a quote": ("x.csv", b'name;street\n"never closed'),
    "a table of NULs": ("x.csv", b"\x00;\x00\n" * 50),
    "another coding": ("x.csv", "name;straße\n".encode("utf-16")),
    "a workbook that is none": ("x.xlsx", b"PK\x03\x04 not a workbook"),
    "a table called a workbook": ("x.xlsx", b"name;street\n1;2\n"),
    "nothing": ("x.csv", b""),
}


class Forms(HTMLParser):
    """The forms of a page that are sent: where to, and the names of their fields."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.found = address, {}  # type: tuple[str, dict[str, set[str]]]
        self.open: set[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "form":
            self.open = None
            if (values.get("method") or "").lower() == "post":
                where = urlsplit(urljoin(self.address, values.get("action") or "")).path
                self.open = self.found.setdefault(where.removeprefix("/en"), set())
        name = values.get("name")
        if (
            self.open is not None
            and tag in ("input", "select", "textarea", "button")
            and name != "csrf_token"
        ):
            self.open |= {name} if name else set()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


@pytest.fixture
def called(busy: Flask) -> Iterator[Flask]:
    """The busy city while nominations come in; there is one, which nobody looked at yet."""
    with the_day(OPEN):
        nominate()
        yield busy


@pytest.fixture
def forms(called: Flask) -> dict[str, tuple[str, ...]]:
    """Every form of these rooms that a page shows now; besides, whatever takes a form and shows none, without fields."""
    found: dict[str, set[str]] = {path: set() for path in addresses(called, "POST") if path.startswith(ROOMS)}
    found[f"/elections/{CODE}/support/{link_token(code_of(key_of('Amina Yusuf')))}/"] = {"name", "address"}
    found[f"/elections/{CODE}/object/"] = {"matter", "ground", "text", "about", "contact", "form_key"}
    found[f"/office/elections/{CODE}/stations/town-hall/turnout"] = {"ballots"}
    for path, page in all_pages(called, "en"):
        if page.status_code == 200 and page.mimetype == "text/html" and path.startswith(ROOMS):
            for where, names in Forms(page.text, f"/en{path}").found.items():
                if where.startswith(ROOMS):
                    found.setdefault(where, set()).update(names)
    return {path: tuple(sorted(names)) for path, names in sorted(found.items()) if not path.endswith(ENDING)}


@pytest.mark.parametrize("raw", BYTES, ids=lambda raw: raw[:12].hex())
def test_no_field_that_a_page_shows_breaks_on_nonsense(
    called: Flask, watch: Watch, forms: dict[str, tuple[str, ...]], raw: bytes
) -> None:
    sender = Sender(called)
    assert sum(1 for names in forms.values() if names) > 25
    for path, names in forms.items():
        with nothing_refused_changes(watch, (path, raw)) as answers:
            answers.append(sender.send(path, pairs(names, raw)))


@pytest.mark.parametrize("name", FILES)
def test_no_file_breaks_the_forms_that_take_one(
    called: Flask, watch: Watch, forms: dict[str, tuple[str, ...]], name: str
) -> None:
    sender = Sender(called)
    called, content = FILES[name]
    taking = {path for path, names in forms.items() if "file" in names or path.endswith("import")}
    assert taking
    for path in sorted(taking):
        for field in {"file", *forms[path]}:
            body = (
                (
                    f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="{called}"\r\n'
                    "Content-Type: application/octet-stream\r\n\r\n"
                ).encode()
                + content
                + b"\r\n--edge--\r\n"
            )
            with nothing_refused_changes(watch, (path, field)) as answers:
                answers.append(sender.send(path, body, "multipart/form-data; boundary=edge"))
