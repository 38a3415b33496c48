"""The door of motions and meetings."""

from __future__ import annotations

from flask_babel import gettext as _

from followup import subjects
from motions import api, events, jobs
from motions.messages import city as city_words
from motions.messages import meetings as meeting_words
from motions.messages import words
from motions.oparl import work as oparl_work
from motions.staff import city as office_city
from motions.staff import home as motions_desk
from motions.staff import implementation as office_implementation
from motions.staff import motions as office_motions
from motions.views import documents, members, oparl, register, statistics
from motions.views import motions as motion_pages
from motions.views import subjects as office_subjects

pages = (
    motions_desk,
    office_motions,
    office_city,
    office_implementation,
    documents,
    register,
    motion_pages,
    members,
    statistics,
    api,
    oparl,
)
sentences = (
    words,
    meeting_words,
    city_words,
)


def connect() -> None:
    """The ledger learns what a step is about, the outbox what motions leave to it."""
    subjects.register(
        events.STEP,
        subjects.Subject(
            word=lambda: _("Step of a motion"),
            show=office_subjects.steps,
            public_facts=office_subjects.public_steps,
            public_links=office_subjects.public_links,
        ),
    )
    jobs.register_work()
    oparl_work.register_work()
