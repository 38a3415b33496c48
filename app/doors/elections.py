"""The door of council elections."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from elections import api, jobs
from elections.events import NOMINATION, OBJECTION, REGISTRATION
from elections.messages import (
    acts,
    ballots,
    checklists,
    counting,
    credentials,
    devices,
    lots,
    nominations,
    roll,
    rule_sets,
)
from elections.messages import objections as objection_messages
from elections.messages import procedure as procedure_messages
from elections.messages import results as result_messages
from elections.messages import urn as urn_messages
from elections.queries import objections as objection_queries
from elections.queries import registers
from elections.queries.nominations import find_own as find_own_nomination
from elections.queries.nominations import wait_for_decision
from elections.queries.roll import find_own as find_own_registration
from elections.services.elections import REGISTER_KIND
from elections.staff import devices as office_devices
from elections.staff import nominations as office_nominations
from elections.staff import objections as office_objections
from elections.staff import preparation, procedure
from elections.staff import results as office_results
from elections.staff import roll as office_roll
from elections.staff import urn as office_urn
from elections.views import (
    board,
    booth,
    checking,
    code,
    elections,
    eligibility,
    letters,
    objections,
    observing,
    own_nominations,
    papers,
    practice,
    results,
)
from elections.views import lots as lot_pages
from elections.views import nominations as nomination_pages
from elections.views import roll as roll_pages
from elections.views import subjects as office_subjects
from elections.views import trustee as trustee_pages
from followup import held, links, subjects

pages = (
    elections,
    eligibility,
    api,
    papers,
    roll_pages,
    nomination_pages,
    own_nominations,
    lot_pages,
    results,
    objections,
    letters,
    preparation,
    procedure,
    office_roll,
    office_nominations,
    office_objections,
    office_results,
    office_urn,
    office_devices,
    board,
    booth,
    practice,
    trustee_pages,
    checking,
    code,
    observing,
)
sentences = (
    acts,
    ballots,
    urn_messages,
    counting,
    rule_sets,
    roll,
    lots,
    nominations,
    objection_messages,
    procedure_messages,
    result_messages,
    credentials,
    devices,
)


def connect() -> None:
    """Work, checklists; and what ledger, receipt codes and reply desk need to know."""
    jobs.register_work()
    for subject in sentences:
        checklists.register(getattr(subject, "CHECKS", {}))
        procedure_messages.register_facts(getattr(subject, "FACTS", {}))
    links.register(
        REGISTER_KIND,
        links.Place(
            register=lambda code: url_for("letters.show_register", code=code),
            entry=lambda code, number: url_for("letters.show_letter", code=code, number=number),
            titles=registers.public_titles,
        ),
    )
    subjects.register_desk(
        REGISTER_KIND,
        subjects.Desk(
            titles=registers.titles,
            languages=registers.languages,
            home=lambda code: url_for("promises.show_register", code=code),
        ),
    )
    _open_registrations()
    _open_nominations()
    _open_objections()


def _open_registrations() -> None:
    held.register(REGISTRATION, held.Kind(find=find_own_registration, show=roll_pages.show_own))
    subjects.register(
        REGISTRATION,
        subjects.Subject(word=lambda: _("Application for the roll"), show=office_subjects.registrations),
    )


def _open_nominations() -> None:
    held.register(
        NOMINATION,
        held.Kind(
            find=find_own_nomination,
            show=own_nominations.show_own,
            ask_to_withdraw=own_nominations.ask_to_withdraw,
            withdraw=own_nominations.withdraw,
        ),
    )
    subjects.register(
        NOMINATION,
        subjects.Subject(
            word=lambda: _("Nomination"),
            show=office_subjects.nominations,
            decided_apart=wait_for_decision,
        ),
    )


def _open_objections() -> None:
    held.register(
        OBJECTION,
        held.Kind(
            find=objection_queries.find_own,
            show=objections.show_own,
            ask_to_withdraw=objections.ask_to_withdraw,
            withdraw=objections.withdraw,
        ),
    )
    subjects.register(
        OBJECTION,
        subjects.Subject(
            word=lambda: _("Objection"),
            show=objections.for_office,
            public_facts=objections.for_public,
        ),
    )
