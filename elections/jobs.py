"""Background work of the elections. Every job re-reads its rows and is safe to run twice."""

from __future__ import annotations

from core import outbox
from core.db import db
from elections.documents.audit import words_of
from elections.queries import watching
from elections.services import audit_bundles
from elections.services.nominations.erasing import erase_due_nominations
from elections.services.roll.deletion import delete_due_rolls
from elections.services.urn import checking, closing, observing


def delete_rolls(_payload: outbox.Payload) -> None:
    """Delete the rolls whose day has come."""
    delete_due_rolls()


def erase_nominations(_payload: outbox.Payload) -> None:
    """Erase what vetting alone needed, where its day has come."""
    erase_due_nominations()


def multiply(payload: outbox.Payload) -> None:
    """Multiply the ballots of one election, as was ordered at its desk."""
    closing.multiply_ordered(int(payload["urn"]))


def check_board(payload: outbox.Payload) -> None:
    """Let our verifier look at one board, as somebody asked for."""
    checking.run_check(int(payload["check"]))


def build_bundle(payload: outbox.Payload) -> None:
    """Build the audit bundle of one published result."""
    audit_bundles.build_bundle(int(payload["election"]), words_of)


def plan_bundles(_payload: outbox.Payload) -> None:
    """Build the audit bundles that are lacking: of results from before there were any."""
    audit_bundles.order_lacking_bundles()


def note_heads(_payload: outbox.Payload) -> None:
    """Publish the heads of the boards that are open, once a night."""
    observing.note_daily_heads(db.session(), watching.open_urns(db.session()))


def send_head(payload: outbox.Payload) -> None:
    """Begin to send one head to those who observe."""
    observing.send_head(int(payload["head"]))


def send_head_to(payload: outbox.Payload) -> None:
    """Send one head to one of them."""
    observing.send_head_to(int(payload["head"]), int(payload["observer"]))


def forget_observers(_payload: outbox.Payload) -> None:
    """Delete the addresses of observers whose day has come."""
    observing.forget_observers()


def register_work() -> None:
    """Give the outbox its kinds, and the hours of the day at which some come by themselves."""
    outbox.register("elections.delete_rolls", delete_rolls, every=outbox.Daily(3))
    outbox.register(closing.MULTIPLY, multiply, long=True)
    outbox.register(checking.KIND, check_board, long=True)
    outbox.register(audit_bundles.KIND, build_bundle, long=True)
    outbox.register("elections.note_heads", note_heads, every=outbox.Daily(0, 10))
    outbox.register(observing.SEND_HEAD, send_head)
    outbox.register(observing.SEND_TO_ONE, send_head_to)
    outbox.register("elections.forget_observers", forget_observers, every=outbox.Daily(4))
    outbox.register("elections.plan_bundles", plan_bundles, every=outbox.Daily(4))
    outbox.register("elections.erase_nominations", erase_nominations, every=outbox.Daily(3))
