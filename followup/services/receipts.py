"""Receipts for whatever is owed an answer: the code, what a form sent twice shows again, and word to an address.

A room that takes something in derives the code from the form's own key (``code_of``), stores its HMAC (``code_mac``)
beside the item in the transaction that opens its promise, and answers with a ``Receipt``. The code itself is never
stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, codes, keys, letters, settings
from followup.models import Promise, Register
from followup.numbers import register_number
from followup.rules import PromiseKind
from followup.services.contacts import keep_contact


@dataclass(frozen=True, slots=True)
class Contact:
    """An address left for the receipt and word of the answer: ``channel`` is ``email`` or ``sms``."""

    channel: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody takes away. ``code`` grants reading the answer and is known to nobody else.

    ``repeated`` says that the same form was received before, and that this is its receipt once more.
    """

    register_code: str
    number: int
    code: str
    received_on: date
    due_on: date
    entry_hash: str
    repeated: bool

    @property
    def written_number(self) -> str:
        """The register number as everybody sees it: ``AS-26-0149``."""
        return register_number(self.register_code, self.number)


def code_of(form_key: str) -> str:
    """The receipt code that belongs to a form's own key. Raises DomainError ``form_key`` when it was tampered with."""
    return codes.derive(keys.key("receipt"), codes.check_form_key(form_key))


def code_mac(code: str) -> bytes:
    """The only form in which a receipt code is stored: its HMAC under the ``receipt`` key."""
    return keys.mac("receipt", b"lookup:" + code.encode("ascii"))


def find_promise(
    session: Session, subject_kind: str, subject_id: int, kind: PromiseKind = PromiseKind.ANSWER
) -> Promise:
    """The promise that was opened for an item in the transaction that wrote it."""
    return session.scalars(
        select(Promise).where(
            Promise.subject_kind == subject_kind,
            Promise.subject_id == subject_id,
            Promise.kind == kind.value,
        )
    ).one()


def repeat_receipt(session: Session, code: str, subject_kind: str, subject_id: int, tag: str) -> Receipt:
    """The receipt of an item that was received before; ``tag`` is the audit tag under which it came in."""
    promise = find_promise(session, subject_kind, subject_id)
    entry_hash = session.scalars(
        select(audit.AuditEntry.entry_hash).where(
            audit.AuditEntry.subject_kind == subject_kind,
            audit.AuditEntry.subject_id == subject_id,
            audit.AuditEntry.tag == tag,
        )
    ).one()
    register = session.get_one(Register, promise.register_id)
    return Receipt(
        register.code, promise.number, code, promise.opened_on, promise.due_on, entry_hash, repeated=True
    )


def promise_word(
    session: Session,
    receipt: Receipt,
    subject_kind: str,
    subject_id: int,
    contact: Contact,
    letter: str,
    **words: object,
) -> None:
    """Keep the address for word of the answer and send the receipt to it, once, as long as an answer is owed.

    ``letter`` is a template such as ``consult/receipt``. It gets ``number``, ``code`` (in groups), ``due_on``,
    ``entry_hash``, ``link``, and ``words``; ``followup/mail/_receipt.txt`` holds the sentences that all have in common.
    """
    promise = find_promise(session, subject_kind, subject_id)
    if promise.answered_on is not None:
        return
    if not keep_contact(session, promise.id, contact.channel, contact.address, contact.language):
        return
    letters.send(
        session,
        contact.channel,
        contact.address,
        contact.language,
        letter,
        number=receipt.written_number,
        code=" ".join(codes.groups(receipt.code)),
        due_on=receipt.due_on,
        entry_hash=receipt.entry_hash,
        link=f"{settings.current().base_url}/answer/",
        **words,
    )
