"""Every value of every message altered, and everything around it made right again: always noticed, for its own reason.

What must be found is written down by hand for each message and field, from what the altered value takes part in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from elections.ballot import canonical
from elections.ballot.ballots import Fault
from elections.ballot.board import Structure
from elections.ballot.trustees import Fault as TrusteeFault
from elections.verify import UNREADABLE, Check
from tests.elections.ballot import forgery
from tests.elections.ballot.stories import (
    Ceremony,
    Story,
    Town,
    archived,
    codes,
    packed,
    plain,
    steps,
    written,
)
from tests.elections.ballot.values import INNER, Change, Sort, alterations

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("remembered")]

Codes = set[str]
Expect = Callable[[Change], Codes | None]
"""The codes that an alteration must lead to; None where the altered bundle is another honest one."""

PROOFS = {Fault.INDIVIDUAL_PROOF, Fault.OVERALL_PROOF, Fault.BLANK_PROOF}
SHAPE = {Sort.SHORTER, Sort.LONGER, Sort.GONE, Sort.UNREADABLE}


# --- what must be found, message by message ---------------------------------------------------------------------


def in_election(change: Change) -> Codes | None:
    """All that is said about ballots and decryptions names the fingerprint, which no longer is this election's."""
    field = change.names[-1] if change.names else ""
    follows = {Fault.OTHER_FINGERPRINT, *PROOFS, Check.PART_PROOF}
    unshaped = {Check.BALLOT_UNREADABLE, Check.TALLY_VALUE, Check.PART_PROOF}
    if field in ("administrator", "credential_authority") and change.sort is Sort.GONE:
        return follows
    if change.path == ("questions", 1, "blank"):
        if change.sort in (Sort.GONE, Sort.TRUTH):
            return {Check.BALLOT_UNREADABLE, UNREADABLE}
        return {UNREADABLE}
    if change.sort in (Sort.GONE, Sort.UNREADABLE) or field in ("version", "group"):
        return {UNREADABLE}
    if field == "answers" and change.sort in (Sort.SHORTER, Sort.LONGER):
        shrunk = {Check.ELECTION_QUESTION} if change.path[:2] == ("questions", 1) else set()
        return {Check.BALLOT_UNREADABLE, UNREADABLE} | (shrunk if change.sort is Sort.SHORTER else set())
    if field == "questions" and change.sort in (Sort.SHORTER, Sort.LONGER, Sort.SWAPPED):
        return {Check.BALLOT_UNREADABLE, UNREADABLE}
    if field in ("min", "max"):
        first = change.path[:2] == ("questions", 0)
        if first and field == "max" and change.sort is Sort.LESS:
            return unshaped | {Check.ELECTION_QUESTION}
        if not first and field == "max" and change.sort is Sort.MORE:
            return unshaped | {Check.ELECTION_QUESTION}
        return unshaped
    if field == "uuid":
        return follows | {Fault.OTHER_ELECTION}
    if field == "public_key":
        return follows | {Check.ELECTION_KEY}
    return follows


def in_single_trustees(change: Change) -> Codes | None:
    if change.path == () or len(change.path) == 1:
        if change.sort is Sort.SWAPPED and change.path == ():
            return {Check.PART_PROOF}
        if change.sort is Sort.SHORTER and change.path == ():
            return {Check.ELECTION_KEY, Check.PART_OWNER, Check.RESULT}
        if change.sort is Sort.LONGER and change.path == ():
            return {TrusteeFault.KEY, Check.ELECTION_KEY, Check.PARTS_MISSING}
        return {UNREADABLE}
    if change.sort in SHAPE or change.sort is Sort.TEXT:
        return {UNREADABLE}
    if change.names[-1] == "public_key":
        return {TrusteeFault.KEY, Check.ELECTION_KEY, Check.PART_PROOF}
    return {TrusteeFault.KEY}


