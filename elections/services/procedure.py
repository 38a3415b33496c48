"""What the acts of the procedure itself do, and what is asked before them: call, voting's moments, conclusion.

Called by ``acts`` through the table in ``effects``, inside the transaction that performs the act.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.errors import DomainError
from council.models import SeatClass, SeatCount
from elections.models.devices import Device
from elections.models.elections import Act, Election
from elections.rules import voting
from elections.rules.checklists import Check
from elections.rules.deadlines import Step, check_timetable, read_timetable
from elections.rules.plain_rule_sets import from_plain
from elections.rules.rule_sets import RuleSet
from elections.rules.stages import ActKind
from elections.rules.urn import UrnState
from elections.services.roll import paper
from elections.services.urn.closing import close_urn, extend_urn, interrupt_urn, resume_urn
from elections.services.urn.preparing import open_urn, urn_of
from followup.models import Promise, Register
from followup.services import gate

Facts = Mapping[str, Any]
Outcome = Mapping[str, Any]

# Effects -------------------------------------------------------------------------------------------------------------


def call(
    _session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    """From this day on the election is public, and keeps its rules and days."""
    election.called_on = clock.today()
    return {"rule_set": str(election.rule_set["key"]), "election_day": election.election_day.isoformat()}


def open_voting(
    session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    """Voting is open from the announced moment, or from the one at which it was opened, if that is another."""
    now = clock.now().replace(second=0, microsecond=0)
    announced = election.voting_opens_at
    if now < announced or clock.day_of(now) != clock.day_of(announced):
        election.voting_opens_at = now
    urn = open_urn(session, election)
    return {"announced": _iso(announced), "opens_at": _iso(election.voting_opens_at), **urn}


def interrupt_voting(
    session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    """No ballot is taken until voting is resumed."""
    interrupt_urn(session, election)
    return {}


def resume_voting(
    session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    """Ballots are taken again."""
    resume_urn(session, election)
    return {}


def extend_voting(
    session: Session, election: Election, _register: Register, act: Act, _actor: audit.Actor
) -> Outcome:
    """Voting closes later than announced."""
    before, wanted = election.voting_closes_at, voting.read_moment(act.facts.get(voting.CLOSES_AT))
    if wanted is None:
        raise DomainError("missing_extension_later", moment=before)
    election.voting_closes_at = wanted.astimezone(UTC)
    extend_urn(session, election)
    return {"before": _iso(before), "closes_at": _iso(election.voting_closes_at)}


def close_voting(
    session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    """No ballot is taken after the moment that was announced, whenever the act itself is done."""
    return {"closes_at": _iso(election.voting_closes_at), **close_urn(session, election)}


def conclude(
    session: Session, _election: Election, register: Register, _act: Act, actor: audit.Actor
) -> Outcome:
    """The closing gate: every nomination, registration and objection has its answer."""
    gate.conclude(session, register, actor)
    return {}


def _iso(moment: Any) -> str:
    return str(moment.astimezone(UTC).isoformat(timespec="minutes"))


# Looks ---------------------------------------------------------------------------------------------------------------


def before_call(session: Session, election: Election, _facts: Facts) -> list[Check]:
    """Sound rules and days are needed; texts in all languages and a body with as many seats are advised."""
    rules = _rules(election)
    problems = len(rules.problems()) if rules else 1
    checks = [
        Check("rules_sound", not problems, parameters={"count": problems}),
        Check("days_in_order", _in_order(election)),
    ]
    if rules is not None:
        elected = _elected_seats(session, election)
        checks.append(
            Check(
                "seats_agree",
                elected == rules.counting.seats,
                needed=False,
                parameters={"body": elected, "rules": rules.counting.seats},
            )
        )
    opens = election.timetable.get(Step.NOMINATIONS_OPEN.value)
    if opens:
        day = date.fromisoformat(opens)
        checks.append(Check("nominations_ahead", day >= clock.today(), needed=False, parameters={"day": day}))
    for language in election.languages:
        texts = (election.title, election.summary, election.how_to_vote)
        checks.append(
            Check(
                "texts_in",
                all(text.get(language) for text in texts),
                needed=False,
                parameters={"language": language},
            )
        )
    return checks


def before_opening(session: Session, election: Election, facts: Facts) -> list[Check]:
    """The candidates are published and the roll is committed, and its moment has come or the reason is public."""
    done = set(
        session.scalars(
            select(Act.kind).where(Act.election_id == election.id, Act.performed_on.is_not(None))
        ).all()
    )
    return [
        Check("candidates_public", ActKind.PUBLISH_CANDIDATES.value in done),
        Check("roll_committed", ActKind.COMMIT_ROLL.value in done),
        *_urn_ready(session, election),
        *voting.opening(
            clock.now(), election.voting_opens_at, election.voting_closes_at, str(facts.get("reason", ""))
        ),
    ]


def _urn_ready(session: Session, election: Election) -> list[Check]:
    """Trustees, credentials and questions are fixed, paper voters are struck, where people vote online at all."""
    urn = urn_of(session, election)
    if urn is None:
        return []
    devices = select(func.count()).where(Device.election_id == election.id, Device.revoked_on.is_(None))
    return [
        Check("urn_prepared", urn.state != UrnState.BEGUN),
        Check("devices_there", bool(session.scalar(devices)), needed=False),
        *paper.before_opening(session, election),
    ]


def before_extension(_session: Session, election: Election, facts: Facts) -> list[Check]:
    """Nothing while nobody has said until when."""
    if not facts:
        return []
    wanted = voting.read_moment(facts.get(voting.CLOSES_AT))
    return voting.extension(
        facts,
        clock.now(),
        election.voting_closes_at,
        read_timetable(election.timetable)[Step.FINDING],
        clock.day_of(wanted) if wanted else None,
    )


def before_resuming(_session: Session, election: Election, _facts: Facts) -> list[Check]:
    """There should be time left to vote in."""
    return voting.resuming(clock.now(), election.voting_closes_at)


def before_closing(_session: Session, election: Election, _facts: Facts) -> list[Check]:
    """The announced moment has come."""
    return voting.closing(clock.now(), election.voting_closes_at)


def before_conclusion(session: Session, election: Election, _facts: Facts) -> list[Check]:
    """The time to object to the result is over. What is unanswered is named by the closing gate itself."""
    open_promises = session.scalar(
        select(func.count()).where(Promise.register_id == election.register_id, Promise.answered_on.is_(None))
    )
    return [
        Check("everything_answered", not open_promises, needed=False, parameters={"count": open_promises})
    ]


def _rules(election: Election) -> RuleSet | None:
    """The election's own rules; None if they cannot be read."""
    try:
        return from_plain(election.rule_set)
    except DomainError:
        return None


def _in_order(election: Election) -> bool:
    try:
        check_timetable(read_timetable(election.timetable))
    except (DomainError, ValueError):
        return False
    return True


def _elected_seats(session: Session, election: Election) -> int:
    """How many seats of the body are elected when the term begins."""
    counts = session.execute(
        select(SeatClass.id, SeatCount.seats)
        .join(SeatCount, SeatCount.seat_class_id == SeatClass.id)
        .where(
            SeatClass.body_id == election.body_id,
            SeatClass.way == "elected",
            SeatCount.from_on <= election.term_begins_on,
        )
        .order_by(SeatCount.from_on)
    )
    latest: dict[int, int] = {}
    for seat_class, seats in counts:
        latest[seat_class] = seats
    return sum(latest.values())
