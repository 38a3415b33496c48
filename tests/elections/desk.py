"""People of an election's office in front of their browsers."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from elections.rules.stages import ActKind
from tests.accounts.browsers import hidden_fields
from tests.elections.city import CODE
from tests.office import Desk


class ElectionDesk(Desk):
    """One person at work on one election."""

    def __init__(self, app: Flask, who: str, code: str = CODE) -> None:
        super().__init__(app, who)
        self.round = f"/office/elections/{code}"

    def token(self) -> str:
        return hidden_fields(self.open("/office/account"))["csrf_token"]

    def propose(self, kind: ActKind, reason: str = "", **fields: str) -> TestResponse:
        """Fill in the form of one act on the desk, and send it."""
        path = f"/acts/{kind.value.replace('_', '-')}"
        return self.send(path, {"reason": reason, **fields}, page="/")

    def confirm(self, act: int) -> TestResponse:
        """Press "Confirm" at one proposal."""
        return self.send(f"/acts/{act}/confirm", page="/")

    def withdraw(self, act: int) -> TestResponse:
        """Press "Take it back" or "Refuse" at one proposal."""
        return self.send(f"/acts/{act}/withdraw", page="/")
