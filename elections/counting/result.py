"""What a count found: seats with their reasons, vacancies, ties, successors, and the stages of a transferable vote.

Nothing in it is prose, and nothing depends on the order of what came in: ``to_json`` gives the same bytes for the same
facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from elections.counting.lots import DecidedBy

Plain = str | int | list[str]
"""What a reason's parameter can be. Fractions are written ``"a/b"``, votes of a transferable vote ``"242.42000"``."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a code and its parameters, which name people, lists and groups by their ids."""

    code: str
    parameters: Mapping[str, Plain] = field(default_factory=dict)

    def to_plain(self) -> dict[str, object]:
        return {"code": self.code, "parameters": dict(self.parameters)}


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat. ``where`` is the group or list it belongs to, ``""`` if to the whole.

    ``holder`` is the elected candidate's id, ``""`` while nobody holds it: the last reason says whether it stays vacant
    or waits for a lot.
    """

    number: int
    where: str
    holder: str
    reasons: tuple[Reason, ...]

    @property
    def undecided(self) -> bool:
        """Whether a lot has to be drawn before somebody holds this seat."""
        return not self.holder and bool(self.reasons) and self.reasons[-1].code == "seat_undecided"

    @property
    def vacant(self) -> bool:
        """Whether nobody can hold this seat."""
        return not self.holder and not self.undecided


@dataclass(frozen=True, slots=True)
class Tie:
    """Equals, of whom ``seats`` can be chosen. ``key`` is what ``Lots.drawn`` calls it.

    ``kind`` is ``candidates`` or ``lists`` (who gets a seat), ``surplus`` or ``exclusion`` (who is first in a
    transferable vote). ``order`` is the lot's order, ``()`` while it is undecided.
    """

    key: str
    kind: str
    where: str
    names: tuple[str, ...]
    seats: int
    order: tuple[str, ...] = ()
    decided_by: DecidedBy = DecidedBy.NOTHING

    @property
    def undecided(self) -> bool:
        return not self.order


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a transferable vote. All votes are whole numbers of a hundred-thousandth vote.

    ``kind`` is ``first``, ``surplus``, ``exclusion`` or ``last``; ``subject`` whose papers were moved. ``votes`` is what
    each candidate has at its end, ``transfers`` what the stage changed. What no paper carries on is
    ``non_transferable``, what cutting off after five places loses is ``lost``: both grow from stage to stage, and with
    ``votes`` they always add up to all valid papers.
    """

    number: int
    kind: str
    subject: str
    votes: Mapping[str, int]
    transfers: Mapping[str, int]
    non_transferable: int
    lost: int
    elected: tuple[str, ...]
    excluded: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one count.

    ``shares`` is how many seats each list won (also those it cannot fill), ``successors`` the order in which others
    follow, per group or list (``""``: over all): ranks, in which equals stand side by side until a vacancy makes a lot
    necessary. ``notes`` are reasons that belong to no seat: a barrier missed, a minimum not met, who was passed over.
    """

    method: str
    seats: tuple[Seat, ...]
    votes: Mapping[str, int]
    valid: int = 0
    invalid: int = 0
    blank: int = 0
    shares: Mapping[str, int] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    successors: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    notes: tuple[Reason, ...] = ()
    quota: int = 0
    stages: tuple[Stage, ...] = ()

    @property
    def elected(self) -> tuple[str, ...]:
        """The ids of all who hold a seat, in the order of the seats."""
        return tuple(seat.holder for seat in self.seats if seat.holder)

    @property
    def vacant(self) -> tuple[Seat, ...]:
        """Seats that nobody can hold."""
        return tuple(seat for seat in self.seats if seat.vacant)

    @property
    def undecided(self) -> tuple[Tie, ...]:
        """Ties that wait for a lot."""
        return tuple(tie for tie in self.ties if tie.undecided)

    @property
    def complete(self) -> bool:
        """Whether the count has come to its end; otherwise it waits for a lot."""
        return not self.undecided

    def to_plain(self) -> dict[str, object]:
        """This result as JSON values; ``from_plain`` is its inverse."""
        return {
            "method": self.method,
            "complete": self.complete,
            "elected": list(self.elected),
            "seats": [_seat_to_plain(seat) for seat in self.seats],
            "votes": dict(self.votes),
            "valid": self.valid,
            "invalid": self.invalid,
            "blank": self.blank,
            "shares": dict(self.shares),
            "ties": [_tie_to_plain(tie) for tie in self.ties],
            "successors": {key: [list(rank) for rank in ranks] for key, ranks in self.successors.items()},
            "notes": [note.to_plain() for note in self.notes],
            "quota": self.quota,
            "stages": [_stage_to_plain(stage) for stage in self.stages],
        }

    def to_json(self) -> str:
        """Canonical JSON: keys sorted, no spaces, every script as it is."""
        return json.dumps(self.to_plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> Result:
        """Read back what ``to_plain`` wrote."""
        return _from_plain(plain)

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Read back what ``to_json`` wrote."""
        return _from_plain(json.loads(text))


def _seat_to_plain(seat: Seat) -> dict[str, object]:
    return {
        "number": seat.number,
        "where": seat.where,
        "holder": seat.holder,
        "reasons": [reason.to_plain() for reason in seat.reasons],
    }


def _tie_to_plain(tie: Tie) -> dict[str, object]:
    return {
        "key": tie.key,
        "kind": tie.kind,
        "where": tie.where,
        "names": list(tie.names),
        "seats": tie.seats,
        "order": list(tie.order),
        "decided_by": tie.decided_by.value,
    }


def _stage_to_plain(stage: Stage) -> dict[str, object]:
    return {
        "number": stage.number,
        "kind": stage.kind,
        "subject": stage.subject,
        "votes": dict(stage.votes),
        "transfers": dict(stage.transfers),
        "non_transferable": stage.non_transferable,
        "lost": stage.lost,
        "elected": list(stage.elected),
        "excluded": stage.excluded,
        "reasons": [reason.to_plain() for reason in stage.reasons],
    }


def _reasons(plain: Iterable[Mapping[str, object]]) -> tuple[Reason, ...]:
    return tuple(Reason(str(each["code"]), dict(each["parameters"])) for each in plain)  # type: ignore[call-overload]


def _from_plain(plain: Mapping[str, object]) -> Result:
    facts: dict = dict(plain)  # type: ignore[type-arg]
    return Result(
        method=facts["method"],
        seats=tuple(
            Seat(seat["number"], seat["where"], seat["holder"], _reasons(seat["reasons"]))
            for seat in facts["seats"]
        ),
        votes=facts["votes"],
        valid=facts["valid"],
        invalid=facts["invalid"],
        blank=facts["blank"],
        shares=facts["shares"],
        ties=tuple(
            Tie(
                **{
                    **tie,
                    "names": tuple(tie["names"]),
                    "order": tuple(tie["order"]),
                    "decided_by": DecidedBy(tie["decided_by"]),
                }
            )
            for tie in facts["ties"]
        ),
        successors={key: tuple(tuple(rank) for rank in ranks) for key, ranks in facts["successors"].items()},
        notes=_reasons(facts["notes"]),
        quota=facts["quota"],
        stages=tuple(
            Stage(**{**stage, "elected": tuple(stage["elected"]), "reasons": _reasons(stage["reasons"])})
            for stage in facts["stages"]
        ),
    )
