"""Background work of motions. Every job re-reads its rows and is safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from core import clock, outbox
from core.db import db, write
from motions import events
from motions.oparl import files
from motions.services import agenda
from motions.services.clock import late_motions, ring
from motions.services.oparl import Printer, Wanted, publish, publish_all
from motions.services.search import index_text
from motions.services.telling import tell
from motions.services.watching import watch

PRINTER = Printer(files.source, files.render)


def tell_followers(payload: outbox.Payload) -> None:
    """Something happened: let search find the words that are public now, and tell the author and the signers."""
    index_text(int(payload["event_id"]))
    tell(int(payload["event_id"]))


def return_expired(_payload: outbox.Payload) -> None:
    """Place what was put off until a day that has come."""
    agenda.return_expired()


def plan_clock(_payload: outbox.Payload) -> None:
    """Begin the day: one piece of work for each motion that somebody is late for."""
    motions = late_motions(db.session())
    with write() as session:
        for id in motions:
            key = f"motions.clock:{id}:{clock.today().isoformat()}"
            outbox.enqueue(session, "motions.clock", {"motion_id": id}, unique=key)


def ring_clock(payload: outbox.Payload) -> None:
    """Say what is late about one motion."""
    ring(int(payload["motion_id"]))


def publish_changes(payload: outbox.Payload) -> None:
    """Bring open data up to date with what changed."""
    names = ("motions", "meetings", "items", "documents")
    publish(Wanted(bool(payload["council"]), **{name: set(payload[name]) for name in names}), PRINTER)


def publish_council(_payload: outbox.Payload) -> None:
    """The same for what belongs to others: councils, their members, departments, settings, and what a day changes."""
    publish(Wanted(council=True), PRINTER)


def publish_everything(_payload: outbox.Payload) -> None:
    """Compare all open data with what it is made from."""
    publish_all(PRINTER)


def register_work() -> None:
    """Give the outbox its kinds, and the hours at which some come by themselves; open data follows every change."""
    watch()
    outbox.register("motions.tell", tell_followers)
    outbox.register("motions.return_expired", return_expired, every=outbox.Daily(1))
    outbox.register("motions.plan_clock", plan_clock, every=outbox.Daily(5))
    outbox.register("motions.clock", ring_clock)
    outbox.register(events.PUBLISH, publish_changes)
    outbox.register("motions.oparl_council", publish_council, every=timedelta(minutes=15))
    outbox.register("motions.oparl_all", publish_everything, every=outbox.Daily(3, 40), long=True)
