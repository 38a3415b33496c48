"""Debian's ``belenios-tool``, the program of other people that judges our elections. Version 2.0 checks every ballot."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.servers import Missing, skip_or_fail


def program() -> str:
    """Where it is. A test that needs it is skipped without it, or fails where everything is required."""
    found = shutil.which("belenios-tool")
    if found is None:
        skip_or_fail(Missing("belenios-tool is not installed; Debian package: belenios-tool"))
    return found


def run(*arguments: str, folder: Path) -> str:
    """What it prints, standard error last. Raises AssertionError if it fails."""
    done = subprocess.run(
        [program(), *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def accepts(bundle: Path) -> bool:
    """Whether ``election verify`` finds all checks passed. The archive's name is the election's, so it gets a folder."""
    done = subprocess.run(
        [program(), "election", "verify", "--dir", "."],
        cwd=_alone(bundle),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode == 0 and "all checks passed" in done.stderr


def _alone(bundle: Path) -> Path:
    folder = bundle.with_suffix(".referee")
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    content = bundle.read_bytes()
    at = content.index(b'"uuid":"') + len(b'"uuid":"')
    uuid = content[at : content.index(b'"', at)].decode()
    (folder / f"{uuid}.bel").write_bytes(content)
    return folder
