"""Where the built files lie, and what tests know of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


@dataclass(frozen=True)
class Asset:
    """One built file: its path in static/, and its text."""

    path: Path
    text: str
