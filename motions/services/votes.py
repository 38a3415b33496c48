"""Recording what the council voted. The clerk enters figures or names; outcome and act follow from the rules.

Vote, outcome, and what it does to motion, amendment or minutes are one transaction. A vote never changes: a correction is
another row that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import Conflict, DomainError, raise_all
from core.localized import Localized, clean
from council.models import Body
from followup.models import Register
from motions import events
from motions.models.meetings import AgendaItem, Meeting, PaperCount, Vote, VoteByName
from motions.models.motions import Motion, MotionEvent
from motions.queries.attendance import Room, room_at
from motions.queries.council_rules import rule_on
from motions.queries.meetings import open_amendments
from motions.queries.motions import words
from motions.queries.recorded import in_chain, recorded
from motions.rules import meetings as rules
from motions.rules import stages
from motions.rules import votes as counting
from motions.rules.meetings import About, ItemKind, MeetingAct, MeetingState
from motions.rules.stages import Act, Part, Stage
from motions.rules.steps import Notice
from motions.rules.votes import Choice, Figures, Outcome, VoteRule, Way
from motions.services import agenda, amendments, minutes
from motions.services.acts import Doing, Locked, lock_motion, note, perform
from motions.services.meetings import lock_item

QUESTION_LENGTH = 500
DECIDES: frozenset[Act] = frozenset({Act.ADOPT, Act.ADOPT_AMENDED, Act.REJECT})
"""The council has decided on the motion."""
ON_AGENDA: frozenset[About] = frozenset({About.REFERRAL, About.POSTPONEMENT, About.AMENDMENT})
"""What is voted on only as long as the motion itself has not been."""


@dataclass(frozen=True, slots=True)
class NewVote:
    """What the clerk saw. By name ``choices`` are by member, else ``figures`` count.

    ``seen`` is how many votes stood under the item when the form was shown; None asks for nothing.
    """

    about: About
    way: Way
    figures: Figures | None = None
    choices: Mapping[int, Choice] = field(default_factory=dict)
    question: str = ""
    chair_choice: Choice | None = None
    returns_on: date | None = None
    reason: str = ""
    teller_id: int | None = None
    amendment_id: int | None = None
    objection_id: int | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A vote that can be kept: everything the row holds."""

    room: Room
    rule: VoteRule
    figures: Figures
    outcome: Outcome
    tellers: tuple[int, int] | None = None


def record_vote(item_id: int, new: NewVote, actor: audit.Actor) -> int | None:
    """Record a vote; return its id, or None for the first of two counts of a secret vote.

    Raises NotFound, Conflict ``meeting_act_not_now``, ``vote_recorded_meanwhile``, ``paper_count_open``; and all together
    ``vote_not_here``, ``vote_question_missing``, ``amendments_open``, ``figures_missing``, ``teller_missing``, what
    ``rules.votes`` and ``rules.stages`` raise.
    """
    new = replace(new, question=clean(new.question), reason=clean(new.reason))
    with write() as session:
        item, meeting, body, register = _open_item(session, item_id)
        if new.seen is not None and new.seen != _votes_under(session, item.id):
            raise Conflict("vote_recorded_meanwhile")
        if session.get(PaperCount, item.id) is not None:
            raise Conflict("paper_count_open")
        room = room_at(session, meeting, item)
        rule = rule_on(session, body.id, clock.day_of(meeting.starts_at)).vote
        taken = counted(session, item, new, room, rule)
        if new.way is Way.ON_PAPER:
            entry = first_count(session, item, new, taken.figures, actor)
            audit.append(session, register.chain, [entry], actor)
            return None
        vote, entries = keep(session, item, meeting, body, register, new, taken, actor)
        audit.append(session, register.chain, entries, actor)
        return vote.id


