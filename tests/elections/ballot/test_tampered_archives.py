"""The archive altered: its bytes, members, events, and what they say happened. Noticed for its own reason each time.

The bundle of the tests: Setup; four ballots, of which the first is replaced by the third; EndBallots; EncryptedTally;
two PartialDecryptions; Result. Its members, counted from 0, are listed in ``ROLES``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from elections.ballot import archive, board, canonical
from elections.ballot.ballots import Fault
from elections.ballot.board import Structure
from elections.ballot.chain import Kind
from elections.verify import UNREADABLE, Check
from tests.elections.ballot import forgery
from tests.elections.ballot.stories import (
    WHEN,
    Packed,
    Step,
    Story,
    Town,
    archived,
    codes,
    packed,
    plain,
    steps,
    written,
)
from tests.elections.ballot.values import Sort, alterations

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("remembered")]

FORM, TIME, NAME, DATA = Structure.FORM, Structure.TIME, Structure.NAME, Structure.DATA
PARENT, HEIGHT, ORDER, TWICE = Structure.PARENT, Structure.HEIGHT, Structure.ORDER, Structure.BALLOT_TWICE
COUNTS = {Check.TALLY_VALUE, Check.TALLY_COUNT, Check.TALLY_WEIGHT}

ROLES = (
    *("election", "trustees", "credentials", "setup", "Setup"),
    *("superseded", "Superseded", "ballot", "Ballot", "last", "Last", "ballot", "Ballot"),
    "EndBallots",
    *("table", "sized", "EncryptedTally"),
    *("part", "owned", "PartialDecryption", "part", "owned", "PartialDecryption"),
    *("result", "Result"),
)


@pytest.fixture(scope="module")
def story(singles: tuple[Town, Story]) -> Story:
    return singles[1]


@pytest.fixture(scope="module")
def members(story: Story) -> Packed:
    found = packed(steps(story))
    assert len(found) == len(ROLES)
    return found


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "altered.bel"


# --- members ----------------------------------------------------------------------------------------------------

GONE: dict[str, set[str]] = {
    **{key: {UNREADABLE} for key in ("election", "trustees", "credentials", "setup", "Setup")},
    "superseded": {DATA},
    "Superseded": {PARENT, HEIGHT, DATA},
    "ballot": {DATA, *COUNTS},
    "last": {DATA, Check.TALLY_VALUE},  # the first of this person counts instead
    "Last": {PARENT, HEIGHT, DATA, Check.TALLY_VALUE},
    "Ballot": {PARENT, HEIGHT, DATA, *COUNTS},
    "EndBallots": {PARENT, HEIGHT, ORDER},
    "table": {DATA},
    "sized": {DATA},
    "EncryptedTally": {PARENT, HEIGHT, ORDER, DATA},
    "part": {DATA, Check.PARTS_MISSING},
    "owned": {DATA, Check.PARTS_MISSING},
    "PartialDecryption": {PARENT, HEIGHT, DATA, Check.PARTS_MISSING},
    "result": {DATA},
    "Result": {DATA},
}


@pytest.mark.parametrize("at", range(len(ROLES)))
def test_a_member_less_is_noticed(at: int, members: Packed, bundle: Path) -> None:
    expected = GONE[ROLES[at]]
    if at == 12:  # the last ballot's event: its data now stands before the end
        expected = {PARENT, HEIGHT, DATA, *COUNTS}
    if at == 22:  # the second partial decryption stands before the result
        expected = {PARENT, HEIGHT, DATA, Check.PARTS_MISSING}
    assert codes(bundle, archived([*members[:at], *members[at + 1 :]])) == expected


AGAIN: dict[str, set[str]] = {
    "election": {DATA},
    **{key: {UNREADABLE} for key in ("trustees", "credentials", "setup")},
    "Setup": {PARENT, HEIGHT, ORDER, DATA},
    **{key: {DATA} for key in ("superseded", "ballot", "last", "table", "part", "result")},
    **{key: {PARENT, HEIGHT, DATA} for key in ("Superseded", "Ballot", "Last")},
    "EndBallots": {PARENT, HEIGHT, ORDER},
    **{key: {DATA, UNREADABLE} for key in ("sized", "owned")},
    **{key: {PARENT, HEIGHT, ORDER, DATA} for key in ("EncryptedTally", "Result")},
    "PartialDecryption": {PARENT, HEIGHT, DATA},
}


@pytest.mark.parametrize("at", range(len(ROLES)))
def test_a_member_twice_is_noticed(at: int, members: Packed, bundle: Path) -> None:
    assert codes(bundle, archived([*members[: at + 1], *members[at:]])) == AGAIN[ROLES[at]]


@pytest.mark.parametrize("at", range(len(ROLES) + 1))
def test_a_member_more_is_noticed(at: int, members: Packed, bundle: Path) -> None:
    body = b'{"more":"1"}'
    more = (canonical.digest(body) + archive.DATA, body)
    seen = codes(bundle, archived([*members[:at], more, *members[at:]]))
    # Messages are taken by their place before the event, so that another is read where the record should stand.
    assert seen == {UNREADABLE} if at in (1, 2, 3, 4, 16, 19, 22) else DATA in seen


@pytest.mark.parametrize("at", range(len(ROLES) - 1))
def test_two_members_in_the_other_order_are_noticed(at: int, members: Packed, bundle: Path) -> None:
    swapped = [*members[:at], members[at + 1], members[at], *members[at + 2 :]]
    seen = codes(bundle, archived(swapped))
    assert seen & {DATA, UNREADABLE}


@pytest.mark.parametrize("at", range(len(ROLES)))
def test_a_member_with_another_name_is_noticed(at: int, members: Packed, bundle: Path) -> None:
    name, body = members[at]
    digest, _, suffix = name.partition(".")
    for other in ("0" * 64 + "." + suffix, digest.upper() + "." + suffix, digest[:-1] + "." + suffix):
        assert codes(bundle, archived([*members[:at], (other, body), *members[at + 1 :]])) == {NAME}
    kind = archive.EVENT if suffix == "data.json" else archive.DATA
    seen = codes(bundle, archived([*members[:at], (digest + kind, body), *members[at + 1 :]]))
    assert seen & {DATA, UNREADABLE}


# --- bytes ------------------------------------------------------------------------------------------------------

VICTIM = 7
"""A ballot's data member."""


