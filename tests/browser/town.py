"""A city whose days a test turns over itself: the server runs in the test's own process, so that both share one clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime

import pytest
from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from accounts.models import Account
from core import clock
from core.db import write
from tests.city import STAFF, found_city
from tests.elections.city import found_council

PASSWORD = "eine-lange-nacht-am-hafen"


class Town:
    """The test city with its council on a running server. ``it_is`` turns the clock to another day or moment."""

    def __init__(self, url: str, turning: ExitStack) -> None:
        self.url, self._turning = url, turning

    def it_is(self, moment: date | datetime) -> None:
        """From now on it is this day (at noon) or moment."""
        self._turning.enter_context(clock.freeze(moment))

    @property
    def staff(self) -> dict[str, list[dict[str, str]]]:
        """Sign-ins by role, two persons of each that acts of two persons need."""
        people: dict[str, list[dict[str, str]]] = {}
        for role, handle in STAFF.values():
            person = {"email": f"{handle}@lindhafen.example", "password": PASSWORD}
            people.setdefault(role, []).append(person)
        return people


class _Quiet(WSGIRequestHandler):
    """Writes no log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def town(sqlite_app: Flask) -> Iterator[Town]:
    """A city with a council, its staff and nothing else, on the frozen day."""
    found_city()
    found_council()
    let_sign_in()
    with serving(sqlite_app) as url, ExitStack() as turning:
        yield Town(url, turning)


def let_sign_in() -> None:
    """Everybody who has an account has the tests' password."""
    hashed = hash_password(PASSWORD)
    with write() as session:
        for account in session.scalars(select(Account)):
            account.password = hashed


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of ``app`` on a server in this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
