"""What an urn allows in which state. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from core.errors import Conflict, DomainError
from elections.ballot.questions import Question

BYTES_PER_SLOT = 2_200
"""A ciphertext and its proofs take 1,700; a blank, overall proofs and signature are spread over the slots."""
BYTES_BESIDE = 8_000

MOST_TRUSTEES = 20
NAME_LENGTH = 120


class UrnState(StrEnum):
    """Where an urn stands."""

    BEGUN = "begun"
    """It has its identifier, for which trustees and credential authority make theirs."""
    PREPARED = "prepared"
    """Trustees, questions and credentials are fixed."""
    OPEN = "open"
    INTERRUPTED = "interrupted"
    CLOSED = "closed"
    MULTIPLIED = "multiplied"
    """The encrypted tally is published; trustees decrypt."""
    OPENED = "opened"
    """The result is known."""


class CredentialState(StrEnum):
    """Whether a credential may cast."""

    LISTED = "listed"
    SPARE = "spare"
    """Drawn in reserve: it casts only once it has replaced another."""
    REVOKED = "revoked"


def check_casting(state: UrnState, now: datetime, closes_at: datetime) -> None:
    """Whether a ballot is taken now.

    Raises Conflict ``urn_not_open``, ``urn_interrupted`` or ``urn_closed`` (``moment``): closing is exact.
    """
    if state in (UrnState.BEGUN, UrnState.PREPARED):
        raise Conflict("urn_not_open")
    if state is UrnState.INTERRUPTED:
        raise Conflict("urn_interrupted")
    if state is not UrnState.OPEN or now >= closes_at:
        raise Conflict("urn_closed", moment=closes_at)


def check_credential(state: str | None) -> None:
    """Whether a credential in ``state``, None if it is not listed, may cast.

    Raises DomainError ``credential_unknown``, ``credential_spare`` or ``credential_revoked``.
    """
    if state is None:
        raise DomainError("credential_unknown")
    if state == CredentialState.SPARE:
        raise DomainError("credential_spare")
    if state != CredentialState.LISTED:
        raise DomainError("credential_revoked")


def check_size(data: bytes, questions: tuple[Question, ...]) -> None:
    """Whether a ballot can be as long as this, before it is read. Raises DomainError ``ballot_too_long``."""
    proofs = sum(question.slots + question.most - question.least + 3 for question in questions)
    if len(data) > BYTES_BESIDE + BYTES_PER_SLOT * proofs:
        raise DomainError("ballot_too_long")


def check_trustees(names: Sequence[str], keyed: Sequence[int]) -> None:
    """Whether ``names`` can be the trustees while those numbered ``keyed`` have handed in a key.

    Raises DomainError ``trustees_number`` (``most``), ``trustee_name_long`` (``number``, ``most``) or
    ``trustee_keyed`` (``number``) for a place that would go together with its key.
    """
    if not 1 <= len(names) <= MOST_TRUSTEES:
        raise DomainError("trustees_number", most=MOST_TRUSTEES)
    for number, name in enumerate(names, 1):
        if len(name) > NAME_LENGTH:
            raise DomainError("trustee_name_long", number=number, most=NAME_LENGTH)
    for number in keyed:
        if number > len(names):
            raise DomainError("trustee_keyed", number=number)


def check_ceremony(state: UrnState) -> None:
    """Whether trustees and keys can still change: until voting opens. Raises Conflict ``keys_fixed``."""
    if state not in (UrnState.BEGUN, UrnState.PREPARED):
        raise Conflict("keys_fixed")
