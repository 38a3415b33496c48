"""BLT files: ranked ballots as programs for the single transferable vote exchange them.

The form comes from Hill, Wichmann and Woodall, "Algorithm 123" (The Computer Journal, 1987):

    4 2                 candidates, seats
    -2                  withdrawn candidates, if any
    3 1 3 4 0           three ballots: candidate 1 first, then 3, then 4
    0                   end of ballots
    "Adam"              a name for every candidate, in their order
    ...
    "Title"

``#`` begins a comment. One line holds one ballot. Preferences for withdrawn candidates are passed over. Equal rankings
(``1=2``) are refused, since the Scottish rule does not know them. What cannot be read is named by its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import DomainError
from elections.counting.tally import Ballot, Candidate, Tally

MOST_CANDIDATES = 1000
NAME_LENGTH = 500
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|#.*|[^\s"#]+')  # what is never closed goes to the end of its line
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_NUMBER = re.compile(r"[0-9]{1,9}")
_LINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class BltFile:
    """The content of a BLT file. Candidates are numbered from 1; ballots name these numbers."""

    seats: int
    names: tuple[str, ...]
    ballots: tuple[tuple[tuple[int, ...], int], ...]
    """Preferences and how many ballots have them, in the order of the file; nobody withdrawn is taken out yet."""
    withdrawn: frozenset[int] = frozenset()
    title: str = ""

    def to_tally(self) -> Tally:
        """Candidates with their numbers as ids, without those withdrawn, and equal ballots together.

        Ballots that name nobody (left) are blank.
        """
        ballots: dict[tuple[str, ...], int] = {}
        standing = {
            number: str(number) for number in range(1, len(self.names) + 1) if number not in self.withdrawn
        }
        for preferences, number in self.ballots:
            ranking = tuple(standing[each] for each in preferences if each in standing)
            ballots[ranking] = ballots.get(ranking, 0) + number
        blank = ballots.pop((), 0)
        return Tally(
            candidates=tuple(Candidate(key, self.names[number - 1]) for number, key in standing.items()),
            ballots=tuple(Ballot(ranking, ballots[ranking]) for ranking in sorted(ballots)),
            valid=sum(ballots.values()),
            blank=blank,
        )


def read(data: bytes | str) -> BltFile:
    """Read a BLT file (UTF-8, with or without mark of byte order, any line ends).

    Raises the first error it meets, all with ``line``: ``blt_not_utf8``, ``blt_header``, ``blt_number`` (``value``),
    ``blt_withdrawn`` (``value``), ``blt_weight`` (``value``), ``blt_equal`` (``value``), ``blt_preference``
    (``value``), ``blt_unknown`` (``value``, ``candidates``), ``blt_twice`` (``value``), ``blt_open`` (no 0 at the end
    of a ballot), ``blt_after_end`` (``value``), ``blt_end_missing``, ``blt_name`` (``value``), ``blt_name_open``,
    ``blt_names_missing`` (``found``, ``candidates``), ``blt_names_too_many`` (``candidates``).
    """
    return _Reader(_decode(data)).read()


def write(file: BltFile) -> str:
    """The BLT text of ``file``; ``read`` gives the same file back."""
    lines = [f"{len(file.names)} {file.seats}"]
    if file.withdrawn:
        lines.append(" ".join(f"-{number}" for number in sorted(file.withdrawn)))
    for preferences, number in file.ballots:
        lines.append(" ".join(str(each) for each in (number, *preferences, 0)))
    lines.append("0")
    lines += [_quoted(name) for name in (*file.names, file.title)]
    return "\n".join(lines) + "\n"


def of_tally(tally: Tally, seats: int, title: str = "") -> BltFile:
    """The ballots of ``tally`` with its candidates numbered from 1 in their order."""
    numbers = {candidate.id: number for number, candidate in enumerate(tally.candidates, 1)}
    ballots = [
        (tuple(numbers[key] for key in ballot.ranking), ballot.number)
        for ballot in sorted(tally.ballots, key=lambda each: each.ranking)
        if ballot.number
    ]
    return BltFile(
        seats, tuple(each.name or each.id for each in tally.candidates), tuple(ballots), frozenset(), title
    )


def _quoted(name: str) -> str:
    escaped = re.sub(r"[\r\n]+", " ", name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _decode(data: bytes | str) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DomainError("blt_not_utf8", line=len(_LINE.split(data[: error.start].decode()))) from None


def _shown(value: str) -> str:
    """A value for an error message: short, and without signs that a terminal would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in value[:40])


