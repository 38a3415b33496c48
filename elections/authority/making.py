"""Drawing the codes and writing all that follows from them: the public lists, the file of two persons, the letters."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core import codes
from core.codes import Kind
from core.errors import DomainError
from elections.authority import files, letters
from elections.authority.letters import BATCH, Facts, Letter
from elections.authority.registry import Lock, Registry, seal
from elections.authority.roll import Person
from elections.ballot.credentials import public_credential, write_credentials
from elections.ballot.group import BELENIOS_2048, Element
from elections.ballot.replacements import Record

PUBLIC = "public-credentials.json"
SPARES = "public-spares.json"
REGISTRY = "registry.sealed"
LETTERS = "letters-*.pdf"

Progress = Callable[[int, int], None]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, in numbers."""

    people: int
    spares: int
    letters: Sequence[str]
    """Names of the PDFs."""


def spare_count(people: int, percent: int) -> int:
    """So many spares, rounded up: one at least."""
    return max(1, -(-people * percent // 100))


def check_folder(folder: Path) -> None:
    """Raises DomainError ``folder_there`` if ``folder`` exists, ``folder_nowhere`` if what it should lie in does not."""
    if folder.exists() or folder.is_symlink():
        raise DomainError("folder_there", folder=str(folder))
    if not folder.absolute().parent.is_dir():
        raise DomainError("folder_nowhere", folder=str(folder))


def make(
    election: str,
    people: Sequence[Person],
    facts: Facts,
    percent: int,
    folder: Path,
    lock: Lock,
    progress: Progress = lambda done, total: None,
) -> Made:
    """Everything for ``people`` into the new ``folder``, or nothing. Raises as ``check_folder``; ``letters.check`` comes before.

    Codes live as long as their batch. The folder gets its name last: codes of one that never got it are on no list.
    """
    check_folder(folder)
    spares = spare_count(len(people), percent)
    total = len(people) + spares
    roll: dict[int, Element] = {}
    extra: dict[int, Element] = {}
    names: list[str] = []

    def write(name: str, batch: Sequence[Letter], into: dict[int, Element], draft: Path) -> None:
        for letter in batch:
            into[letter.number] = public_credential(election, letter.code)
        files.write_new(draft / name, letters.render_apart(facts, batch))
        names.append(name)
        progress(len(roll) + len(extra), total)

    with _draft(folder) as draft:
        for place, batch in enumerate(_batches(people), start=1):
            drawn = [Letter(each.number, codes.draw(Kind.VOTING), each.language, each) for each in batch]
            write(f"letters-{place:04d}.pdf", drawn, roll, draft)
        numbered = list(enumerate(letters.spare_languages(people, spares), start=1))
        for place, part in enumerate(_batches(numbered), start=1):
            drawn = [Letter(number, codes.draw(Kind.VOTING), language) for number, language in part]
            write("letters-spares.pdf" if place == 1 else f"letters-spares-{place}.pdf", drawn, extra, draft)
        del drawn
        everything = [*roll.values(), *extra.values()]
        if len(set(everything)) < total:
            raise RuntimeError("two codes gave one credential: the machine's randomness is broken")
        written = BELENIOS_2048.write
        registry = Registry(
            election,
            {number: written(each) for number, each in roll.items()},
            {number: written(each) for number, each in extra.items()},
            Record(election),
        )
        files.write_new(draft / REGISTRY, seal(registry, lock))
        files.write_new(draft / SPARES, write_credentials(extra.values()), files.PUBLIC)
        files.write_new(draft / PUBLIC, write_credentials(everything), files.PUBLIC)
    return Made(len(people), spares, names)


def _batches(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` that takes its name if all goes well, and else is destroyed."""
    draft = folder.absolute().with_name(f".{folder.name}.{secrets.token_hex(8)}")
    draft.mkdir(mode=0o700)
    try:
        yield draft
        check_folder(folder)
        draft.rename(folder)
    except BaseException:
        for path in draft.iterdir():
            files.destroy(path)
        draft.rmdir()
        raise