def start_of(members: Packed, at: int) -> int:
    return len(archived(members[:at]))


def in_header(offset: int) -> set[str]:
    """What a flipped byte of a tar header leads to, beside what a wrong length leads to."""
    if offset < 100:
        return {FORM, NAME}
    if 136 <= offset < 147:
        return {FORM, TIME}
    return {FORM}


@pytest.mark.parametrize("part", range(8))
def test_every_byte_of_a_tar_header_counts(part: int, members: Packed, bundle: Path) -> None:
    content = archived(members)
    start = start_of(members, VICTIM)
    for offset in range(64 * part, 64 * part + 64):
        changed = bytearray(content)
        changed[start + offset] ^= 1
        seen = codes(bundle, bytes(changed))
        if 124 <= offset < 135:
            assert FORM in seen or seen == {UNREADABLE}, offset
        else:
            assert seen == in_header(offset), offset


@pytest.mark.parametrize("offset", [0, 9, 100, 108, 116, 156, 157, 257, 265, 297, 329, 345, 511])
def test_a_header_with_its_checksum_made_right_must_still_be_as_written(
    offset: int, members: Packed, bundle: Path
) -> None:
    content = bytearray(archived(members))
    start = start_of(members, VICTIM)
    content[start + offset] ^= 1
    head = content[start : start + 512]
    head[148:156] = b" " * 8
    content[start + 148 : start + 155] = f"{sum(head):06o}".encode() + b"\0"
    assert codes(bundle, bytes(content)) == ({NAME} if offset < 100 else {FORM})


@pytest.mark.parametrize("at", range(len(ROLES)))
def test_padding_is_empty(at: int, members: Packed, bundle: Path) -> None:
    content = bytearray(archived(members))
    end = start_of(members, at + 1)
    assert len(members[at][1]) % 512, "this member has no padding"
    content[end - 1] = 1
    assert codes(bundle, bytes(content)) == {FORM}


@pytest.mark.parametrize(
    "more", [b"\0" * 512, b"\0" * 1024, b"\0" * 10240, b"x" * 512, b"\0", b"x", b"\n", b"x" * 600]
)
def test_nothing_stands_after_the_last_member(more: bytes, members: Packed, bundle: Path) -> None:
    assert codes(bundle, archived(members) + more) == {UNREADABLE}


