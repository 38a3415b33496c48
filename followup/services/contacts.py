"""Addresses that people left: sealed, used for word of the answer, deleted 30 days after it."""

from __future__ import annotations

import json
from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from core import clock, keys
from core.db import write
from core.traces import clear_traces
from followup.models import Contact


def keep_contact(
    session: Session, promise_id: int, channel: str, address: str, language: str, *, desk: str = ""
) -> bool:
    """Seal ``address`` (``channel`` is ``email`` or ``sms``) beside a promise, inside the caller's transaction.

    ``desk`` is the path at which somebody who signs in reads the answer; everybody else types a code. Returns whether it is new; another one that was left before gives way to it.
    """
    known = session.get(Contact, promise_id, with_for_update=True)
    if known is not None and (known.channel, read_contact(known)) == (channel, address):
        return False
    if known is None:
        known = Contact(promise_id=promise_id)
        session.add(known)
    known.channel, known.language = channel, language
    known.sealed = keys.encrypt("contact", json.dumps({"address": address, "desk": desk}))
    return True


def share_contact(session: Session, promise_id: int, with_promise_id: int) -> None:
    """Let word of a second answer reach the address left for the first, if it is still kept."""
    known = session.get(Contact, promise_id)
    if known is not None:
        keep_contact(session, with_promise_id, known.channel, read_contact(known), known.language)


def read_contact(contact: Contact) -> str:
    """The address in ``contact``, for the job that writes to it and nothing else."""
    return str(json.loads(keys.decrypt("contact", contact.sealed))["address"])


def delete_expired_contacts() -> int:
    """Delete the addresses whose day has come, and their traces; return how many."""
    with write() as session:
        result = session.execute(delete(Contact).where(Contact.delete_on <= clock.today()))
    clear_traces()
    return cast("CursorResult[Any]", result).rowcount
