"""Where templates, catalogues, migrations and built assets lie: beside the rooms in a checkout, inside a wheel."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder called ``name`` (``templates``, ``translations``, ``static``)."""
    packed = _HERE / "_resources" / name
    return packed if packed.is_dir() else _HERE.parent / name


MIGRATIONS = _HERE.parent / "core" / "migrations"
