"""The letters: who may vote, the code, and what to do with it, in the person's language beside the official one.

One page each, for window envelopes (DIN 5008, form B). The QR code opens the voting page with the code after ``#``, which
browsers keep to themselves: no server sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from core import codes
from core.documents import apart, papers, parts
from core.errors import DomainError, raise_all
from core.i18n import show_day
from core.localized import Localized, direction
from core.spreadsheets import FAULT_LIMIT
from elections.authority.roll import Person

TEMPLATE = "elections/voting_letters"
BATCH = 1_000
"""Letters in one PDF."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What all letters of an election say. Moments are those of the city's clocks."""

    title: Localized
    official: str
    languages: frozenset[str]
    """The languages that letters can be written in."""
    sender: Sequence[str]
    returns: str
    contact: Sequence[str]
    opens: datetime
    closes: datetime
    address: str
    """The voting page, without ``#``."""


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """One letter: to a ``person``, or a spare, which has a language only."""

    number: int
    code: str
    language: str
    person: Person | None = None

    def __repr__(self) -> str:
        return "Letter(withheld)"


def render(facts: Facts, letters: Sequence[Letter]) -> bytes:
    """The letters as one PDF. Raises DomainError ``paper_letters_missing``."""
    return papers.render(TEMPLATE, facts.official, _data(facts, letters))


def render_apart(facts: Facts, letters: Sequence[Letter]) -> bytes:
    """The same in a process of its own: 1,000 letters take 1 GB, and typst gives it back only when it ends."""
    return apart.render_apart(TEMPLATE, facts.official, _data(facts, letters))


def check(facts: Facts, people: Sequence[Person]) -> None:
    """Whether every letter can be printed on its page, tried before any code is drawn.

    Raises, all at once, ``roll_letters_missing`` (``row``, ``letters``) where a name or address has signs that no font has;
    ``paper_letters_missing`` if title, sender or contact have; ``letter_too_long`` if not all fits one page.
    """
    _check_signs(facts, people)
    blank = "0" * codes.LENGTH
    longest = {person.language: person for person in people}
    for person in people:
        if person.number > longest[person.language].number:
            longest[person.language] = person
    sample = [Letter(each.number, blank, each.language, each) for each in longest.values()]
    sample += [Letter(each.number, blank, each.language) for each in longest.values()]
    pages = papers.pictures(TEMPLATE, facts.official, _data(facts, sample), ppi=4)
    if len(pages) > len(sample):
        raise DomainError("letter_too_long")


def _check_signs(facts: Facts, people: Sequence[Person]) -> None:
    """Tries words that hold signs not met before, until all that are left can be printed."""
    met: set[str] = set()
    words: list[str] = []
    for person in people:
        for word in (person.name, person.street, person.postcode, person.city):
            if not met.issuperset(word):
                met.update(word)
                words.append(word)
    missing: set[str] = set()
    while words:
        tried = Person(0, 1, " ".join(words), "", "", "", facts.official)
        try:
            render(facts, [Letter(1, "0" * codes.LENGTH, facts.official, tried)])
            break
        except DomainError as error:
            missing.update(str(error.parameters["letters"]))
            left = [word for word in words if missing.isdisjoint(word)]
            if len(left) == len(words):
                raise
            words = left
    raise_all(
        [
            DomainError("roll_letters_missing", row=person.row, letters="".join(sorted(found))[:40])
            for person in people
            if (found := missing.intersection(person.name + person.street + person.postcode + person.city))
        ][:FAULT_LIMIT]
    )


# What a letter says --------------------------------------------------------------------------------------------------


def _data(facts: Facts, letters: Sequence[Letter]) -> dict[str, Any]:
    spoken = {facts.official} | {_spoken(facts, letter) for letter in letters}
    words = {language: _words(facts, language) for language in spoken}
    return {
        "title": facts.title.best(facts.official).text,
        "sender": list(facts.sender),
        "returns": facts.returns,
        "contact": list(facts.contact),
        "address": facts.address,
        "words": {language: dict(said["all"]) for language, said in words.items()},
        "letters": [_letter(facts, letter, words) for letter in letters],
    }


def _letter(facts: Facts, letter: Letter, words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    spoken = _spoken(facts, letter)
    languages = [spoken] if spoken == facts.official else [spoken, facts.official]
    kind = "spare" if letter.person is None else "person"
    qr = parts.qr_code(f"{facts.address}#{letter.code}", words[spoken]["qr"])
    return {
        "languages": languages,
        "address": _address(letter.person) if letter.person else [],
        "number": str(letter.number),
        "spare": letter.person is None,
        "own": [words[each][kind] % {"number": letter.number} for each in languages],
        "groups": codes.groups(letter.code),
        "qr": qr,
    }


def _address(person: Person) -> list[str]:
    """The lines of an address are the post's: they run from left to right, whatever the person speaks."""
    return [person.name, person.street, f"{person.postcode} {person.city}"]


def _spoken(facts: Facts, letter: Letter) -> str:
    short = letter.language.split("-")[0]
    return short if short in facts.languages else facts.official


def _words(facts: Facts, language: str) -> dict[str, Any]:
    """Every sentence in one language: ``all`` as they are printed, the others with a place for the number."""
    title = facts.title.best(language)
    with force_locale(language):
        return {
            "all": {
                "lang": language,
                "dir": direction(language),
                "title": parts.run(title.text, title.language),
                "voting": _(
                    "Voting is open from %(first)s, %(opens)s, until %(last)s, %(closes)s.",
                    first=show_day(facts.opens.date(), "full"),
                    opens=f"{facts.opens:%H:%M}",
                    last=show_day(facts.closes.date(), "full"),
                    closes=f"{facts.closes:%H:%M}",
                ),
                "code": _("Your voting code"),
                "page": _("The voting page"),
                "how": _("How to vote"),
                "steps": [
                    _("Scan the QR code with your phone. Or open the voting page and type in the code."),
                    _("Make your choice, check it and send it."),
                    _("You then see a tracker. Keep it: it finds your ballot on the public board."),
                    _("You may vote again until voting ends. Only your last ballot counts."),
                ],
                "secret": _("Keep the code to yourself"),
                "secret_text": " ".join(
                    [
                        _("You type it in on the voting page and nowhere else."),
                        _("Nobody will ever ask you for it: not on the phone, by e-mail or at the door."),
                    ]
                ),
                "lost": _("Letter lost, or code seen by others?"),
                "lost_text": " ".join(
                    [
                        _("Tell us at once."),
                        _("You get a new code, as long as nobody has voted with the old one."),
                    ]
                ),
                "help": _("Do you need help, or have no device of your own? Ask us:"),
            },
            "person": _("You are on the roll of voters. Your number there is %(number)s."),
            "spare": " ".join(
                [
                    _("This is replacement letter %(number)s."),
                    _("Its code counts once we have written down whom we gave it to."),
                    _("A code that you had before counts no longer."),
                ]
            ),
            "qr": _("QR code: opens the voting page with your code"),
        }


def spare_languages(people: Sequence[Person], count: int) -> list[str]:
    """The languages of ``count`` spares: shared out as the people's are."""
    ordered = sorted(person.language for person in people)
    return [ordered[(2 * place + 1) * len(ordered) // (2 * count)] for place in range(count)]
