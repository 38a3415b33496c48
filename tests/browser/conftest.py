"""One demo city and one Chromium for all journeys; a fresh, empty context for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.town import town as town
from tests.live import LiveServer, command, live_server
from tests.servers import CHROMIUM_ARGUMENTS, Missing, chromium_path, skip_or_fail

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1200, "height": 900}


@dataclass(frozen=True)
class City:
    """The demo city on a running server, and its staff's sign-ins by role."""

    server: LiveServer
    staff: dict[str, list[dict[str, str]]]

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city of Lindhafen, as ``make run`` shows it."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    command(folder, "demo", "--no-serve")
    people = json.loads((folder / "demo-sign-ins.json").read_text(encoding="utf-8"))
    staff: dict[str, list[dict[str, str]]] = {}
    for person in people:
        staff.setdefault(person["role"], []).append(person)
    with live_server(folder) as server:
        yield City(server, staff)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by playwright."""
    try:
        program = chromium_path()
    except Missing as missing:
        skip_or_fail(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Opener]:
    """Open an empty page; at the end of the test, nothing may have broken the content policy or thrown an error.

    ``expected`` is part of the complaints that a test provokes.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opener(*, expected: str = "status of 4", **options: object) -> Page:
        settings: dict[str, object] = {"viewport": PHONE, "locale": "en", **options}
        context = chromium.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and expected not in message.text
                else None
            ),
        )
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="package")
def axe() -> str:
    """The source of axe-core, as npm installed it for the build."""
    path = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8")