def first_count(
    session: Session,
    item: AgendaItem,
    new: NewVote,
    figures: Figures,
    actor: audit.Actor,
    corrects_id: int | None = None,
) -> audit.Entry:
    """Keep what the first teller counted. The chain does not say what it was: the second teller counts apart."""
    assert new.teller_id is not None
    session.add(
        PaperCount(
            agenda_item_id=item.id,
            asked={**_to_plain(new), "corrects": corrects_id},
            yes=figures.yes,
            no=figures.no,
            abstain=figures.abstain,
            invalid=figures.invalid,
            teller_id=new.teller_id,
            entered_by=actor.account_id,
        )
    )
    session.flush()
    return audit.Entry(events.VOTE_COUNT, events.AGENDA_ITEM, item.id, {"teller": new.teller_id})


def _open_item(session: Session, item_id: int) -> tuple[AgendaItem, Meeting, Body, Register]:
    item, meeting, body, register = lock_item(session, item_id)
    rules.next_state(MeetingState(meeting.state), MeetingAct.RECORD)
    return item, meeting, body, register


def _votes_under(session: Session, item_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Vote).where(Vote.agenda_item_id == item_id)) or 0


def counted(session: Session, item: AgendaItem, new: NewVote, room: Room, rule: VoteRule) -> Taken:
    """Everything that speaks against a vote, at once; else what follows from it."""
    errors: list[DomainError] = []
    about_ok = new.about in rules.VOTED_UNDER[ItemKind(item.kind)]
    if not about_ok:
        errors.append(DomainError("vote_not_here"))
    if new.about is About.PROCEDURE and not new.question:
        errors.append(DomainError("vote_question_missing"))
    if len(new.question) > QUESTION_LENGTH:
        errors.append(DomainError("meeting_words_too_long", limit=QUESTION_LENGTH))
    motion = session.get(Motion, item.motion_id) if item.motion_id else None
    if new.about is About.AMENDMENT and new.amendment_id is None:
        errors.append(DomainError("amendment_missing"))
    whole = about_ok and new.about is About.MOTION and motion is not None
    if whole and motion is not None and open_amendments(session, motion.id):
        errors.append(Conflict("amendments_open"))
    act = rules.act_after(new.about, True, False)
    if act in stages.NEEDS_RETURN_DAY:
        errors += problems(lambda: stages.check_return_day(act, new.returns_on, clock.today()))
    errors += against_teller(new, room)
    counted: list[tuple[Figures, Outcome]] = []
    errors += problems(lambda: counted.append(decided(new, room, rule)))
    raise_all(errors)
    figures, outcome = counted[0]
    return Taken(room, rule, figures, outcome)


def against_teller(new: NewVote, room: Room) -> list[DomainError]:
    if new.way is not Way.ON_PAPER:
        return []
    if new.teller_id is None:
        return [DomainError("teller_missing")]
    return [] if new.teller_id in room.present else [DomainError("teller_not_present")]


def decided(new: NewVote, room: Room, rule: VoteRule) -> tuple[Figures, Outcome]:
    """What was counted, and the outcome. Raises, all together, what ``rules.votes`` raises."""
    errors: list[DomainError] = []
    errors += problems(lambda: counting.check_quorum(room.attendance))
    figures, chair = new.figures, new.chair_choice
    if new.way is Way.BY_NAME:
        found: list[Figures] = []
        errors += problems(lambda: found.append(counting.count_by_name(new.choices, room.voting)))
        figures = found[0] if found else None
        if chair is None and room.chair_id is not None:
            chair = new.choices.get(room.chair_id)
    elif figures is None:
        errors.append(DomainError("figures_missing"))
    elif new.way is Way.SHOW_OF_HANDS and figures.invalid:
        errors.append(DomainError("invalid_on_paper_alone"))
    if figures is not None and min(figures.yes, figures.no, figures.abstain, figures.invalid) < 0:
        errors.append(DomainError("figures_negative"))
    elif figures is not None and figures.cast > len(room.voting):
        errors.append(DomainError("votes_more_than_present", have=figures.cast, limit=len(room.voting)))
    raise_all(errors)
    assert figures is not None
    return figures, counting.decide(rule, room.attendance, figures, chair)


