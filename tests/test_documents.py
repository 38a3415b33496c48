"""What the documents say is true: commands parse, files and functions exist, links lead somewhere, figures are the code's."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli import main
from elections.rules.deadlines import Deadline, Step
from elections.rules.presets import PRESETS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "adr").glob("*.md")),
]
COMMAND = re.compile(r"(?m)^ *(answerable [^\n]+)$|`(answerable [^`]+)`")
PLACE = re.compile(r"`((?:[\w.-]+/)+[\w-]+\.py)(?::(\w+))?`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
ROOMS = ("elections", "council", "followup")


def commands() -> Iterator[str]:
    """Every command line in the documents: in blocks, and in the middle of a sentence."""
    for document in DOCUMENTS:
        for found in COMMAND.finditer(document.read_text(encoding="utf-8")):
            yield " ".join((found[1] or found[2]).split())


def find_command(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that ``words`` name, and the words that are left for it."""
    found: click.Command = main
    while isinstance(found, click.Group) and words:
        inner = found.get_command(click.Context(found), words[0])
        assert inner is not None, f"there is no command {words[0]}"
        found, words = inner, words[1:]
    return found, words


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_every_command_in_the_documents_is_understood(line: str) -> None:
    words = shlex.split(line.replace("[", " ").replace("]", " "))
    command, given = find_command(words[1:])
    if not given:
        return  # only named
    parser = command.make_parser(click.Context(command))
    options, rest, _order = parser.parse_args(given)
    assert not rest, f"too many arguments: {rest}"
    for parameter in command.params:
        value = options.get(str(parameter.name))
        assert not parameter.required or value, f"{parameter.name} is missing"
        if isinstance(parameter.type, click.Choice):
            for chosen in value if isinstance(value, list) else filter(None, [value]):
                assert chosen in parameter.type.choices


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    with pytest.raises(AssertionError, match="there is no command"):
        find_command(["elections", "cancel"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_and_function_that_a_document_names_exists(document: Path) -> None:
    missing = []
    for file, name in PLACE.findall(document.read_text(encoding="utf-8")):
        path = ROOT / file
        if not path.is_file() or (name and name not in names_in(path)):
            missing.append(f"{file}:{name}")
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


CALENDAR = {
    "nominations open": Step.NOMINATIONS_OPEN,
    "nominations close": Step.NOMINATIONS_CLOSE,
    "last day to mend": Step.MENDING_CLOSES,
    "candidates published": Step.CANDIDATES_PUBLISHED,
    "roll opens": Step.ROLL_OPENS,
    "roll closes": Step.ROLL_CLOSES,
    "applications for the roll close": Step.ROLL_APPLICATIONS_CLOSE,
    "objections to the roll close": Step.ROLL_OBJECTIONS_CLOSE,
    "voting opens": Step.VOTING_OPENS,
    "finding": Step.FINDING,
    "objections to the result close": Step.RESULT_OBJECTIONS_CLOSE,
    "roll deleted": Step.ROLL_DELETED,
}
"""What the handbook calls each day."""


def test_the_calendar_of_the_handbook_is_that_of_the_presets() -> None:
    text = (ROOT / "docs" / "elections.md").read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    head = next(cells for cells in lines if cells[0] == "step")
    written = {cells[0]: cells for cells in lines if cells[0] in CALENDAR}
    columns = {key: column for column, cell in enumerate(head) for key in cell.split(", ")}
    for preset in PRESETS:
        found = {CALENDAR[row]: cells[columns[preset.key]] for row, cells in written.items()}
        assert found == {step: in_short(deadline) for step, deadline in preset.deadlines.items()}


def in_short(deadline: Deadline) -> str:
    """``-35 w``: working days, and a minus before election day."""
    return f"{deadline.offset} w" if deadline.working else str(deadline.offset)


@pytest.mark.parametrize(
    "package",
    sorted(
        str(path.parent.relative_to(ROOT)) for room in ROOMS for path in (ROOT / room).rglob("__init__.py")
    ),
)
def test_a_package_names_everything_in_it(package: str) -> None:
    folder = ROOT / package
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    there = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    assert sorted(name for name in there - {"__init__"} if f"``{name}``" not in said) == []


def names_in(path: Path) -> set[str]:
    """The functions and classes of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)}
