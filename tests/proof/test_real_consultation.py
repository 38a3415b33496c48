"""3,211 real submissions through command line and HTTP: imported, answered, approved, released, concluded."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.browser_without_script import Browser
from tests.live import ROOT, command, live_server

pytestmark = pytest.mark.slow

DATA = ROOT / "tests" / "data" / "anid"
TOTAL = 3211
OUTCOMES = ("accepted", "partly_accepted", "not_accepted", "noted")
PASSWORD = "a long sentence that only this test knows"


def ask(folder: Path, *words: str) -> dict[str, Any]:
    """Run a command and read the JSON it prints."""
    printed: dict[str, Any] = json.loads(command(folder, *words, "--json").stdout)
    return printed


def sign_in(browser: Browser, email: str) -> None:
    page = browser.get("/office/sign-in")
    browser.send(page, page.form("/office/sign-in"), email=email, password=PASSWORD)
    assert browser.get("/office/").status == 200


def choose(browser: Browser, page_path: str, part_of_action: str, **more: str) -> None:
    """Tick every box of the form on the page and send it, page after page, until none is left."""
    while True:
        page = browser.get(page_path)
        boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*name="reply"[^>]*value="([^"]+)"', page.text)
        boxes += re.findall(r'<input[^>]*name="reply"[^>]*value="([^"]+)"[^>]*type="checkbox"', page.text)
        if not boxes:
            return
        token = page.form(part_of_action).fields["csrf_token"]
        fields = [("csrf_token", token), *(("reply", box) for box in dict.fromkeys(boxes)), *more.items()]
        browser.post(page_path.partition("?")[0] + part_of_action, fields)


def test_a_real_consultation_is_imported_answered_over_http_and_concluded(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "city.toml").write_text("second_factor = false\n", encoding="utf-8")
    command(folder, "db", "upgrade")
    for role in ("officer", "approver"):
        words = ("--name", f"The {role}", "--role", role, "--password", PASSWORD)
        command(folder, "accounts", "create", f"{role}@example.org", *words)
    days = ("--opens", "2020-06-01", "--closes", "2020-07-15")
    words = (
        "consult",
        "create-round",
        str(DATA / "draft.md"),
        "--title",
        "Acceso abierto",
        "--language",
        "es",
        *days,
    )
    code = ask(folder, *words)["round"]
    load = (
        "consult",
        "import-submissions",
        code,
        str(DATA / "responses.csv"),
        "--map",
        str(DATA / "map.toml"),
    )
    assert ask(folder, *load, "--dry-run") == {"rows": 732, "new": TOTAL, "already_there": 0, "dry_run": True}
    assert ask(folder, "ledger", "status", "--round", code)["received"] == 0
    assert ask(folder, *load)["new"] == TOTAL
    assert ask(folder, *load)["new"] == 0

    status = ask(folder, "ledger", "status", "--round", code)
    assert (status["received"], status["answered"], status["open"] + status["overdue"]) == (TOTAL, 0, TOTAL)
    refused = command(folder, "consult", "conclude", code, check=False)
    assert refused.returncode == 1
    assert "3211" in refused.stderr.replace(",", "")

    answered: Counter[str] = Counter()
    with (
        live_server(folder) as server,
        closing(Browser(server.url)) as officer,
        closing(Browser(server.url)) as second,
    ):
        sign_in(officer, "officer@example.org")
        sign_in(second, "approver@example.org")
        for turn, first in enumerate(range(1, TOTAL + 1, 15)):
            numbers = range(first, min(first + 15, TOTAL + 1))
            outcome = OUTCOMES[turn % 4]
            answered[outcome] += len(numbers)
            path = f"/office/rounds/{code}/answer"
            page = officer.get(path + "?" + "&".join(f"pick={number}" for number in numbers))
            form = page.form("/answer")
            change = f"Part {1 + turn % 6} says so in the next version." if "accepted" in outcome[:15] else ""
            fields = {
                **form.fields,
                "outcome": outcome,
                "reason": f"Answer {turn}: we read these comments together and weighed them.",
                "change": change if outcome in OUTCOMES[:2] else "",
                "language": "en",
                "send": "1",
            }
            assert officer.post(path, fields).status == 200
        status = ask(folder, "ledger", "status", "--round", code)
        assert status["answered"] == 0  # written is not published
        choose(second, f"/office/rounds/{code}/?queue=to-check", "approve-answers")
        page = second.get(f"/office/rounds/{code}/publish-replies")
        second.send(page, page.form("publish-replies"))
        page = officer.get(f"/office/rounds/{code}/conclude")
        officer.send(page, page.form("/conclude"))

        status = ask(folder, "ledger", "status", "--round", code)
        register = json.loads(officer.get(f"/rounds/{code}/register.json").text)
        table = list(
            csv.DictReader(io.StringIO(officer.get(f"/rounds/{code}/register.csv").text.lstrip("\ufeff")))
        )
        shown = re.sub(r"<[^>]+>|\s", "", officer.get(f"/en/rounds/{code}/register/").text)

    assert status["received"] == status["answered"] == TOTAL
    assert status["open"] == status["overdue"] == 0
    assert status["distinct_texts"] == 215
    assert status["largest_group"] == 15
    assert status["noted"] == answered["noted"]
    items = register.get("items") or register.get("entries") or register["register"]
    assert Counter(item["outcome"] for item in items) == answered
    assert Counter(row["outcome"] for row in table) == answered
    assert "3,211of3,211answered" in shown
    again = command(folder, "consult", "conclude", code, check=False)
    assert again.returncode == 1  # it is concluded already
    assert command(folder, "audit", "verify").returncode == 0