@pytest.mark.parametrize("at", range(len(ROLES) + 1))
def test_an_archive_cut_short_is_whole_only_after_an_event(at: int, members: Packed, bundle: Path) -> None:
    content = archived(members)
    end = start_of(members, at)
    whole = at >= 5 and members[at - 1][0].endswith(archive.EVENT)
    expected: set[str] = set() if whole else {DATA} if at >= 5 else {UNREADABLE}
    assert codes(bundle, content[:end]) == expected
    for less in (1, 511, 513):
        assert codes(bundle, content[: end - less]) == {UNREADABLE}


HEADERS: dict[str, Callable[[], bytes]] = {
    "version 2": lambda: canonical.write({"version": 2, "timestamp": str(WHEN)}),
    "version as a text": lambda: canonical.write({"version": "1", "timestamp": str(WHEN)}),
    "version 1.0": lambda: canonical.write({"version": 1.0, "timestamp": str(WHEN)}),
    "version true": lambda: canonical.write({"version": True, "timestamp": str(WHEN)}),
    "time as a number": lambda: canonical.write({"version": 1, "timestamp": WHEN}),
    "another time": lambda: canonical.write({"version": 1, "timestamp": str(WHEN + 1)}),
    "no time": lambda: canonical.write({"version": 1}),
    "no version": lambda: canonical.write({"timestamp": str(WHEN)}),
    "other order": lambda: canonical.write({"timestamp": str(WHEN), "version": 1}),
    "a field more": lambda: canonical.write({"version": 1, "timestamp": str(WHEN), "more": 1}),
    "a blank": lambda: b'{"version":1, "timestamp":"%d"}' % WHEN,
    "a line end": lambda: canonical.write({"version": 1, "timestamp": str(WHEN)}) + b"\n",
    "nothing": lambda: b"",
    "no record": lambda: b"[]",
}


@pytest.mark.parametrize("header", HEADERS)
def test_the_first_member_has_one_form(header: str, members: Packed, bundle: Path) -> None:
    rest = archived(members)[len(archive.header(WHEN)) :]
    first = archive.member(archive.HEADER, HEADERS[header](), WHEN)
    assert codes(bundle, first + rest) == {Structure.HEADER}


def test_the_first_member_stands_there_once(members: Packed, bundle: Path) -> None:
    content, header = archived(members), archive.header(WHEN)
    assert codes(bundle, content[len(header) :]) == {UNREADABLE}
    assert codes(bundle, header + content) == {NAME, DATA}
    named = archive.member("BELENIOS2", canonical.write({"version": 1, "timestamp": str(WHEN)}), WHEN)
    assert codes(bundle, named + content[len(header) :]) == {Structure.HEADER}


@pytest.mark.parametrize("at", range(len(ROLES)))
def test_all_members_carry_one_time(at: int, members: Packed, bundle: Path) -> None:
    content = archived(members)
    later = archive.member(*members[at], WHEN + 60)
    start, end = start_of(members, at), start_of(members, at + 1)
    assert codes(bundle, content[:start] + later + content[end:]) == {TIME}


# --- events -----------------------------------------------------------------------------------------------------

EVENTS = 10


def with_event(story: Story, at: int, alter: Callable[[dict[str, Any]], object]) -> bytes:
    told = steps(story)
    told[at].alter = alter
    return archived(packed(told))


def in_event(names: tuple[str, ...], sort: Sort) -> set[str]:
    if sort is Sort.UNREADABLE or names in ((), ("type",)) or (sort is Sort.GONE and names == ("height",)):
        return {UNREADABLE}
    return {"parent": {PARENT}, "height": {HEIGHT}, "payload": {DATA}}[names[0]]


@pytest.mark.parametrize("at", range(EVENTS))
def test_every_field_of_every_event_counts(at: int, story: Story, bundle: Path) -> None:
    event: dict[str, Any] = {}
    with_event(story, at, event.update)
    for change in alterations(event):
        seen = codes(bundle, with_event(story, at, lambda _event, change=change: change.message))
        assert seen == in_event(change.names, change.sort), f"{change.path} {change.how}"


@pytest.mark.parametrize("at", range(EVENTS))
@pytest.mark.parametrize("kind", Kind)
def test_an_event_of_another_kind_is_noticed(kind: Kind, at: int, story: Story, bundle: Path) -> None:
    if steps(story)[at].kind is kind:
        kind = Kind.SHUFFLE
    seen = codes(bundle, with_event(story, at, lambda event: event.update(type=kind.value)))
    assert seen & {ORDER, DATA, UNREADABLE}


