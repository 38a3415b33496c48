"""Background work of motions. Every job re-reads its rows and is safe to run twice."""

from __future__ import annotations

from core import clock, outbox
from core.db import db, write
from motions.services import agenda
from motions.services.clock import late_motions, ring
from motions.services.search import index_motion
from motions.services.telling import tell


def tell_followers(payload: outbox.Payload) -> None:
    """Something happened: let search find the words that are public now, and tell the author and the signers."""
    index_motion(int(payload["event_id"]))
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


def register_work() -> None:
    """Give the outbox its kinds, and the hours at which some come by themselves."""
    outbox.register("motions.tell", tell_followers)
    outbox.register("motions.return_expired", return_expired, every=outbox.Daily(1))
    outbox.register("motions.plan_clock", plan_clock, every=outbox.Daily(5))
    outbox.register("motions.clock", ring_clock)
