"""The house rules that no linter knows: purity, size, and nothing of one machine in what everybody gets."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app", "consult", "elections", "council", "followup", "accounts", "core")

LONGEST_FILE = 600
COUNTED = {".py", ".html", ".txt", ".xml", ".scss", ".js", ".mjs"}

IMPURE = (
    "alembic",
    "flask",
    "flask_babel",
    "flask_migrate",
    "flask_security",
    "flask_sqlalchemy",
    "flask_wtf",
    "psycopg",
    "redis",
    "rq",
    "sqlalchemy",
    "wtforms",
)

LOAD_ALONE = """
import importlib, sys

class NotHere:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {impure!r}:
            raise ImportError(name + " is not for a pure module")

sys.meta_path.insert(0, NotHere())
importlib.import_module({module!r})
"""

# Written in two pieces where the whole would be found in this very file.
OF_ONE_MACHINE = {
    "a path of one workplace": re.compile(r"/work" + r"/"),
    "a home folder": re.compile(r"/(?:root|home/[a-z]+)" + r"/[\w.]"),
    "a download address in a lock file": re.compile(r'"resolved"' + r"\s*:\s*\"https?:"),
    "a package index": re.compile(
        r"(?:extra-)?index" + r"-url\s*[= ]\s*\S*://|find" + r"-links\s*[= ]\s*\S+"
    ),
}


@cache
def committed_files() -> tuple[Path, ...]:
    """What git holds or would take: everything that is not ignored."""
    listed = subprocess.run(
        # A checkout may belong to somebody else than the one who tests it, as in containers.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def pure_modules() -> list[str]:
    """Every `rules` module (or module of a `rules` package), counting, eligibility, the ballot and its verifier, the errors, and core's clock."""
    found = ["core.clock", "core.errors"]
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            # elections.views.counting shows what elections.counting decides, and is web.
            if (
                "rules" in parts
                or parts[1] in ("ballot", "counting", "eligibility", "verify")
                or parts[-1] == "errors"
            ):
                found.append(".".join(part for part in parts if part != "__init__"))
    return sorted(set(found) - {"app.errors"})  # app/errors.py gives HTTP statuses to codes: that is web


@pytest.mark.parametrize("module", pure_modules())
def test_a_pure_module_loads_without_web_and_database(module: str) -> None:
    program = LOAD_ALONE.format(impure=IMPURE, module=module)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def packages() -> list[str]:
    return sorted(named(path) for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("__init__.py"))


@pytest.mark.parametrize("package", packages())
def test_an_init_file_only_documents(package: str) -> None:
    tree = ast.parse((ROOT / package).read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{package} has no docstring"
    assert len(tree.body) == 1, f"{package} does more than document, from line {tree.body[1].lineno}"


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_door_plate(room: str) -> None:
    assert (ROOT / room / "__init__.py").is_file(), f"{room}/__init__.py with the room's glossary is missing"


def test_no_file_is_too_long_to_read_in_one_go() -> None:
    data = ROOT / "tests" / "data"
    long = {}
    for path in committed_files():
        if path.suffix in COUNTED and "requirements" not in path.parts and not path.is_relative_to(data):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LONGEST_FILE:
                long[named(path)] = lines
    assert not long, f"split these by subject: {long}"


@pytest.mark.parametrize("what", OF_ONE_MACHINE)
def test_no_committed_file_knows_one_machine(what: str) -> None:
    hits = []
    for path in committed_files():
        content = path.read_bytes()
        if b"\0" in content[:8000]:  # a picture
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            # Options of the same name that keep addresses out are welcome.
            if OF_ONE_MACHINE[what].search(re.sub(r"--no-emit-\S+", "", line)):
                hits.append(f"{named(path)}:{number}: {line.strip()[:120]}")
    assert not hits, "\n".join([f"{what} in:", *hits])


def test_nothing_that_is_built_or_installed_is_committed() -> None:
    tracked = [named(path) for path in committed_files()]
    built = re.compile(r"(^|/)(node_modules|static|\.venv)/|\.mo$|\.min\.(js|css)$|\.whl$")
    assert [name for name in tracked if built.search(name)] == []