def test_the_first_event_has_no_parent_and_the_end_of_ballots_no_payload(story: Story, bundle: Path) -> None:
    parented = with_event(story, 0, lambda event: {"parent": "0" * 64, **event})
    assert codes(bundle, parented) == {PARENT}
    empty = with_event(story, 0, lambda event: {"parent": "", **event})
    assert codes(bundle, empty) == {PARENT}
    paid = with_event(story, 5, lambda event: event.update(payload=canonical.digest(story.ballots[0])))
    assert codes(bundle, paid) == {DATA}


@pytest.mark.parametrize("at", range(EVENTS))
def test_an_event_is_written_in_one_form(at: int, story: Story, bundle: Path) -> None:
    for oddly in (
        lambda event: canonical.write(event) + b"\n",
        lambda event: canonical.write(event).replace(b":", b": ", 1),
        lambda event: canonical.write(event).replace(b'"type"', b'"typ\\u0065"', 1),
        lambda event: canonical.write(event).replace(b'"height":', b'"height":9,"height":', 1),
    ):
        assert codes(bundle, with_event(story, at, oddly)) == {Structure.CANONICAL}


@pytest.mark.parametrize("what", ["election", "trustees", "credentials", "table", "result"])
def test_a_message_is_written_in_one_form(what: str, story: Story, bundle: Path) -> None:
    message = getattr(story, what)
    for oddly in (message + b" ", message.replace(b",", b", ", 1)):
        found = codes(bundle, written(replace(story, **{what: oddly})))
        named = {Fault.OTHER_FINGERPRINT, Fault.INDIVIDUAL_PROOF, Fault.OVERALL_PROOF, Fault.BLANK_PROOF}
        follows = {*named, Check.PART_PROOF} if what == "election" else set()
        assert found == ({UNREADABLE} if what == "credentials" else {Structure.CANONICAL, *follows})


@pytest.mark.parametrize("at", range(EVENTS))
def test_an_event_less_is_noticed_by_what_follows_from_it(at: int, story: Story, bundle: Path) -> None:
    """The chain is made anew without it, data and all."""
    told = steps(story)
    del told[at]
    expected: dict[int, set[str]] = {
        0: {UNREADABLE},
        1: set(),  # superseded: the bundle that would be if it had never been cast; only an older copy shows it
        2: COUNTS,
        3: {Check.TALLY_VALUE},
        4: COUNTS,
        5: {ORDER},
        6: {ORDER},
        7: {Check.PARTS_MISSING},
        8: {Check.PARTS_MISSING},
        9: set(),  # a result not yet published
    }
    assert codes(bundle, archived(packed(told))) == expected[at]


@pytest.mark.parametrize("at", range(EVENTS - 1))
def test_two_events_in_the_other_order_are_noticed(at: int, story: Story, bundle: Path) -> None:
    told = steps(story)
    told[at], told[at + 1] = told[at + 1], told[at]
    expected: dict[int, set[str]] = {
        0: {ORDER},
        1: set(),  # two people's ballots in another order; only an older copy shows it
        2: set(),
        3: set(),
        4: {ORDER},
        5: {ORDER},
        6: {ORDER},
        7: set(),  # trustees may decrypt in any order
        8: {ORDER},
    }
    assert codes(bundle, archived(packed(told))) == expected[at]


INCOMPLETE: dict[str, Callable[[list[Step]], object]] = {
    "a tally's record without the tally": lambda told: told[6].bodies.pop(0),
    "a tally without its record": lambda told: told[6].bodies.pop(1),
    "an owner's record without the decryption": lambda told: told[7].bodies.pop(0),
    "a decryption without its owner": lambda told: told[7].bodies.pop(1),
}


@pytest.mark.parametrize("incomplete", INCOMPLETE)
def test_an_event_stands_after_everything_that_it_needs(incomplete: str, story: Story, bundle: Path) -> None:
    """Else what cannot be checked for want of data would pass."""
    told = steps(story)
    INCOMPLETE[incomplete](told)
    assert DATA in codes(bundle, archived(packed(told)))
    told = told[:8]
    assert DATA in codes(bundle, archived(packed(told)))


# --- what happened ----------------------------------------------------------------------------------------------


