"""Whoever writes to the city leaves no trace beside the letter: not in the database's bytes, files, or logs."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from consult.services import submissions
from core import clock, codes, outbox, settings
from core.db import db
from followup.jobs import forget_contacts
from followup.models import Contact
from tests.accounts.browsers import Browser
from tests.city import CODE, answer, found_city, open_round, rows
from tests.conftest import TODAY
from tests.consult.resident import Resident
from tests.consult.test_resident_comment import code_of

ADDRESS = "203.0.113.77"
AGENT = "CanaryBrowser/77.1"
EMAIL = "canary.tesfaye@example.org"
PHONE = "0151 77712345"
WRONG_CODE = codes.derive(b"another city", b"another form")
GUESSED_EMAIL = "guessed.canary@example.org"
GUESSED_PASSWORD = "canary password typed wrong"
LETTER = "Canary letter: the kitchen is cold."
FAULT = "canary words inside an error"


def raw_bytes(app: Flask) -> dict[str, bytes]:
    """Everything that lies on the disk, but for the keys and the letters that have left."""
    path = Path(str(db.engine.url.database))
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-journal")]
    folder = settings.current().folder
    files += [file for file in folder.rglob("*") if file.relative_to(folder).parts[0] not in ("keys", "mail")]
    return {str(file): file.read_bytes() for file in files if file.is_file()}


def forms_of(secret: str) -> list[bytes]:
    """A secret as it might lie somewhere: as typed, without blanks, in groups of four, as bytes of a hex number."""
    bare = secret.replace(" ", "")
    found = {secret, bare}
    if bare.isdigit():
        found |= {" ".join(codes.groups(bare)), bare.lstrip("0"), bare[:16]}
    encoded = {text.encode() for text in found}
    if len(bare) == 32 and not bare.isdigit():
        encoded.add(bytes.fromhex(bare))
    return sorted(encoded)


def run_outbox() -> None:
    for _round in range(3):
        for item in outbox.claim(100):
            outbox.run_one(item)
    db.session.rollback()


def resident_of(app: Flask) -> Resident:
    resident = Resident(app, address=ADDRESS)
    resident.arguments["environ_overrides"] = {"HTTP_USER_AGENT": AGENT}  # type: ignore[assignment]
    return resident


def test_a_whole_journey_leaves_no_code_address_or_browser_behind(
    sqlite_app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    found_city()
    open_round()
    resident = resident_of(sqlite_app)

    first = resident.form("1")
    written = resident.send({**first, "kind": "proposal", "text": LETTER, "contact": EMAIL})
    code = code_of(written)
    second = resident.form("2")
    other = resident.send({**second, "kind": "proposal", "text": "By phone", "contact": PHONE})
    other_code = code_of(other)
    refused = resident.send(
        {**resident.form("1"), "kind": "proposal", "text": "", "contact": "refused.canary@example.org"}
    )
    assert refused.status_code == 422
    for typed in (WRONG_CODE, code[:-1] + str((int(code[-1]) + 1) % 10), f"{code} x", "12"):
        assert resident.read(typed).status_code == 422
    assert LETTER in resident.read(code).text
    resident.browser.get(f"/en/answer/?code={WRONG_CODE}", **resident.arguments)

    stranger = Browser(sqlite_app)
    fields = {"environ_base": {"REMOTE_ADDR": ADDRESS}, "headers": {"User-Agent": AGENT}}
    for _try in range(2):
        stranger.send("/office/sign-in", {"email": GUESSED_EMAIL, "password": GUESSED_PASSWORD}, **fields)
        stranger.send("/office/reset", {"email": GUESSED_EMAIL}, **fields)

    with monkeypatch.context() as broken:
        broken.setattr(submissions, "submit", _break)
        fault = resident.comment("The third", contact=EMAIL)
        assert fault.status_code == 500
        assert FAULT not in fault.text

    answer([1, 2])
    run_outbox()
    assert "We keep this in mind." in resident.read(code).text

    folder = settings.current().folder / "mail"
    letters = b"".join(path.read_bytes() for path in folder.glob("*.eml"))
    assert letters.count(f"To: {EMAIL}".encode()) == 2, "the receipt and word of the answer"
    assert letters.count(b"To: 4915177712345@") == 2

    secrets = {
        "code": code,
        "other code": other_code,
        "wrong code": WRONG_CODE,
        "form key": first["form_key"],
        "other form key": second["form_key"],
        "e-mail": EMAIL,
        "refused e-mail": "refused.canary@example.org",
        "phone": "+4915177712345",
        "phone as typed": PHONE,
        "network address": ADDRESS,
        "browser": AGENT,
        "guessed account": GUESSED_EMAIL,
        "guessed password": GUESSED_PASSWORD,
    }
    printed = capfd.readouterr()
    logged = "\n".join((caplog.text, printed.out, printed.err)).encode()
    assert b"RuntimeError at" in logged, "the fault itself is told"
    for name, secret in {**secrets, "letter": LETTER, "words of an error": FAULT}.items():
        assert not [form for form in forms_of(secret) if form in logged], f"{name} stands in a log"
    for file, content in raw_bytes(sqlite_app).items():
        for name, secret in secrets.items():
            assert not [form for form in forms_of(secret) if form in content], f"{name} lies in {file}"

    kept = rows(Contact)
    assert len(kept) == 2
    days = settings.current().contact_kept_days
    with clock.freeze(TODAY + timedelta(days=days - 1)):
        forget_contacts({})
        assert len(rows(Contact)) == 2
    with clock.freeze(TODAY + timedelta(days=days)):
        forget_contacts({})
        assert rows(Contact) == []
    code_shown = resident.read(code)
    assert "We keep this in mind." in code_shown.text


def _break(*_arguments: object) -> None:
    raise RuntimeError(FAULT)


def test_no_address_of_a_page_ever_holds_the_code(busy: Flask) -> None:
    resident = resident_of(busy)
    receipt = resident.comment()
    digits = code_of(receipt)
    assert f"/answer/#{digits}" not in receipt.text
    for page in (receipt, resident.read(digits)):
        for address in ("href", "action", "src"):
            assert f'{address}="' in page.text
            parts = page.text.split(f'{address}="')[1:]
            assert not [part for part in parts if digits in part.split('"')[0]]
    assert CODE in receipt.text