def problems(check: Any) -> list[DomainError]:
    try:
        check()
    except DomainError as error:
        return list(error.all())
    return []


def keep(
    session: Session,
    item: AgendaItem,
    meeting: Meeting,
    body: Body,
    register: Register,
    new: NewVote,
    taken: Taken,
    actor: audit.Actor,
) -> tuple[Vote, list[audit.Entry]]:
    locked: Locked | None = None
    digest, amended = None, False
    if item.motion_id is not None:
        locked = lock_motion(session, item.motion_id)
        amended = bool(amendments.accepted(session, locked.motion))
        act = rules.act_after(new.about, taken.outcome.adopted, amended)
        if act is not None:  # before anything is written: all that speaks against it
            stages.check_act(
                Stage(locked.motion.stage),
                act,
                stages.MotionKind(locked.motion.kind),
                {Part.CLERK},
                reason=new.reason,
                decision=stages.CityDecision(locked.motion.city_decision)
                if locked.motion.city_decision
                else None,
            )
        elif new.about in ON_AGENDA and locked.motion.stage != Stage.SCHEDULED.value:
            raise Conflict("motion_moved_on")
    if locked is not None and new.about is About.MOTION:
        digest = voted_text(session, locked, taken.outcome.adopted, actor)
    vote, entries = keep_row(session, item, meeting, body, new, taken, digest)
    if locked is not None:
        entries += follow(session, locked, meeting, vote, new, actor, amended)
    if new.about is About.MINUTES:
        entries += minutes.decide_within(session, meeting, vote, new.objection_id, new.reason, body.language)
    return vote, entries


def voted_text(session: Session, locked: Locked, adopted: bool, actor: audit.Actor) -> str:
    """The digest of the words that were voted on: with every accepted change, once they are adopted."""
    if adopted:
        return amendments.final_text(session, locked, clock.today(), actor)
    return words(session, locked.motion.id).digest


def follow(
    session: Session,
    locked: Locked,
    meeting: Meeting,
    vote: Vote,
    new: NewVote,
    actor: audit.Actor,
    amended: bool,
) -> list[audit.Entry]:
    """What becomes of the motion. ``vote`` says whether it was adopted; the clerk chooses nothing."""
    motion, about = locked.motion, About(vote.about)
    doing = doing_of(session, locked, meeting, vote, new, actor)
    if about is About.AMENDMENT:
        assert new.amendment_id is not None
        entries = amendments.decide_amendments(session, locked, {new.amendment_id: vote.adopted}, vote.id)
        _event, told = note(session, locked, Notice.DECIDE_AMENDMENT, doing, Part.CLERK)
        return [*entries, *told]
    act = rules.act_after(about, vote.adopted, amended)
    if act is None:
        _event, entries = note(session, locked, Notice.VOTE, doing, Part.CLERK)
        return entries
    if act in stages.NEEDS_RETURN_DAY:
        motion.returns_on = new.returns_on
    if act in DECIDES:
        motion.dealt_on, motion.returns_on = vote.taken_on, None
        motion.final_digest = vote.text_digest if act is not Act.REJECT else None
    _event, entries = perform(session, locked, act, doing)
    agenda.dealt_with(session, motion.id)
    return entries


def doing_of(
    session: Session, locked: Locked, meeting: Meeting, vote: Vote, new: NewVote, actor: audit.Actor
) -> Doing:
    """The clerk, on the meeting's day, or on that of what happened last if that was later."""
    last = session.scalar(select(func.max(MotionEvent.day)).where(MotionEvent.motion_id == locked.motion.id))
    day = min(max(clock.day_of(meeting.starts_at), last or date.min), clock.today())
    facts: dict[str, object] = {
        "about": vote.about,
        "adopted": vote.adopted,
        "yes": vote.yes,
        "no": vote.no,
        "abstain": vote.abstain,
    }
    if new.returns_on is not None:
        facts["returns_on"] = new.returns_on.isoformat()
    return Doing(
        actor,
        frozenset({Part.CLERK}),
        reason=new.reason,
        language=locked.body.language,
        facts=facts,
        day=day,
        vote_id=vote.id,
    )


