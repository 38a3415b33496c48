"""Votes as pages show them: on what, how many, who, how it came out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.localized import Localized
from council.models import Body, Member
from followup.models import Register
from followup.numbers import register_number
from motions.models.drafting import Amendment
from motions.models.meetings import AgendaItem, Meeting, MinutesObjection, Vote, VoteByName
from motions.models.motions import Motion


@dataclass(frozen=True, slots=True)
class Why:
    """One step of an outcome (``rules.votes.Reason``)."""

    ground: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class NamedChoice:
    """What one member voted."""

    member_id: int
    name: str
    choice: str


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One vote. ``corrected`` where a later one says what is right; ``excluded`` are names.

    ``change`` is the number of the amendment that it was on; ``objection``: it was on an objection to the minutes.
    """

    id: int
    item_id: int
    meeting_id: int
    meeting_number: int
    motion_id: int | None
    about: str
    question: Localized
    change: int | None
    objection: bool
    way: str
    taken_on: date
    seats: int
    quorum: int
    voting: int
    yes: int
    no: int
    abstain: int
    invalid: int
    adopted: bool
    chair_choice: str | None
    reasons: Sequence[Why]
    names: Sequence[NamedChoice]
    excluded: Sequence[str]
    corrects_id: int | None
    corrected: bool

    @property
    def silent(self) -> int:
        """Members who were there, might have voted and did not."""
        return self.voting - self.yes - self.no - self.abstain - self.invalid


@dataclass(frozen=True, slots=True)
class MemberVote:
    """What a member voted on one motion, by name."""

    vote_id: int
    motion_id: int
    number: str
    title: Localized
    about: str
    choice: str
    adopted: bool
    taken_on: date


def votes_of(session: Session, motion_id: int) -> list[VoteLine]:
    """Every vote on a motion, in the order in which they were taken; those that were corrected stay, marked."""
    return _lines(session, Vote.motion_id == motion_id)


def votes_of_meeting(session: Session, meeting_id: int, *, public: bool = True) -> dict[int, list[VoteLine]]:
    """The votes of a meeting by agenda item; with ``public`` those of public items alone."""
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
    if public:
        items = items.where(AgendaItem.public)
    found: dict[int, list[VoteLine]] = {}
    for line in _lines(session, Vote.agenda_item_id.in_(items)):
        found.setdefault(line.item_id, []).append(line)
    return found


def find_vote(session: Session, vote_id: int) -> VoteLine | None:
    """One vote."""
    return next(iter(_lines(session, Vote.id == vote_id)), None)


def votes_of_member(session: Session, member_id: int, limit: int = 200) -> list[MemberVote]:
    """How a member voted by name on motions, the newest first; a vote that was corrected counts as corrected."""
    corrected = select(Vote.corrects_id).where(Vote.corrects_id.is_not(None))
    rows = session.execute(
        select(Vote, VoteByName.choice, Motion, Register.code)
        .join(VoteByName, VoteByName.vote_id == Vote.id)
        .join(Motion, Motion.id == Vote.motion_id)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(VoteByName.member_id == member_id, Vote.id.not_in(corrected))
        .order_by(Vote.id.desc())
        .limit(limit)
    )
    return [
        MemberVote(
            vote.id,
            motion.id,
            register_number(code, motion.number or 0),
            motion.title,
            vote.about,
            choice,
            vote.adopted,
            vote.taken_on,
        )
        for vote, choice, motion, code in rows
    ]


def _lines(session: Session, condition: object) -> list[VoteLine]:
    rows = session.execute(
        select(Vote, Meeting.id, Meeting.number)
        .join(AgendaItem, AgendaItem.id == Vote.agenda_item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(Vote.id)
    ).all()
    ids = [vote.id for vote, _meeting_id, _number in rows]
    names = _names(session, ids)
    excluded = {each for vote, *_rest in rows for each in vote.excluded}
    people = session.execute(select(Member.id, Member.name).where(Member.id.in_(excluded)))
    known = {id: name for id, name in people}  # noqa: C416 - rows are no pairs to the type checker
    corrected = set(session.scalars(select(Vote.corrects_id).where(Vote.corrects_id.in_(ids))))
    voted = select(Amendment.vote_id, Amendment.number).where(Amendment.vote_id.in_(ids))
    changes = {vote_id: number for vote_id, number in session.execute(voted)}  # noqa: C416 - as above
    objected = set(session.scalars(select(MinutesObjection.vote_id).where(MinutesObjection.vote_id.in_(ids))))
    return [
        VoteLine(
            id=vote.id,
            item_id=vote.agenda_item_id,
            meeting_id=meeting_id,
            meeting_number=number,
            motion_id=vote.motion_id,
            about=vote.about,
            question=vote.question,
            change=changes.get(vote.id) or changes.get(vote.corrects_id),
            objection=vote.id in objected or vote.corrects_id in objected,
            way=vote.way,
            taken_on=vote.taken_on,
            seats=vote.seats,
            quorum=vote.quorum,
            voting=vote.voting,
            yes=vote.yes,
            no=vote.no,
            abstain=vote.abstain,
            invalid=vote.invalid,
            adopted=vote.adopted,
            chair_choice=vote.chair_choice,
            reasons=[Why(**reason) for reason in vote.reasons],
            names=names.get(vote.id, []),
            excluded=[known.get(each, "") for each in vote.excluded],
            corrects_id=vote.corrects_id,
            corrected=vote.id in corrected,
        )
        for vote, meeting_id, number in rows
    ]


def _names(session: Session, vote_ids: Sequence[int]) -> Mapping[int, list[NamedChoice]]:
    found: dict[int, list[NamedChoice]] = {}
    rows = session.execute(
        select(VoteByName.vote_id, Member.id, Member.name, VoteByName.choice)
        .join(Member, Member.id == VoteByName.member_id)
        .where(VoteByName.vote_id.in_(vote_ids))
        .order_by(Member.name, Member.id)
    )
    for vote_id, member_id, name, choice in rows:
        found.setdefault(vote_id, []).append(NamedChoice(member_id, name, choice))
    return found