def test_a_ballot_after_the_end_is_noticed(singles: tuple[Town, Story], bundle: Path) -> None:
    town, story = singles
    late = town.cast(3, (1, 0), (0, 1, 1))
    told = steps(story)
    told.insert(6, Step(Kind.BALLOT, [late]))
    assert codes(bundle, archived(packed(told))) == {ORDER, *COUNTS}
    told = [*steps(story), Step(Kind.BALLOT, [late])]
    assert codes(bundle, archived(packed(told))) == {ORDER, *COUNTS}


def test_a_ballot_added_after_counting_is_noticed(singles: tuple[Town, Story], bundle: Path) -> None:
    town, story = singles
    ballots = (*story.ballots, town.cast(3, (1, 0), (0, 1, 1)))
    assert codes(bundle, written(replace(story, ballots=ballots))) == COUNTS


def test_counting_the_superseded_ballot_is_noticed(singles: tuple[Town, Story], bundle: Path) -> None:
    _, story = singles
    first, second, third, fourth = story.ballots
    assert codes(bundle, written(replace(story, ballots=(third, second, first, fourth)))) == {
        Check.TALLY_VALUE
    }


@pytest.mark.parametrize("at", range(4))
def test_a_ballot_copied_under_an_absent_persons_credential_is_noticed(
    at: int, singles: tuple[Town, Story], bundle: Path
) -> None:
    town, story = singles
    proofs = {Fault.INDIVIDUAL_PROOF, Fault.OVERALL_PROOF, Fault.BLANK_PROOF}
    copied = plain(story.ballots[at]) | {"credential": town.public[3]}
    as_it_is = (*story.ballots, canonical.write(copied))
    signed = (*story.ballots, canonical.write(forgery.signed(copied, town.voters[3])))
    assert codes(bundle, written(replace(story, ballots=as_it_is))) == {
        *COUNTS, *proofs, Fault.SIGNATURE_HASH, Fault.SIGNATURE,
    }  # fmt: skip
    assert codes(bundle, written(replace(story, ballots=signed))) == {*COUNTS, *proofs}
    counted = town.counted(replace(story, ballots=signed))
    assert codes(bundle, written(counted)) == proofs


@pytest.mark.parametrize("part", ["choices", "individual_proofs", "overall_proof", "blank_proof"])
@pytest.mark.parametrize("other", [1, 3])
def test_parts_of_two_peoples_ballots_exchanged_are_noticed(
    part: str, other: int, singles: tuple[Town, Story], bundle: Path
) -> None:
    town, story = singles
    mine, theirs = plain(story.ballots[2]), plain(story.ballots[other])
    one, two = mine["answers"][1], theirs["answers"][1]
    one[part], two[part] = two[part], one[part]
    ballots = list(story.ballots)
    for at, message, voter in ((2, mine, 0), (other, theirs, {1: 1, 3: 2}[other])):
        ballots[at] = canonical.write(forgery.signed(message, town.voters[voter]))
    expected = {
        "choices": {Fault.INDIVIDUAL_PROOF, Fault.OVERALL_PROOF, Fault.BLANK_PROOF},
        "individual_proofs": {Fault.INDIVIDUAL_PROOF},
        "overall_proof": {Fault.OVERALL_PROOF},
        "blank_proof": {Fault.BLANK_PROOF},
    }[part]
    assert codes(bundle, written(replace(story, ballots=tuple(ballots)))) == expected


def test_ciphertexts_with_fresh_randomness_are_noticed(singles: tuple[Town, Story], bundle: Path) -> None:
    """The vote stays the same, and so would the result: a server could mark ballots so."""
    town, story = singles
    message = plain(story.ballots[3])
    key = int(town.election.public_key)
    for choice in message["answers"][0]["choices"]:
        fresh = forgery.below_order()
        choice["alpha"] = str(int(choice["alpha"]) * forgery.power(forgery.G, fresh) % int(forgery.P))
        choice["beta"] = str(int(choice["beta"]) * forgery.power(key, fresh) % int(forgery.P))
    ballots = (*story.ballots[:3], canonical.write(message))
    counted = town.counted(replace(story, ballots=ballots))
    assert codes(bundle, written(counted)) == {
        Fault.INDIVIDUAL_PROOF, Fault.OVERALL_PROOF, Fault.SIGNATURE_HASH,
    }  # fmt: skip


def test_decryptions_under_each_others_names_are_noticed(story: Story, bundle: Path) -> None:
    (one, first), (two, second) = story.parts
    assert codes(bundle, written(replace(story, parts=((one, second), (two, first))))) == {Check.PART_PROOF}


