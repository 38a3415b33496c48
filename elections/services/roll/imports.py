"""Importing the roll from the city's register: every row evaluated, named by a number drawn by chance, and sealed.

What a row says about birth, citizenship or stay lives in memory until its verdict is there. The roll keeps verdict,
method and day. All of a file comes in, or nothing.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import audit, clock, settings
from core.db import db, insert_rows, write
from core.errors import DomainError, NotFound, raise_all
from core.spreadsheets import Row, rows
from elections import events
from elections.eligibility.checklists import Verdict
from elections.eligibility.criteria import Criterion, verdict_of
from elections.eligibility.facts import Days, Purpose
from elections.models.elections import Election
from elections.models.roll import Roll, RollEntry
from elections.rules import roll as rules
from elections.rules.deadlines import read_timetable
from elections.rules.plain_rule_sets import from_plain
from elections.rules.roll_maps import Read, Reader, RollMap
from elections.rules.stages import Stage
from elections.services.elections import lock_election
from elections.services.roll.seals import Person, Seals

FAULT_LIMIT = 100
BATCH = 5000

Progress = Callable[[int, int], None]
"""Rows read so far, and how many there are about (0: not known)."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that is about somebody who was there already. ``first_row`` is 0 for somebody on the roll."""

    row: int
    first_row: int
    by: str
    """``register_id`` or ``person`` (name and address)."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do: nothing about any one person."""

    rows: int
    met: int
    not_met: int
    unknown: int
    duplicates: tuple[Duplicate, ...]
    dry_run: bool

    @property
    def imported(self) -> int:
        """How many people are on the roll by it."""
        return self.met + self.not_met + self.unknown


Ready = tuple[bytes, bytes | None, bytes, str]
"""One person, evaluated: sealed data, digests of register number and person, verdict. Plain tuples, for 75,000 of them."""


