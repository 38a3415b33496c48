"""Counting ranked ballots by the Scottish rule, against counting the same ballots one paper after the other.

Both counts run in the same process on the same file; reading that file is timed beside them. Growth is measured from
1,000 to 100,000 ballots, in whose course equal ballots meet more often.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from elections.counting import blt
from elections.counting.blt import BltFile
from elections.counting.count import count
from elections.counting.lots import Lots
from elections.counting.rule import CountingRule, Method
from tests.elections.paper_count import count_papers

CANDIDATES, SEATS, RUNS = 10, 4, 5
SIZES = (1_000, 10_000, 100_000)
LIMIT = 0.1
"""Counting may take a tenth of the time of the papers at most; a busy machine changes both alike."""
LOTS = Lots("benchmark")


def run() -> bool:
    """Print all times; True if the grouped count takes at most a tenth of the time of single papers, and agrees with them."""
    text = {size: blt.write(_ballots(size)) for size in SIZES}
    rule = CountingRule(Method.STV, SEATS)
    print(f"single transferable vote, {CANDIDATES} candidates, {SEATS} seats, median of {RUNS}")
    for size in SIZES:
        tally = blt.read(text[size]).to_tally()
        reading = _time(lambda size=size: blt.read(text[size]))  # type: ignore[misc]
        ours = _time(lambda tally=tally: count(rule, tally, LOTS))  # type: ignore[misc]
        stages = len(count(rule, tally, LOTS).stages)
        print(
            f"  {size:7,} ballots: count {ours:7.3f} s in {stages} stages, reading the BLT file {reading:7.3f} s"
            f"   ({len(tally.ballots):,} different rankings)"
        )
    tally = blt.read(text[10_000]).to_tally()
    papers = [ballot.ranking for ballot in tally.ballots for _paper in range(ballot.number)]
    standing = [candidate.id for candidate in tally.candidates]
    ours = _time(lambda: count(rule, tally, LOTS))
    theirs = _time(lambda: count_papers(standing, papers, SEATS, LOTS), runs=1)
    elected, _history = count_papers(standing, papers, SEATS, LOTS)
    same = set(elected) == set(count(rule, tally, LOTS).elected)
    print(f"  10,000 ballots paper by paper  {theirs:7.3f} s, same people elected: {'yes' if same else 'NO'}")
    print(f"  ratio                          {ours / theirs:7.3f}     (at most {LIMIT:g})")
    return same and ours / theirs <= LIMIT


def _ballots(size: int) -> BltFile:
    """Voters with a favourite and its neighbours: fewer choose the later candidates, most rank two to six."""
    chance = random.Random(2025)
    weights = [CANDIDATES + 4 - number for number in range(CANDIDATES)]
    ballots = []
    for _voter in range(size):
        first = chance.choices(range(CANDIDATES), weights)[0]
        others = sorted(
            set(range(CANDIDATES)) - {first}, key=lambda each: abs(each - first) + chance.random() * 4
        )
        ranking = [first, *others][: chance.randint(1, 7)]
        ballots.append((tuple(number + 1 for number in ranking), 1))
    names = tuple(f"Candidate {number + 1}" for number in range(CANDIDATES))
    return BltFile(SEATS, names, tuple(ballots), title="Benchmark")


def _time(work: Callable[[], object], runs: int = RUNS) -> float:
    seconds = []
    for _run in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
