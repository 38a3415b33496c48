"""Reading a register of 75,000 people, against a bare ``csv.DictReader`` on the same file, each in its own process.

Memory is read from Linux's own account of the process: what it held at most, less what it held before reading.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

PEOPLE, COLUMNS = 75_000, 12
SECONDS, MEGABYTES = 5.0, 150.0

BARE = """
import csv
def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return sum(1 for _row in csv.DictReader(file, delimiter=";"))
"""
OURS = """
from core.spreadsheets import rows
def read(path):
    return sum(1 for _row in rows(path, path.name, wanted=["number", "name"]))
"""
MEASURE = """
import csv, json, re, sys, time
from pathlib import Path
from core import spreadsheets
def memory(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = memory("VmRSS")
start = time.perf_counter()
count = read(Path(sys.argv[1]))
seconds = time.perf_counter() - start
after = memory("VmHWM")
print(json.dumps([count, seconds, (after - before) / 1024]))
"""


def run() -> bool:
    """Print times and memory; True if CSV takes at most five seconds and 150 MB more than before."""
    with tempfile.TemporaryDirectory() as name:
        table, book = Path(name) / "roll.csv", Path(name) / "roll.xlsx"
        _write(table, book)
        bare = _measure(BARE, table)
        ours = _measure(OURS, table)
        workbook = _measure(OURS, book)
    print(f"{PEOPLE:,} rows of {COLUMNS} columns")
    for label, (count, seconds, megabytes) in (
        ("CSV", ours),
        ("csv.DictReader", bare),
        ("XLSX", workbook),
    ):
        assert count == PEOPLE
        print(f"  {label:<15} {seconds:6.2f} s   {megabytes:6.0f} MB more")
    print(f"  at most         {SECONDS:6.2f} s   {MEGABYTES:6.0f} MB more, for CSV")
    return ours[1] <= SECONDS and ours[2] <= MEGABYTES


def _write(table: Path, book: Path) -> None:
    heading = ["number", "name", *(f"column {place}" for place in range(COLUMNS - 2))]
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(heading)
    with table.open("w", encoding="utf-8-sig") as file:
        file.write(";".join(heading) + "\n")
        for number in range(PEOPLE):
            cells = [
                number,
                f"سميرة Müller-{number}",
                *(f"value {number % 97} {n}" for n in range(COLUMNS - 2)),
            ]
            file.write(";".join(str(cell) for cell in cells) + "\n")
            sheet.append(cells)
    workbook.save(book)


def _measure(reader: str, path: Path) -> tuple[int, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", reader + MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    count, seconds, megabytes = json.loads(done.stdout)
    return int(count), float(seconds), float(megabytes)
