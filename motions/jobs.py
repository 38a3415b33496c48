"""Background work of motions. Every job re-reads its rows and is safe to run twice."""

from __future__ import annotations

from core import outbox
from motions.services.telling import tell


def tell_followers(payload: outbox.Payload) -> None:
    """Tell the author and the signers that something happened."""
    tell(int(payload["event_id"]))


def register_work() -> None:
    """Give the outbox its kinds."""
    outbox.register("motions.tell", tell_followers)
