"""What the trustees' page computes, against our own protocol and against belenios-tool 2.0."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main
from core.errors import DomainError
from elections import sealing
from elections.ballot import ballots, canonical, tally, trustees
from elections.ballot.chain import Kind
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.trustee import PURPOSE
from elections.verify import verify
from tests.booth.conftest import Library
from tests.elections.ballot import forgery, referee
from tests.elections.ballot.stories import (
    Step,
    Story,
    Town,
    archived,
    found_town,
    one_or_none,
    packed,
    single_trustees,
    steps,
    town_of_threshold,
    with_blank,
    written,
)
from tests.elections.ballot.test_ballots_refused import FORBIDDEN, HONEST, MOVES

PASSPHRASE = "seven quiet lanterns é عبور الجسر"


@dataclass(frozen=True)
class Ceremony:
    """Two keys of the page and one of the command line, all sealed so that both open them."""

    sealed: list[bytes]
    given: list[bytes]
    said: list[str]
    """The fingerprints, as they were shown."""


@pytest.fixture(scope="module")
def ceremony(trustees_page: Library, tmp_path_factory: pytest.TempPathFactory) -> Ceremony:
    page = [answer["value"][0] for answer in trustees_page(*(("make", at, 3, PASSPHRASE) for at in (1, 2)))]
    folder = tmp_path_factory.mktemp("command-line")
    (folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    done = CliRunner().invoke(
        main,
        [
            "trustee", "keygen", str(folder / "key"), "--folder", str(folder), "--index", "3", "--of", "3",
            "--for-browsers", "--passphrase-file", str(folder / "passphrase"),
        ],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return Ceremony(
        [*(made["sealed"].encode() for made in page), (folder / "key").read_bytes()],
        [*(made["given"].encode() for made in page), (folder / "trustee-3.key.json").read_bytes()],
        [*(made["fingerprint"] for made in page), done.output.split()[-1]],
    )


def test_keys_of_the_page_are_sound_and_say_the_same_fingerprint_everywhere(ceremony: Ceremony) -> None:
    for given, said in zip(ceremony.given, ceremony.said, strict=True):
        key = trustees.read_key(GROUP, canonical.read(given))
        assert trustees.key_holds(GROUP, key)
        assert canonical.write(key.plain(GROUP)) == given
        assert said.replace(" ", "") == trustees.fingerprint(GROUP, key)
    assert len(set(ceremony.said)) == 3


def test_a_sealed_key_opens_on_the_page_and_at_the_command_line(
    trustees_page: Library, ceremony: Ceremony
) -> None:
    opened = [sealing.open_sealed(sealed, PURPOSE, [PASSPHRASE]) for sealed in ceremony.sealed[1:]]
    answers = trustees_page(*(("open", sealed.decode(), PASSPHRASE) for sealed in ceremony.sealed[1:]))
    assert [answer["value"].encode() for answer in answers] == opened
    for content, given in zip(opened, ceremony.given[1:], strict=True):
        public = GROUP.generator.power(int(canonical.read(content)["secret"]))
        assert GROUP.write(public) == canonical.read(given)["public_key"]
        assert list(canonical.read(content)) == ["index", "size", "threshold", "seed", "secret"]


def test_a_key_file_that_is_none_was_changed_or_is_for_the_command_line_is_told_apart(
    trustees_page: Library, ceremony: Ceremony
) -> None:
    file = json.loads(ceremony.sealed[0])
    swapped = file["sealed"][:-1] + ("0" if file["sealed"][-1] != "0" else "1")
    for_command_line = sealing.seal(b"{}", PURPOSE, [PASSPHRASE])
    tried = {
        "passphrase": [json.dumps({**file, "sealed": swapped})],
        "command_line": [for_command_line.decode()],
        "sealed": [
            "",
            "null",
            "[]",
            "not a file",
            *(json.dumps({**file, name: "x"}) for name in ("format", "kdf", "purpose", "salts", "sealed")),
            json.dumps({**file, "kdf": "pbkdf2-hmac-sha256-1"}),
        ],
    }
    calls = [("open", text, PASSPHRASE) for texts in tried.values() for text in texts]
    expected = [{"error": f"Error: {fault}"} for fault, texts in tried.items() for _ in texts]
    assert trustees_page(*calls) == expected
    for text in tried["passphrase"] + tried["sealed"]:
        with pytest.raises(DomainError):
            sealing.open_sealed(text.encode(), PURPOSE, [PASSPHRASE])


@pytest.fixture(scope="module")
def town(ceremony: Ceremony) -> Town:
    """An election under the three keys; nobody but the trustees' files knows the secrets."""
    keys = tuple(trustees.Single(trustees.read_key(GROUP, canonical.read(each))) for each in ceremony.given)
    return found_town((one_or_none(), with_blank()), keys, {}, voters=4)


