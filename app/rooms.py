"""Every room's pages, sentences and background work, in one list."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from accounts import jobs as accounts_jobs
from accounts import messages as accounts_messages
from accounts import views as accounts
from app import home, pages
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
from council.events import APPLICATION
from council.queries import bodies as council_bodies
from council.queries import calls as council_calls
from council.services.bodies import REGISTER_KIND as BODY_REGISTER
from council.staff import bodies as office_council
from council.staff import calls as office_calls
from council.staff import members as office_members
from council.views import applications, bodies
from elections import api as elections_api
from elections.messages import acts, counting, rule_sets
from elections.messages import lots as lot_messages
from elections.messages import nominations as nomination_messages
from elections.messages import results as result_messages
from elections import jobs as elections_jobs
from elections.messages import acts, counting, roll, rule_sets
from elections.events import OBJECTION
from elections.messages import acts, counting, rule_sets
from elections.messages import objections as objection_words
from elections.models import candidates as _candidates  # noqa: F401 - until its pages are open
from elections.queries import objections as objection_queries
from elections.queries import registers as election_registers
from elections.services import acts as _acts  # noqa: F401 - until its pages are open
from elections.staff import results as office_results
from elections.messages import acts, checklists, counting, rule_sets
from elections.messages import procedure as procedure_messages
from elections.models import candidates as _candidates  # noqa: F401 - until its pages are open
from elections.staff import preparation as office_preparation
from elections.staff import procedure as office_elections
from elections.views import eligibility
from elections.views import lots as lot_pages
from elections.views import results as result_pages
from elections.views import elections, eligibility
from elections.views import papers as elections_papers
from followup import held, links
from elections.services import elections as election_services
from elections.views import eligibility, letters
from elections.views import objections as objection_pages
from followup import held, links, subjects
from followup import jobs as followup_jobs
from followup import messages as followup_messages
from followup import staff as reply_desk
from followup.views import answers, ledger

ELECTIONS = (acts, counting, rule_sets, lot_messages, nomination_messages, result_messages)
ELECTIONS = (acts, counting, rule_sets, procedure_messages)
ELECTIONS = (acts, counting, roll, rule_sets)
ELECTIONS = (acts, counting, objection_words, rule_sets)
"""The modules of sentences of the elections."""


def open_rooms(app: Flask) -> None:
    """Register blueprints, error sentences, outbox handlers and template helpers of every room."""
    _open_pages(app)
    _register_sentences()
    _register_work()
    _link_registers()
    _open_codes()
    _open_reply_desk()


def _open_pages(app: Flask) -> None:
    app.register_blueprint(rounds.blueprint)
    app.register_blueprint(own_comments.blueprint)
    app.register_blueprint(register.blueprint)
    app.register_blueprint(consult_api.blueprint)
    app.register_blueprint(answers.blueprint)
    app.register_blueprint(ledger.blueprint)
    app.register_blueprint(eligibility.blueprint)
    app.register_blueprint(bodies.blueprint)
    app.register_blueprint(applications.blueprint)
    app.register_blueprint(lot_pages.blueprint)
    app.register_blueprint(result_pages.blueprint)
    app.register_blueprint(office_results.blueprint)
    app.register_blueprint(elections.blueprint)
    app.register_blueprint(elections_api.blueprint)
    app.register_blueprint(elections_papers.blueprint)
    app.register_blueprint(objection_pages.blueprint)
    app.register_blueprint(letters.blueprint)
    app.register_blueprint(reply_desk.blueprint)
    app.register_blueprint(accounts.blueprint)
    app.register_blueprint(workbench.blueprint)
    app.register_blueprint(office_rounds.blueprint)
    app.register_blueprint(office_answers.blueprint)
    app.register_blueprint(moderation.blueprint)
    app.register_blueprint(office_council.blueprint)
    app.register_blueprint(office_members.blueprint)
    app.register_blueprint(office_calls.blueprint)
    app.register_blueprint(home.blueprint)
    app.register_blueprint(office_preparation.blueprint)
    app.register_blueprint(office_elections.blueprint)
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
        checklists.register(getattr(room, "CHECKS", {}))


def _register_work() -> None:
    """Outbox kinds and what they call."""
    accounts_jobs.register_work()
    followup_jobs.register_work()
    elections_jobs.register_work()


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
    links.register(
        BODY_REGISTER,
        links.Place(register=bodies.register_url, entry=bodies.register_url, titles=council_bodies.titles),
        election_services.REGISTER_KIND,
        links.Place(
            register=lambda code: url_for("letters.show_register", code=code),
            entry=lambda code, number: url_for("letters.show_letter", code=code, number=number),
            titles=election_registers.public_titles,
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
    held.register(
        APPLICATION,
        held.Kind(
            find=council_calls.find_own,
            show=applications.show_own,
            ask_to_withdraw=applications.ask_to_withdraw,
            withdraw=applications.withdraw,
        OBJECTION,
        held.Kind(
            find=objection_queries.find_own,
            show=objection_pages.show_own,
            ask_to_withdraw=objection_pages.ask_to_withdraw,
            withdraw=objection_pages.withdraw,
        ),
    )


def _open_reply_desk() -> None:
    """Tell the reply desk how each kind of register is answered, and how each kind of subject is read."""
    subjects.register_desk(
        election_services.REGISTER_KIND,
        subjects.Desk(
            titles=election_registers.titles,
            languages=election_registers.languages,
            home=lambda code: url_for("promises.show_register", code=code),
        ),
    )
    subjects.register(
        OBJECTION,
        subjects.Subject(
            word=lambda: _("Objection"),
            show=objection_pages.for_office,
            public_facts=objection_pages.for_public,
        ),
    )
