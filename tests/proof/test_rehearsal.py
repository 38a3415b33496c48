"""``make rehearsal`` runs, here with few people: what it says held, held."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.live import ROOT


@pytest.mark.slow
def test_a_small_rehearsal_goes_from_the_register_to_a_board_that_both_verifiers_accept() -> None:
    words = [sys.executable, "-m", "tests.rehearsal", "--people", "60", "--ballots", "30"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything held." in done.stdout
    assert "the result is what plain addition gives" in done.stdout