@pytest.fixture(scope="module")
def multiplied(town: Town) -> Story:
    """Four people: one votes twice, one not at all; nobody has decrypted."""
    cast = (
        town.cast(0, (1, 0), (0, 1, 1)),
        town.cast(1, (0, 1), (1, 0, 0)),
        town.cast(0, (1, 0), (0, 1, 0)),
        town.cast(2, (1, 0), (0, 1, 1)),
    )
    return product(town, replace(town.opening(), ballots=cast))


def product(town: Town, story: Story, *, ones: tuple[int, ...] | None = None) -> Story:
    """Closed and multiplied: the last ballot of everybody, or those at the places ``ones``."""
    read = [ballots.read_ballot(town.election, message) for message in story.ballots]
    last = {GROUP.write(ballot.credential): at for at, ballot in enumerate(read)}
    table = tally.Tally(town.election)
    for at in ones if ones is not None else last.values():
        table.add(read[at])
    return replace(
        story,
        closed=True,
        counted=len(last),
        weight=len(last),
        table=tally.write_table(GROUP, table.table),
    )


def test_parts_of_the_page_open_an_election_that_two_programs_accept(
    trustees_page: Library, ceremony: Ceremony, town: Town, multiplied: Story, tmp_path: Path
) -> None:
    board = tmp_path / "board.bel"
    parts: dict[int, bytes] = {}
    for sealed in ceremony.sealed:
        told = replace(multiplied, parts=tuple(parts.items()))
        board.write_bytes(written(told))
        hash_of_tally = canonical.digest(multiplied.table or b"")
        (answer,) = trustees_page(("decrypt", sealed.decode(), PASSPHRASE, str(board), hash_of_tally))
        *progress, checked, decrypted = answer["value"]
        assert [each["done"] for each in progress][-1] == board.stat().st_size
        assert checked["checked"] == {
            "uuid": town.election.uuid,
            "name": town.election.name,
            "fingerprint": town.election.fingerprint,
            "owner": len(parts) + 1,
            "trustees": 3,
            "ballots": 3,
            "tally": hash_of_tally,
            "already": False,
            "proofs": True,
        }
        uuid, owner, part = tally.read_handed(decrypted["part"].encode())
        assert uuid == town.election.uuid
        assert canonical.write(canonical.read(decrypted["part"])) == decrypted["part"].encode()
        parts[owner] = part
    table = tally.read_table(town.election, multiplied.table or b"")
    read = {owner: tally.read_part(town.election, part) for owner, part in parts.items()}
    for owner, key in trustees.owners(town.keyholders).items():
        assert tally.part_holds(town.election, table, key, read[owner])
    factors = tally.combine(GROUP, town.keyholders, read)
    result = tally.numbers(GROUP, tally.opened(GROUP, table, factors), 3)
    assert result == [[2, 1], [1, 2, 1]]
    whole = replace(multiplied, parts=tuple(parts.items()), result=tally.write_result(result))
    board.write_bytes(written(whole))
    assert verify(board).sound
    assert referee.accepts(board)


def test_whoever_has_decrypted_is_told_so(
    trustees_page: Library, town: Town, multiplied: Story, tmp_path: Path
) -> None:
    own = trustees.owners(town.keyholders)[2].public_key
    part = canonical.write({"decryption_factors": [], "decryption_proofs": []})
    answer = look(trustees_page, tmp_path, GROUP.write(own), written(replace(multiplied, parts=((2, part),))))
    assert answer["value"]["already"] is True


# What is not right ------------------------------------------------------------------------------------------------------

Alter = Callable[[Town, Story], bytes]


def look(page: Library, folder: Path, own: str, content: bytes) -> dict[str, Any]:
    """What the page says of a board, for the trustee with the public key ``own``."""
    path = folder / "looked-at.bel"
    path.write_bytes(content)
    return dict(page(("board", own, str(path)))[0])


def one_alone(town: Town, story: Story) -> bytes:
    """One person's ballot in the place of the product."""
    return written(product(town, story, ones=(1,)))


def both_of_one(town: Town, story: Story) -> bytes:
    return written(product(town, story, ones=(0, 1, 2, 3)))


def first_of_one(town: Town, story: Story) -> bytes:
    return written(product(town, story, ones=(0, 1, 3)))


def one_more(_town: Town, story: Story) -> bytes:
    return written(replace(story, counted=4))


def more_weight(_town: Town, story: Story) -> bytes:
    return written(replace(story, weight=4))


