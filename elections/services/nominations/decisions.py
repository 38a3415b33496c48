"""Deciding on nominations, two persons: one prepares the decision with its answer, another releases both at once.

The decision takes effect in the transaction that publishes its reply: the candidate stands, or the refusal can be
objected to from that day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import Conflict, DomainError
from elections import events
from elections.models.candidates import Candidate, CandidateList
from elections.models.elections import Election, Lot
from elections.models.nominations import Nomination
from elections.rules import nominations as rules
from elections.rules.lots import ballot_purpose
from elections.rules.nominations import OUTCOMES, Decision, Event, State
from elections.rules.plain_rule_sets import from_plain
from elections.rules.rule_sets import Matter
from elections.services.nominations.vetting import locked, results
from followup.models import Reply, ReplyVersion
from followup.rules import Outcome, ReplyText
from followup.services import replies


def prepare_decision(
    nomination_id: int,
    decision: str,
    reasons: Mapping[str, str],
    actor: audit.Actor,
    *,
    ground: str = "",
    change: Mapping[str, str] | None = None,
) -> None:
    """Write a decision and the answer that tells it; nothing is decided yet.

    ``reasons`` and ``change`` (what follows from an admission) are by language, the election's own among them. Raises
    NotFound, ``nomination_state``, what ``rules.check_decision`` and ``followup.rules.check_reply`` raise, or Conflict
    ``selection_changed`` if somebody answers it already.
    """
    with write() as session:
        nomination, election, register = locked(session, nomination_id)
        state = rules.next_state(State(nomination.state), Event.PREPARE)
        language = election.language
        found = results(session, election, nomination).values()
        rules.check_decision(decision, ground, reasons.get(language, ""), list(found))
        changes = dict(change or {})
        text = ReplyText(
            OUTCOMES[Decision(decision)].value,
            language,
            reasons,
            change=changes.get(language, ""),
            changes=changes,
        )
        nomination.reply_id = replies.write_within(
            session, register.id, [nomination.number], text, actor, submit=True
        )
        nomination.state, nomination.decision = state.value, decision
        nomination.refusal_ground = ground if decision == Decision.REFUSE else None
        session.flush()


def take_back_decision(nomination_id: int) -> None:
    """Throw a prepared decision away, by whoever prepared it or the second person who does not agree.

    Raises NotFound or ``nomination_state``.
    """
    with write() as session:
        nomination, _election, _register = locked(session, nomination_id)
        nomination.state = rules.next_state(State(nomination.state), Event.TAKE_BACK).value
        reply_id = nomination.reply_id
        nomination.decision = nomination.refusal_ground = nomination.reply_id = None
        session.flush()
        if reply_id is not None:
            replies.take_back_within(session, reply_id)


def release_decision(nomination_id: int, actor: audit.Actor) -> None:
    """Approve a prepared decision as the second person: its answer is published, and it takes effect.

    Raises NotFound, ``nomination_state``, ``second_person``, or ``vetting_incomplete`` if a line changed meanwhile.
    """
    with write() as session:
        nomination, election, register = locked(session, nomination_id)
        admits = nomination.decision == Decision.ADMIT
        state = rules.next_state(State(nomination.state), Event.ADMIT if admits else Event.REFUSE)
        if nomination.reply_id is None or nomination.state != State.PREPARED:
            raise DomainError("nomination_state", state=nomination.state)
        if admits and any(found != "met" for found in results(session, election, nomination).values()):
            raise DomainError("vetting_incomplete")
        entries = _release(session, nomination.reply_id, OUTCOMES[Decision(str(nomination.decision))], actor)
        facts: dict[str, object] = {"number": nomination.number}
        nomination.decided_on = clock.today()
        if admits:
            candidate = _stand(session, election, nomination)
            nomination.candidate_id = candidate.id
            facts |= {"candidate": candidate.id, "group": candidate.group_key}
        else:
            until = objections_until(election, clock.today())
            facts |= {"ground": nomination.refusal_ground, "objections_until": until.isoformat()}
        nomination.state = state.value
        session.flush()
        tag = events.NOMINATION_ADMIT if admits else events.NOMINATION_REFUSE
        entries.append(audit.Entry(tag, events.NOMINATION, nomination.id, facts))
        audit.append(session, register.chain, entries, actor)


def decide_anew(
    session: Session, election: Election, nomination: Nomination, ground: str = ""
) -> audit.Entry:
    """Turn a decision round, since an objection to it was upheld; the entry for the caller to append, last.

    Whoever was refused is admitted; where the lot is drawn already, they come last. Whoever was admitted is refused on
    ``ground`` and struck off the ballot, where everybody else keeps their place. Inside the caller's transaction, with the
    election's register locked. Raises what ``rules.check_anew`` raises.
    """
    decision = rules.check_anew(State(nomination.state), ground, _told(session, nomination))
    nomination.decision, nomination.decided_on = decision.value, clock.today()
    nomination.refusal_ground = ground if decision is Decision.REFUSE else None
    facts: dict[str, object] = {"number": nomination.number}
    if decision is Decision.ADMIT:
        candidate = _stand(session, election, nomination)
        nomination.state, nomination.candidate_id = State.ADMITTED.value, candidate.id
        facts |= {"candidate": candidate.id, "group": candidate.group_key}
        tag = events.NOMINATION_ADMIT
    else:
        candidate = session.get_one(Candidate, nomination.candidate_id)
        candidate.withdrawn_on = clock.today()
        nomination.state = State.REFUSED.value
        until = objections_until(election, clock.today())
        facts |= {"candidate": candidate.id, "ground": ground, "objections_until": until.isoformat()}
        tag = events.NOMINATION_REFUSE
    session.flush()
    return audit.Entry(tag, events.NOMINATION, nomination.id, facts)


def objections_until(election: Election, decided_on: date) -> date:
    """The last day to object to a refusal that was published on ``decided_on``."""
    return from_plain(election.rule_set).objections_close(Matter.NOMINATION, decided_on)


def _release(session: Session, reply_id: int, outcome: Outcome, actor: audit.Actor) -> list[audit.Entry]:
    """Publish the answer, unless the reply desk did so; it must still say what was decided."""
    said = session.scalars(
        select(ReplyVersion.outcome)
        .where(ReplyVersion.reply_id == reply_id)
        .order_by(ReplyVersion.version.desc())
        .limit(1)
    ).first()
    if said != outcome:
        raise Conflict("decision_differs")
    if session.get_one(Reply, reply_id).published_version:
        return []
    return replies.release_within(session, reply_id, actor)


def _told(session: Session, nomination: Nomination) -> str | None:
    """The outcome that the published answer to a nomination says."""
    return session.scalars(
        select(ReplyVersion.outcome)
        .join(Reply, (Reply.id == ReplyVersion.reply_id) & (Reply.published_version == ReplyVersion.version))
        .where(Reply.id == nomination.reply_id)
    ).one_or_none()


def _stand(session: Session, election: Election, nomination: Nomination) -> Candidate:
    """The candidate of an admitted nomination: a new one, or the one who was struck, in their old place."""
    if nomination.candidate_id is not None:
        struck = session.get_one(Candidate, nomination.candidate_id)
        struck.withdrawn_on = None
        struck.position = struck.position or _place(session, election, struck.list_id, struck.group_key)
        return struck
    if nomination.name is None:
        raise Conflict("nomination_erased")
    list_id = None
    if nomination.list_name:
        list_id = _list_called(session, election, nomination.list_name)
    candidate = Candidate(
        election_id=election.id,
        list_id=list_id,
        group_key=nomination.group_key,
        name=nomination.name,
        statement=nomination.statement,
        admitted_on=clock.today(),
        position=_place(session, election, list_id, nomination.group_key),
    )
    session.add(candidate)
    session.flush()
    return candidate


def _list_called(session: Session, election: Election, name: str) -> int:
    """The list of this name, made when its first candidate is admitted."""
    lists = session.scalars(select(CandidateList).where(CandidateList.election_id == election.id)).all()
    for each in lists:
        if each.name.casefold() == name.casefold():
            return each.id
    drawn = _is_drawn(session, election, ballot_purpose(""))
    made = CandidateList(
        election_id=election.id,
        key=f"list-{len(lists) + 1}",
        name=name,
        position=max((each.position or 0 for each in lists), default=0) + 1 if drawn else None,
    )
    session.add(made)
    session.flush()
    return made.id


def _place(session: Session, election: Election, list_id: int | None, group: str | None) -> int | None:
    """On a list, the next place; elsewhere none before the lot is drawn, and the last one after."""
    if list_id is None and not _is_drawn(session, election, ballot_purpose(group or "")):
        return None
    same = [Candidate.election_id == election.id]
    same.append(Candidate.list_id == list_id if list_id else Candidate.list_id.is_(None))
    same.append(Candidate.group_key == group if group else Candidate.group_key.is_(None))
    return (session.scalar(select(func.max(Candidate.position)).where(*same)) or 0) + 1


def _is_drawn(session: Session, election: Election, purpose: str) -> bool:
    drawn = select(Lot.id).where(
        Lot.election_id == election.id, Lot.purpose == purpose, Lot.drawn_on.is_not(None)
    )
    return session.scalar(drawn) is not None
