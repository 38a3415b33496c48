"""What is known of one person while their eligibility is evaluated, and the days that count."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import NoReturn


class Citizenship(StrEnum):
    """Groups that rules name. A person may belong to several, or to none."""

    FOREIGN = "foreign"
    """Another nationality than the country's own, and only that."""
    DUAL = "dual"
    NATURALISED = "naturalised"
    BORN_CITIZEN = "born_citizen"
    """Citizen by birth in the country, to foreign parents."""
    RESETTLER = "resettler"
    """Late resettlers and their families."""
    STATELESS = "stateless"


class Exclusion(StrEnum):
    """Groups that rules leave out."""

    ASYLUM_PROCEDURE = "asylum_procedure"
    """Asylum seekers whose procedure still runs."""
    FOREIGN_MISSION = "foreign_mission"
    """Staff of embassies, consulates and foreign forces, and their families."""
    RIGHT_LOST = "right_lost"
    """A court took away the right to vote or to stand."""


class Reference(StrEnum):
    """The days on which criteria are looked at."""

    ELECTION_DAY = "election_day"
    """The last day of voting."""
    VOTING_OPENS = "voting_opens"
    NOMINATIONS_CLOSE = "nominations_close"


class Purpose(StrEnum):
    """What somebody is eligible for."""

    VOTE = "vote"
    STAND = "stand"


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """One person, for the length of one evaluation; None is "not known".

    **Nothing of this may ever be stored, logged, queued or exported.** It holds what could hurt people: dates of birth,
    nationality, status. An importer keeps the verdict, the method and the day; the self-check keeps nothing. So that no
    log or error page shows it by accident, the representation holds no value, and facts cannot be pickled.
    """

    born_on: date | None = None
    lives_here: bool | None = None
    """Whether the main residence is in the city; ``resident_since`` alone says yes."""
    resident_since: date | None = None
    citizenship: frozenset[Citizenship] | None = None
    """Every group the person is known to belong to; empty means: to none of them."""
    citizenship_possible: frozenset[Citizenship] = frozenset()
    """Groups that the source cannot rule out: a register often does not say who was naturalised."""
    stays_lawfully: bool | None = None
    lawful_since: date | None = None
    exclusions: frozenset[Exclusion] | None = None
    supporters: int | None = None
    born_abroad: bool | None = None
    on_another_list: bool | None = None

    def __repr__(self) -> str:
        return "Facts(withheld)"

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("facts about a person are never stored")


QUESTIONS = frozenset(field.name for field in fields(Facts))
"""The names of all facts: what a criterion may ask for."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one election that eligibility turns on, and today, which decides what can still be done."""

    election_day: date
    today: date
    purpose: Purpose = Purpose.VOTE
    voting_opens: date | None = None
    nominations_close: date | None = None
    apply_until: date | None = None
    """The last day to apply for the roll, or with a nomination, and to show a document for it."""
    object_until: date | None = None
    """The last day to object to a refusal, where it is one day for everybody."""
    object_within: int | None = None
    """Days to object in, counted from the refusal."""

    def on(self, reference: Reference) -> date | None:
        """The day that ``reference`` names; None while it is not set."""
        if reference is Reference.ELECTION_DAY:
            return self.election_day
        return self.voting_opens if reference is Reference.VOTING_OPENS else self.nominations_close

    def ahead(self, day: date | None) -> bool:
        """Whether something can still be done until ``day``."""
        return day is not None and self.today <= day
