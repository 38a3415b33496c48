"""What is known of the council, its meetings and its motions, read for OParl: only what everybody may read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import clock, settings
from core.db import find
from core.documents import stored
from core.localized import Localized
from council.models import Body, Member, SeatClass, Term
from council.queries.members import seats_and_quorum
from followup.models import Promise, Register
from followup.numbers import register_number
from followup.rules import PromiseKind
from motions import events
from motions.models.drafting import Amendment, MotionText, Signature
from motions.models.implementation import Measure
from motions.models.meetings import AgendaItem, Meeting, Minutes, Presence, Vote, VoteByName
from motions.models.motions import Motion, MotionEvent, MotionStep
from motions.oparl import facts
from motions.oparl.facts import Printing
from motions.oparl.objects.made import said
from motions.rules.stages import Act

FileTable = Mapping[str, facts.FileFacts]


def persons(session: Session, member_ids: Collection[int]) -> dict[int, int]:
    """The key of the person behind each member: the first seat that was ever taken with the same account, or this one."""
    accounts = session.execute(select(Member.id, Member.account_id).where(Member.id.in_(member_ids))).all()
    linked = {account_id for _id, account_id in accounts if account_id is not None}
    earliest = session.execute(
        select(Member.account_id, func.min(Member.id))
        .where(Member.account_id.in_(linked))
        .group_by(Member.account_id)
    ).all()
    first = {row[0]: row[1] for row in earliest}
    return {id: first.get(account_id, id) for id, account_id in accounts}


def city(session: Session) -> facts.CityFacts:
    """The city as its settings name it, with its councils."""
    known = settings.current()
    bodies = session.scalars(select(Body.id).order_by(Body.id)).all()
    return facts.CityFacts(known.city, known.contact, known.base_url, bodies)


def councils(session: Session) -> list[facts.CouncilFacts]:
    """Every council with its statutory seats of today."""
    today = clock.today()
    return [
        facts.CouncilFacts(body.id, body.name, seats_and_quorum(session, body.id, today)[0], body.created_on)
        for body in session.scalars(select(Body).order_by(Body.id))
    ]


def terms(session: Session) -> list[facts.TermFacts]:
    """Every term of every council."""
    rows = session.execute(select(Term, Body.name).join(Body, Body.id == Term.body_id).order_by(Term.id))
    return [
        facts.TermFacts(term.id, term.body_id, name, term.number, term.begins_on, term.ends_on)
        for term, name in rows
    ]


def departments(session: Session) -> list[facts.DepartmentFacts]:
    """Every department."""
    rows = session.scalars(select(Department).order_by(Department.id))
    return [facts.DepartmentFacts(row.id, row.name) for row in rows]


def seats(session: Session) -> tuple[list[facts.SeatFacts], list[facts.GroupFacts]]:
    """Everybody who ever sat on a council, and for whom they sat."""
    rows = session.execute(
        select(Member, Term.body_id, SeatClass.way)
        .join(Term, Term.id == Member.term_id)
        .join(SeatClass, SeatClass.id == Member.seat_class_id)
        .order_by(Member.id)
    ).all()
    people = persons(session, [member.id for member, _body, _way in rows])
    groups: dict[str, tuple[int, bool, list[int]]] = {}
    found = []
    for member, body_id, way in rows:
        group = None
        if member.organisation:
            group, _faction, members = groups.setdefault(
                member.organisation, (member.id, way == "delegated", [])
            )
            members.append(member.id)
        found.append(
            facts.SeatFacts(
                member.id,
                body_id,
                people[member.id],
                member.name,
                member.office,
                member.deputy_of_id is not None,
                group,
                member.since_on,
                member.left_on,
            )
        )
    return found, [
        facts.GroupFacts(id, name, faction, members) for name, (id, faction, members) in groups.items()
    ]


def minutes_printing(session: Session, meeting_id: int) -> Printing | None:
    """The approved minutes of a meeting, if there are any: drafts are for members alone."""
    row = session.scalars(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id, Minutes.state == "approved")
        .order_by(Minutes.version.desc())
        .limit(1)
    ).one_or_none()
    return _minutes_printing(session, row) if row is not None else None


def _minutes_printing(session: Session, row: Minutes) -> Printing:
    meeting = session.get_one(Meeting, row.meeting_id)
    name = session.scalars(select(Body.name).where(Body.id == meeting.body_id)).one()
    source = row.text.source
    return Printing(
        key=f"minutes-{row.id}",
        kind="minutes",
        label=str(meeting.number),
        name=f"minutes-{meeting.id}-{row.version}.pdf",
        language=source.language if source else settings.current().official_language,
        title=said(name),
        day=row.approved_on or row.written_on,
        version=row.version,
        text=said(row.text),
    )


def text_printings(session: Session, motion: Motion, number: str) -> list[Printing]:
    """Every version of a motion's words that everybody may read, the newest first."""
    rows = session.scalars(
        select(MotionText)
        .where(MotionText.motion_id == motion.id, MotionText.public_on.is_not(None))
        .order_by(MotionText.version.desc())
    ).all()
    author = session.scalars(select(Member.name).where(Member.id == motion.author_id)).one()
    return [_text_printing(motion, number, author, row) for row in rows]