def beyond_the_group(_town: Town, story: Story) -> bytes:
    """A product whose factor of order two was slipped in by a ballot: decrypting it would show a bit of the key."""
    modulus = int(str(GROUP._p))  # type: ignore[attr-defined]

    def flipped(box: dict[str, str]) -> None:
        box["alpha"] = str(modulus - int(box["alpha"]))

    ballot = canonical.read(story.ballots[3])
    flipped(ballot["answers"][0]["choices"][0])
    table = canonical.read(story.table or b"")
    flipped(table[0][0])
    cast = (*story.ballots[:3], canonical.write(ballot))
    return written(replace(story, ballots=cast, table=canonical.write(table)))


def not_listed(_town: Town, story: Story) -> bytes:
    listed = canonical.read(story.credentials)
    last = canonical.read(story.ballots[3])["credential"]
    return written(replace(story, credentials=canonical.write([each for each in listed if each != last])))


def other_election(town: Town, story: Story) -> bytes:
    other = canonical.read(story.ballots[3])
    other["election_hash"] = "x" * 43
    return written(replace(story, ballots=(*story.ballots[:3], canonical.write(other))))


def not_canonical(_town: Town, story: Story) -> bytes:
    return written(replace(story, ballots=(*story.ballots[:3], story.ballots[3] + b" ")))


def rogue_key(town: Town, story: Story) -> bytes:
    """A key that cancels the others: what is encrypted to all of them is encrypted to a stranger alone."""
    keys = canonical.read(story.trustees)
    others = [int(key["public_key"]) for _, key in keys[:2]]
    _secret, own = trustees.make_key(GROUP)
    rogue = own.public_key
    for other in others:
        rogue = GROUP.quotient(rogue, other)  # type: ignore[arg-type]
    keys[2][1]["public_key"] = GROUP.write(rogue)
    return written(replace(story, trustees=canonical.write(keys)))


def other_key(town: Town, story: Story) -> bytes:
    keys = canonical.read(story.trustees)
    keys[2][1] = trustees.make_key(GROUP)[1].plain(GROUP)
    return written(replace(story, trustees=canonical.write(keys)))


def same_key_twice(town: Town, story: Story) -> bytes:
    keys = canonical.read(story.trustees)
    return written(replace(story, trustees=canonical.write([*keys, keys[0]])))


def event_left_out(_town: Town, story: Story) -> bytes:
    told = packed(steps(story))
    return archived(told[:5] + told[7:])


def parent_altered(_town: Town, story: Story) -> bytes:
    told = steps(story)
    told[2].alter = lambda event: {**event, "parent": "0" * 64}
    return archived(packed(told))


def order_altered(_town: Town, story: Story) -> bytes:
    told = steps(story)
    return archived(packed([*told[:2], told[5], *told[2:5], *told[6:]]))


def data_beside(_town: Town, story: Story) -> bytes:
    told = steps(story)
    told[6] = Step(Kind.ENCRYPTED_TALLY, [*told[6].bodies, told[6].bodies[-1]])
    return archived(packed(told))


def setup_names_others(_town: Town, story: Story) -> bytes:
    told = steps(story)
    told[0].bodies[2] = canonical.write([*canonical.read(told[0].bodies[2]), "5"])
    return archived(packed(told))


def flipped(_town: Town, story: Story) -> bytes:
    return written(story).replace(b'"response":"1', b'"response":"2', 1)


WRONG: dict[Alter, str] = {
    one_alone: "product",
    both_of_one: "product",
    first_of_one: "product",
    one_more: "product",
    more_weight: "product",
    beyond_the_group: "product",
    not_listed: "ballot",
    other_election: "ballot",
    not_canonical: "ballot",
    rogue_key: "trustees",
    other_key: "trustees",
    same_key_twice: "trustees",
    event_left_out: "chain",
    parent_altered: "chain",
    order_altered: "chain",
    data_beside: "chain",
    setup_names_others: "chain",
    flipped: "archive",
    lambda _town, story: written(story)[:-512]: "archive",
    lambda _town, _story: b"": "archive",
    lambda _town, _story: b"x" * 5000: "archive",
    lambda _town, story: written(story.until(Kind.END_BALLOTS)): "not_closed",
    lambda _town, story: written(story.until(Kind.SETUP)): "not_closed",
    lambda _town, _story: written(town_of_threshold()[1]): "threshold",
}


