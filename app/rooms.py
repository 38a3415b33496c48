"""Every room's pages, sentences and background work, in one list."""

from __future__ import annotations

from flask import Flask, url_for

from accounts import jobs as accounts_jobs
from accounts import messages as accounts_messages
from accounts import views as accounts
from app import pages
from consult import api as consult_api
from consult import messages as consult_messages
from consult.events import SUBMISSION
from consult.queries.answers import find_own
from consult.queries.register import titles
from consult.services.rounds import REGISTER_KIND
from consult.staff import answers as office_answers
from consult.staff import moderation, workbench
from consult.staff import rounds as office_rounds
from consult.views import own_comments, register, rounds
from core import messages as core_messages
from core import wording
from council import messages as council_messages
from elections.messages import acts, counting, rule_sets
from elections.messages import lots as lot_messages
from elections.models import candidates as _candidates  # noqa: F401 - until its pages are open
from elections.services import acts as _acts  # noqa: F401 - until its pages are open
from elections.views import eligibility
from elections.views import lots as lot_pages
from followup import held, links
from followup import jobs as followup_jobs
from followup import messages as followup_messages
from followup.views import answers, ledger

ELECTIONS = (acts, counting, rule_sets, lot_messages)
"""The modules of sentences of the elections."""


def open_rooms(app: Flask) -> None:
    """Register blueprints, error sentences, outbox handlers and template helpers of every room."""
    _open_pages(app)
    _register_sentences()
    _register_work()
    _link_registers()
    _open_codes()


def _open_pages(app: Flask) -> None:
    app.register_blueprint(rounds.blueprint)
    app.register_blueprint(own_comments.blueprint)
    app.register_blueprint(register.blueprint)
    app.register_blueprint(consult_api.blueprint)
    app.register_blueprint(answers.blueprint)
    app.register_blueprint(ledger.blueprint)
    app.register_blueprint(eligibility.blueprint)
    app.register_blueprint(lot_pages.blueprint)
    app.register_blueprint(accounts.blueprint)
    app.register_blueprint(workbench.blueprint)
    app.register_blueprint(office_rounds.blueprint)
    app.register_blueprint(office_answers.blueprint)
    app.register_blueprint(moderation.blueprint)
    app.register_blueprint(pages.blueprint)
    pages.init_pages(app)


def _register_sentences() -> None:
    """Every module of sentences, with the refusals that are conflicts."""
    for room in (
        core_messages,
        accounts_messages,
        followup_messages,
        consult_messages,
        council_messages,
        *ELECTIONS,
    ):
        wording.register(room.SENTENCES, getattr(room, "CONFLICTS", ()))


def _register_work() -> None:
    """Outbox kinds and what they call."""
    accounts_jobs.register_work()
    followup_jobs.register_work()


def _link_registers() -> None:
    """Tell the ledger where each kind of register is read."""
    links.register(
        REGISTER_KIND,
        links.Place(
            register=lambda code: url_for("register.show_register", code=code),
            entry=lambda code, number: url_for("register.show_entry", code=code, number=number),
            titles=titles,
        ),
    )


def _open_codes() -> None:
    """Tell the page for receipt codes what each kind of them opens."""
    held.register(
        SUBMISSION,
        held.Kind(
            find=find_own,
            show=own_comments.show_own,
            ask_to_withdraw=own_comments.ask_to_withdraw,
            withdraw=own_comments.withdraw,
        ),
    )
