"""Background work of the promise ledger: word to authors, digests to departments, addresses that have had their day.

Every job re-reads its rows and is safe to run twice.
"""

from __future__ import annotations

from core import clock, outbox
from core.db import db, write
from followup.services.contacts import delete_expired_contacts
from followup.services.digests import departments_that_owe, send_digest
from followup.services.telling import tell_author


def tell(payload: outbox.Payload) -> None:
    """Tell the author of one submission that the answer is there."""
    tell_author(int(payload["promise_id"]))


def plan_digests(_payload: outbox.Payload) -> None:
    """Begin the day: one piece of work for each department that owes something."""
    departments = departments_that_owe(db.session())
    with write() as session:
        for id in departments:
            key = f"followup.digest:{id}:{clock.today().isoformat()}"
            outbox.enqueue(session, "followup.digest", {"department_id": id}, unique=key)


def send(payload: outbox.Payload) -> None:
    """Send one department its digest."""
    send_digest(int(payload["department_id"]))


def forget_contacts(_payload: outbox.Payload) -> None:
    """Delete the addresses whose thirty days are over."""
    delete_expired_contacts()


def register_work() -> None:
    """Give the outbox its kinds, and the hours of the day at which some come by themselves."""
    outbox.register("followup.tell_author", tell)
    outbox.register("followup.plan_digests", plan_digests, every=outbox.Daily(6))
    outbox.register("followup.digest", send)
    outbox.register("followup.forget_contacts", forget_contacts, every=outbox.Daily(4))
