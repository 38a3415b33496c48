"""An opened ballot: the voter let a device encrypt, and then asked it to show what is inside.

A device that encrypts something else than what was chosen is found out, since it cannot know which ballot will be opened
(Benaloh 2006). Before the voter decides, the device shows the ballot's seal: the hash of all but its signature. The
opened ballot is never signed, so nobody can cast it.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DomainError
from elections.ballot import canonical
from elections.ballot.group import read_exponent
from elections.ballot.proofs import read_ciphertext
from elections.ballot.questions import Election, Question, read_election

FIELDS = ("election", "seal", "choices", "randomness", "ballot")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What an opened ballot was shown to hold: for each question 0 or 1 for each slot, the blank's slot first."""

    election: Election
    seal: str
    choices: tuple[tuple[int, ...], ...]

    def answers(self) -> list[list[str]]:
        """For each question the answers that the ballot chooses; nothing for a blank vote or an empty one."""
        return [
            [
                answer
                for answer, number in zip(question.answers, choice[question.blank :], strict=True)
                if number
            ]
            for question, choice in zip(self.election.questions, self.choices, strict=True)
        ]


def check_challenge(data: bytes, published: bytes | None = None) -> Challenge:
    """What the opened ballot in ``data`` holds, by encrypting its choices again with the randomness that it shows.

    ``published`` are the election's bytes from elsewhere, compared with those in the file. Raises DomainError
    ``json_unreadable``, ``message_malformed``, ``exponent_not_canonical``, what ``read_election`` and
    ``Question.check_choice`` name, ``ballot_other_election``, ``ballot_other_fingerprint``, ``challenge_seal`` if the
    seal is that of another ballot, or ``challenge_not_as_said`` (``question``) if the ballot holds something else.
    """
    found = canonical.fields(canonical.read(data), FIELDS)
    election = read_election(canonical.text(found["election"]).encode("utf-8"))
    ballot = canonical.fields(found["ballot"], ("election_uuid", "election_hash", "credential", "answers"))
    if published is not None and published != election.message:
        raise DomainError("ballot_other_election")
    if ballot["election_uuid"] != election.uuid:
        raise DomainError("ballot_other_election")
    if ballot["election_hash"] != election.fingerprint:
        raise DomainError("ballot_other_fingerprint")
    seal = canonical.text(found["seal"])
    if seal != canonical.fingerprint(canonical.write(ballot)):
        raise DomainError("challenge_seal")
    count = len(election.questions)
    lists = (
        canonical.items(each, count) for each in (found["choices"], found["randomness"], ballot["answers"])
    )
    return Challenge(
        election,
        seal,
        tuple(
            _opened(election, number, question, *parts)
            for number, (question, *parts) in enumerate(zip(election.questions, *lists, strict=True), 1)
        ),
    )


def _opened(
    election: Election, number: int, question: Question, choices: object, randomness: object, answer: object
) -> tuple[int, ...]:
    group = election.group
    choice = tuple(canonical.whole(each) for each in canonical.items(choices, question.slots))
    question.check_choice(choice)
    if not isinstance(answer, dict) or "choices" not in answer:
        raise DomainError("message_malformed", fields="choices")
    for value, drawn, boxed in zip(
        choice,
        canonical.items(randomness, question.slots),
        canonical.items(answer["choices"], question.slots),
        strict=True,
    ):
        exponent = read_exponent(group, drawn)
        box = read_ciphertext(group, boxed)
        beta = group.product((election.key.power(exponent), group.generator.power(value)))
        if (box.alpha, box.beta) != (group.generator.power(exponent), beta):
            raise DomainError("challenge_not_as_said", question=number)
    return choice