def test_a_result_without_any_decryption_is_noticed(story: Story, bundle: Path) -> None:
    assert codes(bundle, written(replace(story, parts=()))) == {ORDER, Check.PARTS_MISSING}


def test_decryptions_of_another_tally_are_noticed(singles: tuple[Town, Story], bundle: Path) -> None:
    town, story = singles
    fewer = town.counted(replace(story, ballots=story.ballots[:2]))
    mixed = replace(story, parts=fewer.parts, result=fewer.result)
    assert codes(bundle, written(mixed)) == {Check.PART_PROOF, Check.RESULT}
    swapped = replace(story, table=fewer.table, parts=fewer.parts, result=fewer.result)
    assert codes(bundle, written(swapped)) == {Check.TALLY_VALUE}


# --- weights ----------------------------------------------------------------------------------------------------


def weighed(story: Story, at: int, weight: str) -> Story:
    listed = plain(story.credentials)
    listed[at] += f",{weight}"
    return replace(story, credentials=canonical.write(listed))


def test_an_honest_election_with_weights_is_accepted(singles: tuple[Town, Story], bundle: Path) -> None:
    town, story = singles
    for at, weight in ((0, 3), (1, 1), (2, 0)):
        counted = town.counted(weighed(story, at, str(weight)), weights={town.public[at]: weight})
        assert codes(bundle, written(counted)) == set()


@pytest.mark.parametrize("voter", range(3))
@pytest.mark.parametrize("weight", ["0", "2", "999999999"])
def test_a_weight_that_was_not_counted_is_noticed(
    voter: int, weight: str, story: Story, bundle: Path
) -> None:
    seen = codes(bundle, written(weighed(story, voter, weight)))
    assert seen == {Check.TALLY_VALUE, Check.TALLY_WEIGHT}


@pytest.mark.parametrize(
    "weight", ["", "01", "-1", "+1", "1.0", "1e1", " 1", "1 ", "x", "1,1", "٢", "1000000000", "1" * 5000]
)
def test_a_weight_has_one_form(weight: str, story: Story, bundle: Path) -> None:
    assert codes(bundle, written(weighed(story, 3, weight))) == {UNREADABLE}


def test_a_credential_with_two_weights_stands_there_twice(story: Story, bundle: Path) -> None:
    listed = plain(story.credentials)
    doubled = canonical.write([*listed, listed[3] + ",2"])
    assert codes(bundle, written(replace(story, credentials=doubled))) == {Check.CREDENTIAL_TWICE}


NO_LISTS = (
    *(
        b"",
        b"[",
        b"]",
        b"[[]",
        b"[]]",
        b"[ ]",
        b"[]\n",
        b"{}",
        b"null",
        b'"1"',
        b"[1]",
        b'[""]',
        b'["1",]',
        b'[,"1"]',
    ),
    *(
        b'["1" ,"3"]',
        b'["1", "3"]',
        b'["1";"3"]',
        b'["1""3"]',
        b'[["1"]]',
        b'["1"]]',
        b'["1"],"3"]',
        b'["1\\u0033"]',
    ),
    *(b'\xef\xbb\xbf["1"]', b'["1"]\0', b"[" + b'"1",' * 40_000 + b'"1"', b"[" + b"1" * 3_000_000),
)
"""Not one of these is a list of credentials as it must be written."""


@pytest.mark.parametrize("at", range(len(NO_LISTS)))
def test_a_list_of_credentials_has_one_form(at: int, story: Story, bundle: Path) -> None:
    changed = replace(story.until(Kind.SETUP), credentials=NO_LISTS[at])
    assert UNREADABLE in codes(bundle, written(changed))


def test_an_empty_list_of_credentials_is_a_list(story: Story, bundle: Path) -> None:
    assert codes(bundle, written(replace(story.until(Kind.SETUP), credentials=b"[]"))) == set()


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072])
def test_credentials_are_read_whole_wherever_the_reading_pauses(
    size: int, story: Story, bundle: Path
) -> None:
    """The list is read in pieces of 65,536 bytes; a credential of other length moves the seam through the next ones."""
    first = str(10 ** (size % 600 + 1))
    listed = [first, *(str(number) for number in range(10**600, 10**600 + size // 604))]
    body = canonical.write(listed)
    path = bundle
    path.write_bytes(written(replace(story.until(Kind.SETUP), credentials=body)))
    found = board.read_board(path).public_credentials()
    assert [str(each.element) for each in found] == listed
