"""A ballot: encrypted answers, the proofs that they keep the rules, and the signature of a credential.

Specification of Belenios 2.0, "Encrypted answers", "Signatures", "Ballots".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import DomainError
from elections.ballot import canonical
from elections.ballot.group import Element, Group, read_element
from elections.ballot.proofs import (
    Checker,
    Ciphertext,
    Claim,
    Opened,
    Proof,
    Prover,
    multiply,
    plain_proofs,
    prove_exponent,
    read_ciphertext,
    read_proof,
    read_proofs,
    shows_exponent,
)
from elections.ballot.questions import Election, Question

BIT = (0, 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question answered: a ciphertext of 0 or 1 for each slot, and what shows that the rules are kept."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...] | None

    def plain(self, group: Group) -> dict[str, Any]:
        """As it stands in a ballot."""
        message: dict[str, Any] = {
            "choices": [choice.plain(group) for choice in self.choices],
            "individual_proofs": [plain_proofs(proofs) for proofs in self.individual_proofs],
            "overall_proof": plain_proofs(self.overall_proof),
        }
        if self.blank_proof is not None:
            message["blank_proof"] = plain_proofs(self.blank_proof)
        return message


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot as read. ``message`` are its bytes, ``signed`` the hash of all but its signature."""

    uuid: str
    election_fingerprint: str
    credential: Element
    answers: tuple[Answer, ...]
    signature_hash: str
    signature: Proof
    message: bytes
    canonical: bool
    signed: str

    @property
    def tracker(self) -> str:
        """What a voter keeps to find the ballot on the board."""
        return canonical.fingerprint(self.message)


# Making ---------------------------------------------------------------------------------------------------------------


def make_ballot(election: Election, secret: int, choices: Sequence[Sequence[int]]) -> bytes:
    """A ballot for ``choices``: for each question 0 or 1 for each slot, the blank's slot first where there is one.

    ``secret`` is the credential's exponent. Raises DomainError ``choice_questions`` (``count``) and what
    ``Question.check_choice`` names.
    """
    return canonical.write(_ballot(election, secret, choices)[0])


def _ballot(
    election: Election, secret: int, choices: Sequence[Sequence[int]]
) -> tuple[dict[str, Any], list[list[int]]]:
    if len(choices) != len(election.questions):
        raise DomainError("choice_questions", count=len(election.questions))
    for question, choice in zip(election.questions, choices, strict=True):
        question.check_choice(choice)
    group = election.group
    credential = group.generator.power(secret)
    prover = Prover(group, election.key)
    zero = f"{election.fingerprint}|{group.write(credential)}"
    opened = [[prover.encrypt(number) for number in choice] for choice in choices]
    message: dict[str, Any] = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": group.write(credential),
        "answers": [
            _answer(prover, zero, question, slots).plain(group)
            for question, slots in zip(election.questions, opened, strict=True)
        ],
    }
    signed = canonical.fingerprint(canonical.write(message))
    proof = prove_exponent(group, secret, f"sig|{signed}")
    message["signature"] = {"hash": signed, "proof": proof.plain()}
    return message, [[slot.randomness for slot in slots] for slots in opened]


def _answer(prover: Prover, zero: str, question: Question, slots: Sequence[Opened]) -> Answer:
    group = prover.group
    choices = tuple(slot.ciphertext for slot in slots)
    individual = tuple(
        prover.prove(_individual_statement(group, zero, slot.ciphertext), [(slot, number) for number in BIT])
        for slot in slots
    )
    whole = _statement(group, zero, choices)
    allowed = range(question.least, question.most + 1)
    total = prover.total(slots[question.blank :])
    if not question.blank:
        cases = [(total, number) for number in allowed]
        return Answer(
            choices, individual, prover.prove(_overall_statement(group, whole, total.ciphertext), cases), None
        )
    blank = slots[0]
    return Answer(
        choices,
        individual,
        prover.prove(f"bproof1|{whole}", [(blank, 1), *((total, number) for number in allowed)]),
        prover.prove(f"bproof0|{whole}", [(blank, 0), (total, 0)]),
    )


def _individual_statement(group: Group, zero: str, choice: Ciphertext) -> str:
    return f"prove|{zero}|{_written(group, (choice,))}"


def _statement(group: Group, zero: str, choices: Sequence[Ciphertext]) -> str:
    return f"{zero}|{_written(group, choices)}"


def _overall_statement(group: Group, whole: str, total: Ciphertext) -> str:
    return f"prove|{whole}|{_written(group, (total,))}"


def _written(group: Group, choices: Sequence[Ciphertext]) -> str:
    return ",".join(f"{group.write(choice.alpha)},{group.write(choice.beta)}" for choice in choices)


# Reading --------------------------------------------------------------------------------------------------------------


