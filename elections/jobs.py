"""Background work of the elections. Every job re-reads its rows and is safe to run twice."""

from __future__ import annotations

from core import outbox
from elections.services.nominations.erasing import erase_due_nominations
from elections.services.roll.deletion import delete_due_rolls


def delete_rolls(_payload: outbox.Payload) -> None:
    """Delete the rolls whose day has come."""
    delete_due_rolls()


def erase_nominations(_payload: outbox.Payload) -> None:
    """Erase what vetting alone needed, where its day has come."""
    erase_due_nominations()


def register_work() -> None:
    """Give the outbox its kinds, and the hours of the day at which some come by themselves."""
    outbox.register("elections.delete_rolls", delete_rolls, every=outbox.Daily(3))
    outbox.register("elections.erase_nominations", erase_nominations, every=outbox.Daily(3))