class _Reader:
    """Goes through the file line by line; every line is a list of its words without the comment."""

    def __init__(self, text: str) -> None:
        self.lines = self._split(text)
        self.last = 1
        self.candidates = 0

    def _split(self, text: str) -> Iterator[tuple[int, list[str]]]:
        for number, line in enumerate(_LINE.split(text), 1):
            words = [word for word in _TOKEN.findall(line) if not word.startswith("#")]
            if words:
                self.last = number
                yield number, words

    def read(self) -> BltFile:
        line, words = next(self.lines, (1, []))
        if len(words) != 2 or not all(_NUMBER.fullmatch(word) for word in words):
            raise DomainError("blt_header", line=line)
        self.candidates, seats = int(words[0]), int(words[1])
        if not 1 <= self.candidates <= MOST_CANDIDATES:
            raise DomainError("blt_candidates", line=line, value=words[0], limit=MOST_CANDIDATES)
        if not 1 <= seats <= MOST_CANDIDATES:
            raise DomainError("blt_seats", line=line, value=words[1], limit=MOST_CANDIDATES)
        withdrawn, ballots = self._ballots()
        names, title = self._names()
        return BltFile(seats, names, ballots, withdrawn, title)

    def _ballots(self) -> tuple[frozenset[int], tuple[tuple[tuple[int, ...], int], ...]]:
        withdrawn: set[int] = set()
        ballots: list[tuple[tuple[int, ...], int]] = []
        for line, words in self.lines:
            if words == ["0"]:
                return frozenset(withdrawn), tuple(ballots)
            if words[0].startswith("-") and not ballots:
                withdrawn.update(self._withdrawn(line, word) for word in words)
            else:
                ballots.append(self._ballot(line, words))
        raise DomainError("blt_end_missing", line=self.last)

    def _withdrawn(self, line: int, word: str) -> int:
        number = word.removeprefix("-")
        if not word.startswith("-") or not _NUMBER.fullmatch(number):
            raise DomainError("blt_withdrawn", line=line, value=_shown(word))
        return self._known(line, number)

    def _known(self, line: int, word: str) -> int:
        if not 1 <= int(word) <= self.candidates:
            raise DomainError("blt_unknown", line=line, value=word, candidates=self.candidates)
        return int(word)

    def _ballot(self, line: int, words: list[str]) -> tuple[tuple[int, ...], int]:
        weight, *preferences = words
        if weight.startswith('"'):
            raise DomainError("blt_end_missing", line=line)
        if not _NUMBER.fullmatch(weight) or not int(weight):
            raise DomainError("blt_weight", line=line, value=_shown(weight))
        if not preferences or preferences[-1] != "0":
            raise DomainError("blt_open", line=line)
        seen: dict[int, None] = {}
        for word in preferences[:-1]:
            if "=" in word:
                raise DomainError("blt_equal", line=line, value=_shown(word))
            if not _NUMBER.fullmatch(word):
                raise DomainError("blt_preference", line=line, value=_shown(word))
            number = self._known(line, word)
            if number in seen:
                raise DomainError("blt_twice", line=line, value=number)
            seen[number] = None
        return tuple(seen), int(weight)

    def _names(self) -> tuple[tuple[str, ...], str]:
        """The candidates' names and the title. Programs add a source and a remark after it, which say nothing here."""
        found: list[str] = []
        for line, words in self.lines:
            for word in words:
                if not word.startswith('"'):
                    raise DomainError("blt_name", line=line, value=_shown(word))
                if not _QUOTED.fullmatch(word):
                    raise DomainError("blt_name_open", line=line)
                name = re.sub(r"\\(.)", r"\1", word[1:-1]).strip()
                if len(name) > NAME_LENGTH or any(unicodedata.category(sign) == "Cc" for sign in name):
                    raise DomainError("blt_name", line=line, value=_shown(name))
                found.append(name)
            if len(found) > self.candidates + 3:
                raise DomainError("blt_names_too_many", line=line, candidates=self.candidates)
        if len(found) < self.candidates:
            raise DomainError(
                "blt_names_missing", line=self.last, found=len(found), candidates=self.candidates
            )
        title = found[self.candidates] if len(found) > self.candidates else ""
        return tuple(found[: self.candidates]), title
