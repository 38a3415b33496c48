"""A council with members who sign in, and motions at every stage, on top of ``tests.city`` and ``tests.council.city``.

``found_council_desk()`` once, then ``tabled()`` is a submitted motion, ``at(Stage.FORWARDED)`` one that came so far. All acts
go through ``services.acts``, as the verbs do.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from sqlalchemy import select

from accounts.models import Account, Department, Role
from core import audit, clock
from core.db import db, write
from core.documents.stored import check_upload, store
from core.localized import Localized
from council.models import Member
from council.queries.members import members_of_account
from council.rules import Office, Way
from council.services.accounts import link_account
from council.services.bodies import NewSeatClass
from council.services.seating import NewMember, begin_term
from council.services.vacancies import elect_office
from motions.models.drafting import Cosigner, MotionText, Signature
from motions.models.implementation import Measure
from motions.models.motions import Motion
from motions.queries.parts import standing_of
from motions.rules import drafting
from motions.rules.stages import Act, CityDecision, Part, Stage
from motions.services.acts import Doing, lock_motion, perform
from tests.city import staff
from tests.core.pdfs import by_hand
from tests.council.city import BEGINS, ENDS, english, found_council

NAMES = (
    "Adwoa Mensah",
    "Bilal Saleh",
    "Chiara Rossi",
    "Dariusz Nowak",
    "Elif Demir",
    "Femi Okoro",
    "Gordana Ilic",
    "Hana Kovac",
)
"""Members, in the order in which they were seated; the first is the chair."""


def found_council_desk(members: int = 6, **changed: Any) -> int:
    """A council of 8 seats (quorum 4) with members who sign in; returns its id. The first member is the chair."""
    classes = [NewSeatClass("members", Way.ELECTED, english("Members"), 8)]
    body_id = found_council(seat_classes=classes, **changed)
    seated = [
        NewMember("members", name, None, "elections.candidate", n)
        for n, name in enumerate(NAMES[:members], 1)
    ]
    begin_term(body_id, BEGINS, ENDS, seated, (), staff("clerk"))
    with write() as session:
        role = session.scalars(select(Role).where(Role.name == "member")).one_or_none() or Role(name="member")
        for number, name in enumerate(NAMES[:members], 1):
            session.add(
                Account(
                    email=f"member{number}@lindhafen.example",
                    name=name,
                    handle=f"member{number:02d}",
                    language="en",
                    fs_uniquifier=secrets.token_hex(16),
                    roles=[role],
                )
            )
    for name in NAMES[:members]:
        link_account(member_id(name), account(name).id, staff("clerk"))
    elect_office(member_id(NAMES[0]), Office.CHAIR, staff("clerk"))
    return body_id


def found_motion_desk() -> None:
    """Beside another council: one whose first member has handed in a motion (id 1)."""
    found_council_desk(key="newcomers-council", register_code="NC")
    tabled()


def account(name: str) -> Account:
    return db.session.scalars(select(Account).where(Account.name == name)).one()


def member_id(name: str) -> int:
    return db.session.scalars(select(Member.id).where(Member.name == name)).one()


def acting_member(name: str) -> audit.Actor:
    """A member as whoever acts."""
    found = account(name)
    return audit.Actor("member", found.handle, found.id)


def draft(author: str = "Bilal Saleh", **changed: Any) -> int:
    """A draft with its words; returns its id."""
    words = {
        "title": "Interpreters in schools",
        "text": "The city pays for interpreters.",
        "reasons": "Children translate.",
    }
    words |= {name: changed.pop(name) for name in (*words, "costs") if name in changed}
    with write() as session:
        found = session.get_one(Member, member_id(author))
        seat = members_of_account(session, account(author).id, clock.today())[0]
        known: dict[str, Any] = {
            "body_id": seat.body_id,
            "term_id": found.term_id,
            "kind": "motion",
            "topic": "schools",
            "stage": "draft",
            "stage_since": clock.today(),
            "author_id": found.id,
            "language": "en",
            "title": english(words["title"]),
            "created_on": clock.today(),
            "created_at": clock.now(),
            "modified_at": clock.now(),
        }
        motion = Motion(**{**known, **changed})
        session.add(motion)
        session.flush()
        text = drafting.Text(words["title"], words["text"], words["reasons"], words.get("costs", ""))
        session.add(
            MotionText(
                motion_id=motion.id,
                version=1,
                title=motion.title,
                text=english(text.text),
                reasons=english(text.reasons),
                costs=english(text.costs) if text.costs else Localized(),
                digest=drafting.digest(text),
                salt=audit.new_salt(),
                written_on=clock.today(),
            )
        )
        return motion.id


def do(
    motion_id: int, act: Act, who: str | audit.Actor, *, decision: CityDecision | None = None, **more: Any
) -> None:
    """One act by a member's name, a role of ``tests.city.STAFF`` or an actor; with everything that ``Doing`` takes."""
    with write() as session:
        locked = lock_motion(session, motion_id)
        if isinstance(who, audit.Actor):
            doing = Doing(who, frozenset({Part.CLOCK}), **more)
        else:
            person = account(who) if who in NAMES else session.get_one(Account, staff(who).account_id)
            standing = standing_of(session, locked.motion, person)
            actor = acting_member(who) if who in NAMES else staff(who)
            doing = Doing(actor, standing.parts, member_id=standing.member_id, **more)
        _event, entries = perform(session, locked, act, doing, decision=decision)
        audit.append(session, locked.register.chain, entries, doing.actor)


