"""Whatever a reader is given, it says what is wrong in its own words: no other error ever comes out, and soon."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from elections import verify
from elections.ballot import ballots, canonical, ceremony, chain, credentials, tally, trustees
from elections.ballot.questions import read_election
from tests.elections.ballot import values
from tests.elections.ballot.stories import GROUP, Ceremony, Story, Town, packed, steps, written
from tests.properties import few, many

pytestmark = pytest.mark.usefixtures("remembered")

Read = Callable[[bytes], object]


def readers(town: Town, story: Story, chosen: Story, held: Ceremony) -> dict[str, tuple[Read, bytes]]:
    """Every reader with a message that it takes."""
    election = town.election
    told = steps(story)

    def ballot(data: bytes) -> None:
        read = ballots.read_ballot(election, data)
        list(ballots.faults(election, read))

    def keyholders(data: bytes) -> None:
        read = trustees.read_trustees(GROUP, data)
        list(trustees.faults(GROUP, read))
        trustees.public_key(GROUP, read)

    def polynomial(data: bytes) -> None:
        read = ceremony.read_polynomial(GROUP, canonical.read(data))
        ceremony.accept_shares(GROUP, held.seeds[0], held.certificates, [read, *held.polynomials[1:]])

    def certificate(data: bytes) -> None:
        read = trustees.read_signed(GROUP, canonical.read(data))
        ceremony.check_certificates(GROUP, [read, *held.certificates[1:]])

    def event(data: bytes) -> None:
        chain.read_event(data)

    return {
        "election": (read_election, story.election),
        "trustees": (keyholders, story.trustees),
        "threshold trustees": (keyholders, chosen.trustees),
        "credentials": (
            lambda data: list(credentials.read_credentials(io.BytesIO(data), len(data))),
            story.credentials,
        ),
        "ballot": (ballot, story.ballots[0]),
        "table": (lambda data: tally.read_table(election, data), story.table or b""),
        "part": (lambda data: tally.read_part(election, data), story.parts[0][1]),
        "result": (lambda data: tally.read_result(election, data), story.result or b""),
        "setup": (chain.read_setup, told[0].bodies[-1]),
        "sized": (chain.read_sized_tally, told[6].bodies[-1]),
        "owned": (chain.read_owned, told[7].bodies[-1]),
        "event": (event, packed(told)[-1][1]),
        "polynomial": (polynomial, json.dumps(held.polynomials[0].plain()).encode()),
        "certificate": (certificate, json.dumps(held.certificates[0].plain()).encode()),
    }


NAMES = (
    *("election", "trustees", "threshold trustees", "credentials", "ballot", "table", "part", "result"),
    *("setup", "sized", "owned", "event", "polynomial", "certificate"),
)


@pytest.fixture(scope="module")
def known(
    singles: tuple[Town, Story], of_three: tuple[Town, Story, Ceremony]
) -> dict[str, tuple[Read, bytes]]:
    found = readers(*singles, *of_three[1:])
    assert tuple(found) == NAMES
    for read, message in found.values():
        read(message)
    return found


def attempt(read: Read, data: bytes) -> None:
    """Reads, or says what is wrong: anything but a DomainError fails the test."""
    with suppress(DomainError):
        read(data)


NASTY: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**70, 0.5, float("nan"), float("inf"), [], {}, [[]], {"a": []}),
    *(
        "",
        "\ud800",
        "\udfff{",
        "{",
        "{}",
        "[]",
        "null",
        '{"coefexps":[]}',
        '{"coefexps":["1"]}',
        '{"secret":"\ud800"}',
    ),
    *(
        '{"verification":"1","encryption":"1"}',
        '"\\ud800"',
        "0",
        "1",
        "-1",
        "1e9",
        "٣",
        "9" * 5000,
        "\0",
        "Single",
        "Pedersen",
    ),
)
"""What a value may be replaced by."""


@pytest.mark.parametrize("name", NAMES)
def test_a_message_with_something_nasty_in_every_place(
    name: str, known: dict[str, tuple[Read, bytes]]
) -> None:
    read, message = known[name]
    plain = json.loads(message)
    for path, _ in values._walk(plain, ()):
        for nasty in NASTY:
            changed = values.put(plain, path, nasty)
            attempt(read, json.dumps(changed, separators=(",", ":")).encode())
            attempt(read, values.compact(changed).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", NAMES)
@many
@given(data=st.data())
def test_a_message_with_changed_bytes(
    name: str, known: dict[str, tuple[Read, bytes]], data: st.DataObject
) -> None:
    read, message = known[name]
    at = data.draw(st.integers(0, len(message) - 1))
    more = data.draw(st.binary(max_size=4))
    gone = data.draw(st.integers(0, 4))
    attempt(read, message[:at] + more + message[at + gone :])
    attempt(read, message[:at])


@pytest.mark.parametrize("name", NAMES)
@few
@given(data=st.binary(max_size=300))
def test_no_message_at_all(name: str, known: dict[str, tuple[Read, bytes]], data: bytes) -> None:
    attempt(known[name][0], data)
    attempt(known[name][0], b'{"a":' + data)


@pytest.mark.parametrize("depth", [*range(880, 1000, 11), 100_000])
@pytest.mark.parametrize("name", NAMES)
def test_deep_nesting_is_an_answer_too(depth: int, name: str, known: dict[str, tuple[Read, bytes]]) -> None:
    read, message = known[name]
    deep = b"[" * depth + b"]" * depth
    for data in (
        deep,
        b'{"type":' + deep + b"}",
        message.replace(b":", b":" + deep + b',"x":', 1),
        message[:-1] + b"," + deep + message[-1:],
        message.replace(b'"questions":[', b'"questions":[{"type":' + deep + b"},", 1),
        message.replace(b'"version":1', b'"version":' + deep, 1),
    ):
        attempt(read, data)


def told(path: Path, content: bytes) -> verify.Account:
    path.write_bytes(content)
    account = verify.verify(path)
    assert all(line for line in verify.lines(account))
    return account


@many
@given(data=st.data())
def test_an_archive_with_changed_bytes_is_never_sound(
    singles: tuple[Town, Story], tmp_path: Path, data: st.DataObject
) -> None:
    content = written(singles[1])
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    assert not told(tmp_path / "changed.bel", bytes(changed)).sound


@many
@given(data=st.data())
def test_an_archive_with_bytes_gone_or_more_is_never_sound(
    singles: tuple[Town, Story], tmp_path: Path, data: st.DataObject
) -> None:
    content = written(singles[1])
    at = data.draw(st.integers(0, len(content)))
    more = data.draw(st.binary(min_size=1, max_size=600))
    assert not told(tmp_path / "more.bel", content[:at] + more + content[at:]).sound
    gone = data.draw(st.integers(1, 600))
    if at + gone < len(content):  # cut off at its end, an archive is an earlier one
        assert not told(tmp_path / "gone.bel", content[:at] + content[at + gone :]).sound


@few
@given(content=st.binary(max_size=3000))
def test_garbage_is_never_sound(content: bytes, tmp_path: Path) -> None:
    assert not told(tmp_path / "garbage.bel", content).sound
    assert not told(tmp_path / "garbage.bel", b"BELENIOS" + content).sound


def test_a_bundle_whose_every_message_is_nonsense_is_never_sound(
    singles: tuple[Town, Story], of_three: tuple[Town, Story, Ceremony], tmp_path: Path
) -> None:
    """Names, hashes and chain are right; each message in turn is something else."""
    nonsense: list[Any] = [
        b"", b"null", b"{}", b"[]", b"0", b'""', b"[[]]", b"[null]", b"NaN", b"\xff", b'"\\ud800"', b"[" * 5000,
        b'{"result":[]}', b'[["Single",{}]]', b'[["Pedersen",{}]]', b"1" * 5000,
    ]  # fmt: skip
    for story in (singles[1], of_three[1]):
        for name in ("election", "trustees", "credentials", "table", "result"):
            for body in nonsense:
                if (name, body) == ("credentials", b"[]"):
                    continue
                assert not told(tmp_path / "x.bel", written(replace(story, **{name: body}))).sound
        for body in nonsense:
            assert not told(tmp_path / "x.bel", written(replace(story, ballots=(body,)))).sound
            part = ((1, body), *story.parts[1:])
            assert not told(tmp_path / "x.bel", written(replace(story, parts=part))).sound