def test_nothing_is_decrypted_of_a_board_that_is_not_as_it_should_be(
    trustees_page: Library, town: Town, multiplied: Story, tmp_path: Path
) -> None:
    own = GROUP.write(trustees.owners(town.keyholders)[1].public_key)
    calls = []
    for at, alter in enumerate(WRONG):
        path = tmp_path / f"{at}.bel"
        path.write_bytes(alter(town, multiplied))
        calls.append(("board", own, str(path)))
    answers = trustees_page(*calls)
    found = {alter: answer.get("error") for alter, answer in zip(WRONG, answers, strict=True)}
    assert found == {alter: f"Error: {fault}" for alter, fault in WRONG.items()}


def test_a_stranger_a_key_with_a_threshold_and_another_tally_are_refused(
    trustees_page: Library, ceremony: Ceremony, multiplied: Story, tmp_path: Path
) -> None:
    _secrets, keys = single_trustees(1)
    stranger = GROUP.write(trustees.owners(keys)[1].public_key)
    assert look(trustees_page, tmp_path, stranger, written(multiplied)) == {"error": "Error: not_yours"}
    board = tmp_path / "board.bel"
    board.write_bytes(written(multiplied))
    shared = json.dumps({"index": 1, "size": 3, "threshold": 2, "seed": "x", "secret": "5"})
    answers = trustees_page(
        ("held", shared),
        ("decrypt", ceremony.sealed[0].decode(), PASSPHRASE, str(board), "0" * 64),
    )
    assert answers[0] == {"error": "Error: threshold"}
    assert [each for each in answers[1]["value"] if each["news"] != "progress"] == [
        {"news": "failed", "fault": "other_tally"},
        {"news": "failed", "fault": "broken"},
    ]


# Proofs of ballots ------------------------------------------------------------------------------------------------------


def forged(town: Town) -> dict[str, bytes]:
    """Ballots that break a rule each, signed by the one who cast them, and some that only look odd to who is careless."""
    own, other = town.voters[0], town.voters[3]
    honest = town.cast(0, *HONEST)
    found = {f"values {values}": forgery.ballot(town.election, own, values) for values in FORBIDDEN}
    for name, (move, _fault) in MOVES.items():
        message = canonical.read(honest)
        move(message)
        found[name] = forgery.signed(message, own)
    found["outside the group"] = forgery.ballot(town.election, own, HONEST, stray=True)
    found["credential outside the group"] = forgery.ballot(town.election, own, HONEST, stray_credential=True)
    found["another's signature"] = forgery.signed(canonical.read(honest), other)
    found["another's ballot"] = forgery.signed(canonical.read(honest) | {"credential": town.public[3]}, other)
    found["another hash"] = forgery.ballot(town.election, own, HONEST, signed_hash="x" * 43)
    for name, alter in {
        "a larger response": lambda number: number + forgery.Q,
        "no proof": lambda _number: 0,
    }.items():
        message = canonical.read(honest)
        proof = message["answers"][0]["individual_proofs"][0][0]
        proof["response"] = str(alter(int(proof["response"])))
        found[name] = forgery.signed(message, own)
    for part in ("individual_proofs", "overall_proof", "blank_proof"):
        message = canonical.read(honest)
        message["answers"][1][part].pop()
        found[f"one of {part} left out"] = forgery.signed(message, own)
        message = canonical.read(honest)
        del message["answers"][1][part]
        found[f"{part} left out"] = forgery.signed(message, own)
    return {name: canonical.write(ballot) for name, ballot in found.items()}


def test_every_forged_ballot_is_found_where_the_trustee_has_its_proofs_checked(
    trustees_page: Library, town: Town, tmp_path: Path
) -> None:
    own = GROUP.write(trustees.owners(town.keyholders)[1].public_key)
    listed = canonical.read(town.opening().credentials)
    wrong = forged(town)
    # A stray credential is listed here, so that only the proofs are left to refuse it.
    odd = canonical.read(wrong["credential outside the group"])["credential"]
    opening = replace(town.opening(), credentials=canonical.write([*listed, odd]))
    honest = {
        f"honest {at}": town.cast(0, *choices)
        for at, choices in enumerate((HONEST, ((0, 0), (1, 0, 0)), ((0, 1), (0, 1, 0))))
    }
    calls = []
    for at, ballot in enumerate([*wrong.values(), *honest.values()]):
        path = tmp_path / f"{at}.bel"
        path.write_bytes(written(replace(opening, ballots=(ballot,))))
        calls.append(("board", own, str(path), True))
    answers = dict(zip([*wrong, *honest], trustees_page(*calls), strict=True))
    assert {name: answers[name]["error"] for name in wrong} == dict.fromkeys(wrong, "Error: proofs")
    # Those who are honest are only too early: their board is not closed yet.
    assert {name: answers[name]["error"] for name in honest} == dict.fromkeys(honest, "Error: not_closed")
    with pytest.raises(DomainError):
        ballots.check_ballot(town.election, wrong["no proof"])
