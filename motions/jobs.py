"""Background work of motions. Every job re-reads its rows and is safe to run twice."""

from __future__ import annotations

from core import outbox
from motions.services.search import index_text
from motions.services.telling import tell


def tell_followers(payload: outbox.Payload) -> None:
    """Something happened: let search find the words that are public now, and tell the author and the signers."""
    index_text(int(payload["event_id"]))
    tell(int(payload["event_id"]))


def register_work() -> None:
    """Give the outbox its kinds."""
    outbox.register("motions.tell", tell_followers)