def in_threshold_trustees(change: Change) -> Codes | None:
    """The first and the third trustee decrypt."""
    names = change.names
    if change.path == () and change.sort is Sort.LONGER:
        return {TrusteeFault.KEY, Check.ELECTION_KEY, Check.PARTS_MISSING}
    if names == ("threshold",) and change.sort in (Sort.MORE, Sort.LESS):
        wrong = {TrusteeFault.CERTIFICATE, TrusteeFault.COEFFICIENTS}
        return wrong | {Check.PARTS_MISSING if change.sort is Sort.MORE else Check.RESULT}
    if change.sort is Sort.GONE and names == ("signatures",):
        return {TrusteeFault.SIGNATURES}
    if change.sort is Sort.GONE and names == ("verification_keys", "signature"):
        return {TrusteeFault.SHARE}
    if change.sort is Sort.GONE and names == ("certs", "message", INNER, "context"):
        return {TrusteeFault.CERTIFICATE, TrusteeFault.SIGNATURES}
    if names[:3] == ("certs", "message", INNER) and "context" in names and len(names) == 5:
        if change.sort is Sort.GONE:
            return {UNREADABLE}
        return {TrusteeFault.CERTIFICATE, TrusteeFault.SIGNATURES}
    if names == ("coefexps", "message", INNER, "coefexps") and change.sort in (
        Sort.SHORTER,
        Sort.LONGER,
        Sort.SWAPPED,
    ):
        moved = {Check.ELECTION_KEY} if change.sort is Sort.SWAPPED else set()
        return {TrusteeFault.COEFFICIENTS} | moved
    if change.sort in SHAPE or names == ():
        return {UNREADABLE}
    if change.sort is Sort.SWAPPED:
        return {
            "certs": {TrusteeFault.CERTIFICATE, TrusteeFault.COEFFICIENTS},
            "coefexps": {TrusteeFault.COEFFICIENTS},
            "signatures": {TrusteeFault.SIGNATURES},
            "verification_keys": {TrusteeFault.SHARE, Check.PART_PROOF},
        }[names[0]]
    if names == ("certs", "message", INNER, "verification"):
        return {TrusteeFault.CERTIFICATE, TrusteeFault.COEFFICIENTS}
    if names[0] == "certs":
        return {TrusteeFault.CERTIFICATE, TrusteeFault.SIGNATURES}
    if names[0] == "coefexps":
        first = names[-1] == "coefexps" and change.path[-1] == 0
        return {TrusteeFault.COEFFICIENTS} | ({Check.ELECTION_KEY} if first else set())
    if names[0] == "signatures":
        return {TrusteeFault.SIGNATURES}
    if names[1] == "public_key":
        decrypts = {Check.PART_PROOF} if change.path[3] in (0, 2) else set()
        return {TrusteeFault.KEY, TrusteeFault.SHARE} | decrypts
    return {TrusteeFault.KEY if names[1] == "pok" else TrusteeFault.SHARE}


def in_credentials(change: Change) -> Codes | None:
    """The last one is of a person who did not vote."""
    absent = change.path == (3,)
    if change.sort in (Sort.SWAPPED, Sort.SHORTER) or (absent and change.how == "times g"):
        return None  # another order, a person fewer, another person: only the list's published hash tells it apart
    if change.sort is Sort.LONGER:
        return {Check.CREDENTIAL_TWICE}
    if change.sort is Sort.UNREADABLE:
        return {UNREADABLE}
    outside = change.sort is Sort.OUTSIDE or change.how == "identity"
    voted = set() if absent else {Check.BALLOT_CREDENTIAL}
    return voted | ({Check.CREDENTIAL_OUTSIDE_GROUP} if outside else set())


def in_ballot(change: Change) -> Codes | None:
    """The ballot counts, and nobody else voted with its credential."""
    names = change.names
    unreadable = {Check.BALLOT_UNREADABLE, Check.TALLY_VALUE}
    if change.sort in SHAPE:
        lost = names == ("credential",) or (names == () and change.how == "fields turned round")
        return unreadable | ({Check.BALLOT_CREDENTIAL} if lost else set())
    if names == ("answers",):  # swapped questions are of another shape
        return unreadable
    if names[0] == "signature":
        return {Fault.SIGNATURE} | ({Fault.SIGNATURE_HASH} if names[-1] == "hash" else set())
    blank = {Fault.BLANK_PROOF} if change.path[:2] == ("answers", 1) else set()
    if names == ("election_uuid",):
        return {Fault.SIGNATURE_HASH, Fault.OTHER_ELECTION}
    if names == ("election_hash",):
        return {Fault.SIGNATURE_HASH, Fault.OTHER_FINGERPRINT}
    if names == ("credential",):
        return {Fault.SIGNATURE_HASH, Fault.SIGNATURE, Check.BALLOT_CREDENTIAL, *PROOFS}
    found: Codes = {
        "choices": {Fault.INDIVIDUAL_PROOF, Fault.OVERALL_PROOF, Check.TALLY_VALUE, *blank},
        "individual_proofs": {Fault.INDIVIDUAL_PROOF},
        "overall_proof": {Fault.OVERALL_PROOF},
        "blank_proof": {Fault.BLANK_PROOF},
    }[names[1]]
    outside = {Fault.OUTSIDE_GROUP} if change.sort is Sort.OUTSIDE else set()
    return found | outside | {Fault.SIGNATURE_HASH}


