"""A council in the middle of its work, for OParl: motions at every stage, meetings, votes, amendments, files.

Rows are written as the services leave them; ``publish()`` lets the outbox do what they left to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import clock, outbox
from core.db import db, write
from core.documents import stored
from core.localized import Localized
from council.models import Body, Member, Term
from motions import events
from motions.models.drafting import Amendment, MotionText
from motions.models.meetings import AgendaItem, Meeting, Minutes, Presence, Vote, VoteByName
from motions.models.motions import Motion
from motions.rules.stages import Act, Stage
from tests.city import found_city
from tests.council.city import english
from tests.motions.city import at, do, draft, found_council_desk, member_id, tabled

PDF = b"%PDF-1.7 what the city says"


def publish() -> int:
    """Do what waits to be published; how many turns it took."""
    db.session.rollback()
    waiting = db.session.scalars(
        select(outbox.OutboxItem.id)
        .where(outbox.OutboxItem.kind == events.PUBLISH, outbox.OutboxItem.done_at.is_(None))
        .order_by(outbox.OutboxItem.id)
    ).all()
    for id in waiting:
        assert outbox.run_one(id), f"outbox row {id}: {db.session.get_one(outbox.OutboxItem, id).last_error}"
    db.session.expire_all()
    return len(waiting)


def busy() -> None:
    """A council with drafts that nobody may read, motions at many stages, three meetings, votes and documents."""
    found_city()
    found_council_desk()
    draft(title="A secret draft")
    do(draft(title="A secret text to sign"), Act.INVITE, "Bilal Saleh")
    for stage in (Stage.SUBMITTED, Stage.SCHEDULED, Stage.ADOPTED, Stage.CLOSED):
        at(stage)
    with_document()
    held = meeting(1, "held", -7)
    item(held, 0, "other", title="Greeting & tea")
    voted = item(held, 1, "motion", motion(Stage.ADOPTED))
    item(held, 2, "other", title="About a person", public=False)
    vote(voted, "amendment", yes=2, no=3)
    vote(voted, "motion", by_name=True)
    for sequence, name in enumerate(("Adwoa Mensah", "Bilal Saleh", "Chiara Rossi"), 1):
        come(held, sequence, name)
    with write() as session:
        session.add(
            Minutes(
                meeting_id=held,
                version=1,
                state="approved",
                text=english("All were there.\n\n- One\n- Two"),
                written_on=clock.today(),
                sent_on=clock.today(),
                approved_on=clock.today(),
            )
        )
    invited = meeting(2, "invited", 7)
    item(invited, 0, "motion", motion(Stage.SCHEDULED))
    secret = meeting(3, "planned", 30)
    item(secret, 0, "other", title="Not invited to yet")
    amend(motion(Stage.SCHEDULED))
    with write() as session:  # a translation, and a motion that follows another up
        words = session.scalars(
            select(MotionText).where(MotionText.motion_id == motion(Stage.SCHEDULED))
        ).one()
        words.title = Localized.of({"en": words.title.best("en").text, "de": "Dolmetschen"}, "en")
        session.get_one(Motion, motion(Stage.SUBMITTED)).follows_id = motion(Stage.CLOSED)


def motion(stage: Stage) -> int:
    """The first motion that stands there."""
    return db.session.scalars(
        select(Motion.id).where(Motion.stage == stage.value).order_by(Motion.id).limit(1)
    ).one()


def with_document() -> int:
    """A motion to which the city said something, with a file; returns its id."""
    motion_id = at(Stage.ACKNOWLEDGED)
    with write() as session:
        checked = stored.Checked(
            "Answer of the city.pdf", "application/pdf", PDF, stored.hashlib.sha512(PDF).hexdigest()
        )
        document_id = stored.store(session, checked)
    do(
        motion_id,
        Act.FILE_POSITION,
        "officer",
        document_id=document_id,
        reason="We agree.",
        facts={"position": "agree", "cents": 12_000, "note": ""},
    )
    return motion_id


def meeting(number: int, state: str, days: int, **changed: Any) -> int:
    """A meeting so many days from today; returns its id."""
    starts: datetime = clock.now() + timedelta(days=days)
    with write() as session:
        body = session.scalars(select(Body).order_by(Body.id).limit(1)).one()
        term = session.scalars(
            select(Term).where(Term.body_id == body.id).order_by(Term.id.desc()).limit(1)
        ).one()
        known: dict[str, Any] = {
            "body_id": body.id,
            "term_id": term.id,
            "number": number,
            "state": state,
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2) if state == "held" else None,
            "place": english("Town hall, room 3"),
            "note": english("There is tea."),
            "invited_on": clock.today() if state != "planned" else None,
            "created_at": clock.now(),
            "modified_at": clock.now(),
        }
        row = Meeting(**{**known, **changed})
        session.add(row)
        session.flush()
        return row.id


def item(
    meeting_id: int,
    position: int,
    kind: str,
    motion_id: int | None = None,
    title: str = "",
    public: bool = True,
) -> int:
    """An agenda item; returns its id."""
    with write() as session:
        row = AgendaItem(
            meeting_id=meeting_id,
            position=position,
            kind=kind,
            title=english(title) if title else Localized(),
            motion_id=motion_id,
            public=public,
            placed_by="chair",
            discussion=Localized(),
            created_at=clock.now(),
            modified_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id


def vote(item_id: int, about: str, yes: int = 4, no: int = 1, by_name: bool = False) -> int:
    """A vote in an agenda item, of five members; returns its id."""
    with write() as session:
        found = session.get_one(AgendaItem, item_id)
        digest = session.scalars(
            select(MotionText.digest).where(MotionText.motion_id == found.motion_id).limit(1)
        ).one()
        before = session.scalars(select(Vote.sequence).where(Vote.agenda_item_id == item_id)).all()
        row = Vote(
            agenda_item_id=item_id,
            sequence=len(before) + 1,
            about=about,
            question=english("Do we want this?"),
            motion_id=found.motion_id,
            way="by_name" if by_name else "show_of_hands",
            rule={"majority": "simple", "abstentions": "do_not_count", "tie": "rejects"},
            seats=8,
            quorum=4,
            voting=5,
            present=[member_id(name) for name in ("Adwoa Mensah", "Bilal Saleh")],
            excluded=[],
            yes=yes,
            no=no,
            abstain=0,
            invalid=0,
            adopted=yes > no,
            reasons=[{"ground": "enough"}],
            text_digest=digest,
            taken_on=clock.today(),
        )
        session.add(row)
        session.flush()
        if by_name:
            for name, choice in (("Adwoa Mensah", "yes"), ("Bilal Saleh", "no")):
                session.add(VoteByName(vote_id=row.id, member_id=member_id(name), choice=choice))
        return row.id


def come(meeting_id: int, sequence: int, name: str) -> None:
    """A member is there from the beginning."""
    with write() as session:
        session.add(
            Presence(
                meeting_id=meeting_id,
                sequence=sequence,
                member_id=member_id(name),
                present=True,
                excused=False,
            )
        )


def amend(motion_id: int, name: str = "Elif Demir", number: int = 1) -> int:
    """A change that a member proposes; returns its id."""
    with write() as session:
        row = Amendment(
            motion_id=motion_id,
            number=number,
            kind="amendment",
            member_id=member_id(name),
            text_version=1,
            base="0" * 64,
            paragraph=1,
            change="replace",
            text=english("The city pays interpreters well."),
            reason=english("They work hard."),
            proposed_on=clock.today(),
            state="open",
        )
        session.add(row)
        session.flush()
        return row.id


def change(model: type[Any], id: int, **values: Any) -> None:
    """Change a row, as a service would."""
    with write() as session:
        row = session.get_one(model, id)
        for name, value in values.items():
            setattr(row, name, value)


def member(name: str) -> Member:
    return db.session.scalars(select(Member).where(Member.name == name)).one()


__all__ = ["amend", "busy", "change", "item", "meeting", "member", "motion", "publish", "tabled", "vote"]
