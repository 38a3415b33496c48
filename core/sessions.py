"""Signed session cookies, without losing the form that somebody goes back to.

A browser that goes back shows the page it kept, with the form's own key in it, so that the same text sent again is the
same comment. Flask lets every page that touches the session vary by cookie; the page that sets the first cookie then
never matches what was kept, and "back" fetches a new form with a new key. A page that only the reader's own browser may
keep, and must ask about each time, needs no such mark.
"""

from __future__ import annotations

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions; a private page does not vary by cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        if response.cache_control.private:
            response.vary.discard("cookie")  # in small letters: Werkzeug 3.1 forgets to fold what it is given