def _text_printing(motion: Motion, number: str, author: str, row: MotionText) -> Printing:
    return Printing(
        key=f"text-{row.id}",
        kind=motion.kind,
        label=number,
        name=f"{number}-{row.version}.pdf",
        language=motion.language,
        title=said(row.title),
        day=row.public_on or row.written_on,
        version=row.version,
        text=said(row.text),
        reasons=said(row.reasons),
        costs=said(row.costs),
        author=author,
    )


def find_printing(session: Session, kind: str, id: int) -> Printing | None:
    """What a file of ours is rendered from: ``text`` or ``minutes`` with its id; None for what is not public."""
    if kind == "minutes":
        minutes = find(session, Minutes, id)
        return _minutes_printing(session, minutes) if minutes and minutes.state == "approved" else None
    row = find(session, MotionText, id)
    motion = session.get_one(Motion, row.motion_id) if row is not None and row.public_on else None
    if row is None or motion is None or motion.number is None:
        return None
    author = session.scalars(select(Member.name).where(Member.id == motion.author_id)).one()
    return _text_printing(motion, number_of(session, motion), author, row)


def find_document(session: Session, event_id: int) -> int | None:
    """The id of the file that an event of a public motion shows."""
    event = find(session, MotionEvent, event_id)
    return event.document_id if event is not None and event.public else None


def number_of(session: Session, motion: Motion) -> str:
    """The register number as everybody sees it."""
    code = session.scalars(
        select(Register.code).join(Body, Body.register_id == Register.id).where(Body.id == motion.body_id)
    ).one()
    return register_number(code, motion.number or 0)


def meeting(session: Session, meeting_id: int, files: FileTable) -> facts.MeetingFacts | None:
    """A meeting; its agenda once it was invited to, who was there once it is over."""
    row = find(session, Meeting, meeting_id)
    if row is None:
        return None
    body_name = session.scalars(select(Body.name).where(Body.id == row.body_id)).one()
    present: Sequence[int] = ()
    if row.state == "held":
        came = session.scalars(
            select(Presence.member_id)
            .where(Presence.meeting_id == row.id, Presence.present)
            .order_by(Presence.sequence)
        ).all()
        people = persons(session, came)
        present = [people[id] for id in came]
    return facts.MeetingFacts(
        row.id,
        row.body_id,
        body_name,
        row.number,
        row.state,
        row.starts_at,
        row.ends_at,
        row.place,
        row.note,
        _agenda(session, row) if row.invited_on is not None else (),
        present,
        next((file for key, file in files.items() if key.startswith("minutes-")), None),
    )


