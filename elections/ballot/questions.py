"""What is asked, and the election as one message: questions, public key and identifier.

Specification of Belenios 2.0, "Questions" and "Elections". Only questions whose answers can be added up while they are
encrypted are taken: choose between ``least`` and ``most`` of the answers, or leave the question blank where allowed.
A vote for a whole list is such a question: exactly one of the lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import DomainError, raise_all
from elections.ballot import canonical, randomness
from elections.ballot.group import BELENIOS_2048, Element, FixedBase, Group, read_element
from elections.counting.rule import CountingRule, Method

MOST_ANSWERS = 1000
IDENTIFIER_LENGTH = 22
"""Letters of Base58: 128 bits. The specification asks for 14 or more."""


@dataclass(frozen=True, slots=True)
class Question:
    """Choose between ``least`` and ``most`` of the ``answers``; with ``blank``, or none of them, said openly."""

    text: str
    answers: tuple[str, ...]
    least: int
    most: int
    blank: bool = False

    @property
    def slots(self) -> int:
        """Ciphertexts in an answer: one for each answer, one before them where a blank is allowed."""
        return len(self.answers) + self.blank

    def plain(self) -> dict[str, Any]:
        """As it stands in the election's message."""
        blank = {"blank": True} if self.blank else {}
        return {
            "answers": list(self.answers),
            **blank,
            "min": self.least,
            "max": self.most,
            "question": self.text,
        }

    def problems(self) -> list[DomainError]:
        """What contradicts itself or cannot be asked."""
        errors = []
        if not 1 <= len(self.answers) <= MOST_ANSWERS:
            errors.append(DomainError("question_answers", most=MOST_ANSWERS))
        if not 0 <= self.least <= self.most <= len(self.answers) or self.most == 0:
            errors.append(DomainError("question_choices", least=self.least, most=self.most))
        if any(_has_control(text) for text in (self.text, *self.answers)):
            errors.append(DomainError("question_control_characters"))
        return errors

    def check_choice(self, choice: Sequence[int]) -> None:
        """Whether the numbers 0 and 1 for each slot keep the rules.

        Raises DomainError ``choice_shape`` (``slots``), ``choice_count`` (``least``, ``most``, ``chosen``) or
        ``choice_blank_and_more``.
        """
        if len(choice) != self.slots or any(number not in (0, 1) for number in choice):
            raise DomainError("choice_shape", slots=self.slots)
        chosen = sum(choice[self.blank :])
        if self.blank and choice[0]:
            if chosen:
                raise DomainError("choice_blank_and_more")
        elif not self.least <= chosen <= self.most:
            raise DomainError("choice_count", least=self.least, most=self.most, chosen=chosen)


def _has_control(text: str) -> bool:
    return any(ord(letter) < 32 or ord(letter) == 127 for letter in text)


def read_question(value: object) -> Question:
    """A question from an election's message.

    Raises DomainError ``question_unsupported`` for ranked ballots and candidates within lists, ``message_malformed``.
    """
    if isinstance(value, dict) and "type" in value:
        raise DomainError("question_unsupported", type=str(value["type"]))
    found = canonical.fields(value, ("answers", "blank", "min", "max", "question"), optional=("blank",))
    blank = found.get("blank", False)
    if not isinstance(blank, bool):
        raise DomainError("message_malformed", fields="blank")
    return Question(
        canonical.text(found["question"]),
        tuple(canonical.text(answer) for answer in canonical.items(found["answers"])),
        canonical.whole(found["min"]),
        canonical.whole(found["max"]),
        blank,
    )


def check_method(rule: CountingRule) -> None:
    """Whether votes by this rule can be added up encrypted. Raises DomainError ``encrypted_ballot_unsupported``
    (``method``) for rules that stay on paper: cumulative votes, candidates within lists, ranked ballots."""
    if rule.method not in (Method.PLURALITY_IN_GROUPS, Method.BLOCK, Method.LISTS):
        raise DomainError("encrypted_ballot_unsupported", method=rule.method.value)


def question_for(
    rule: CountingRule, text: str, answers: Sequence[str], *, blank: bool, least: int = 0
) -> Question:
    """The question that a counting rule asks: ``answers`` are its candidates or its lists, in the ballot's order.

    Raises DomainError ``encrypted_ballot_unsupported`` (``method``) for what cannot be added up encrypted yet, and what
    ``Question.problems`` names.
    """
    check_method(rule)
    if rule.method is Method.LISTS:
        least = most = 1
    else:
        most = min(rule.votes_per_voter or len(answers), len(answers))
    question = Question(text, tuple(answers), least, most, blank)
    raise_all(question.problems())
    return question


@dataclass(frozen=True)
class Election:
    """What everybody votes on, under which key. ``message`` are the bytes that are hashed, stored and published."""

    uuid: str
    name: str
    description: str
    questions: tuple[Question, ...]
    public_key: Element
    message: bytes
    group: Group = field(default=BELENIOS_2048)
    fingerprint: str = ""
    key: FixedBase = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fingerprint", canonical.fingerprint(self.message))
        object.__setattr__(self, "key", self.group.fixed(self.public_key))


def new_identifier() -> str:
    """A fresh identifier of an election, never used again."""
    return randomness.token(IDENTIFIER_LENGTH)


def make_election(
    uuid: str,
    name: str,
    description: str,
    questions: Sequence[Question],
    public_key: Element,
    *,
    administrator: str = "",
    credential_authority: str = "",
    group: Group = BELENIOS_2048,
) -> Election:
    """An election ready to be published. Raises, all together, what ``Question.problems`` names."""
    errors = [error for question in questions for error in question.problems()]
    if not questions:
        errors.append(DomainError("question_missing"))
    if any(map(_has_control, (name, description, administrator, credential_authority))):
        errors.append(DomainError("question_control_characters"))
    raise_all(errors)
    message: dict[str, Any] = {
        "version": 1,
        "description": description,
        "name": name,
        "group": group.name,
        "public_key": group.write(public_key),
        "questions": [question.plain() for question in questions],
        "uuid": uuid,
    }
    if administrator:
        message["administrator"] = administrator
    if credential_authority:
        message["credential_authority"] = credential_authority
    return Election(
        uuid, name, description, tuple(questions), public_key, canonical.write(message), group=group
    )


def read_election(data: bytes, groups: Mapping[str, Group] | None = None) -> Election:
    """An election from its published bytes.

    Raises DomainError ``json_unreadable``, ``message_malformed``, ``protocol_unsupported`` (``version``),
    ``group_unsupported`` (``group``), ``question_unsupported`` (``type``) or ``element_not_canonical``.
    """
    names = ("version", "description", "name", "group", "public_key", "questions", "uuid")
    optional = ("administrator", "credential_authority")
    found = canonical.fields(canonical.read(data), names + optional, optional)
    if canonical.whole(found["version"]) != 1:
        raise DomainError("protocol_unsupported", version=str(found["version"]))
    for name in optional:
        canonical.text(found.get(name, ""))
    known = {BELENIOS_2048.name: BELENIOS_2048} if groups is None else groups
    group = known.get(canonical.text(found["group"]))
    if group is None:
        raise DomainError("group_unsupported", group=found["group"])
    return Election(
        canonical.text(found["uuid"]),
        canonical.text(found["name"]),
        canonical.text(found["description"]),
        tuple(map(read_question, canonical.items(found["questions"]))),
        read_element(group, found["public_key"]),
        data,
        group=group,
    )
