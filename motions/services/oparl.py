"""Publishing as OParl: what is known is made into objects, and each that differs from what readers saw gets a new time.

Objects of one scope (the council, a meeting, a motion) are made and compared together, in one transaction that nobody
else publishes in; so a moment that readers have seen is never followed by an earlier one (docs/adr/0031).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from core import clock, outbox
from core.db import db, write
from core.errors import DomainError
from motions import events
from motions.models.meetings import AgendaItem, Meeting
from motions.models.motions import Motion, MotionEvent
from motions.models.oparl import PublishedObject
from motions.oparl.facts import FileFacts, Printing
from motions.oparl.objects import city, meetings, papers
from motions.oparl.objects.made import Held, Made, digest, dump, left_over, whole
from motions.queries import oparl as known

COUNCIL = "council"
BATCH = 50
TRIES = 5
MEDIA_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class Printer:
    """What renders the files that are ours. ``source`` is the digest of all that decides about the bytes."""

    source: Callable[[Printing], str]
    render: Callable[[Printing], bytes]


@dataclass(slots=True)
class Wanted:
    """What may have changed: ids. ``items`` are agenda items, ``documents`` stored files."""

    council: bool = False
    motions: set[int] = field(default_factory=set)
    meetings: set[int] = field(default_factory=set)
    items: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.council or self.motions or self.meetings or self.items or self.documents)


class _NotPrinted(Exception):
    """The words changed between printing and publishing, or a motion turned out to be concerned only then."""

    def __init__(self, motion_id: int | None) -> None:
        super().__init__()
        self.motion_id = motion_id


@dataclass(frozen=True, slots=True)
class _Print:
    size: int
    sha512: str


_Prints = dict[tuple[str, str], "_Print | None"]
"""By key and source; None for words that no font has."""


def publish(wanted: Wanted, printer: Printer) -> None:
    """Bring everything up to date that depends on what is ``wanted``. Safe to run twice."""
    prints: _Prints = {}
    late: set[int] = set()
    for _turn in range(TRIES):
        session: Session = db.session()
        expanded = _expanded(session, wanted)
        expanded.motions |= late
        for printing in _unprinted(session, expanded, printer, prints):
            prints[printing.key, printer.source(printing)] = _printed(printing, printer)
        try:
            with write() as session:
                _alone(session)
                _Publisher(session, printer, prints).run(_expanded(session, wanted))
            return
        except _NotPrinted as concerned:
            if concerned.motion_id is not None:
                late.add(concerned.motion_id)
    raise RuntimeError("what is published changes all the time")


def publish_all(printer: Printer) -> None:
    """Everything, piece by piece: what no service told of, and what only a day changes."""
    publish(Wanted(council=True), printer)
    for model in (Motion, Meeting):
        last = 0
        while True:
            ids = db.session.scalars(
                select(model.id).where(model.id > last).order_by(model.id).limit(BATCH)
            ).all()
            if not ids:
                break
            last = ids[-1]
            found = set(ids)
            publish(Wanted(motions=found) if model is Motion else Wanted(meetings=found), printer)
            outbox.still_running()


def _alone(session: Session) -> None:
    """Nobody else publishes until this transaction ends; whoever reads is not held up."""
    if session.get_bind().dialect.name != "sqlite":  # there the write lock is ours already
        session.execute(text("LOCK TABLE motions_oparl_object IN SHARE ROW EXCLUSIVE MODE"))


def _expanded(session: Session, wanted: Wanted) -> Wanted:
    """With what stands in connection: an agenda with its motions, a motion with its agendas and follow-ups."""
    motions, meetings_ = set(wanted.motions), set(wanted.meetings)
    if wanted.documents:
        motions |= set(
            session.scalars(
                select(MotionEvent.motion_id).where(MotionEvent.document_id.in_(wanted.documents))
            )
        )
    if wanted.items:
        meetings_ |= set(
            session.scalars(select(AgendaItem.meeting_id).where(AgendaItem.id.in_(wanted.items)))
        )
    placed = session.execute(
        select(AgendaItem.meeting_id, AgendaItem.motion_id).where(
            AgendaItem.motion_id.is_not(None),
            or_(AgendaItem.meeting_id.in_(meetings_), AgendaItem.motion_id.in_(motions)),
        )
    ).all()
    followed = session.execute(
        select(Motion.id, Motion.follows_id).where(
            Motion.follows_id.is_not(None), or_(Motion.id.in_(motions), Motion.follows_id.in_(motions))
        )
    ).all()
    found = Wanted(wanted.council, set(motions), set(meetings_))
    for meeting_id, motion_id in placed:
        if meeting_id in meetings_ and motion_id is not None:
            found.motions.add(motion_id)
        if motion_id in motions:
            found.meetings.add(meeting_id)
    for motion_id, follows_id in followed:
        found.motions |= {motion_id, follows_id or motion_id}
    return found


def _printings(session: Session, wanted: Wanted) -> Iterable[Printing]:
    for motion in session.scalars(
        select(Motion).where(Motion.id.in_(wanted.motions), Motion.number.is_not(None))
    ):
        yield from known.text_printings(session, motion, known.number_of(session, motion))
    for meeting_id in wanted.meetings:
        printing = known.minutes_printing(session, meeting_id)
        if printing is not None:
            yield printing


def _unprinted(session: Session, wanted: Wanted, printer: Printer, prints: _Prints) -> list[Printing]:
    """What must be rendered, since nothing is known of it yet."""
    return [
        printing
        for printing in _printings(session, wanted)
        if (printing.key, printer.source(printing)) not in prints
        and _kept_source(session, printing.key) != printer.source(printing)
    ]


def _kept_source(session: Session, key: str) -> str | None:
    return session.scalars(
        select(PublishedObject.source).where(
            PublishedObject.type == "File", PublishedObject.key == key, PublishedObject.deleted.is_(False)
        )
    ).one_or_none()


def _printed(printing: Printing, printer: Printer) -> _Print | None:
    try:
        content = printer.render(printing)
    except DomainError:  # a script that no font has: the words stand in the paper, without a file
        return None
    return _Print(len(content), hashlib.sha512(content).hexdigest())


class _Publisher:
    """One turn of publishing, inside its transaction."""

    def __init__(self, session: Session, printer: Printer, prints: _Prints) -> None:
        self.session, self.printer, self.prints = session, printer, prints
        last = session.scalar(select(func.max(PublishedObject.modified)))
        self.last = max(clock.now() - timedelta(microseconds=1), last) if last else clock.now()
        self.wholes: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.touched_items: set[int] = set()
        self.lost_persons = False

    def run(self, wanted: Wanted) -> None:
        """The council first, since all else refers to it; then agendas, then the motions on them."""
        if wanted.council or self.session.scalar(select(PublishedObject.id).limit(1)) is None:
            self._keep(COUNCIL, self._council())
        for meeting_id in sorted(wanted.meetings):
            self._meeting(meeting_id)
        motions = wanted.motions | self._motions_of_touched()
        for motion_id in sorted(motions):
            self._motion(motion_id)
        if (
            self.lost_persons
        ):  # two seats turned out to be one person's: papers and votes name another one now
            outbox.enqueue(
                self.session, "motions.oparl_all", {}, unique=f"motions.oparl_all:{self.last.isoformat()}"
            )

    def _council(self) -> list[Made]:
        session = self.session
        facts, terms = known.city(session), known.terms(session)
        seats, groups = known.seats(session)
        made = [city.term(each) for each in terms]
        made += [city.department(each) for each in known.departments(session)]
        made += [city.group(each) for each in groups]
        made += [
            city.council(each, [seat.member_id for seat in seats if seat.body_id == each.id])
            for each in known.councils(session)
        ]
        made += city.people(seats)
        return [*made, city.body(facts, terms), city.system(facts)]

    def _meeting(self, meeting_id: int) -> None:
        minutes = known.minutes_printing(self.session, meeting_id)
        files = self._files([minutes] if minutes else [])
        facts = known.meeting(self.session, meeting_id, files)
        self._keep(f"meeting-{meeting_id}", list(meetings.meeting(facts)) if facts else [])

    def _motion(self, motion_id: int) -> None:
        motion = self.session.get(Motion, motion_id)
        if motion is None or motion.number is None:
            return
        number = known.number_of(self.session, motion)
        files = self._files(known.text_printings(self.session, motion, number), motion_id)
        self._keep(f"motion-{motion_id}", list(papers.motion(known.motion(self.session, motion, files))))

    def _motions_of_touched(self) -> set[int]:
        found = self.session.scalars(
            select(AgendaItem.motion_id).where(
                AgendaItem.id.in_(self.touched_items), AgendaItem.motion_id.is_not(None)
            )
        )
        return {id for id in found if id is not None}

    def _files(self, printings: Iterable[Printing], motion_id: int | None = None) -> dict[str, FileFacts]:
        """What is said of rendered files: as published if their source is the same, else as printed just before."""
        found = {}
        for printing in printings:
            source = self.printer.source(printing)
            if (printing.key, source) in self.prints:
                print_ = self.prints[printing.key, source]
            else:
                print_ = self._known_print(printing.key, source, motion_id)
            if print_ is not None:
                found[printing.key] = FileFacts(
                    printing.key,
                    f"{printing.label} {printing.title}".strip(),
                    printing.name,
                    MEDIA_TYPE,
                    print_.size,
                    print_.sha512,
                    printing.day,
                    source,
                )
        return found

    def _known_print(self, key: str, source: str, motion_id: int | None) -> _Print:
        row = self.session.scalars(
            select(PublishedObject).where(PublishedObject.type == "File", PublishedObject.key == key)
        ).one_or_none()
        if row is None or row.deleted or row.source != source:
            raise _NotPrinted(motion_id)
        said = json.loads(row.content)
        return _Print(said["size"], said["sha512Checksum"])

    def _keep(self, scope: str, made: list[Made]) -> None:
        """Publish what is new or changed of a scope, and delete what is no longer made."""
        rows = {
            (row.type, row.key): row
            for row in self.session.scalars(select(PublishedObject).where(PublishedObject.scope == scope))
        }
        for each in made:
            self._publish(scope, each, rows.pop((each.type, each.key), None))
        for row in rows.values():
            if not row.deleted:
                self._delete(row)
        self.session.flush()

    def _publish(self, scope: str, made: Made, row: PublishedObject | None) -> None:
        content = {name: self._resolved(value) for name, value in made.content.items()}
        seen = digest(content)
        if row is None:
            at = self._stamp()
            row = PublishedObject(
                type=made.type,
                key=made.key,
                scope=scope,
                body_id=made.body_id,
                created=at,
                modified=at,
                deleted=False,
                digest=seen,
                source=made.source,
                content="",
            )
            self.session.add(row)
            self._touch(row)
        elif row.deleted or row.digest != seen:
            row.modified, row.deleted, row.digest, row.source = self._stamp(), False, seen, made.source
            row.body_id = made.body_id
            self._touch(row)
        else:
            row.source = made.source
            self.wholes[made.type, made.key] = whole(made, content, row.created, row.modified)
            return
        found = whole(made, content, row.created, row.modified)
        row.content = dump(found)
        self.wholes[made.type, made.key] = found

    def _delete(self, row: PublishedObject) -> None:
        row.modified, row.deleted, row.digest, row.source = self._stamp(), True, "", None
        row.content = dump(left_over(row.type, row.key, row.created, row.modified))
        self._touch(row)

    def _touch(self, row: PublishedObject) -> None:
        if row.type == "AgendaItem":
            self.touched_items.add(int(row.key))
        if row.type == "Person" and row.deleted:
            self.lost_persons = True

    def _resolved(self, value: object) -> object:
        """With the objects themselves where they are held."""
        if isinstance(value, Held):
            found = self.wholes[value.type, value.key]
            return {name: part for name, part in found.items() if name not in value.without}
        if isinstance(value, list):
            return [self._resolved(each) for each in value]
        return value

    def _stamp(self) -> datetime:
        """A moment after every other one that was published."""
        self.last += timedelta(microseconds=1)
        return self.last


def later(session: Session, wanted: Wanted) -> None:
    """Let the outbox publish what depends on this, once the caller's transaction is kept."""
    lists = {name: sorted(getattr(wanted, name)) for name in ("motions", "meetings", "items", "documents")}
    outbox.enqueue(session, events.PUBLISH, {"council": int(wanted.council), **lists})
