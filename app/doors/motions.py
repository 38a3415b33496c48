"""The door of motions and meetings."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from core.db import db
from council import links
from followup import subjects
from motions import api, events, jobs
from motions.messages import words
from motions.queries.choices import body_id_of
from motions.staff import home as motions_desk
from motions.staff import motions as office_motions
from motions.views import members, register, statistics
from motions.views import motions as motion_pages
from motions.views import subjects as office_subjects

pages = (motions_desk, office_motions, register, motion_pages, members, statistics, api)
sentences = (words,)


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
    links.register(_about_council)
    links.register_member(lambda key, id: url_for("council_members.show_member", key=key, member_id=id))
    jobs.register_work()


def _about_council(key: str) -> list[links.Link]:
    """The motions of a council."""
    council = body_id_of(db.session(), key)
    return [links.Link(_("Motions of this council"), url_for("motions.list_motions", council=council))]