def _agenda(session: Session, meeting: Meeting) -> list[facts.ItemFacts]:
    rows = session.execute(
        select(AgendaItem, Motion)
        .outerjoin(Motion, Motion.id == AgendaItem.motion_id)
        .where(AgendaItem.meeting_id == meeting.id, AgendaItem.removed_on.is_(None))
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    votes = _votes(session, [item.id for item, _motion in rows if item.public])
    found = []
    for item, about in rows:
        motion: Motion | None = about  # nothing joins an item that is about no motion
        known = motion if motion and motion.number is not None else None
        theirs = votes.get(item.id, [])
        found.append(
            facts.ItemFacts(
                item.id,
                item.kind,
                item.title or (known.title if known else Localized()),
                item.public,
                known.id if known and item.public else None,
                number_of(session, known) if known and item.public else None,
                theirs,
                _resolution(session, known, theirs) if known else None,
            )
        )
    return found


def _votes(session: Session, item_ids: Collection[int]) -> dict[int, list[facts.VoteFacts]]:
    """The votes that count: a corrected one gives way to its correction."""
    rows = session.scalars(
        select(Vote).where(Vote.agenda_item_id.in_(item_ids)).order_by(Vote.agenda_item_id, Vote.sequence)
    ).all()
    corrected = {row.corrects_id for row in rows}
    names: dict[int, list[tuple[int, str]]] = {}
    for vote_id, member_id, choice in session.execute(
        select(VoteByName.vote_id, VoteByName.member_id, VoteByName.choice)
        .where(VoteByName.vote_id.in_([row.id for row in rows]))
        .order_by(VoteByName.vote_id, VoteByName.member_id)
    ):
        names.setdefault(vote_id, []).append((member_id, choice))
    people = persons(session, {member for theirs in names.values() for member, _choice in theirs})
    found: dict[int, list[facts.VoteFacts]] = {}
    for row in rows:
        if row.id in corrected:
            continue
        found.setdefault(row.agenda_item_id, []).append(
            facts.VoteFacts(
                row.about,
                row.way,
                row.taken_on,
                row.seats,
                row.quorum,
                len(row.present),
                row.voting,
                row.yes,
                row.no,
                row.abstain,
                row.invalid,
                row.adopted,
                row.reasons,
                [(people[member], choice) for member, choice in names.get(row.id, ())],
                row.text_digest,
                row.corrects_id is not None,
            )
        )
    return found


def _resolution(session: Session, motion: Motion, votes: Sequence[facts.VoteFacts]) -> str | None:
    """The words that the last vote on the motion adopted."""
    adopted = [vote for vote in votes if vote.about == "motion"]
    digest = adopted[-1].text_digest if adopted and adopted[-1].adopted else None
    if digest is None:
        return None
    text = session.scalars(
        select(MotionText.text)
        .where(
            MotionText.motion_id == motion.id,
            MotionText.digest == digest,
            MotionText.public_on.is_not(None),
        )
        .order_by(MotionText.version.desc())
        .limit(1)
    ).one_or_none()
    return said(text) if text is not None else None


def motion(session: Session, row: Motion, files: FileTable) -> facts.MotionFacts:
    """A motion that was handed in. ``files`` are the renderings of its words, by their keys."""
    assert row.submitted_on is not None
    number = number_of(session, row)
    texts = session.scalars(
        select(MotionText)
        .where(MotionText.motion_id == row.id, MotionText.public_on.is_not(None))
        .order_by(MotionText.version.desc())
    ).all()
    newest = texts[0] if texts else None
    signers = session.scalars(
        select(Signature.member_id)
        .where(Signature.motion_id == row.id, Signature.digest == (newest.digest if newest else ""))
        .order_by(Signature.id)
    ).all()
    amendments = session.scalars(
        select(Amendment).where(Amendment.motion_id == row.id).order_by(Amendment.number)
    ).all()
    proposers = [each.member_id for each in amendments if each.member_id is not None]
    people = persons(session, [row.author_id, *signers, *proposers])
    happened = session.scalars(
        select(MotionEvent)
        .where(MotionEvent.motion_id == row.id, MotionEvent.public)
        .order_by(MotionEvent.sequence)
    ).all()
    shown = _documents(session, happened)
    right = _set_right(happened)
    positions = [each for each in happened if each.kind == Act.FILE_POSITION.value]
    decisions = [each for each in happened if each.kind == Act.DECIDE.value]
    return facts.MotionFacts(
        id=row.id,
        body_id=row.body_id,
        number=number,
        web=f"{settings.current().base_url}/motions/{number}/",
        kind=row.kind,
        topic=row.topic,
        stage=row.stage,
        stage_since=row.stage_since,
        language=row.language,
        submitted_on=row.submitted_on,
        returns_on=row.returns_on,
        closed_on=row.closed_on,
        originators=[people[row.author_id], *(people[id] for id in signers)],
        department_id=row.department_id,
        text=facts.TextFacts(newest.title, newest.text, newest.reasons, newest.costs, newest.digest)
        if newest
        else None,
        files=[files[key] for each in texts if (key := f"text-{each.id}") in files],
        documents=[
            shown[each.id] for each in happened if each.id in shown and each.kind != Act.FILE_POSITION.value
        ],
        treated=_treated(session, row.id),
        deadlines=_deadlines(session, row),
        amendments=[
            facts.AmendmentFacts(
                each.id,
                each.number,
                each.kind,
                people[each.member_id] if each.member_id is not None else None,
                each.paragraph,
                each.change,
                each.text,
                each.reason,
                each.proposed_on,
                each.state,
                each.decided_on,
            )
            for each in amendments
        ],
        positions=[
            facts.PositionFacts(
                each.id,
                each.day,
                right[each.id].facts.get("position"),
                each.reason,
                right[each.id].facts,
                right[each.id].day if right[each.id] is not each else None,
                shown.get(each.id),
            )
            for each in positions
        ],
        decisions=[
            facts.DecisionFacts(
                right[each.id].facts.get("decision") or row.city_decision or "",
                each.day,
                each.reason,
                right[each.id].facts,
                right[each.id].day if right[each.id] is not each else None,
            )
            for each in decisions
        ],
        measures=_measures(session, row.id),
        related=_related(session, row),
    )


def _set_right(happened: Sequence[MotionEvent]) -> dict[int, MotionEvent]:
    """Of each event the one whose facts count: itself, or the last one that corrects it."""
    corrections = {each.corrects_id: each for each in happened if each.corrects_id is not None}
    found = {}
    for each in happened:
        right = each
        while right.id in corrections:
            right = corrections[right.id]
        found[each.id] = right
    return found


def _documents(session: Session, happened: Sequence[MotionEvent]) -> dict[int, facts.FileFacts]:
    """The files that events show, by the event's id; what was erased is not there."""
    wanted = {each.document_id for each in happened if each.document_id is not None}
    known = stored.describe(session, wanted) if wanted else {}
    return {
        each.id: facts.FileFacts(
            f"event-{each.id}",
            known[each.document_id].name,
            known[each.document_id].name,
            known[each.document_id].media_type,
            known[each.document_id].size,
            known[each.document_id].sha512,
            each.day,
        )
        for each in happened
        if each.document_id is not None and not known[each.document_id].erased
    }


def _treated(session: Session, motion_id: int) -> list[facts.TreatedFacts]:
    rows = session.execute(
        select(AgendaItem.id, AgendaItem.meeting_id, AgendaItem.kind)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.motion_id == motion_id,
            AgendaItem.removed_on.is_(None),
            AgendaItem.public,
            Meeting.invited_on.is_not(None),
        )
        .order_by(AgendaItem.id)
    )
    return [facts.TreatedFacts(*row) for row in rows]


