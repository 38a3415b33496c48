"""The file of two persons: opens with both passphrases, in any order, unaltered, and keeps every rule about numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest

from core.errors import DomainError
from elections.authority import registry as registry_module
from elections.authority.registry import Registry, is_registry, new_lock, seal, unseal
from elections.ballot.replacements import Change, Reason, Record
from tests.elections.authority.conftest import Office
from tests.elections.authority.offices import ELECTION, FIRST, PEOPLE, SECOND, listed, printed_codes

DAY = date(2028, 3, 8)


def fresh() -> Registry:
    """Numbers 1 to 3 and spares 1 and 2."""
    return Registry(ELECTION, {1: "101", 2: "102", 3: "103"}, {1: "901", 2: "902"}, Record(ELECTION))


STATES: dict[str, Registry] = {
    "untouched": fresh(),
    "replaced": fresh().replaced(1, 1, DAY),
    "revoked": fresh().revoked(1, Reason.STRUCK, DAY),
    "replaced, then revoked": fresh().replaced(1, 1, DAY).revoked(1, Reason.PAPER, DAY),
    "another one replaced": fresh().replaced(2, 1, DAY),
}
VERBS: dict[str, Callable[[Registry], Registry]] = {
    "replace by spare 1": lambda held: held.replaced(1, 1, DAY),
    "replace by spare 2": lambda held: held.replaced(1, 2, DAY),
    "replace by spare 9": lambda held: held.replaced(1, 9, DAY),
    "replace number 8": lambda held: held.replaced(8, 2, DAY),
    "revoke": lambda held: held.revoked(1, Reason.STRUCK, DAY),
    "revoke number 8": lambda held: held.revoked(8, Reason.STRUCK, DAY),
    "add number 8": lambda held: held.added(8, 2, DAY),
    "add number 1": lambda held: held.added(1, 2, DAY),
}
GRID: dict[str, tuple[str, ...]] = {
    #                       untouched         replaced          revoked           then revoked      another one
    "replace by spare 1": ("901", "spare_used", "number_revoked", "number_revoked", "spare_used"),
    "replace by spare 2": ("902", "902", "number_revoked", "number_revoked", "902"),
    "replace by spare 9": ("spare_unknown", "spare_unknown", "number_revoked", "number_revoked", "spare_unknown"),
    "replace number 8": ("number_unknown",) * 5,
    "revoke": ("number_revoked", "number_revoked", "number_revoked!", "number_revoked!", "number_revoked"),
    "revoke number 8": ("number_unknown",) * 5,
    "add number 8": ("902",) * 5,
    "add number 1": ("number_known",) * 5,
}  # fmt: skip
"""What counts for the number afterwards, or why the verb is refused; with ``!`` where revoking itself is refused."""


@pytest.mark.parametrize("verb", GRID)
@pytest.mark.parametrize("state", STATES)
def test_what_may_be_done_with_a_number(verb: str, state: str) -> None:
    expected = GRID[verb][list(STATES).index(state)]
    number = 8 if "8" in verb else 1
    before = STATES[state]
    if not expected.isdigit() and (verb != "revoke" or expected.endswith("!")):
        with pytest.raises(DomainError, match=expected.rstrip("!")):
            VERBS[verb](before)
        return
    after = VERBS[verb](before)
    assert len(after.record.entries) == len(before.record.entries) + 1
    if verb == "revoke":
        with pytest.raises(DomainError, match=expected):
            after.credential(number)
    else:
        assert after.credential(number) == expected


def test_a_replaced_letter_can_be_lost_again() -> None:
    after = fresh().replaced(1, 1, DAY).replaced(1, 2, DAY)
    assert [(entry.old, entry.new) for entry in after.record.entries] == [("101", "901"), ("901", "902")]
    assert after.credential(1) == "902"
    assert after.credential(2) == "102"


def test_somebody_added_can_lose_the_letter_and_be_revoked_for_good() -> None:
    added = fresh().added(8, 1, DAY)
    assert added.replaced(8, 2, DAY).credential(8) == "902"
    revoked = added.revoked(8, Reason.PAPER, DAY)
    with pytest.raises(DomainError, match="number_known"):
        revoked.added(8, 2, DAY)


def test_the_record_names_neither_numbers_nor_spares() -> None:
    registry = Registry(ELECTION, {70912: "101"}, {8134: "901"}, Record(ELECTION))
    written = registry.replaced(70912, 8134, DAY).revoked(70912, Reason.STRUCK, DAY).record.write()
    assert b"70912" not in written
    assert b"8134" not in written
    assert [entry.kind for entry in registry.replaced(70912, 8134, DAY).record.entries] == [Change.REPLACED]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost nothing."""
    monkeypatch.setattr(registry_module, "_KIBIBYTES", 64)


@pytest.mark.usefixtures("quick")
def test_what_was_sealed_comes_back_whichever_person_is_first() -> None:
    registry = fresh().replaced(1, 2, DAY).revoked(3, Reason.PAPER, DAY).added(8, 1, DAY)
    data = seal(registry, new_lock(FIRST, SECOND))
    assert unseal(data, FIRST, SECOND)[0] == registry
    assert unseal(data, SECOND, FIRST)[0] == registry


@pytest.mark.usefixtures("quick")
def test_a_passphrase_may_be_typed_on_another_keyboard() -> None:
    data = seal(fresh(), new_lock("caf\u00e9 lantern cobalt fjord", SECOND))
    assert unseal(data, "cafe\u0301 lantern cobalt fjord", SECOND)[0] == fresh()


@pytest.mark.parametrize(
    ("first", "second"), [(FIRST, ""), (FIRST, FIRST), (SECOND, SECOND), ("", SECOND), (FIRST, SECOND + " ")]
)
def test_one_passphrase_opens_nothing(office: Office, first: str, second: str) -> None:
    with pytest.raises(DomainError, match="registry_closed"):
        unseal((office.out / "registry.sealed").read_bytes(), first, second)


def test_the_file_of_a_real_run_holds_everybody_s_credential_and_no_code(office: Office) -> None:
    registry, _lock = unseal((office.out / "registry.sealed").read_bytes(), FIRST, SECOND)
    public = set(listed(office.out / "public-credentials.json"))
    spares = set(listed(office.out / "public-spares.json"))
    assert sorted(registry.roll) == sorted(int(row[0]) for row in PEOPLE)
    assert set(registry.roll.values()) == public - spares
    assert set(registry.spares.values()) == spares
    held = f"{registry.roll}{registry.spares}{registry.record}"
    assert not [code for code in printed_codes(office.out) if code in held]


@pytest.mark.usefixtures("quick")
def test_an_altered_file_is_refused_wherever_it_was_altered() -> None:
    data = seal(fresh(), new_lock(FIRST, SECOND))
    line = data.index(b"\n")
    chance = random.Random(4)
    named = data.index(ELECTION.encode())
    places = [0, 20, named, line - 5, line, line + 1, len(data) - 1, *chance.sample(range(len(data)), 4)]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(DomainError, match=r"registry_(closed|unreadable)"):
            unseal(bytes(changed), FIRST, SECOND)
    for cut in (b"", data[:10], data[: line + 1], data[:-1], data + b"x"):
        with pytest.raises(DomainError, match=r"registry_(closed|unreadable)"):
            unseal(cut, FIRST, SECOND)


def test_the_same_content_never_looks_the_same_twice() -> None:
    lock = new_lock(FIRST, SECOND)
    assert seal(fresh(), lock) != seal(fresh(), lock)
    assert is_registry(seal(fresh(), lock))
    assert "101" not in repr(fresh())
