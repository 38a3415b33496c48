"""Checking an election's archive: our verifier against ``belenios-tool`` 2.0, on the same archive in the same run.

Ours runs before and after theirs, on one core and on two, each in a process of its own; starting is part of the time. The
peak of memory is read from the operating system, at two sizes of archive.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from elections.ballot.questions import Question
from elections.rehearsal import Plan, invented_answers, rehearse

CANDIDATES, MOST, BALLOTS = 24, 3, 2_000
FEW, MANY = 2_000, 12_000
ONE_CORE, TWO_CORES, MEMORY = 1.5, 2.8, 1.10


def run() -> bool:
    """Print all times; True if ours is quick enough and its memory does not grow."""
    with tempfile.TemporaryDirectory() as place:
        speed = _speed(Path(place) / "speed")
        memory = _memory(Path(place))
    return speed and memory


def _speed(folder: Path) -> bool:
    cast = _archive(folder, CANDIDATES, MOST, BALLOTS)
    print(f"checking {cast:,} ballots, {CANDIDATES} candidates, up to {MOST} votes, 3 trustees")
    one, two = [_ours(folder, 1)[0]], [_ours(folder, 2)[0]]
    theirs = _measured(["belenios-tool", "election", "verify", "--dir", str(folder)])[0]
    two.append(_ours(folder, 2)[0])
    one.append(_ours(folder, 1)[0])
    ours, both = sum(one) / 2, sum(two) / 2
    print(f"  belenios-tool 2.0   {theirs:7.1f} s  {cast / theirs:7.1f} ballots a second")
    print(f"  ours, one core      {ours:7.1f} s  {cast / ours:7.1f} ballots a second")
    print(f"  ours, two cores     {both:7.1f} s  {cast / both:7.1f} ballots a second")
    print(f"  ratio on one core   {theirs / ours:7.2f}     (at least {ONE_CORE:g})")
    print(f"  ratio on two cores  {theirs / both:7.2f}     (at least {TWO_CORES:g})")
    return theirs / ours >= ONE_CORE and theirs / both >= TWO_CORES


def _memory(place: Path) -> bool:
    peaks = {}
    for size in (FEW, MANY):
        folder = place / f"memory-{size}"
        cast = _archive(folder, 2, 1, size)
        peaks[size] = _ours(folder, 1)[1]
        print(f"memory for {cast:7,} ballots of 2 candidates: {peaks[size] / 1024:6.1f} MB")
    ratio = peaks[MANY] / peaks[FEW]
    print(f"  ratio               {ratio:7.2f}     (at most {MEMORY:g})")
    return ratio <= MEMORY


def _archive(folder: Path, candidates: int, most: int, ballots: int) -> int:
    """An archive of about so many ballots: a twelfth stays at home, a tenth votes again."""
    question = Question("Rehearsal", invented_answers(candidates), 0, most)
    done = rehearse(
        Plan(ballots, (question,), 3, seed="benchmark"),
        folder,
        int(time.time()),
        processes=os.cpu_count() or 1,
    )
    assert done.result == done.expected
    return done.ballots


def _ours(folder: Path, processes: int) -> tuple[float, int]:
    bundle = str(folder / "bundle.bel")
    return _measured([sys.executable, "-m", "elections.verify", bundle, "--processes", str(processes)])


def _measured(command: list[str]) -> tuple[float, int]:
    """Seconds, and kilobytes at the peak of the process itself. Fails if the command does."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        # ru_maxrss would count what this process held when it started the other one.
        peak = max(peak, _peak(process.pid))
        time.sleep(0.05)
    assert process.returncode == 0, command
    return time.perf_counter() - began, peak


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
