"""What is known of the council, its meetings and its motions, as the objects of OParl are made from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.localized import Localized


@dataclass(frozen=True, slots=True)
class CityFacts:
    """The city, how to reach it, and its councils."""

    name: Localized
    contact: Localized
    website: str
    body_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class CouncilFacts:
    """A council. ``seats`` are the statutory ones of today."""

    id: int
    name: Localized
    seats: int
    created_on: date


@dataclass(frozen=True, slots=True)
class TermFacts:
    """The time that a council sits for."""

    id: int
    body_id: int
    body_name: Localized
    number: int
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Somebody on a seat, now or once. ``person`` is the key of the person; ``group`` that of whom they sit for."""

    member_id: int
    body_id: int
    person: int
    name: str
    office: str | None
    is_deputy: bool
    group: int | None
    since_on: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A faction that delegates members, or an organisation that holds a seat. ``id`` is the first member's who sat for it."""

    id: int
    name: str
    faction: bool
    members: Sequence[int]


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """A part of the city's administration."""

    id: int
    name: Localized


@dataclass(frozen=True, slots=True)
class Printing:
    """What a file is rendered from. ``kind`` is a motion's, or ``minutes``; ``label`` its number."""

    key: str
    kind: str
    label: str
    name: str
    language: str
    title: str
    day: date
    version: int
    text: str
    reasons: str = ""
    costs: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file as it is served. ``source`` is the digest of what it is rendered from, if we render it."""

    key: str
    title: str
    name: str
    media_type: str
    size: int
    sha512: str
    day: date
    source: str | None = None


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """A vote that counts: figures, outcome and reasons; ``by_name`` are persons' keys with their choices."""

    about: str
    way: str
    day: date
    seats: int
    quorum: int
    present: int
    voting: int
    yes: int
    no: int
    abstain: int
    invalid: int
    adopted: bool
    reasons: Sequence[Mapping[str, Any]]
    by_name: Sequence[tuple[int, str]]
    text_digest: str | None
    correction: bool


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item of an agenda. ``motion_id`` is that of a motion that everybody may read."""

    id: int
    kind: str
    title: Localized
    public: bool
    motion_id: int | None
    motion_number: str | None
    votes: Sequence[VoteFacts]
    resolution: str | None
    """The words that were adopted in it, Markdown."""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting. ``agenda`` is empty before the invitation, ``present`` are persons' keys."""

    id: int
    body_id: int
    body_name: Localized
    number: int
    state: str
    starts_at: datetime
    ends_at: datetime | None
    place: Localized
    note: Localized
    agenda: Sequence[ItemFacts]
    present: Sequence[int]
    minutes: FileFacts | None


@dataclass(frozen=True, slots=True)
class TreatedFacts:
    """A motion on an agenda that is public: what a consultation is made of."""

    item_id: int
    meeting_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """What somebody owes or owed a motion, by when."""

    step: str
    number: str
    department_id: int
    opened_on: date
    due_on: date
    extended_from: date | None
    met_on: date | None


@dataclass(frozen=True, slots=True)
class AmendmentFacts:
    """A change of one paragraph. ``person`` is the proposer's key, none of a recommendation by the office."""

    id: int
    number: int
    kind: str
    person: int | None
    paragraph: int
    change: str
    text: Localized
    reason: Localized
    day: date
    state: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """What the city said to a motion, and the document in which it did. ``id`` is the event's.

    ``facts`` are those that count: of what was entered wrongly, those that set it right on ``corrected_on``.
    """

    id: int
    day: date
    position: str | None
    reason: Localized
    facts: Mapping[str, Any]
    corrected_on: date | None
    file: FileFacts | None


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """One thing that the city does."""

    number: int
    title: Localized
    department_id: int
    due_on: date
    cents: int | None
    state: str
    updated_on: date


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What the city decided, on which day, with what was recorded of it, as for ``PositionFacts``."""

    decision: str
    day: date
    reason: Localized
    facts: Mapping[str, Any]
    corrected_on: date | None


@dataclass(frozen=True, slots=True)
class TextFacts:
    """The words that everybody may read, in the motion's language and in translations."""

    title: Localized
    text: Localized
    reasons: Localized
    costs: Localized
    digest: str


@dataclass(frozen=True, slots=True)
class MotionFacts:
    """A motion that was handed in, with all that is public about it."""

    id: int
    body_id: int
    number: str
    web: str
    """Its page."""
    kind: str
    topic: str
    stage: str
    stage_since: date
    language: str
    submitted_on: date
    returns_on: date | None
    closed_on: date | None
    originators: Sequence[int]
    """Persons' keys, the author's first."""
    department_id: int | None
    text: TextFacts | None
    files: Sequence[FileFacts]
    """Renderings of every public version of the words, the newest first."""
    documents: Sequence[FileFacts]
    treated: Sequence[TreatedFacts]
    deadlines: Sequence[DeadlineFacts]
    amendments: Sequence[AmendmentFacts]
    positions: Sequence[PositionFacts]
    decisions: Sequence[DecisionFacts]
    measures: Sequence[MeasureFacts]
    related: Sequence[int]
    """Motions that it follows up, or that follow it up; all public."""