def _deadlines(session: Session, row: Motion) -> list[facts.DeadlineFacts]:
    code = number_of(session, row).rpartition("-")[0]
    found = session.execute(
        select(MotionStep.step, Promise)
        .join(Promise, Promise.subject_id == MotionStep.id)
        .where(
            MotionStep.motion_id == row.id,
            Promise.subject_kind == events.STEP,
            Promise.kind == PromiseKind.STEP.value,
        )
        .order_by(MotionStep.id)
    )
    return [
        facts.DeadlineFacts(
            step,
            register_number(code, promise.number),
            promise.department_id,
            promise.opened_on,
            promise.due_on,
            promise.extended_from,
            promise.answered_on,
        )
        for step, promise in found
    ]


def _measures(session: Session, motion_id: int) -> list[facts.MeasureFacts]:
    rows = session.scalars(select(Measure).where(Measure.motion_id == motion_id).order_by(Measure.number))
    return [
        facts.MeasureFacts(
            row.number, row.title, row.department_id, row.due_on, row.cents, row.state, row.updated_on
        )
        for row in rows
    ]


def _related(session: Session, row: Motion) -> Sequence[int]:
    """Follow-ups, both ways."""
    return session.scalars(
        select(Motion.id)
        .where(
            or_(Motion.id == row.follows_id, Motion.follows_id == row.id),
            Motion.number.is_not(None),
            Motion.id != row.id,
        )
        .order_by(Motion.id)
    ).all()
