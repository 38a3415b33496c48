"""The public record of replaced credentials: nothing can be left out or changed once somebody saw what came later."""

from __future__ import annotations

import json
from datetime import date

import pytest

from core.errors import DomainError
from elections.ballot.replacements import Change, Reason, Record, read_record, standing

LISTED = ("101", "102", "103", "901", "902")
SPARES = ("901", "902")
DAY = date(2028, 3, 8)


def record() -> Record:
    """One replaced, one revoked, one added."""
    return (
        Record("election")
        .added(DAY, Change.REPLACED, old="101", new="901")
        .added(DAY, Change.REVOKED, old="102", reason=Reason.PAPER)
        .added(DAY, Change.ADDED, new="902")
    )


def test_a_record_is_read_as_it_was_written() -> None:
    assert read_record(record().write()) == record()
    assert read_record(Record("election").write()) == Record("election")


def test_a_record_says_what_the_documents_say() -> None:
    found = json.loads(record().write())
    assert found["election"] == "election"
    assert [list(entry) for entry in found["entries"]] == [
        ["number", "day", "kind", "old", "new", "before"],
        ["number", "day", "kind", "old", "reason", "before"],
        ["number", "day", "kind", "new", "before"],
    ]
    assert found["entries"][1]["reason"] == "paper"
    assert found["entries"][0]["day"] == "2028-03-08"


def test_what_counts_follows_from_list_spares_and_record() -> None:
    assert standing(Record("election"), LISTED, SPARES) == {"101", "102", "103"}
    assert standing(record(), LISTED, SPARES) == {"103", "901", "902"}


@pytest.mark.parametrize("field", ["day", "kind", "old", "new", "reason", "before", "number"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_changed_entry_is_found(field: str, place: int) -> None:
    found = json.loads(record().write())
    entry = found["entries"][place]
    if field not in entry:
        return
    entry[field] = {
        "day": "2028-03-07", "kind": "added", "old": "103", "new": "902", "reason": "struck", "before": "0" * 64, "number": 9,
    }[field]  # fmt: skip
    with pytest.raises(DomainError, match=r"record_(broken|unreadable)"):
        read_record(json.dumps(found).encode())


@pytest.mark.parametrize("place", [0, 1])
def test_an_entry_left_out_is_found(place: int) -> None:
    found = json.loads(record().write())
    del found["entries"][place]
    with pytest.raises(DomainError, match="record_broken"):
        read_record(json.dumps(found).encode())


def test_the_record_of_another_election_is_not_taken_over() -> None:
    found = json.loads(record().write())
    found["election"] = "another"
    with pytest.raises(DomainError, match="record_broken"):
        read_record(json.dumps(found).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"election":1,"entries":[]}', b'{"election":"e","entries":[1]}', b'{"election":"e","entries":[{}]}', b"\xff", b"[" * 100_000])  # fmt: skip
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError, match="record_unreadable"):
        read_record(data)


def test_a_longer_record_begins_with_the_shorter_one_and_with_no_other() -> None:
    longer = record().added(DAY, Change.REVOKED, old="103", reason=Reason.STRUCK)
    assert record().begins(longer)
    assert record().begins(record())
    assert not longer.begins(record())
    other = Record("election").added(DAY, Change.REVOKED, old="103", reason=Reason.STRUCK)
    assert not other.begins(longer)
    assert not Record("another").begins(longer)


@pytest.mark.parametrize(
    "next_one",
    [
        {"kind": Change.REPLACED, "old": "101", "new": "902"},  # counts no longer
        {"kind": Change.REVOKED, "old": "101", "reason": "struck"},
        {"kind": Change.REVOKED, "old": "902", "reason": "struck"},  # waits still
        {"kind": Change.REPLACED, "old": "102", "new": "901"},  # given before
        {"kind": Change.ADDED, "new": "103"},  # no spare
        {"kind": Change.ADDED, "new": "104"},  # on no list
    ],
)
def test_an_entry_that_cannot_be_is_named(next_one: dict[str, str]) -> None:
    kind = Change(next_one.pop("kind"))
    broken = Record("election").added(DAY, Change.REPLACED, old="101", new="901").added(DAY, kind, **next_one)
    with pytest.raises(DomainError) as caught:
        standing(broken, LISTED, SPARES)
    assert (caught.value.code, caught.value.parameters["number"]) == ("record_impossible", 2)
