"""Nonsense in every form, address and header: never a fault of ours, and whatever is refused changed nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.db import db
from tests.accounts.browsers import hidden_fields
from tests.city import CODE
from tests.consult.resident import Resident
from tests.office import Desk
from tests.security.walk import SIGNED_OUT_ONLY, addresses, chief

BYTES = (
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xc0\xaf\xc0\xae",  # overlong
    b"\xf4\x90\x80\x80",  # beyond Unicode
    "\u202egnp.exe\u2066".encode(),
    "\ufeff\u2028\u2029\u0085".encode(),
    "\ufdd0\uffff\U0010ffff".encode(),
    b"Z" + "\u0301".encode() * 2_000,
    b"99999999999999999999999999",
    "٣".encode(),
    b"%s%n%(x)s{0}{{7*7}}",
    b"\r\nSet-Cookie: evil=1",
    b"1-5000000000",
    b"2027-09-14_-1_-1",
)
FIELDS: dict[str, tuple[str, ...]] = {
    "submit": ("text", "kind", "form_key", "unit", "proposed_wording", "language", "author_kind", "name", "publish_name",
               "contact"),
    "reconsider": ("code", "text"),
    "withdraw": ("code", "confirm", "only_look"),
    "new": ("title_en", "title_de", "summary_en", "code", "language", "languages", "department", "opens_on-day",
            "opens_on-month", "opens_on-year", "closes_on-day", "closes_on-month", "closes_on-year", "short_reason",
            "due_rule", "answer_weeks", "answers_due_on-day", "decides_on-year"),
    "describe": ("title_en", "summary_de", "decided_ar"),
    "retime": ("opens_on-day", "opens_on-month", "opens_on-year", "closes_on-day", "closes_on-month", "closes_on-year",
               "answers_due_on-day", "answers_due_on-month", "answers_due_on-year", "reason", "short_reason"),
    "import-draft": ("text", "file", "seen", "save"),
    "import-translation": ("text", "file", "seen", "save", "language", "state"),
    "answer": ("numbers", "outcome", "language", "reason", "reason_de", "change", "note", "back", "taken", "leave_out",
               "send", "revision"),
    "edit": ("numbers", "outcome", "language", "reason", "change", "back", "send", "revision"),
    "discard": ("revision",),
    "send-back": ("revision", "note"),
    "approve-answers": ("reply",),
    "pass-on": ("numbers", "department", "back"),
    "extend-due-day": ("numbers", "new_due_on-day", "new_due_on-month", "new_due_on-year", "language", "reason", "back"),
    "release": ("pick",),
    "release-redacted": ("text", "proposed_wording"),
    "hide": ("reason",),
    "correct-language": ("language",),
    "change-roles": ("roles",),
    "change-department": ("department",),
    "invite": ("name", "email", "roles", "department", "language"),
    "account": ("language",),
    "sign-in": ("email", "password", "next", "remember"),
    "reset": ("email",),
    "change-password": ("password", "new_password", "new_password_confirm"),
    "confirm": ("password", "next"),
    "second-factor-code": ("code",),
    "recovery-code": ("code",),
}  # fmt: skip
"""What each form sends, by the last part of its address; every other form sends nothing but its token."""
ENDING = (
    "/office/sign-out",
    "/office/accounts/2/disable",
    "/office/accounts/2/enable",
    "/publish",
    "/conclude",
)
"""What ends a session, or does its work however it is asked: nothing typed can break it."""


class Watch:
    """Notices that anything was written, from a connection of its own."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(str(db.engine.url.database))

    def version(self) -> int:
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])


@pytest.fixture
def watch(busy: Flask) -> Iterator[Watch]:
    watch = Watch()
    watch.connection.execute("SELECT count(*) FROM consult_submission").fetchone()
    yield watch
    watch.connection.close()


@contextmanager
def nothing_refused_changes(watch: Watch, what: object) -> Iterator[list[TestResponse]]:
    """The answers put into the list are no faults; unless one says that it was done, nothing was written."""
    before = watch.version()
    answers: list[TestResponse] = []
    yield answers
    for answer in answers:
        assert answer.status_code < 500, what
        assert "evil=1" not in str(answer.headers.getlist("Set-Cookie")), what
    if all(answer.status_code >= 400 for answer in answers):
        assert watch.version() == before, what


def forms(app: Flask) -> list[tuple[str, tuple[str, ...]]]:
    """Every form's address and fields."""
    found = []
    for path in addresses(app, "POST"):
        if not path.endswith(ENDING):
            parts = [part for part in path.split("/") if part]
            found.append((path, FIELDS.get(parts[-1], ("code",) if path == "/answer/" else ())))
    return found


