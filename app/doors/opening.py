"""Opening the doors of all rooms, once per application."""

from __future__ import annotations

from types import ModuleType

from flask import Flask

from accounts import jobs as accounts_jobs
from accounts import messages as accounts_messages
from accounts import views as accounts
from app import home, pages
from app.doors import consult, council, elections
from core import messages as core_messages
from core import wording
from followup import jobs as followup_jobs
from followup import messages as followup_messages
from followup import staff as reply_desk
from followup.views import answers, ledger

FLOOR = (core_messages, accounts_messages, followup_messages)
"""The sentences of what all rooms stand on."""
ROOMS = (consult, council, elections)


def open_rooms(app: Flask) -> None:
    """Register blueprints, error sentences, outbox handlers and connections of every room."""
    for blueprint in (answers, ledger, accounts, reply_desk, home, pages):
        app.register_blueprint(blueprint.blueprint)
    for sentences in FLOOR:
        _word(sentences)
    accounts_jobs.register_work()
    followup_jobs.register_work()
    for room in ROOMS:
        for page in room.pages:
            app.register_blueprint(page.blueprint)
        for sentences in room.sentences:
            _word(sentences)
        room.connect()
    pages.init_pages(app)


def _word(sentences: ModuleType) -> None:
    wording.register(sentences.SENTENCES, getattr(sentences, "CONFLICTS", ()))
