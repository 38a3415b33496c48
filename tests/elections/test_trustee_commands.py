"""Trustees at their own machine: keys made, dealt, checked and used with the real command line, offline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from elections.ballot import ballots, tally, trustees
from elections.ballot.board import read_board
from elections.ballot.chain import Writer
from elections.ballot.credentials import public_credential, secret_exponent, write_credentials
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.questions import Election, Question, make_election, new_identifier
from elections.verify import verify

PASSPHRASE = "seven quiet lanterns over the river"
QUESTION = Question("Who?", ("Ada", "Bea", "Cem"), 0, 2)
CODE = "1" * 32
TIME = 1_700_000_000


@dataclass
class Desk:
    """A folder on a trustee's machine, and nothing else: no settings, no home, no server."""

    place: Path

    def run(self, *arguments: str, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
        secret = self.place / "passphrase"
        secret.write_text(passphrase + "\n", encoding="utf-8")
        given = [] if arguments[0] == "assemble" else ["--passphrase-file", str(secret)]
        return subprocess.run(
            [sys.executable, "-m", "app.cli", "trustee", *arguments, *given],
            cwd=self.place,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *arguments: str) -> str:
        finished = self.run(*arguments)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def keygen(self, index: int, size: int, threshold: int = 0) -> None:
        wanted = ["--threshold", str(threshold)] if threshold else []
        self.done(
            "keygen", f"key-{index}", "--folder", "shared", "--index", str(index), "--of", str(size), *wanted
        )

    def ceremony(self, size: int, threshold: int) -> trustees.Trustees:
        for step in ("keygen", "deal", "accept"):
            for index in range(1, size + 1):
                if step == "keygen":
                    self.keygen(index, size, threshold)
                else:
                    self.done(step, f"key-{index}", "--folder", "shared")
        return self.assembled(size)

    def assembled(self, size: int) -> trustees.Trustees:
        self.done("assemble", "--folder", "shared", "--of", str(size), "--out", "trustees.json")
        return trustees.read_trustees(GROUP, (self.place / "trustees.json").read_bytes())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def election_for(keys: trustees.Trustees) -> Election:
    return make_election(new_identifier(), "Council", "", (QUESTION,), trustees.public_key(GROUP, keys))


def closed_board(path: Path, election: Election, keys: trustees.Trustees, *parts: Path) -> None:
    """A board with one ballot, closed and multiplied, with the parts that trustees handed in, and the result if any."""
    secret = secret_exponent(election.uuid, CODE)
    message = ballots.make_ballot(election, secret, [(1, 0, 1)])
    known = path.with_suffix(".ballot")
    message = known.read_bytes() if known.exists() else message
    known.write_bytes(message)
    product = tally.Tally(election)
    product.add(ballots.check_ballot(election, message))
    with path.open("wb") as stream:
        writer = Writer(stream, TIME)
        writer.setup(
            election.message,
            trustees.write_trustees(GROUP, keys),
            write_credentials([public_credential(election.uuid, CODE)]),
        )
        writer.ballot(message)
        writer.end_ballots()
        writer.encrypted_tally(tally.write_table(GROUP, product.table), 1, 1)
        handed = {}
        for part in parts:
            content = json.loads(part.read_bytes())
            body = json.dumps(content["partial_decryption"], separators=(",", ":")).encode()
            writer.partial_decryption(content["owner"], body)
            handed[content["owner"]] = tally.read_part(election, body)
        if handed:
            factors = tally.combine(GROUP, keys, handed)
            found = tally.numbers(GROUP, tally.opened(GROUP, product.table, factors), 1)
            writer.result(tally.write_result(found))


@pytest.mark.slow
def test_two_of_three_trustees_make_a_key_in_three_rounds_and_open_a_tally_that_the_verifier_accepts(
    desk: Desk,
) -> None:
    keys = desk.ceremony(3, 2)
    election = election_for(keys)
    board = desk.place / "board.bel"
    closed_board(board, election, keys)
    said = desk.done("check", "key-3", "board.bel")
    assert "trustee 3" in said
    assert election.fingerprint in said
    for index in (1, 3):
        desk.done("decrypt", f"key-{index}", "board.bel", "--out", f"part-{index}.json")
    closed_board(board, election, keys, desk.place / "part-1.json", desk.place / "part-3.json")
    account = verify(board)
    assert account.sound
    assert account.result == [[1, 0, 1]]


def test_a_key_without_threshold_is_made_in_one_step_and_lies_sealed_and_private(desk: Desk) -> None:
    desk.keygen(1, 1)
    keys = desk.assembled(1)
    assert not list(trustees.faults(GROUP, keys))
    sealed = desk.place / "key-1"
    assert sealed.stat().st_mode & 0o077 == 0
    everything = b"".join(
        each.read_bytes() for each in desk.place.rglob("*") if each.is_file() and each.name != "passphrase"
    )
    assert PASSPHRASE.encode() not in everything
    assert sorted(json.loads(sealed.read_bytes())) == ["format", "purpose", "salts", "sealed"]


def test_a_trustees_machine_loads_neither_server_nor_database(desk: Desk) -> None:
    program = "import sys, app.cli, elections.trustee; print([m for m in ('sqlalchemy', 'app.factory') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_wrong_passphrase_opens_nothing(desk: Desk) -> None:
    desk.keygen(1, 2, threshold=2)
    refused = desk.run("deal", "key-1", "--folder", "shared", passphrase="another quiet lantern in the river")
    assert refused.returncode == 1
    assert "The passphrase is wrong" in refused.stderr


@pytest.mark.parametrize("weak", ["short", "passwordpassword", "aaaaaaaaaaaaaaaa"])
def test_a_weak_passphrase_makes_no_key(desk: Desk, weak: str) -> None:
    refused = desk.run("keygen", "key-1", "--folder", "shared", "--index", "1", "--of", "1", passphrase=weak)
    assert refused.returncode == 1
    assert "passphrase" in refused.stderr
    assert not (desk.place / "key-1").exists()


def test_a_key_file_or_a_place_in_the_folder_is_never_overwritten(desk: Desk) -> None:
    desk.keygen(1, 2)
    before = {each: each.read_bytes() for each in desk.place.rglob("*") if each.is_file()}
    for key in ("key-1", "key-new"):
        refused = desk.run("keygen", key, "--folder", "shared", "--index", "1", "--of", "2")
        assert refused.returncode == 1
        assert "exists already" in refused.stderr
    assert {each: each.read_bytes() for each in desk.place.rglob("*") if each.is_file()} == before


def test_a_step_before_its_time_names_whose_files_are_missing(desk: Desk) -> None:
    desk.keygen(1, 3, threshold=2)
    refused = desk.run("deal", "key-1", "--folder", "shared")
    assert refused.returncode == 1
    assert "2, 3" in refused.stderr


def test_places_that_cannot_be_are_refused(desk: Desk) -> None:
    for index, size, threshold in ((0, 3, 2), (4, 3, 2), (1, 3, 4)):
        refused = desk.run(
            "keygen", "key", "--folder", "shared", "--index", str(index), "--of", str(size),
            "--threshold", str(threshold),
        )  # fmt: skip
        assert refused.returncode == 1
        assert "between 1 and the number of trustees" in refused.stderr


def test_nothing_is_decrypted_from_a_board_that_is_not_sound_not_closed_or_not_ones_own(desk: Desk) -> None:
    desk.keygen(1, 1)
    keys = desk.assembled(1)
    election = election_for(keys)
    board = desk.place / "board.bel"
    closed_board(board, election, keys)
    whole = board.read_bytes()
    closed = read_board(board)
    assert closed.table is not None

    # One vote taken out of the product before the trustees decrypt, names and chain made anew.
    one = tally.Tally(election)
    with board.open("wb") as stream:
        writer = Writer(stream, TIME)
        writer.setup(
            election.message,
            trustees.write_trustees(GROUP, keys),
            write_credentials([public_credential(election.uuid, CODE)]),
        )
        writer.ballot(board.with_suffix(".ballot").read_bytes())
        writer.end_ballots()
        writer.encrypted_tally(tally.write_table(GROUP, one.table), 1, 1)
    refused = desk.run("decrypt", "key-1", "board.bel", "--out", "part.json")
    assert refused.returncode == 1
    assert "nothing is decrypted" in refused.stderr

    with board.open("wb") as stream:
        writer = Writer(stream, TIME)
        writer.setup(
            election.message,
            trustees.write_trustees(GROUP, keys),
            write_credentials([public_credential(election.uuid, CODE)]),
        )
    refused = desk.run("decrypt", "key-1", "board.bel", "--out", "part.json")
    assert refused.returncode == 1
    assert "encrypted tally" in refused.stderr

    board.write_bytes(whole)
    desk.done("keygen", "stranger", "--folder", "elsewhere", "--index", "1", "--of", "1")
    refused = desk.run("decrypt", "stranger", "board.bel", "--out", "part.json")
    assert refused.returncode == 1
    assert "not among the keys" in refused.stderr
    assert not (desk.place / "part.json").exists()
