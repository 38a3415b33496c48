"""What a receipt code opens when other rooms have items too: found, shown, withdrawn by the room they lie in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from flask import Flask

from core import codes
from core.errors import DomainError
from followup import held
from followup.forms import HeldCodeForm
from followup.services.receipts import code_mac, code_of
from tests.city import found_city, on_one_database, open_round, submit_comment
from tests.consult.resident import Resident, errors_of, text_of

pytestmark = on_one_database


class Nominations:
    """A room with one nomination in it, which can be withdrawn until its list is closed."""

    def __init__(self) -> None:
        self.code = code_of(codes.new_form_key())
        self.text = "Samira stands for election"
        self.closed = False

    def find(self, mac: bytes) -> str | None:
        return self.text if mac == code_mac(self.code) else None

    def show(self, own: str, form: HeldCodeForm, done: str) -> str:
        return f"<h1>{own}</h1><p>{done}</p>{' '.join(str(error) for error in form.form_errors)}" + _fields(
            form
        )

    def ask(self, own: str, form: HeldCodeForm) -> str:
        return f"<h1>Withdraw? {own}</h1>" + _fields(form)

    def withdraw(self, digits: str) -> str:
        assert digits == self.code
        if self.closed:
            raise DomainError("selection_changed", numbers=[7])
        self.text = "Withdrawn"
        return "It is gone."


def _fields(form: HeldCodeForm) -> str:
    return f'<form method="post">{form.csrf_token()}{form.code()}</form>'


@pytest.fixture
def room(app: Flask) -> Iterator[Nominations]:
    found_city()
    open_round()
    nominations = Nominations()
    held.register(
        "test.nomination",
        held.Kind(nominations.find, nominations.show, nominations.ask, nominations.withdraw),
    )
    yield nominations
    del held._kinds["test.nomination"]


def test_each_code_opens_what_it_belongs_to_and_nothing_else(app: Flask, room: Nominations) -> None:
    comment = submit_comment("Evening courses")
    resident = Resident(app)
    assert "Samira stands" in text_of(resident.read(room.code))
    page = text_of(resident.read(comment.code))
    assert "Evening courses" in page
    assert "Samira" not in page
    unknown = resident.read(code_of(codes.new_form_key()))
    assert unknown.status_code == 422
    assert errors_of(unknown) != []


def test_no_page_behind_a_code_is_kept_by_a_cache(app: Flask, room: Nominations) -> None:
    resident = Resident(app)
    assert resident.read(room.code).headers["Cache-Control"] == "no-store"


def test_its_holder_is_asked_before_it_is_withdrawn(app: Flask, room: Nominations) -> None:
    resident = Resident(app)
    asked = resident.act(resident.read(room.code), "withdraw")
    assert "Withdraw? Samira" in text_of(asked)
    assert room.text == "Samira stands for election"
    done = text_of(resident.act(asked, "withdraw", confirm="yes"))
    assert "It is gone." in done
    assert "Withdrawn" in done


def test_a_refused_withdrawal_changes_nothing_and_says_why(app: Flask, room: Nominations) -> None:
    resident = Resident(app)
    room.closed = True
    refused = resident.act(resident.read(room.code), "withdraw", confirm="yes")
    assert refused.status_code == 422
    assert "Samira stands" in text_of(refused)
    assert "Somebody else answers these meanwhile: 7." in text_of(refused)


def test_what_cannot_be_withdrawn_offers_no_page_for_it(app: Flask, room: Nominations) -> None:
    held.register("test.nomination", held.Kind(room.find, room.show))
    resident = Resident(app)
    page = resident.read(room.code)
    assert resident.act(page, "withdraw").status_code == 404
    assert resident.act(page, "withdraw", confirm="yes").status_code == 404


def test_the_acts_of_a_comment_know_no_other_room_s_code(app: Flask, room: Nominations) -> None:
    resident = Resident(app)
    asked = resident.act(resident.read(room.code), "reconsider", text="You misread me")
    assert asked.status_code == 422
    assert "Samira" not in text_of(asked)


def test_the_same_form_gives_the_same_code_and_another_form_another(app: Flask) -> None:
    first, second = secrets.token_hex(16), secrets.token_hex(16)
    assert code_of(first) == code_of(first) != code_of(second)
    assert code_mac(code_of(first)) == code_mac(code_of(first)) != code_mac(code_of(second))
    with pytest.raises(DomainError, match="form_key"):
        code_of("no key")