class Sender:
    """Sends forms as raw bytes, with the token of whoever may use them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.resident = Resident(app)
        self.again()

    def again(self) -> None:
        self.desk: Desk = chief(self.app)
        self.tokens = {
            True: self.desk.token(),
            False: hidden_fields(self.resident.open("/answer/"))["csrf_token"],
        }

    def send(
        self, path: str, body: bytes, content_type: str = "application/x-www-form-urlencoded"
    ) -> TestResponse:
        office = path.startswith("/office") and not path.startswith(SIGNED_OUT_ONLY)
        browser = self.desk.browser if office else self.resident.browser
        token = self.tokens[office].encode()
        if content_type.startswith("application/x-www-form"):
            body = b"csrf_token=" + token + (b"&" if body else b"") + body
        elif content_type.startswith("multipart/form-data; boundary=edge"):
            body = (
                b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
                + token
                + b"\r\n"
                + body
            )
        answer = browser.client.post(path, data=body, content_type=content_type)
        if office and answer.status_code == 302 and "/office/sign-in" in (answer.location or ""):
            self.again()
        return answer


def pairs(names: tuple[str, ...], value: bytes) -> bytes:
    return b"&".join(name.encode() + b"=" + quote(value).encode() for name in names)


@pytest.mark.parametrize("raw", BYTES, ids=lambda raw: raw[:12].hex())
def test_no_field_of_any_form_breaks_on_nonsense(busy: Flask, watch: Watch, raw: bytes) -> None:
    sender = Sender(busy)
    for path, names in forms(busy):
        if names:
            with nothing_refused_changes(watch, (path, raw)) as answers:
                answers.append(sender.send(path, pairs(names, raw)))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"=&&&=;%&%zz=%", "application/x-www-form-urlencoded"),
        (
            b"text[]=1&text[a][b]=2&numbers=1&numbers=2&pick=1&pick=x&text=1&text=2",
            "application/x-www-form-urlencoded",
        ),
        (b'{"text": ["a", {"b": null}], "numbers": {"$gt": 0}}', "application/json"),
        (b"{", "application/json"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "application/xml"),
        (b"text=1", "text/plain"),
        (b"text=1", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"text=1", "\xff/\xfe; ;;="),
        (b"no parts at all", "multipart/form-data"),
        (b"--edge\r\n\r\n\r\n--edge", "multipart/form-data; boundary=edge"),
        (
            b'--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\nnever closed',
            "multipart/form-data; boundary=edge",
        ),
        (
            b'--edge\r\nContent-Disposition: form-data; name="text"; filename="../../x\x00.md"\r\n'
            b"Content-Type: image/svg+xml\r\n\r\n<svg/>\r\n--edge\r\n"
            b'Content-Disposition: form-data; name="file"; filename="/etc/passwd"\r\n\r\n\x00\xff\r\n--edge--\r\n',
            "multipart/form-data; boundary=edge",
        ),
        (b"\r\n--edge\r\n" * 300 + b"--edge--", "multipart/form-data; boundary=edge"),
        (b"--x", "multipart/form-data; boundary=" + "x" * 5_000),
    ],
    ids=range(15),
)
def test_no_form_breaks_on_another_shape_of_body(
    busy: Flask, watch: Watch, body: bytes, content_type: str
) -> None:
    sender = Sender(busy)
    for path, _names in forms(busy):
        with nothing_refused_changes(watch, (path, content_type)) as answers:
            answers.append(sender.send(path, body, content_type))


@pytest.mark.slow
def test_a_megabyte_in_a_field_is_too_long_and_said_so(busy: Flask, watch: Watch) -> None:
    sender = Sender(busy)
    for path, names in forms(busy):
        for name in names[:2]:
            with nothing_refused_changes(watch, (path, name)) as answers:
                answers.append(sender.send(path, pairs((name,), b"word " * 200_000)))


def test_what_is_larger_than_any_form_is_refused_unread(busy: Flask, watch: Watch) -> None:
    sender = Sender(busy)
    for path in (
        "/answer/",
        f"/rounds/{CODE}/submit",
        f"/office/rounds/{CODE}/import-draft",
        "/office/sign-in",
    ):
        with nothing_refused_changes(watch, path) as answers:
            answers.append(sender.send(path, b"text=" + b"x" * 13 * 1024 * 1024))
            assert answers[0].status_code == 413, path


NUMBERS = (
    "-1",
    "0",
    "00",
    "+1",
    "1.0",
    "1e3",
    "2147483647",
    "2147483648",
    "9223372036854775808",
    "9" * 200,
    "٣",
    "²",
    "1%00",
)
CODES = (
    "%00",
    "%ff",
    "%ed%a0%80",
    "%c0%ae%c0%ae",
    "%2e%2e",
    "..%2f..",
    "a%2fb",
    "%e2%80%ae",
    "x" * 3_000,
    "AS-27%00",
    "as-27",
    "%0d%0a",
    "*",
)


@pytest.mark.slow
def test_no_part_of_an_address_breaks_a_page(busy: Flask, watch: Watch) -> None:
    desk, resident = chief(busy), Resident(busy)
    before = watch.version()
    rules = {rule.rule for rule in busy.url_map.iter_rules() if rule.arguments}
    tried: set[str] = set()
    for rule in sorted(rules):
        office = rule.startswith("/office")
        # Where only numbers stand, the router refuses every code in the same way, before any page of ours.
        only_numbers = all(part.startswith("<int") for part in rule.split("/") if part.startswith("<"))
        for value in (*NUMBERS, *(CODES[:1] if only_numbers else CODES)):
            for name in ("<code>", "<number>", "<token>", "<int", None):
                path = rule
                if name is not None and name not in rule:
                    continue
                for part in rule.split("/"):
                    if part.startswith("<"):
                        new = (
                            value
                            if name is None or part.startswith(name)
                            else CODE
                            if part == "<code>"
                            else "1"
                        )
                        path = path.replace(part, new, 1)
                if path in tried:
                    continue
                tried.add(path)
                answer = (desk.browser if office else resident.browser).get(path, buffered=True)
                assert answer.status_code < 500, path
    assert watch.version() == before


NAMES = ("word", "outcome", "measure", "author", "language", "channel", "after", "before", "hash", "round", "queue", "q",
         "department", "pick", "numbers", "all", "list", "next", "back")  # fmt: skip


@pytest.mark.slow
def test_no_query_breaks_a_page(busy: Flask, watch: Watch) -> None:
    desk, resident = chief(busy), Resident(busy)
    before = watch.version()
    base, office = f"/rounds/{CODE}", f"/office/rounds/{CODE}"
    public = [f"{base}/register/", f"{base}/register/check/", "/ledger/", "/ledger.csv", "/ledger.json", "/ledger.atom",
              f"{base}/register.atom", f"{base}/"]  # fmt: skip
    private = [f"{office}/", f"{office}/answer", f"{office}/pass-on", f"{office}/extend-due-day", f"{office}/texts/",
               "/office/sign-in", "/office/confirm"]  # fmt: skip
    for raw in (*BYTES, b"x" * 20_000):
        query = urlencode([(name, raw) for name in NAMES])
        for path in public:
            answer = resident.browser.get(f"/ar{path}?{query}", buffered=True)
            assert answer.status_code < 500, (path, raw)
        for path in private:
            assert desk.browser.get(f"{path}?{query}").status_code < 500, (path, raw)
            assert desk.browser.get(f"{path}?numbers={quote(raw)}&pick=1").status_code < 500, (path, raw)
        for name in NAMES[:7]:
            assert resident.open(f"{base}/register/?{name}={quote(raw)}").status_code < 500, (name, raw)
    assert watch.version() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept-Language", "x" * 5_000),
        ("Accept-Language", "ar;q=NaN, ../../etc;q=1, \xff\xfe"),
        ("Accept", ";;;,*/*;q=-1,\xff"),
        ("Cookie", "session=garbage.garbage.garbage; session=.eJw; =; \xff=\xfe; remember_token=1|x"),
        ("Cookie", "x=" + "y" * 20_000),
        ("Range", "bytes=-1-,9-1"),
        ("If-None-Match", '"' + "x" * 5_000),
        ("If-Modified-Since", "the day before yesterday"),
        ("Authorization", "Basic ////"),
        ("Authentication-Token", "x" * 500),
        ("Referer", "https://evil.example/\xff"),
        ("Accept-Encoding", "gzip;q=x, \xff"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Host", "evil.example:99999"),
        ("Host", "[::1"),
        ("Content-Length", "-5"),
    ],
)
def test_no_header_breaks_a_page(busy: Flask, watch: Watch, name: str, value: str) -> None:
    before = watch.version()
    for path in ("/", f"/rounds/{CODE}/", f"/rounds/{CODE}/measures/1/", f"/rounds/{CODE}/register.csv", "/rounds.json",
                 "/office/", "/office/sign-in", "/nowhere", "/static/nowhere"):  # fmt: skip
        browser = Resident(busy).browser
        assert browser.get(path, headers={name: value}, buffered=True).status_code < 500, path
    assert watch.version() == before
