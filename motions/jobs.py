"""Background work of motions. Every job re-reads its rows and is safe to run twice."""

from __future__ import annotations

from core import outbox
from motions.services import agenda
from motions.services.telling import tell


def tell_followers(payload: outbox.Payload) -> None:
    """Tell the author and the signers that something happened."""
    tell(int(payload["event_id"]))


def return_expired(_payload: outbox.Payload) -> None:
    """Place what was put off until a day that has come."""
    agenda.return_expired()


def register_work() -> None:
    """Give the outbox its kinds, and the hours at which some come by themselves."""
    outbox.register("motions.tell", tell_followers)
    outbox.register("motions.return_expired", return_expired, every=outbox.Daily(1))
