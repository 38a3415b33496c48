"""A browser without JavaScript over real HTTP: keeps cookies, reads forms, fills and sends them."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Form:
    """One form of a page: where it goes and what it would send if nothing were touched."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        if not self.forms or "disabled" in values:
            return
        fields, name = self.forms[-1].fields, values.get("name", "")
        if tag == "input" and name:
            kind = values.get("type", "text")
            if kind in ("radio", "checkbox"):
                if "checked" in values:
                    fields[name] = values.get("value", "on")
            elif kind not in ("submit", "button", "file"):
                fields[name] = values.get("value", "")
        elif tag == "textarea":
            self.area = name
            fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in fields or "selected" in values):
            fields[self.select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area and self.forms:
            self.forms[-1].fields[self.area] += data.removeprefix("\n")


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    url: str
    size: int

    def forms(self) -> list[Form]:
        parser = _Forms()
        parser.feed(self.text)
        return parser.forms

    def form(self, part_of_action: str) -> Form:
        """The first form whose address contains ``part_of_action``."""
        return next(form for form in self.forms() if part_of_action in form.action)


class Browser:
    """One person's browser. Follows redirects; raises ConnectionError when the server goes away."""

    def __init__(self, base: str, language: str = "en", timeout: float = 60.0) -> None:
        parts = urlsplit(base)
        self.base, self.host, self.port = base, parts.hostname or "127.0.0.1", parts.port or 80
        self.language, self.timeout = language, timeout
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def get(self, path: str, **headers: str) -> Page:
        return self._request("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]], **headers: str) -> Page:
        body = urlencode(fields).encode("ascii")
        return self._request(
            "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers}
        )

    def send(self, page: Page, form: Form, **fields: str) -> Page:
        """Fill ``form`` of ``page`` and send it."""
        path = urlsplit(urljoin(page.url, form.action)).path
        return self.post(path, {**form.fields, **fields})

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Page:
        headers = {"Accept-Language": self.language, "Accept": "text/html", **headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reused = self.connection is not None
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException) as error:
            kept_too_long = reused and method == "GET" and isinstance(error, http.client.RemoteDisconnected)
            self.close()
            if kept_too_long:  # the server hung up on an idle connection: any browser asks again
                return self._request(method, path, body, headers)
            raise ConnectionError(str(error)) from error
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _semicolon, _rest = value.partition(";")
                key, _equals, content = cookie.partition("=")
                self.cookies[key] = content
        found = {name.lower(): value for name, value in response.getheaders()}
        if response.status in (301, 302, 303, 307, 308):
            return self.get(urlsplit(urljoin(self.base + path, found["location"])).path)
        text = data.decode("utf-8", "replace") if "gzip" not in found.get("content-encoding", "") else ""
        return Page(response.status, found, text, self.base + path, len(data))


@dataclass(frozen=True)
class ReceiptSeen:
    """What a resident reads on a receipt."""

    number: str
    code: str
    entry_hash: str


def comment(browser: Browser, path: str, text: str, **fields: str) -> ReceiptSeen:
    """Open a measure at ``path``, write ``text`` and send it; read the receipt. Raises AssertionError without one."""
    page = browser.get(path)
    return read_receipt(browser.send(page, page.form("/submit"), text=text, kind="proposal", **fields))


def read_receipt(page: Page) -> ReceiptSeen:
    """Number, code and hash from a receipt page."""
    plain = unescape(re.sub(r"<[^>]+>", " ", page.text))
    number = re.search(r"[A-Z][A-Z0-9]*-\d\d(?:-\d{1,2})?-\d{4,}", plain)
    code = re.search(r"(?:\d{4}\s+){7}\d{4}", plain)
    entry_hash = re.search(r"\b[0-9a-f]{64}\b", plain)
    if page.status != 200 or not (number and code and entry_hash):
        raise AssertionError(f"no receipt: status {page.status}")
    return ReceiptSeen(number[0], re.sub(r"\s", "", code[0]), entry_hash[0])
