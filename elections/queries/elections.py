"""Elections that were called, as their public pages and files show them. A prepared election is not found here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from core import clock, settings
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from council.models import Body
from elections.models.elections import Act, Election
from elections.models.urn import Urn
from elections.rules import public_way
from elections.rules.deadlines import Step, Timetable, read_timetable
from elections.rules.elections import CODE
from elections.rules.plain_rule_sets import from_plain
from elections.rules.public_way import Door, NextDay, Passed, Period
from elections.rules.rule_sets import RuleSet
from elections.rules.stages import ActKind, Stage
from elections.rules.urn import UrnState


@dataclass(frozen=True, slots=True)
class ElectionLine:
    """A called election and where it stands ``today``. ``timetable`` has the earliest day first."""

    id: int
    code: str
    language: str
    languages: tuple[str, ...]
    title: Localized
    summary: Localized
    how_to_vote: Localized
    body_key: str
    body: Localized
    stage: Stage
    timetable: Timetable
    rule_set: Mapping[str, Any]
    called_on: date
    published_on: date | None
    opens_at: datetime
    closes_at: datetime
    """In the city's time zone, as ``opens_at``."""
    term_begins_on: date
    term_ends_on: date
    online: str
    """The state of its urn once the board of encrypted ballots has begun (``UrnState``), else empty."""
    today: date

    @property
    def votes_online(self) -> bool:
        """Whether ballots are taken in the booth."""
        return self.online == UrnState.OPEN

    @property
    def rules(self) -> RuleSet:
        """The election's own copy of its rule set."""
        return from_plain(self.rule_set)

    @property
    def days(self) -> Timetable:
        """The timetable as it is kept: voting that was extended closes later than on election day."""
        kept = {**self.timetable, Step.VOTING_CLOSES: self.closes_at.date()}
        return dict(sorted(kept.items(), key=lambda item: item[1]))

    @property
    def period(self) -> Period:
        return public_way.period(self.stage, self.timetable, self.today)

    @property
    def milestones(self) -> list[Passed]:
        return public_way.milestones(
            self.stage,
            self.timetable,
            called_on=self.called_on,
            closes_on=self.closes_at.date(),
            published_on=self.published_on,
            today=self.today,
        )

    @property
    def next_day(self) -> NextDay | None:
        return public_way.next_day(self.stage, self.days, self.today)

    @property
    def doors(self) -> list[tuple[Door, date]]:
        return public_way.open_doors(self.stage, self.timetable, self.closes_at.date(), self.today)

    @property
    def shows_candidates(self) -> bool:
        return public_way.shows_candidates(self.stage)

    @property
    def shows_roll(self) -> bool:
        return public_way.shows_roll(self.stage)

    @property
    def shows_turnout(self) -> bool:
        return public_way.shows_turnout(self.stage)

    @property
    def shows_result(self) -> bool:
        return public_way.shows_result(self.stage)

    def days_to(self, day: date) -> int:
        """Days after today; negative once ``day`` has passed."""
        return (day - self.today).days


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """One act that was performed, or proposed and taken back: when, in which stage, by how many persons, and why.

    ``commitment`` is what a count, or what was done with it, is committed to with; empty for other acts.
    """

    kind: ActKind
    stage: Stage
    day: date
    performed: bool
    persons: int
    reason: Localized
    commitment: str


def list_elections() -> list[ElectionLine]:
    """Every called election, newest first."""
    return [_line(*row) for row in db.session.execute(_CALLED)]


def find_election(code: str) -> ElectionLine:
    """The called election ``code``. Raises NotFound, also for one that is only prepared."""
    # The pattern keeps from the database what no code can be, such as a NUL, which PostgreSQL refuses loudly.
    row = None
    if CODE.fullmatch(code):
        row = db.session.execute(_CALLED.where(Election.code == code)).one_or_none()
    if row is None:
        raise NotFound("election", code[:40])
    return _line(*row)


def minutes_of(line: ElectionLine) -> list[MinutesLine]:
    """What was done in an election, in order. What still waits for a second person is not done, and not public."""
    acts = db.session.scalars(select(Act).where(Act.election_id == line.id).order_by(Act.id))
    return [
        MinutesLine(
            kind=ActKind(act.kind),
            stage=Stage(act.stage),
            day=day,
            performed=act.performed_on is not None,
            persons=2 if act.two_persons and act.performed_on else 1,
            reason=act.reason,
            commitment=str((act.outcome or {}).get("commitment", "")),
        )
        for act in acts
        if (day := act.performed_on or act.withdrawn_on) is not None
    ]


def _line(election: Election, body: Body, online: str | None) -> ElectionLine:
    assert election.called_on is not None
    zone = ZoneInfo(settings.current().time_zone)
    days = read_timetable(election.timetable)
    return ElectionLine(
        id=election.id,
        code=election.code,
        language=election.language,
        languages=tuple(election.languages),
        title=election.title,
        summary=election.summary,
        how_to_vote=election.how_to_vote,
        body_key=body.key,
        body=body.name,
        stage=Stage(election.stage),
        timetable=dict(sorted(days.items(), key=lambda item: item[1])),
        rule_set=election.rule_set,
        called_on=election.called_on,
        published_on=election.published_on if public_way.shows_result(Stage(election.stage)) else None,
        opens_at=election.voting_opens_at.astimezone(zone),
        closes_at=election.voting_closes_at.astimezone(zone),
        term_begins_on=election.term_begins_on,
        term_ends_on=election.term_ends_on,
        online=online or "",
        today=clock.today(),
    )


_CALLED = (
    select(Election, Body, Urn.state)
    .join(Body, Body.id == Election.body_id)
    .outerjoin(Urn, and_(Urn.election_id == Election.id, Urn.head.is_not(None)))
    .where(Election.called_on.is_not(None))
    .order_by(Election.called_on.desc(), Election.code)
)
