"""What stations report, what the count makes of it, and whom factions delegate.

Figures of a station, and every count, are for the office alone until the result is published.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model, json_type
from core.localized import Localized


class Station(Model):
    """A place where people vote on paper."""

    __tablename__ = "elections_station"
    __table_args__ = (UniqueConstraint("election_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    key: Mapped[str]
    name: Mapped[Localized] = mapped_column(LocalizedText)
    place: Mapped[str]


class StationEntry(Model):
    """One person's figures of one station. Rows never change: a correction is the same person's next ``attempt``.

    Two persons enter apart, ``person`` 1 and 2; the last attempt of each counts. ``votes`` names candidates by id or
    lists by key; where ballots rank candidates, it names rankings (ids with blanks between). The minutes commit to the
    figures with ``salt``.
    """

    __tablename__ = "elections_station_entry"
    __table_args__ = (
        UniqueConstraint("station_id", "person", "attempt"),
        UniqueConstraint("station_id", "account_id", "attempt"),
        CheckConstraint("person in (1, 2)", name="two_persons"),
        CheckConstraint("attempt >= 1", name="attempt_from_one"),
        CheckConstraint("ballots >= 0 and invalid >= 0 and blank >= 0", name="figures_not_negative"),
        CheckConstraint("invalid + blank <= ballots", name="within_ballots"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("elections_station.id"))
    person: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    attempt: Mapped[int]
    votes: Mapped[dict[str, int]] = mapped_column(json_type)
    ballots: Mapped[int]
    invalid: Mapped[int]
    blank: Mapped[int]
    entered_on: Mapped[date]
    salt: Mapped[bytes]


class StationResult(Model):
    """Which two entries of a station were equal. It goes when one of the two persons corrects, until they are again."""

    __tablename__ = "elections_station_result"
    __table_args__ = (CheckConstraint("first_id <> second_id", name="two_entries"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("elections_station.id"), unique=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("elections_station_entry.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("elections_station_entry.id"))
    reconciled_on: Mapped[date]
    reconciled_by: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    """Whose entry made them equal."""


class TurnoutReport(Model):
    """How many ballots a station had received by the end of a report: a total, never by anything else."""

    __tablename__ = "elections_turnout_report"
    __table_args__ = (
        UniqueConstraint("station_id", "number"),
        CheckConstraint("ballots >= 0", name="ballots_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("elections_station.id"))
    number: Mapped[int]
    reported_on: Mapped[date]
    ballots: Mapped[int]


class Count(Model):
    """One count, kept as it was: what went in by its digest, what came out as JSON.

    ``result`` is ``elections.counting.result.Result.to_plain``. An incomplete count waits for a lot.
    """

    __tablename__ = "elections_count"
    __table_args__ = (UniqueConstraint("election_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("elections_act.id"), unique=True)
    number: Mapped[int]
    input_digest: Mapped[str]
    result: Mapped[dict[str, Any]] = mapped_column(json_type)
    complete: Mapped[bool]
    salt: Mapped[bytes]
    """What the minutes committed to this count with; it is published together with the result."""


class Delegate(Model):
    """Somebody whom a faction of the city council sends, beside those elected: one for each faction."""

    __tablename__ = "elections_delegate"
    __table_args__ = (UniqueConstraint("election_id", "seat_class_key", "organisation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    seat_class_key: Mapped[str]
    organisation: Mapped[str]
    name: Mapped[str]
    named_on: Mapped[date]
