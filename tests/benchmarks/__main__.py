"""`python -m tests.benchmarks [PART ...]`, of ballots, booth, casting, counting, imports, letters, motions, oparl, pages, papers, roll, submissions, tables"""

from __future__ import annotations

import sys

from tests.benchmarks import (
    ballots,
    booth,
    casting,
    counting,
    imports,
    letters,
    motions,
    oparl,
    pages,
    papers,
    roll,
    submissions,
    tables,
)

PARTS = {
    "ballots": ballots.run,
    "booth": booth.run,
    "casting": casting.run,
    "counting": counting.run,
    "imports": imports.run,
    "letters": letters.run,
    "motions": motions.run,
    "oparl": oparl.run,
    "pages": pages.run,
    "papers": papers.run,
    "roll": roll.run,
    "submissions": submissions.run,
    "tables": tables.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    met = [PARTS[name]() for name in names or PARTS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
