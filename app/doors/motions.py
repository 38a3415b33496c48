"""The door of motions and meetings."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import Account
from core.db import db
from council import links
from followup import held, subjects, waiting
from motions import api, events, jobs
from motions.messages import admissibility as admissibility_messages
from motions.messages import amendments as amendment_messages
from motions.messages import city as city_words
from motions.messages import drafting as drafting_messages
from motions.messages import meetings as meeting_words
from motions.messages import words
from motions.oparl import work as oparl_work
from motions.queries import desk
from motions.queries import suggestions as suggestion_queries
from motions.queries.choices import body_id_of
from motions.staff import admissibility as office_admissibility
from motions.staff import agenda as office_agenda
from motions.staff import amendments as office_amendments
from motions.staff import city as office_city
from motions.staff import drafting as office_drafting
from motions.staff import home as motions_desk
from motions.staff import implementation as office_implementation
from motions.staff import meetings as office_meetings
from motions.staff import minutes as office_minutes
from motions.staff import motions as office_motions
from motions.staff import requests as office_requests
from motions.staff import votes as office_votes
from motions.views import documents, members, oparl, register, statistics, suggestions
from motions.views import meetings as meeting_pages
from motions.views import motions as motion_pages
from motions.views import subjects as office_subjects
from motions.views import versions as motion_versions

pages = (
    motions_desk,
    office_motions,
    office_drafting,
    office_admissibility,
    office_amendments,
    office_city,
    office_implementation,
    office_agenda,
    office_meetings,
    office_votes,
    office_minutes,
    office_requests,
    meeting_pages,
    register,
    motion_pages,
    motion_versions,
    members,
    statistics,
    documents,
    suggestions,
    api,
    oparl,
)
sentences = (
    words,
    drafting_messages,
    admissibility_messages,
    amendment_messages,
    meeting_words,
    city_words,
)


def connect() -> None:
    """The ledger learns what a step is about, the outbox what motions leave to it, the answer page what codes open."""
    subjects.register(
        events.STEP,
        subjects.Subject(
            word=lambda: _("Step of a motion"),
            show=office_subjects.steps,
            public_facts=office_subjects.public_steps,
            public_links=office_subjects.public_links,
        ),
    )
    subjects.register(
        events.REQUEST,
        subjects.Subject(word=lambda: _("Request of a member"), show=office_subjects.requests, private=True),
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
    waiting.register(_pressing)
    links.register(_about_council)
    links.register_member(lambda key, id: url_for("council_members.show_member", key=key, member_id=id))
    jobs.register_work()
    oparl_work.register_work()


def _pressing(session: Session, account: Account) -> list[waiting.Waiting]:
    """What an officer's department owes councils, late or due soon."""
    return [
        waiting.Waiting(
            str(words.STEPS[line.step]),
            line.number,
            line.title,
            url_for("office_motions.show_motion", motion_id=line.motion_id),
            line.days_left,
            line.share,
        )
        for line in desk.pressing(session, account)
    ]


def _about_council(key: str) -> list[links.Link]:
    """The motions of a council, and the way to write to it."""
    council = body_id_of(db.session(), key)
    return [
        links.Link(_("Motions of this council"), url_for("motions.list_motions", council=council)),
        links.Link(_("Meetings"), url_for("meetings.list_meetings")),
        links.Link(_("Suggest something to the council"), url_for("suggestions.show_form", key=key)),
    ]
