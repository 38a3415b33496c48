"""The door of motions and meetings."""

from __future__ import annotations

from flask_babel import gettext as _

from followup import held, subjects
from motions import events, jobs
from motions.messages import admissibility as admissibility_messages
from motions.messages import amendments as amendment_messages
from motions.messages import drafting as drafting_messages
from motions.messages import words
from motions.queries import suggestions as suggestion_queries
from motions.staff import admissibility as office_admissibility
from motions.staff import amendments as office_amendments
from motions.staff import drafting as office_drafting
from motions.staff import motions as office_motions
from motions.views import subjects as office_subjects
from motions.views import suggestions
from motions.views import versions as motion_versions

pages = (
    office_motions,
    office_drafting,
    suggestions,
    office_admissibility,
    office_amendments,
    motion_versions,
)
sentences = (
    words,
    drafting_messages,
    admissibility_messages,
    amendment_messages,
)


def connect() -> None:
    """The ledger learns what a step is about, the outbox what motions leave to it."""
    subjects.register(
        events.STEP,
        subjects.Subject(
            word=lambda: _("Step of a motion"),
            show=office_subjects.steps,
            public_facts=office_subjects.public_steps,
        ),
    )
    held.register(
        events.SUGGESTION,
        held.Kind(
            find=suggestion_queries.find_own,
            show=suggestions.show_own,
            ask_to_withdraw=suggestions.ask_to_withdraw,
            withdraw=suggestions.withdraw,
        ),
    )
    subjects.register(
        events.SUGGESTION,
        subjects.Subject(word=lambda: _("Suggestion"), show=office_subjects.suggestions),
    )
    jobs.register_work()
