"""``python -m elections.verify``: what it prints, how it ends, what several processes change, and what a later board adds."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from elections import verify
from elections.ballot import canonical
from elections.ballot.chain import Kind
from tests.elections.ballot import forgery
from tests.elections.ballot.stories import (
    Step,
    Story,
    Town,
    archived,
    found_town,
    one_or_none,
    packed,
    plain,
    single_trustees,
    steps,
    written,
)

ROOT = Path(__file__).parents[3]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "elections.verify", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "bundle.bel"


def test_a_sound_bundle_ends_well_and_is_described(singles: tuple[Town, Story], bundle: Path) -> None:
    town, story = singles
    bundle.write_bytes(written(story))
    done = run(bundle)
    assert done.returncode == 0, done.stdout + done.stderr
    for expected in (
        f"Election: Tiny ({town.election.uuid})",
        f"Fingerprint of the election: {town.election.fingerprint}",
        "Credentials: 4",
        "Key part 2: one trustee, always needed",
        "Ballots: 4 cast, 3 count",
        "2  Ana",
        "1  (blank)",
        "2  Tram",
        "All checks passed.",
    ):
        assert expected in done.stdout


def test_an_altered_bundle_ends_badly_and_says_why(singles: tuple[Town, Story], bundle: Path) -> None:
    _, story = singles
    bundle.write_bytes(written(replace(story, counted=7)))
    done = run(bundle)
    assert done.returncode == 1
    assert "WRONG: The number of ballots counted is not the number of ballots that count." in done.stdout
    assert "[tally_count: encrypted tally]" in done.stdout
    assert done.stdout.rstrip().endswith("NOT SOUND.")
    assert "All checks passed" not in done.stdout


@pytest.mark.parametrize("what", ["garbage", "nothing", "cut short", "text", "a folder", "missing"])
def test_what_is_no_bundle_ends_badly_with_a_sentence(
    what: str, singles: tuple[Town, Story], bundle: Path
) -> None:
    content = {
        "garbage": bytes(range(256)) * 40,
        "nothing": b"",
        "cut short": written(singles[1])[:5_000],
        "text": "Ünlü\n".encode() * 400,
    }
    if what == "a folder":
        bundle.mkdir()
    elif what != "missing":
        bundle.write_bytes(content[what])
    done = run(bundle)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    said = (done.stdout + done.stderr).strip().splitlines()
    if what in content:
        assert [line[:6] for line in said] == ["WRONG:", "NOT SO"]
    else:
        assert said == [f"{bundle} is no file"]


def test_a_bundle_of_half_letters_is_described_without_failing(
    singles: tuple[Town, Story], bundle: Path
) -> None:
    _, story = singles
    message = plain(story.election)
    message["questions"] = [{"type": "half"}]
    body = canonical.write(message).replace(b'"half"', rb'"\ud83d"')
    bundle.write_bytes(written(replace(story.until(Kind.SETUP), election=body)))
    done = run(bundle)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "NOT SOUND." in done.stdout


def test_names_in_a_bundle_cannot_print_a_verdict(singles: tuple[Town, Story], bundle: Path) -> None:
    _, story = singles
    message = plain(story.election) | {"name": "X\n\x1b[2J\rAll checks passed.\u2028\u202eAll checks passed."}
    bundle.write_bytes(written(replace(story, election=canonical.write(message))))
    done = run(bundle)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("All")] == []
    assert "Election: X\N{REPLACEMENT CHARACTER}" in done.stdout


@pytest.mark.slow
def test_two_processes_find_what_one_finds(bundle: Path) -> None:
    """Among fifty ballots several are altered, and the tally is wrong."""
    secrets, keys = single_trustees(1)
    town = found_town((one_or_none(),), keys, secrets, voters=50)
    cast = [town.cast(voter, (voter % 2, 0)) for voter in range(50)]
    sound = replace(town.opening(), ballots=tuple(cast))
    counted = town.counted(sound)
    for at, part in ((3, "individual_proofs"), (30, "overall_proof"), (49, "choices")):
        message = plain(cast[at])
        message["answers"][0][part].reverse()
        cast[at] = canonical.write(forgery.signed(message, town.voters[at]))
    cast[20] = b"{}"
    for story, expected in ((counted, set()), (replace(counted, ballots=tuple(cast)), None)):
        bundle.write_bytes(written(story))
        one, two = (verify.verify(bundle, processes=processes) for processes in (1, 2))
        assert one.findings == two.findings
        assert (one.counted, one.result) == (two.counted, two.result)
        found = {(finding.code, finding.where) for finding in one.findings}
        assert expected is None or found == expected
    for where, code in (
        ("4", "ballot_individual_proof"),
        ("31", "ballot_overall_proof"),
        ("21", "ballot_unreadable"),
    ):
        assert (code, f"ballot {where}") in found
    assert run(bundle, "--processes", "2").returncode == 1


# --- a later board ----------------------------------------------------------------------------------------------


@pytest.fixture
def boards(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "old.bel", tmp_path / "new.bel"


def compared(boards: tuple[Path, Path], old: bytes, new: bytes) -> list[str]:
    for path, content in zip(boards, (old, new), strict=True):
        path.write_bytes(content)
    return [problem.code for problem in verify.differences(*boards)]


def test_a_board_that_only_grew_is_honest(singles: tuple[Town, Story], boards: tuple[Path, Path]) -> None:
    told = steps(singles[1])
    new = archived(packed(told))
    for count in range(1, len(told) + 1):
        assert compared(boards, archived(packed(told[:count])), new) == []


def test_a_board_that_lost_something_is_noticed(
    singles: tuple[Town, Story], boards: tuple[Path, Path]
) -> None:
    told = steps(singles[1])
    old = archived(packed(told[:4]))
    assert compared(boards, old, archived(packed(told[:3]))) == ["board_shorter"]
    assert compared(boards, old, b"") == ["board_shorter"]
    dropped = [*told[:1], *told[2:]]
    assert compared(boards, old, archived(packed(dropped))) == ["board_changed"]


def test_a_board_that_was_written_anew_is_noticed(
    singles: tuple[Town, Story], boards: tuple[Path, Path]
) -> None:
    """Bundles that are sound by themselves: other ballots, another order, another list of credentials."""
    town, story = singles
    old = archived(packed(steps(story)[:5]))
    first, second, third, fourth = story.ballots
    for changed in (
        replace(story, ballots=(second, first, third, fourth)),
        replace(story, ballots=(second, third, fourth)),
        replace(story, ballots=(first, town.cast(1, (0, 1), (1, 0, 0)), third, fourth)),
        replace(story, credentials=canonical.write(plain(story.credentials)[::-1])),
    ):
        assert compared(boards, old, written(town.counted(changed))) == ["board_changed"]
        assert verify.verify(boards[1]).sound


def test_a_continuation_that_does_not_follow_is_noticed(
    singles: tuple[Town, Story], boards: tuple[Path, Path]
) -> None:
    town, story = singles
    told = steps(story)
    old = archived(packed(told[:3]))
    late = [*told[:3], Step(Kind.END_BALLOTS), Step(Kind.BALLOT, [town.cast(3, (1, 0), (0, 1, 0))])]
    assert compared(boards, old, archived(packed(late))) == ["event_order"]
    forged = [*told[:3], Step(Kind.BALLOT, [story.ballots[3]], lambda event: event.update(parent="0" * 64))]
    assert compared(boards, old, archived(packed(forged))) == ["event_parent"]
    assert compared(boards, old, old + b"\0" * 512) == ["unreadable"]
    assert compared(boards, old, old + b"more") == ["unreadable"]
