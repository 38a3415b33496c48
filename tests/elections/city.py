"""A council and an election to test with, on top of ``tests.city``.

``found_council()`` after ``found_city()``; ``prepare_election()`` is one that nobody sees yet; ``bring_to(stage)`` puts it
where a test begins, without playing what lies before. ``act(kind)`` does an act as two persons would.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from accounts.rules import RoleName
from core import audit, calendar, clock
from core.db import db, write
from core.localized import Localized
from council.rules import Way
from council.services.bodies import BodyFacts, NewSeatClass, create_body
from elections import events
from elections.models.elections import Act, Election
from elections.rules.plain_rule_sets import to_plain
from elections.rules.presets import preset
from elections.rules.stages import ALONE, CONFIRMS, PROPOSES, WAY, ActKind, Stage
from elections.services import acts
from elections.services.elections import ElectionFacts, create_election
from tests.city import staff

CODE = "MC-27"
BODY = "migrant-council"
ELECTION_DAY = date(2028, 3, 19)


def found_council() -> None:
    """The migrant council of the test city: eight regions with two seats each, six seats for factions."""
    groups = [NewSeatClass(group.key, Way.ELECTED, group.name, 2) for group in rules().groups]
    groups.append(NewSeatClass("factions", Way.DELEGATED, Localized.original("en", "Factions"), 6))
    create_body(
        BodyFacts(
            key=BODY,
            register_code="MC",
            department="integration",
            language="en",
            name=Localized.original("en", "Migrant Council"),
            about=Localized.original("en", "It speaks for all who came to Lindhafen."),
            seat_classes=groups,
            seats_from=date(2027, 1, 1),
        ),
        staff("clerk"),
    )


def rules(key: str = "regions") -> Any:
    """A preset by the first part of its key: ``regions``, ``lists``, ``cumulative``, ``stv``."""
    from elections.rules.presets import PRESETS

    return preset(next(each.key for each in PRESETS if each.key.startswith(key)))


def election_facts(rule_set: Any = None, **changed: Any) -> ElectionFacts:
    """What makes up the test election: the regions' preset, voting in the week before 19 March 2028."""
    rule_set = rule_set or rules()
    holidays = calendar.city_holidays(2027) | calendar.city_holidays(2028)
    timetable = rule_set.timetable(changed.get("election_day", ELECTION_DAY), holidays)
    facts: dict[str, Any] = {
        "code": CODE,
        "body_key": BODY,
        "department": "integration",
        "language": "en",
        "languages": ("en", "de", "ar"),
        "title": Localized.of({"en": "Migrant council 2028", "ar": "مجلس المهاجرين 2028"}, "en"),
        "rule_set": to_plain(rule_set),
        "timetable": timetable,
        "election_day": ELECTION_DAY,
        "voting_opens_at": datetime(2028, 3, 12, 8, tzinfo=UTC),
        "voting_closes_at": datetime(2028, 3, 19, 17, tzinfo=UTC),
        "term_begins_on": date(2028, 5, 1),
        "term_ends_on": date(2033, 4, 30),
    }
    return ElectionFacts(**{**facts, **changed})


def prepare_election(rule_set: Any = None, **changed: Any) -> str:
    """An election that nobody sees yet; returns its code. The council must be founded."""
    return create_election(election_facts(rule_set, **changed), staff("returning_officer"))


def election(code: str = CODE) -> Election:
    """The election as it is now."""
    db.session.expire_all()
    return db.session.scalars(select(Election).where(Election.code == code)).one()


def bring_to(stage: Stage, code: str = CODE) -> None:
    """Put an election at ``stage`` without what lies before: rows of performed acts, as the database demands them."""
    first, second = staff("returning_officer").account_id, staff("election_board").account_id
    minutes: list[audit.Entry] = []
    with write() as session:
        found = session.scalars(select(Election).where(Election.code == code)).one()
        for kind in _way_to(Stage(found.stage), stage):
            if kind is ActKind.CALL:
                found.called_on = clock.today()
            if kind is ActKind.PUBLISH_RESULT:
                found.published_on = clock.today()
            done = Act(
                election_id=found.id,
                kind=kind.value,
                two_persons=kind not in ALONE,
                stage=found.stage,
                facts={},
                reason=Localized(),
                outcome={},
                proposed_by=first,
                proposed_on=clock.today(),
                confirmed_by=None if kind in ALONE else second,
                performed_on=clock.today(),
            )
            session.add(done)
            session.flush()
            minutes.append(
                audit.Entry(
                    events.ACT_PERFORM, events.ACT, done.id, {"act": kind.value, "stage": found.stage}
                )
            )
            found.stage = WAY[Stage(found.stage), kind].value
            session.flush()
        audit.append(session, f"register:{code}", minutes, staff("returning_officer"))


def _way_to(start: Stage, end: Stage) -> list[ActKind]:
    """The shortest way from one stage to another."""
    ways: dict[Stage, list[ActKind]] = {start: []}
    ahead = [start]
    while ahead:
        here = ahead.pop(0)
        for (stage, kind), after in WAY.items():
            if stage is here and after not in ways:
                ways[after] = [*ways[here], kind]
                ahead.append(after)
    return ways[end]


PERSONS = {
    RoleName.RETURNING_OFFICER: ("returning_officer", "other returning_officer"),
    RoleName.ELECTION_BOARD: ("election_board", "other election_board"),
    RoleName.CLERK: ("clerk", "other clerk"),
}


def act(kind: ActKind, code: str = CODE, *, reason: str = "It must be so.", **facts: Any) -> int:
    """Do an act as those would who may: proposed by one, confirmed by another; returns its id."""
    proposing = next(role for role in PERSONS if role in PROPOSES[kind])
    done = acts.propose_act(code, kind, staff(PERSONS[proposing][0]), [proposing], reason=reason, facts=facts)
    if kind not in ALONE:
        confirming = next(role for role in PERSONS if role in CONFIRMS[kind])
        acts.confirm_act(done, staff(PERSONS[confirming][1]), [confirming])
    return done


def on(days: int) -> date:
    """A day so many days from election day."""
    return ELECTION_DAY + timedelta(days)
