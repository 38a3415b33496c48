"""The days of an election, counted from election day, and which of them must come before which.

**Election day** is the last day of voting; everything else lies so many days, or working days, before or after it. A
deadline does not move because it falls on a Sunday: electoral law counts strictly, and so does the letter to voters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.calendar import add_working_days, working_days_before
from core.errors import DomainError, raise_all

FARTHEST = 3660
"""Days that a deadline may lie from election day: ten years."""


class Step(StrEnum):
    """What has a day of its own."""

    NOMINATIONS_OPEN = "nominations_open"
    NOMINATIONS_CLOSE = "nominations_close"
    MENDING_CLOSES = "mending_closes"
    """The last day to mend a nomination's deficiencies."""
    CANDIDATES_PUBLISHED = "candidates_published"
    ROLL_OPENS = "roll_opens"
    """The roll can be inspected from this day."""
    ROLL_APPLICATIONS_CLOSE = "roll_applications_close"
    """The last day to apply for the roll, for people the register misses."""
    ROLL_CLOSES = "roll_closes"
    """The last day of inspection."""
    ROLL_OBJECTIONS_CLOSE = "roll_objections_close"
    VOTING_OPENS = "voting_opens"
    VOTING_CLOSES = "voting_closes"
    """Election day itself, in every timetable."""
    FINDING = "finding"
    """The election board finds the result."""
    RESULT_OBJECTIONS_CLOSE = "result_objections_close"
    ROLL_DELETED = "roll_deleted"


@dataclass(frozen=True, slots=True)
class Deadline:
    """So many days from election day: negative before it, positive after it. ``working``: only working days count."""

    offset: int
    working: bool = False

    def on(self, election_day: date, holidays: Collection[date]) -> date:
        """The day itself. ``holidays`` must reach as far as the offset does."""
        if not self.working:
            return election_day + timedelta(self.offset)
        if self.offset < 0:
            return working_days_before(election_day, -self.offset, holidays)
        return add_working_days(election_day, self.offset, holidays)


def before(days: int, *, working: bool = False) -> Deadline:
    """``days`` before election day."""
    return Deadline(-days, working)


def after(days: int, *, working: bool = False) -> Deadline:
    """``days`` after election day."""
    return Deadline(days, working)


Deadlines = Mapping[Step, Deadline]
Timetable = Mapping[Step, date]

# What must not come after what. True: not on the same day either. It follows the stages (`stages.WAY`): an act of a later
# stage cannot be done before that of an earlier one, so no timetable may promise it.
ORDER: tuple[tuple[Step, Step, bool], ...] = (
    (Step.NOMINATIONS_OPEN, Step.NOMINATIONS_CLOSE, True),
    (Step.NOMINATIONS_CLOSE, Step.MENDING_CLOSES, False),
    (Step.MENDING_CLOSES, Step.CANDIDATES_PUBLISHED, False),
    (Step.CANDIDATES_PUBLISHED, Step.ROLL_OPENS, False),
    (Step.ROLL_OPENS, Step.ROLL_CLOSES, True),
    (Step.ROLL_OPENS, Step.ROLL_APPLICATIONS_CLOSE, False),
    (Step.ROLL_CLOSES, Step.ROLL_OBJECTIONS_CLOSE, False),
    (Step.ROLL_APPLICATIONS_CLOSE, Step.VOTING_OPENS, False),
    (Step.ROLL_OBJECTIONS_CLOSE, Step.VOTING_OPENS, False),
    (Step.VOTING_OPENS, Step.VOTING_CLOSES, False),
    (Step.VOTING_CLOSES, Step.FINDING, False),
    (Step.FINDING, Step.RESULT_OBJECTIONS_CLOSE, True),
    (Step.RESULT_OBJECTIONS_CLOSE, Step.ROLL_DELETED, True),
)

REQUIRED = tuple(step for step in Step if step is not Step.VOTING_CLOSES)
"""Every rule set says when; voting closes on election day in all of them."""


def timetable(deadlines: Deadlines, election_day: date, holidays: Collection[date]) -> Timetable:
    """The day of every step, earliest first; steps of one day in the order of ``Step``."""
    dated = {step: deadline.on(election_day, holidays) for step, deadline in deadlines.items()}
    dated[Step.VOTING_CLOSES] = election_day
    places = {step: place for place, step in enumerate(Step)}
    return dict(sorted(dated.items(), key=lambda item: (item[1], places[item[0]])))


def out_of_order(dated: Timetable) -> Iterator[tuple[Step, Step]]:
    """Each two steps of a timetable whose days contradict each other, the one that must be earlier first."""
    for earlier, later, strictly in ORDER:
        if earlier in dated and later in dated:
            wrong = dated[earlier] >= dated[later] if strictly else dated[earlier] > dated[later]
            if wrong:
                yield earlier, later


def faults(deadlines: Deadlines) -> list[DomainError]:
    """What contradicts itself whatever the day of the election: ``deadline_missing`` (``step``), ``deadline_too_far``
    (``step``, ``limit``), ``deadline_of_election_day``, ``deadlines_out_of_order`` (``earlier``, ``later``)."""
    errors = [DomainError("deadline_missing", step=step) for step in REQUIRED if step not in deadlines]
    far = [step for step, deadline in deadlines.items() if abs(deadline.offset) > FARTHEST]
    errors += [DomainError("deadline_too_far", step=step, limit=FARTHEST) for step in far]
    if Step.VOTING_CLOSES in deadlines:
        errors.append(DomainError("deadline_of_election_day"))
    if not far:
        errors += [
            DomainError("deadlines_out_of_order", earlier=earlier, later=later)
            for earlier, later in _ever_out_of_order(deadlines)
        ]
    return errors


def _ever_out_of_order(deadlines: Deadlines) -> list[tuple[Step, Step]]:
    """Two steps that contradict each other in some week: working days stretch with the day of the week."""
    found: dict[tuple[Step, Step], None] = {}
    others: Deadlines = {step: each for step, each in deadlines.items() if step in REQUIRED}
    for day in range(7):
        found.update(dict.fromkeys(out_of_order(timetable(others, date(2030, 1, 7 + day), ()))))
    return list(found)


def read_timetable(stored: Mapping[str, str]) -> Timetable:
    """The timetable that an election keeps: ISO days by step."""
    return {Step(name): date.fromisoformat(day) for name, day in stored.items()}


def plain_timetable(dated: Timetable) -> dict[str, str]:
    """The form that an election keeps, in the order of ``Step``."""
    return {step.value: dated[step].isoformat() for step in Step if step in dated}


def check_timetable(dated: Timetable) -> None:
    """Whether an election's days are all there and in order.

    Raises, all together, ``deadline_missing`` (``step``) and ``deadlines_out_of_order`` (``earlier``, ``later``).
    """
    errors = [DomainError("deadline_missing", step=step) for step in Step if step not in dated]
    errors += [
        DomainError("deadlines_out_of_order", earlier=earlier, later=later)
        for earlier, later in out_of_order(dated)
    ]
    raise_all(errors)


def is_within(dated: Timetable, first: Step, last: Step, today: date) -> bool:
    """Whether ``today`` lies between two days of the timetable, both included."""
    return dated[first] <= today <= dated[last]
