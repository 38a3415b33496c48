"""The door of the migrant council."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from core.db import db
from council import api, messages
from council.events import APPLICATION
from council.queries import bodies as body_queries
from council.queries import calls as call_queries
from council.services.bodies import REGISTER_KIND
from council.staff import bodies as office_bodies
from council.staff import calls as office_calls
from council.staff import members as office_members
from council.views import applications, bodies
from council.views import subjects as office_subjects
from followup import held, links, subjects
from motions.queries.public import step_at
from motions.views.motions import motion_url

pages = (bodies, api, applications, office_bodies, office_members, office_calls)
sentences = (messages,)


def _entry_url(code: str, number: int) -> str:
    """Where a number of a council's register is read: a step at its motion, everything else in the register."""
    step = step_at(db.session(), code, number)
    return motion_url(step.motion) if step else bodies.register_url(code, number)


def connect() -> None:
    """The ledger learns where a council's register is read, the page for codes what an application's code opens."""
    links.register(
        REGISTER_KIND,
        links.Place(register=bodies.register_url, entry=_entry_url, titles=body_queries.titles),
    )
    held.register(
        APPLICATION,
        held.Kind(
            find=call_queries.find_own,
            show=applications.show_own,
            ask_to_withdraw=applications.ask_to_withdraw,
            withdraw=applications.withdraw,
        ),
    )
    subjects.register_desk(
        REGISTER_KIND,
        subjects.Desk(
            titles=office_subjects.titles,
            languages=office_subjects.languages,
            home=lambda code: url_for("promises.show_register", code=code),
        ),
    )
    subjects.register(
        APPLICATION, subjects.Subject(word=lambda: _("Application"), show=office_subjects.applications)
    )
