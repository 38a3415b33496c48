"""Browsers in which somebody signed in before: a stranger's wrong tries elsewhere never shut them out.

After signing in, or choosing a password by a link that was sent, a browser keeps a token: a random name, and an HMAC
of that name and the account's address under the key ``known-browser``. It opens nothing. It only lets wrong tries in
this browser be counted by themselves (OWASP, "Slow down online guessing attacks with device cookies"). Nothing about
it is stored here, and whether an account exists cannot be seen from it: only who could sign in ever got one.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request

from accounts.rules import normalize_email
from core import keys

KEPT_FOR = timedelta(days=180)
PEOPLE = 5
"""How many people's tokens one browser keeps; who comes sixth takes the place of the first."""
_TOKEN = re.compile(r"[0-9a-f]{96}")


def browser_of(email: str) -> str:
    """The random name of this browser, if whoever has the address ``email`` signed in here before; else nothing."""
    return next((token[:32] for token in _tokens() if _is_for(token, email)), "")


def remember_browser(_app: Flask, *, user: Any, **_about: object) -> None:
    """Give this browser a token for ``user``, unless it has one. (Listens to Flask-Security's signals.)"""
    email, known = str(user.email), _tokens()
    own = [token for token in known if _is_for(token, email)]
    name = secrets.token_hex(16)
    kept = [*(token for token in known if token not in own), own[0] if own else name + _mac(name, email)]
    value = ".".join(kept[-PEOPLE:])

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _cookie(),
            value,
            max_age=KEPT_FOR,
            path="/",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _tokens() -> list[str]:
    found = request.cookies.get(_cookie(), "")[: 100 * PEOPLE].split(".")
    return [token for token in found if _TOKEN.fullmatch(token)]


def _is_for(token: str, email: str) -> bool:
    return hmac.compare_digest(token[32:], _mac(token[:32], email))


def _mac(name: str, email: str) -> str:
    # A typed address may hold anything, lone surrogates too.
    return keys.mac("known-browser", f"{name}:{normalize_email(email)}".encode("utf-8", "replace")).hex()


def _cookie() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"
