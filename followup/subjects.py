"""What promises are about, for the office's reply desk. The front door says it for each kind of subject and register.

This room knows subjects by kind and id only. A room that takes something in registers here how the office reads one of
its items (``register``), and for each kind of register how it is called and in which languages it is answered
(``register_desk``). Registers of kinds that nobody registered are answered elsewhere: consultation rounds have a
workbench of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.errors import DomainError
from core.localized import Localized


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the office reads it, in words of the reader's language.

    ``text`` is what was written, in ``language``; None where it was erased, empty where there is none. ``facts`` are
    short (``Roll``, ``about roll number 17``); ``link`` leads to the item's own page in the office, if it has one.
    """

    title: str
    text: str | None = ""
    language: str = ""
    facts: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of subject, in a request."""

    word: Callable[[], str]
    """What one of them is called: "Objection"."""
    show: Callable[[Session, Sequence[int]], Mapping[int, Item]]
    """Those with these ids; what does not exist is missing."""
    public_facts: Callable[[Session, Sequence[int]], Mapping[int, str]] = lambda _session, _ids: {}
    """What everybody may read about those with these ids, in a few words: what an objection is about."""
    public_links: Callable[[Session, Sequence[int]], Mapping[int, str]] = lambda _session, _ids: {}
    """Where everybody reads what those with these ids are about: the motion that a step is owed to."""
    decided_apart: Callable[[Session, Sequence[int]], Collection[int]] = lambda _session, _ids: ()
    """Which of them are answered by a decision of their own room: the desk leaves such an answer alone."""
    private: bool = False
    """Whether an answer is for whoever asked alone: everybody reads that and when it was given, and nothing of it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """How registers of one kind are answered, in a request."""

    titles: Callable[[Session, Sequence[str]], Mapping[str, Localized]]
    """Names of the registers with these codes, public or not."""
    languages: Callable[[Session, str], Sequence[str]]
    """The languages in which answers in a register are given, the one that is written in first."""
    home: Callable[[str], str]
    """The address of the office's page that the register belongs to, by its code."""


_subjects: dict[str, Subject] = {}
_desks: dict[str, Desk] = {}


def register(subject_kind: str, subject: Subject) -> None:
    """Say how items of ``subject_kind`` are shown."""
    _subjects[subject_kind] = subject


def register_desk(register_kind: str, desk: Desk) -> None:
    """Say how registers of ``register_kind`` are answered at the reply desk."""
    _desks[register_kind] = desk


def word(subject_kind: str) -> str:
    """What an item of this kind is called; nothing for a kind that nobody registered."""
    found = _subjects.get(subject_kind)
    return found.word() if found else ""


def show(session: Session, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Item]:
    """The items of these kinds and ids. What nobody can show has a place all the same, without words."""
    items = {key: Item(title=word(key[0])) for key in wanted}
    for kind, ids in _by_kind(wanted).items():
        if kind in _subjects:
            items |= {(kind, id): item for id, item in _subjects[kind].show(session, ids).items()}
    return items


def public_facts(session: Session, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What everybody may read about the items of these kinds and ids; nothing where nothing is public."""
    facts: dict[tuple[str, int], str] = {}
    for kind, ids in _by_kind(wanted).items():
        if kind in _subjects:
            facts |= {(kind, id): words for id, words in _subjects[kind].public_facts(session, ids).items()}
    return facts


def public_links(session: Session, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Where everybody reads about the items of these kinds and ids; nothing for what has no page of its own."""
    found: dict[tuple[str, int], str] = {}
    for kind, ids in _by_kind(wanted).items():
        if kind in _subjects:
            found |= {(kind, id): url for id, url in _subjects[kind].public_links(session, ids).items()}
    return found


def check_desk(session: Session, wanted: Sequence[tuple[str, int]]) -> None:
    """Whether the reply desk may write, change or throw away the answer to these. Raises ``decided_apart``."""
    if decided_apart(session, wanted):
        raise DomainError("decided_apart")


def decided_apart(session: Session, wanted: Sequence[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of these kinds and ids are answered by a decision of their own room."""
    return {
        (kind, id)
        for kind, ids in _by_kind(wanted).items()
        if kind in _subjects
        for id in _subjects[kind].decided_apart(session, ids)
    }


def private_kinds() -> tuple[str, ...]:
    """The kinds of subjects whose answers are private (``Subject.private``)."""
    return tuple(kind for kind, subject in _subjects.items() if subject.private)


def desk(register_kind: str) -> Desk | None:
    """How registers of this kind are answered; None if not at the reply desk."""
    return _desks.get(register_kind)


def desk_kinds() -> tuple[str, ...]:
    """The kinds of registers that the reply desk answers."""
    return tuple(_desks)


def words() -> dict[str, str]:
    """Every kind of subject that is registered, and what one of them is called."""
    return {kind: subject.word() for kind, subject in _subjects.items()}


def _by_kind(wanted: Sequence[tuple[str, int]]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for kind, id in wanted:
        ids.setdefault(kind, []).append(id)
    return ids