def sign(motion_id: int, *names: str) -> None:
    """Signatures of invited members, under the words that count."""
    with write() as session:
        digest = session.scalars(
            select(MotionText.digest)
            .where(MotionText.motion_id == motion_id)
            .order_by(MotionText.version.desc())
        ).first()
        for name in names:
            session.add(Cosigner(motion_id=motion_id, member_id=member_id(name), invited_on=clock.today()))
            session.add(
                Signature(
                    motion_id=motion_id, member_id=member_id(name), digest=digest, signed_on=clock.today()
                )
            )


def tabled(**changed: Any) -> int:
    """A submitted motion of Bilal Saleh, signed by two; returns its id."""
    author = changed.get("author", "Bilal Saleh")
    motion_id = draft(**changed)
    do(motion_id, Act.INVITE, author)
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    do(motion_id, Act.SUBMIT, author)
    with write() as session:
        for text in session.scalars(select(MotionText).where(MotionText.motion_id == motion_id)):
            text.public_on = clock.today()
    return motion_id


def at(stage: Stage, motion_id: int | None = None, decision: CityDecision = CityDecision.ADOPTED) -> int:
    """A motion that came to ``stage`` on the straight way; returns its id."""
    motion_id = motion_id or tabled()
    way = (
        (Stage.SUBMITTED, None, ""),
        (Stage.ADMISSIBLE, Act.ADMIT, "officer"),
        (Stage.SCHEDULED, Act.SCHEDULE, "Adwoa Mensah"),
        (Stage.ADOPTED, Act.ADOPT, "clerk"),
        (Stage.FORWARDED, Act.FORWARD, "officer"),
        (Stage.ACKNOWLEDGED, Act.ACKNOWLEDGE, "officer"),
        (Stage.POSITION_FILED, Act.FILE_POSITION, "officer"),
        (Stage.DECIDED, Act.DECIDE, "officer"),
        (Stage.IMPLEMENTING, Act.PLAN, "officer"),
        (Stage.CLAIMED_DONE, Act.CLAIM_DONE, "officer"),
        (Stage.VERIFIED, Act.VERIFY, "clerk"),
        (Stage.CLOSED, Act.CLOSE, "clerk"),
    )
    for reached, act, who in way:
        if act is Act.FORWARD:
            responsible(motion_id)
        if act is Act.PLAN:
            measure(motion_id)
        if act is Act.ADOPT:
            adopts_the_text(motion_id)
        if act is not None:
            said = {"reason": "Done."} if act is Act.CLOSE else {"facts": _facts(act, decision)}
            do(motion_id, act, who, decision=decision if act is Act.DECIDE else None, **said)
        if reached is stage:
            return motion_id
    raise ValueError(f"{stage} is not on the straight way")


def adopts_the_text(motion_id: int) -> None:
    """What the council votes on is the text that counts now, as a recorded vote keeps it."""
    with write() as session:
        motion = session.get_one(Motion, motion_id)
        motion.final_digest = session.scalars(
            select(MotionText.digest).where(
                MotionText.motion_id == motion_id, MotionText.version == motion.text_version
            )
        ).one()


def _facts(act: Act, decision: CityDecision) -> dict[str, Any]:
    """What the city says at its steps."""
    match act:
        case Act.ACKNOWLEDGE:
            return {"reference": "IV-2027/88"}
        case Act.FILE_POSITION:
            return {"position": "agree", "text": english("We agree.").dump()}
        case Act.DECIDE:
            return {"decision": decision.value, "body": "City council"}
        case Act.CLAIM_DONE:
            return {"text": english("It is done.").dump()}
        case _:
            return {}


def responsible(motion_id: int, department: str = "housing") -> None:
    """Another department answers for the city."""
    with write() as session:
        session.get_one(Motion, motion_id).department_id = session.scalars(
            select(Department.id).where(Department.key == department)
        ).one()


def measure(motion_id: int, title: str = "Train ten guides", due_on: date = date(2028, 9, 30)) -> int:
    """A measure of the housing department; returns its id."""
    with write() as session:
        found = Measure(
            motion_id=motion_id,
            number=1,
            title=english(title),
            department_id=session.scalars(select(Department.id).where(Department.key == "housing")).one(),
            due_on=due_on,
            cents=1_200_000,
            state="planned",
            planned_on=clock.today(),
            updated_on=clock.today(),
        )
        session.add(found)
        session.flush()
        return found.id


def stage_of(motion_id: int) -> Stage:
    db.session.expire_all()
    return Stage(db.session.get_one(Motion, motion_id).stage)


def furnish_city(motion_id: int) -> None:
    """The motion with this id comes to its implementation, with a paper (id 1) behind the city's receipt."""
    at(Stage.FORWARDED, motion_id)
    with write() as session:
        document_id = store(session, check_upload("Receipt.pdf", by_hand()))
    do(
        motion_id,
        Act.ACKNOWLEDGE,
        "officer",
        facts=_facts(Act.ACKNOWLEDGE, CityDecision.ADOPTED),
        document_id=document_id,
    )
    for act in (Act.FILE_POSITION, Act.DECIDE):
        decision = CityDecision.ADOPTED if act is Act.DECIDE else None
        do(motion_id, act, "officer", decision=decision, facts=_facts(act, CityDecision.ADOPTED))
    measure(motion_id)
    do(motion_id, Act.PLAN, "officer")
