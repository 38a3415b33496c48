"""Whoever guesses learns nothing and is slowed down; whoever knows a code is never turned away."""

from __future__ import annotations

from flask import Flask
from limits.storage import MemoryStorage

from consult.services import submissions
from core import codes, limits, settings
from tests.accounts.browsers import Browser
from tests.city import submit_comment
from tests.consult.resident import Resident, text_of
from tests.security.walk import Markup

ADDRESS = "203.0.113.88"


def unknown(number: int) -> str:
    return codes.derive(b"another city", str(number).encode())


def test_unknown_codes_and_codes_of_other_cities_look_alike_and_withdrawn_ones_open(busy: Flask) -> None:
    receipt, other = submit_comment("One"), submit_comment("Two")
    submissions.withdraw(other.code)
    resident = Resident(busy)
    first, second = resident.read(unknown(1)), resident.read(unknown(2))
    assert first.status_code == second.status_code == 422
    assert text_of(first).replace(unknown(1), "") == text_of(second).replace(unknown(2), "")
    assert dict(first.headers).keys() == dict(second.headers).keys()
    mistyped = resident.read(receipt.code[:-1] + str((int(receipt.code[-1]) + 1) % 10))
    # A slip of the finger is told by arithmetic alone: the same page and status, whether the comment exists or not.
    slip = resident.read(unknown(1)[:-1] + str((int(unknown(1)[-1]) + 1) % 10))
    assert mistyped.status_code == slip.status_code == 422
    assert Markup(mistyped.text).shapes == Markup(slip.text).shapes == Markup(first.text).shapes
    withdrawn, whole = resident.read(other.code), resident.read(receipt.code)
    assert withdrawn.status_code == whole.status_code == 200
    assert "Two" not in text_of(withdrawn)


def test_a_claimed_address_neither_escapes_the_limit_nor_uses_up_anybody_elses(busy: Flask) -> None:
    receipt = submit_comment("One")
    guesser = Resident(busy, address=ADDRESS)
    statuses = []
    for number in range(40):
        claimed = {
            "X-Forwarded-For": f"198.51.100.{number}",
            "Forwarded": f"for=198.51.100.{number}",
            "X-Real-IP": "::1",
        }
        statuses.append(guesser.read(unknown(number), headers=claimed).status_code)
    assert statuses[:30] == [422] * 30
    assert statuses[30:] == [429] * 10
    neighbour = Resident(busy, address="198.51.100.3")
    assert neighbour.read(unknown(1)).status_code == 422
    right = guesser.read(receipt.code)
    assert right.status_code == 200
    assert "One" in text_of(right)
    assert guesser.read(unknown(41)).status_code == 429


def test_what_counts_the_tries_holds_no_address_and_no_code(busy: Flask) -> None:
    guesser = Resident(busy, address=ADDRESS)
    guesser.read(unknown(1))
    guesser.comment()
    Browser(busy).send(
        "/office/sign-in",
        {"email": "guessed@example.org", "password": "no"},
        environ_base={"REMOTE_ADDR": ADDRESS},
    )
    storage = limits._limiter(settings.current().redis_url).storage
    assert isinstance(storage, MemoryStorage)
    kept = repr([storage.events, storage.storage, storage.expirations])
    assert "code" in kept
    assert "sign_in" in kept
    for secret in (ADDRESS, unknown(1), "guessed", ADDRESS.replace(".", "")):
        assert secret not in kept
