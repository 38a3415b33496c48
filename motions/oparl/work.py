"""Background work of open data. Every job compares what is published with what it is made from, and is safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from core import outbox
from motions import events
from motions.oparl import files
from motions.services.oparl import Printer, Wanted, publish, publish_all
from motions.services.watching import watch

PRINTER = Printer(files.source, files.render)


def publish_changes(payload: outbox.Payload) -> None:
    """Bring open data up to date with what changed."""
    wanted = Wanted(
        council=bool(payload["council"]),
        motions=set(payload["motions"]),
        meetings=set(payload["meetings"]),
        items=set(payload["items"]),
        documents=set(payload["documents"]),
    )
    publish(wanted, PRINTER)


def publish_council(_payload: outbox.Payload) -> None:
    """The same for what belongs to others: councils, their members, departments, settings, and what a day changes."""
    publish(Wanted(council=True), PRINTER)


def publish_everything(_payload: outbox.Payload) -> None:
    """Compare all open data with what it is made from."""
    publish_all(PRINTER)


def register_work() -> None:
    """Give the outbox its kinds, and let nothing change that open data does not follow."""
    watch()
    outbox.register(events.PUBLISH, publish_changes)
    outbox.register("motions.oparl_council", publish_council, every=timedelta(minutes=15))
    outbox.register("motions.oparl_all", publish_everything, every=outbox.Daily(3, 40), long=True)
