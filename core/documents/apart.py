"""Rendering a long paper in a process of its own: typst keeps what it has laid out until its process ends.

What goes in and comes out passes through pipes, so that it is in memory only, as in ``papers.render``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core import settings
from core.documents import papers
from core.localized import Localized
from core.settings import Settings


def render_apart(template: str, language: str, data: Mapping[str, Any]) -> bytes:
    """As ``papers.render``. Whatever is wrong is a RuntimeError: try a shorter paper with the same words first."""
    city = settings.current()
    order = {
        "templates": str(papers.templates()),
        "folder": str(city.folder),
        "city": city.city.dump(),
        "paper": [template, language, data],
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-B", "-m", __name__],
        input=json.dumps(order).encode("ascii"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # nothing of the paper may get into a log
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{template} could not be printed (exit code {done.returncode})")
    return done.stdout


def _render() -> None:
    order = json.load(sys.stdin.buffer)
    settings.configure(Settings(folder=Path(order["folder"]), city=Localized.load(order["city"])))
    papers.init_papers(Path(order["templates"]))
    sys.stdout.buffer.write(papers.render(*order["paper"]))


if __name__ == "__main__":
    _render()