def in_table(change: Change) -> Codes | None:
    if change.sort in SHAPE or (change.sort is Sort.SWAPPED and len(change.path) == 0):
        return {UNREADABLE}
    if change.sort is Sort.SWAPPED:
        return {Check.TALLY_VALUE, Check.PART_PROOF, Check.RESULT}
    return {Check.TALLY_VALUE, Check.PART_PROOF if change.names[-1] == "alpha" else Check.RESULT}


def in_part(change: Change) -> Codes | None:
    names = change.names
    if change.sort in SHAPE or (change.sort is Sort.SWAPPED and len(change.path) == 1):
        return {UNREADABLE}
    if names[0] == "decryption_proofs":
        return {Check.PART_PROOF}
    outside = {Check.PART_OUTSIDE_GROUP} if change.sort is Sort.OUTSIDE else set()
    return {Check.PART_PROOF, Check.RESULT} | outside


def in_result(change: Change) -> Codes | None:
    if change.sort in SHAPE or (change.sort is Sort.SWAPPED and len(change.path) == 1):
        return {UNREADABLE}
    return {Check.RESULT}


def in_setup_record(change: Change) -> Codes | None:
    return {UNREADABLE} if change.sort in SHAPE else {Structure.DATA}


def in_tally_record(change: Change) -> Codes | None:
    if change.sort in SHAPE:
        return {UNREADABLE}
    return {
        "num_tallied": {Check.TALLY_COUNT},
        "total_weight": {Check.TALLY_WEIGHT},
        "encrypted_tally": {Structure.DATA},
    }[change.names[0]]


def in_part_record(change: Change) -> Codes | None:
    """Of the first of two trustees, who are both needed."""
    if change.names == ("owner",) and change.sort is Sort.MORE:
        return {Check.PART_PROOF, Check.PART_TWICE, Check.PARTS_MISSING}
    if change.sort in SHAPE or change.sort is Sort.LESS:
        return {UNREADABLE}
    return {Structure.DATA}


CHANCE: dict[str, Codes] = {
    "threshold trustees": {TrusteeFault.COEFFICIENTS, TrusteeFault.SIGNATURES, TrusteeFault.SHARE},
    "ballot": {Fault.SIGNATURE},
    "ballot signed anew": {Fault.SIGNATURE},
    "encrypted tally": {Check.PART_PROOF},
    "partial decryption": {Check.PART_PROOF},
    "threshold partial decryption": {Check.PART_PROOF, Check.RESULT},
}
"""What else may or may not be found after a multiplication by an element of order 2 or 3: one proof in two or three
does not notice it, which is why membership is a check of its own."""


def as_expected(kind: str, change: Change, seen: Codes, expected: Codes) -> bool:
    """Whether exactly the expected codes were found, but for what chance decides."""
    chance = CHANCE.get(kind, set()) if change.how in ("negated", "times order 3") else set()
    return expected - chance <= seen <= expected | chance


# --- altered bundles --------------------------------------------------------------------------------------------

MESSAGES: dict[str, Expect] = {
    "election": in_election,
    "trustees": in_single_trustees,
    "threshold trustees": in_threshold_trustees,
    "credentials": in_credentials,
    "ballot": in_ballot,
    "ballot signed anew": in_ballot,
    "encrypted tally": in_table,
    "partial decryption": in_part,
    "threshold partial decryption": in_part,
    "result": in_result,
}
COUNTED = 3
"""The ballot that is altered: the only one of its voter."""
AT_LEAST = 2_000


def altered(
    kind: str, singles: tuple[Town, Story], of_three: tuple[Town, Story, Ceremony]
) -> Iterator[tuple[Change, Story]]:
    """Every alteration of one kind of message, with the story that an attacker would publish."""
    town, story = of_three[:2] if kind.startswith("threshold") else singles
    if kind in ("election", "trustees", "threshold trustees", "credentials"):
        name = kind.split()[-1]
        for change in alterations(plain(getattr(story, name))):
            yield change, replace(story, **{name: canonical.write(change.message)})
    elif kind == "ballot":
        for change in alterations(plain(story.ballots[COUNTED])):
            ballots = (*story.ballots[:COUNTED], canonical.write(change.message))
            yield change, replace(story, ballots=ballots)
    elif kind == "ballot signed anew":
        unsigned = {
            name: value for name, value in plain(story.ballots[COUNTED]).items() if name != "signature"
        }
        for change in alterations(unsigned):
            if change.path and change.sort not in (Sort.GONE, Sort.UNREADABLE):
                message = canonical.write(forgery.signed(change.message, town.voters[2]))
                yield change, replace(story, ballots=(*story.ballots[:COUNTED], message))
    elif kind == "encrypted tally":
        for change in alterations(plain(story.table or b"")):
            yield change, replace(story, table=canonical.write(change.message))
    elif kind.endswith("partial decryption"):
        (owner, part), *rest = story.parts
        for change in alterations(plain(part)):
            yield change, replace(story, parts=((owner, canonical.write(change.message)), *rest))
    else:
        for change in alterations(plain(story.result or b"")):
            yield change, replace(story, result=canonical.write(change.message))


