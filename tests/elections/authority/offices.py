"""An authority's office: a roll, two people's passphrases, the command line, and boards to look at."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pypdf
from click.testing import CliRunner, Result

from app.cli import main
from core import codes
from elections.ballot.ballots import make_ballot
from elections.ballot.chain import Writer
from elections.ballot.credentials import public_credential, secret_exponent
from elections.ballot.group import BELENIOS_2048
from elections.ballot.questions import Question, make_election
from elections.ballot.trustees import Single, make_key, write_trustees

ELECTION = "BfPyqMCLsWDcnYCQXbKpQG"
HEAD = ("number", "name", "street", "postcode", "city", "language")
PEOPLE = [
    ("17", "Amal Haddad", "Hafenstr. 4", "04177", "Lindhafen", "ar"),
    ("3", "Jürgen Groß-Öztürk", "Am Alten Speicher 112 b", "04177", "Lindhafen", "de"),
    ("9", "سميرة حداد", "Kirchgasse 1", "04178", "Lindhafen", "ar"),
    ("12", "Олена Коваленко", "Marktplatz 2", "04109", "Lindhafen", "uk"),
    ("14", "Nia Jones", "Marktplatz 3", "04109", "Lindhafen", "en"),
]
FIRST, SECOND = "turnip lantern cobalt fjord", "velvet ostrich grammar quay"
URL = "https://vote.lindhafen.example/"
PRINTED = re.compile(r"(?:\d{4} ){3}\d{4}\s+(?:\d{4} ){3}\d{4}")


def write_roll(path: Path, people: Iterable[Sequence[str]], head: Sequence[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *people])
    return path


def passphrases(folder: Path, first: str = FIRST, second: str = SECOND) -> list[str]:
    """The options that name two files."""
    options = []
    for number, text in enumerate((first, second), start=1):
        path = folder / f"passphrase-{number}"
        path.write_text(text + "\n", encoding="utf-8")
        options += ["--passphrase-file", str(path)]
    return options


def make_words(roll: Path, out: Path, **changed: str) -> list[str]:
    """``make`` with all that it asks for; ``changed`` options replace ours."""
    options = {
        "election": ELECTION,
        "title": "Wahl des Migrationsbeirats 2028",
        "official": "de",
        "address": "Stadt Lindhafen",
        "return": "Stadt Lindhafen, Rathausplatz 1, 04109 Lindhafen",
        "contact": "0341 123 456",
        "opens": "2028-03-06T08:00",
        "closes": "2028-03-19T18:00",
        "url": URL,
        "out": str(out),
    } | changed
    words = ["make", str(roll), "--title-in", "ar", "انتخاب مجلس الهجرة 2028"]
    for name, value in options.items():
        words += [f"--{name}", value]
    return words


def run(*words: str, typed: str | None = None) -> Result:
    """The command line, in this process."""
    return CliRunner().invoke(main, ["credentials", *words], input=typed)


def run_apart(folder: Path, *words: str, wrap: Sequence[str] = ()) -> subprocess.CompletedProcess[bytes]:
    """The command line as a program of its own, in ``folder`` and without any environment."""
    return subprocess.run(
        [*wrap, sys.executable, "-B", "-m", "app.cli", "credentials", *words],
        cwd=folder,
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def printed_codes(folder: Path, pattern: str = "letters-*.pdf") -> list[str]:
    """Every code in the letters, page after page."""
    found = []
    for path in sorted(folder.glob(pattern)):
        for page in pypdf.PdfReader(path).pages:
            (groups,) = PRINTED.findall(page.extract_text())
            found.append(codes.read(groups, codes.Kind.VOTING))
    return found


def listed(path: Path) -> list[str]:
    return [str(each) for each in json.loads(path.read_bytes())]


def credential(code: str) -> str:
    return BELENIOS_2048.write(public_credential(ELECTION, code))


def write_board(
    path: Path,
    credentials: bytes,
    cast: Iterable[str] = (),
    *,
    election: str = ELECTION,
    closed: bool = False,
) -> Path:
    """A board on which the codes ``cast`` have voted."""
    _secret, key = make_key(BELENIOS_2048)
    asked = make_election(election, "Council", "", [Question("Who?", ("Ana", "Ben"), 0, 1)], key.public_key)
    with path.open("wb") as file:
        board = Writer(file, 1_835_000_000)
        board.setup(asked.message, write_trustees(BELENIOS_2048, [Single(key)]), credentials)
        for code in cast:
            board.ballot(make_ballot(asked, secret_exponent(election, code), [[1, 0]]))
        if closed:
            board.end_ballots()
    return path


def everything(folder: Path) -> dict[str, bytes]:
    """All files below ``folder``, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def forms(code: str) -> list[bytes]:
    """A code as somebody may have written it."""
    grouped = codes.groups(code)
    return [
        each.encode(encoding)
        for each in (code, " ".join(grouped), "-".join(grouped), " ".join(grouped[:4]))
        for encoding in ("utf-8", "utf-16-le")
    ]
