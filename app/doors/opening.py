"""Opening the doors of all rooms, once per application."""

from __future__ import annotations

from flask import Flask

from accounts import jobs as accounts_jobs
from accounts import messages as accounts_messages
from accounts import views as accounts
from app import home, pages
from app.doors import consult, council, elections, motions
from core import messages as core_messages
from core import wording
from followup import jobs as followup_jobs
from followup import messages as followup_messages
from followup import staff as reply_desk
from followup.views import answers, ledger

FLOOR = (core_messages, accounts_messages, followup_messages)
"""The sentences of what all rooms stand on."""
ROOMS = (consult, council, elections, motions)


def open_rooms(app: Flask) -> None:
    """Register blueprints, error sentences, outbox handlers and connections of every room."""
    for blueprint in (answers, ledger, accounts, reply_desk, home, pages):
        app.register_blueprint(blueprint.blueprint)
    word_errors()
    accounts_jobs.register_work()
    followup_jobs.register_work()
    for room in ROOMS:
        for page in room.pages:
            app.register_blueprint(page.blueprint)
        room.connect()
    pages.init_pages(app)


def word_errors() -> None:
    """Register the error sentences of every room: all that a command needs which runs without the application."""
    for sentences in (*FLOOR, *(each for room in ROOMS for each in room.sentences)):
        wording.register(sentences.SENTENCES, getattr(sentences, "CONFLICTS", ()))