def import_roll(
    code: str,
    source: bytes | Path,
    name: str,
    mapping: RollMap,
    actor: audit.Actor,
    *,
    dry_run: bool = False,
    skip_duplicates: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import everybody in the CSV or XLSX file ``source``, whose file name is ``name``; report counts.

    ``skip_duplicates`` leaves out who was there already, instead of refusing the file. ``replace`` begins the roll
    anew. ``dry_run`` checks everything and writes nothing. Raises NotFound, Conflict ``roll_import_over``, or, all
    together, what is wrong with the file: what ``core.spreadsheets.rows`` and ``roll_maps.Reader`` say with row and
    column, and ``roll_duplicate`` (``row``, ``first_row``, ``by``) or ``roll_duplicate_on_roll`` (``row``, ``by``).
    """
    election = _election(code)
    rules.check_import(Stage(election.stage))
    seals = Seals(code)
    known = _known(db.session(), election.id) if not replace else {}
    ready, duplicates, count = _read_all(election, source, name, mapping, seals, known, progress)
    if duplicates and not (skip_duplicates or dry_run):
        raise_all([_fault(each) for each in duplicates[:FAULT_LIMIT]])
    counts = Counter(verdict for _sealed, _register, _person, verdict in ready)
    report = ImportReport(
        count, counts["met"], counts["not_met"], counts["unknown"], tuple(duplicates), dry_run
    )
    if dry_run:
        return report
    secrets.SystemRandom().shuffle(ready)  # a register is in the order of the alphabet; the roll must not be
    with write() as session:
        election, register = lock_election(session, code)
        rules.check_import(Stage(election.stage))
        roll = _roll(session, election, replace=replace)
        first = session.scalar(
            select(func.coalesce(func.max(RollEntry.number), 0)).where(RollEntry.election_id == election.id)
        )
        if not replace and _known(session, election.id).keys() != known.keys():
            raise DomainError("roll_changed_meanwhile")
        _insert(session, election.id, int(first or 0), ready)
        facts = {"rows": report.rows, "met": report.met, "not_met": report.not_met, "unknown": report.unknown}
        facts |= {"left_out": len(duplicates), "anew": replace}
        audit.append(
            session, register.chain, [audit.Entry(events.ROLL_IMPORT, events.ROLL, roll.id, facts)], actor
        )
    return report


def _election(code: str) -> Election:
    found = db.session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None:
        raise NotFound("election", code)
    return found


def _known(session: Session, election_id: int) -> dict[bytes, int]:
    """The digests of everybody who is on the roll."""
    known: dict[bytes, int] = {}
    query = select(RollEntry.register_digest, RollEntry.person_digest).where(
        RollEntry.election_id == election_id, RollEntry.struck_on.is_(None)
    )
    for register_digest, person_digest in session.execute(query):
        known[person_digest] = 0
        if register_digest is not None:
            known[register_digest] = 0
    return known


def _read_all(
    election: Election,
    source: bytes | Path,
    name: str,
    mapping: RollMap,
    seals: Seals,
    known: Mapping[bytes, int],
    progress: Progress | None,
) -> tuple[list[Ready], list[Duplicate], int]:
    languages = (election.language, *(set(election.languages) & set(settings.current().languages)))
    reader = Reader(mapping, languages, FAULT_LIMIT)
    seen = _Seen(known)
    criterion, days = _criteria(election)
    ready, duplicates, count = [], [], 0
    for row in _rows(source, name, mapping, reader):
        count += 1
        if progress is not None and count % BATCH == 0:
            progress(count, 0)
        read = reader.read(row)
        if reader.errors:
            continue  # nothing will be imported; go on to name what else is wrong
        one = _ready(read, criterion, days, seals)
        earlier = seen.earlier(read.row, one[1], one[2], read.facts.born_on)
        if earlier is not None:
            duplicates.append(earlier)
        else:
            ready.append(one)
    raise_all(reader.errors)
    if progress is not None:
        progress(count, count)
    return ready, duplicates, count


def _rows(source: bytes | Path, name: str, mapping: RollMap, reader: Reader) -> Iterator[Row]:
    """The rows of the file; what is wrong with its form is named together with what is wrong in its cells."""
    try:
        yield from rows(source, name, wanted=mapping.wanted, encoding=mapping.encoding)
    except DomainError as error:
        raise_all([*error.all(), *reader.errors][:FAULT_LIMIT])


def _criteria(election: Election) -> tuple[Criterion, Days]:
    rule_set = from_plain(election.rule_set)
    return rule_set.to_vote, rule_set.days(Purpose.VOTE, read_timetable(election.timetable), clock.today())


def _ready(read: Read, criterion: Criterion, days: Days, seals: Seals) -> Ready:
    person = Person(read.name, read.street, read.postcode, read.city, read.language)
    return (
        seals.seal(person),
        seals.register_digest(read.register_id) if read.register_id else None,
        seals.person_digest(read.name, read.street, read.postcode),
        verdict_of(criterion, read.facts, days).value,
    )


class _Seen:
    """Who was there already. Two of one name at one address are two people if they were born on different days."""

    def __init__(self, known: Mapping[bytes, int]) -> None:
        self._rows: dict[bytes, int] = dict(known)
        self._born: dict[bytes, set[date | None]] = {}

    def earlier(
        self, row: int, register: bytes | None, person: bytes, born_on: date | None
    ) -> Duplicate | None:
        """The duplicate that a row is, if it is one; else it is remembered."""
        if register is not None and register in self._rows:
            return Duplicate(row, self._rows[register], "register_id")
        if person in self._rows and not self._is_another(person, born_on):
            return Duplicate(row, self._rows[person], "person")
        self._rows.setdefault(person, row)
        self._born.setdefault(person, set()).add(born_on)
        if register is not None:
            self._rows[register] = row
        return None

    def _is_another(self, digest: bytes, born_on: date | None) -> bool:
        born = self._born.get(digest)
        return born is not None and born_on is not None and None not in born and born_on not in born


def _fault(duplicate: Duplicate) -> DomainError:
    if not duplicate.first_row:
        return DomainError("roll_duplicate_on_roll", row=duplicate.row, by=duplicate.by)
    return DomainError("roll_duplicate", row=duplicate.row, first_row=duplicate.first_row, by=duplicate.by)


def _roll(session: Session, election: Election, *, replace: bool) -> Roll:
    roll = session.scalars(select(Roll).where(Roll.election_id == election.id)).one_or_none()
    if roll is None:
        roll = Roll(election_id=election.id, imported_on=clock.today())
        session.add(roll)
    roll.imported_on = clock.today()
    session.flush()
    if replace:
        session.execute(delete(RollEntry).where(RollEntry.election_id == election.id))
    return roll


def _insert(session: Session, election_id: int, last: int, ready: list[Ready]) -> None:
    """Write everybody, numbered on from ``last``, in batches."""
    today = clock.today()
    for start in range(0, len(ready), BATCH):
        batch: list[dict[str, Any]] = [
            {
                "election_id": election_id,
                "number": last + place,
                "sealed": sealed,
                "register_digest": register,
                "person_digest": person,
                "verdict": verdict,
                "method": "register",
                "checked_on": today,
            }
            for place, (sealed, register, person, verdict) in enumerate(
                ready[start : start + BATCH], start=start + 1
            )
        ]
        insert_rows(session, RollEntry, batch)


VERDICTS = tuple(verdict.value for verdict in Verdict)
"""In the order in which counts are shown."""