def keep_row(
    session: Session,
    item: AgendaItem,
    meeting: Meeting,
    body: Body,
    new: NewVote,
    taken: Taken,
    digest: str | None,
    corrects_id: int | None = None,
) -> tuple[Vote, list[audit.Entry]]:
    room, figures = taken.room, taken.figures
    chair = new.chair_choice
    tied = any(reason.ground is counting.Ground.TIE_CHAIR for reason in taken.outcome.reasons)
    if tied and chair is None and room.chair_id is not None:
        chair = new.choices.get(room.chair_id)
    vote = Vote(
        agenda_item_id=item.id,
        sequence=_votes_under(session, item.id) + 1,
        about=new.about.value,
        question=Localized.original(body.language, new.question),
        motion_id=item.motion_id,
        way=new.way.value,
        rule={
            "majority": taken.rule.majority.value,
            "abstentions": taken.rule.abstentions.value,
            "tie": taken.rule.tie.value,
        },
        seats=room.seats,
        quorum=room.quorum,
        voting=len(room.voting),
        present=list(room.counted),
        excluded=list(room.excluded),
        yes=figures.yes,
        no=figures.no,
        abstain=figures.abstain,
        invalid=figures.invalid,
        chair_choice=chair.value if tied and chair is not None else None,
        adopted=taken.outcome.adopted,
        reasons=[
            {"ground": each.ground.value, "have": each.have, "need": each.need}
            for each in taken.outcome.reasons
        ],
        text_digest=digest,
        first_teller_id=taken.tellers[0] if taken.tellers else None,
        second_teller_id=taken.tellers[1] if taken.tellers else None,
        taken_on=clock.day_of(meeting.starts_at),
        corrects_id=corrects_id,
        salt=None if item.public else audit.new_salt(),
    )
    session.add(vote)
    session.flush()
    if new.way is Way.BY_NAME:
        session.add_all(
            VoteByName(vote_id=vote.id, member_id=member_id, choice=choice.value)
            for member_id, choice in sorted(new.choices.items())
        )
    meeting.modified_at = clock.now()
    session.flush()
    tag = events.VOTE_RECORD if corrects_id is None else events.VOTE_CORRECT
    names = {member: choice.value for member, choice in new.choices.items()} if new.way is Way.BY_NAME else {}
    facts = in_chain(vote, names)
    if corrects_id is not None:
        facts["reason"] = Localized.original(body.language, new.reason).dump()
    commitment = audit.commit_to(vote.salt, recorded(vote, names)) if vote.salt else None
    return vote, [audit.Entry(tag, events.VOTE, vote.id, facts, commitment)]


RULE: Mapping[str, Any] = {
    "majority": counting.Majority,
    "abstentions": counting.Abstentions,
    "tie": counting.Tie,
}


def _to_plain(new: NewVote) -> dict[str, Any]:
    return {
        "about": new.about.value,
        "question": new.question,
        "chair_choice": new.chair_choice.value if new.chair_choice else None,
        "returns_on": new.returns_on.isoformat() if new.returns_on else None,
        "reason": new.reason,
        "amendment_id": new.amendment_id,
        "objection_id": new.objection_id,
    }


def from_plain(asked: Mapping[str, Any]) -> NewVote:
    return NewVote(
        About(asked["about"]),
        Way.ON_PAPER,
        question=asked["question"],
        chair_choice=Choice(asked["chair_choice"]) if asked["chair_choice"] else None,
        returns_on=date.fromisoformat(asked["returns_on"]) if asked["returns_on"] else None,
        reason=asked["reason"],
        amendment_id=asked["amendment_id"],
        objection_id=asked["objection_id"],
    )
