"""The scripts of voters and trustees, bundled as for a browser and run by Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.booth.bundles import bundle, node

Library = Callable[..., list[Any]]


def calling(script: str, made: Path) -> Library:
    """Calls of ``script``, bundled into ``made``."""
    bundle(script, made, "--platform=node", "--format=esm", "--target=node20")

    def call(*calls: tuple[Any, ...]) -> list[Any]:
        done = subprocess.run(
            [node(), made],
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return list(json.loads(done.stdout))

    return call


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Calls of the booth's library, such as ``("read", "1234")``, all in one process; their answers in order."""
    return calling("library.ts", tmp_path_factory.mktemp("booth") / "library.mjs")


@pytest.fixture(scope="session")
def trustees_page(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Calls of what the trustees' page computes."""
    return calling("trustees.ts", tmp_path_factory.mktemp("trustees") / "trustees.mjs")