def judge(found: dict[str, tuple[Codes, Codes]], tried: int) -> None:
    assert not found, "\n".join(
        f"{what}: found {sorted(seen)}, expected {sorted(expected)}"
        for what, (seen, expected) in found.items()
    )
    assert tried


def expected_codes(kind: str, change: Change) -> Codes | None:
    expected = MESSAGES[kind](change)
    if expected is not None and kind == "ballot signed anew":
        return expected - {Fault.SIGNATURE_HASH}
    return expected


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_altered_value_is_noticed_for_its_own_reason(
    kind: str,
    singles: tuple[Town, Story],
    of_three: tuple[Town, Story, Ceremony],
    tmp_path: Path,
) -> None:
    wrong: dict[str, tuple[Codes, Codes]] = {}
    tried = 0
    for change, story in altered(kind, singles, of_three):
        expected = expected_codes(kind, change)
        if expected is None:
            continue
        seen = codes(tmp_path / "altered.bel", written(story))
        tried += 1
        if not as_expected(kind, change, seen, expected) or not seen:
            wrong[f"{change.path} {change.how}"] = seen, expected
    judge(wrong, tried)


RECORDS: dict[str, tuple[int, Expect]] = {
    "setup record": (0, in_setup_record),
    "tally record": (6, in_tally_record),
    "decryption record": (7, in_part_record),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_every_altered_record_is_noticed_for_its_own_reason(
    kind: str, singles: tuple[Town, Story], tmp_path: Path
) -> None:
    _, story = singles
    at, expect = RECORDS[kind]
    wrong: dict[str, tuple[Codes, Codes]] = {}
    tried = 0
    for change in alterations(plain(steps(story)[at].bodies[-1])):
        told = steps(story)
        told[at].bodies[-1] = canonical.write(change.message)
        seen, expected = codes(tmp_path / "altered.bel", archived(packed(told))), expect(change) or set()
        tried += 1
        if seen != expected:
            wrong[f"{change.path} {change.how}"] = seen, expected
    judge(wrong, tried)


STALE = 60
"""How many alterations of each kind of message are also tried with names and events left as they were."""


@pytest.mark.parametrize("kind", MESSAGES)
def test_an_altered_value_under_its_old_name_is_noticed_by_name_and_event(
    kind: str,
    singles: tuple[Town, Story],
    of_three: tuple[Town, Story, Ceremony],
    tmp_path: Path,
) -> None:
    """Nothing of the archive is made right again, but for the length in the member's header."""
    honest = packed(steps((of_three if kind.startswith("threshold") else singles)[1]))
    every = list(altered(kind, singles, of_three))
    wrong: dict[str, tuple[Codes, Codes]] = {}
    for change, story in random.Random(kind).sample(every, min(STALE, len(every))):
        members = [
            (name, body if body == new or name.endswith(".event.json") or _is_record(body) else new)
            for (name, body), (_, new) in zip(honest, packed(steps(story)), strict=True)
        ]
        seen = codes(tmp_path / "altered.bel", archived(members))
        expected = expected_codes(kind, change) or set()
        fatal = UNREADABLE in expected and kind.split()[-1] in ("election", "trustees", "credentials")
        if fatal and UNREADABLE in seen:
            continue  # nothing was checked: the election itself cannot be read
        expected = expected | {Structure.NAME, Structure.DATA}
        if not as_expected(kind, change, seen, expected):
            wrong[f"{change.path} {change.how}"] = seen, expected
    judge(wrong, len(every))


def _is_record(body: bytes) -> bool:
    return body.startswith((b'{"election":', b'{"num_tallied":', b'{"owner":'))


def test_so_many_bundles_are_tried(
    singles: tuple[Town, Story], of_three: tuple[Town, Story, Ceremony]
) -> None:
    tried = {
        kind: sum(expected_codes(kind, change) is not None for change, _ in altered(kind, singles, of_three))
        for kind in MESSAGES
    }
    assert sum(tried.values()) >= AT_LEAST, tried