def read_ballot(election: Election, data: bytes) -> Ballot:
    """A ballot of this election's shape, whether what it claims is true or not.

    Raises DomainError ``json_unreadable``, ``message_malformed``, ``element_not_canonical`` or
    ``exponent_not_canonical``.
    """
    message = canonical.read(data)
    names = ("election_uuid", "election_hash", "credential", "answers", "signature")
    found = canonical.fields(message, names)
    group = election.group
    signature = canonical.fields(found["signature"], ("hash", "proof"))
    answers = canonical.items(found["answers"], len(election.questions))
    unsigned = {name: found[name] for name in names[:-1]}
    return Ballot(
        uuid=canonical.text(found["election_uuid"]),
        election_fingerprint=canonical.text(found["election_hash"]),
        credential=read_element(group, found["credential"]),
        answers=tuple(
            _read_answer(group, question, answer)
            for question, answer in zip(election.questions, answers, strict=True)
        ),
        signature_hash=canonical.text(signature["hash"]),
        signature=read_proof(group, signature["proof"]),
        message=data,
        canonical=canonical.is_canonical(data, message),
        signed=canonical.fingerprint(canonical.write(unsigned)),
    )


def _read_answer(group: Group, question: Question, value: object) -> Answer:
    names = ["choices", "individual_proofs", "overall_proof", *(["blank_proof"] if question.blank else [])]
    found = canonical.fields(value, names)
    count = question.most - question.least + 1
    return Answer(
        tuple(read_ciphertext(group, each) for each in canonical.items(found["choices"], question.slots)),
        tuple(
            read_proofs(group, each, len(BIT))
            for each in canonical.items(found["individual_proofs"], question.slots)
        ),
        read_proofs(group, found["overall_proof"], count + question.blank),
        read_proofs(group, found["blank_proof"], 2) if question.blank else None,
    )


# Checking -------------------------------------------------------------------------------------------------------------


class Fault(StrEnum):
    """What can be wrong with a ballot that can be read."""

    NOT_CANONICAL = "ballot_not_canonical"
    OTHER_ELECTION = "ballot_other_election"
    OTHER_FINGERPRINT = "ballot_other_fingerprint"
    OUTSIDE_GROUP = "ballot_outside_group"
    INDIVIDUAL_PROOF = "ballot_individual_proof"
    OVERALL_PROOF = "ballot_overall_proof"
    BLANK_PROOF = "ballot_blank_proof"
    SIGNATURE_HASH = "ballot_signature_hash"
    SIGNATURE = "ballot_signature"


def faults(election: Election, ballot: Ballot) -> Iterator[Fault]:
    """Everything that is wrong with ``ballot``, cheap checks first; nothing for a valid one.

    That its credential is on the list and belongs to the group is for the caller to know.
    """
    if not ballot.canonical:
        yield Fault.NOT_CANONICAL
    if ballot.uuid != election.uuid:
        yield Fault.OTHER_ELECTION
    if ballot.election_fingerprint != election.fingerprint:
        yield Fault.OTHER_FINGERPRINT
    if ballot.signature_hash != ballot.signed:
        yield Fault.SIGNATURE_HASH
    group = election.group
    if not shows_exponent(group, ballot.credential, f"sig|{ballot.signature_hash}", ballot.signature):
        yield Fault.SIGNATURE
    checker = Checker(group, election.key)
    zero = f"{election.fingerprint}|{group.write(ballot.credential)}"
    for question, answer in zip(election.questions, ballot.answers, strict=True):
        yield from _answer_faults(checker, zero, question, answer)


def _answer_faults(checker: Checker, zero: str, question: Question, answer: Answer) -> Iterator[Fault]:
    group = checker.group
    inspected = [
        checker.inspect(_individual_statement(group, zero, choice), [Claim(choice, BIT)], proofs)
        for choice, proofs in zip(answer.choices, answer.individual_proofs, strict=True)
    ]
    if not all(member for member, _ in inspected):
        yield Fault.OUTSIDE_GROUP
    if not all(shown for _, shown in inspected):
        yield Fault.INDIVIDUAL_PROOF
    whole = _statement(group, zero, answer.choices)
    total = multiply(group, answer.choices[question.blank :])
    allowed = tuple(range(question.least, question.most + 1))
    if answer.blank_proof is None:
        statement = _overall_statement(group, whole, total)
        if not checker.shows(statement, [Claim(total, allowed)], answer.overall_proof):
            yield Fault.OVERALL_PROOF
        return
    blank = answer.choices[0]
    if not checker.shows(
        f"bproof1|{whole}", [Claim(blank, (1,)), Claim(total, allowed)], answer.overall_proof
    ):
        yield Fault.OVERALL_PROOF
    if not checker.shows(f"bproof0|{whole}", [Claim(blank, (0,)), Claim(total, (0,))], answer.blank_proof):
        yield Fault.BLANK_PROOF


def check_ballot(election: Election, data: bytes) -> Ballot:
    """A ballot that can be accepted, but for its credential. What is wrong is said at the first fault.

    Raises DomainError with the code of a ``Fault`` or what ``read_ballot`` raises.
    """
    ballot = read_ballot(election, data)
    for fault in faults(election, ballot):
        raise DomainError(fault.value)
    return ballot
