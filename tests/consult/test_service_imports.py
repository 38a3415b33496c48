"""Importing submissions: all or nothing, nothing twice, in any phase before conclusion."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from consult import events
from consult.models import PublicText, Submission, Unit
from consult.rules.imports import ImportMap, TextColumn
from consult.services import imports, rounds
from consult.services.imports import ImportReport, import_submissions
from core import audit, clock
from followup.models import Promise, Register
from tests.city import (
    AFTER_CLOSING,
    CLOSES,
    CODE,
    DUE,
    OPENS,
    answer,
    at_once,
    entries,
    everything,
    on_one_database,
    open_city,
    open_round,
    refused,
    round_facts,
    rows,
    staff,
    submit_comment,
    unit_id,
)

DAY = timedelta(days=1)
MAP = ImportMap(
    columns=[TextColumn("good", "1", "support"), TextColumn("other", "")],
    row_key="id",
    language="es",
    channel="survey",
    received_on=date(2026, 5, 4),
)
FILE = "id,good,other\n1,Sí,Más\n2,,Menos\n3,Bien,\n".encode()


@pytest.fixture(autouse=True)
def _round(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open round, and batches so small that every longer file needs several."""
    monkeypatch.setattr(imports, "BATCH", 50)
    open_city()


def bring(
    data: bytes = FILE, mapping: ImportMap = MAP, *, dry_run: bool = False, code: str = CODE
) -> ImportReport:
    return import_submissions(code, data, mapping, audit.SYSTEM, dry_run=dry_run)


def test_every_text_arrives_with_its_number_promise_and_entry() -> None:
    submit_comment("Before")
    assert bring() == ImportReport(rows=3, new=4, already_there=0, dry_run=False)
    imported = [s for s in rows(Submission) if s.channel == "survey"]
    assert [(s.number, s.text, s.unit_id, s.kind) for s in imported] == [
        (2, "Sí", unit_id("1"), "support"),
        (3, "Más", None, None),
        (4, "Menos", None, None),
        (5, "Bien", unit_id("1"), "support"),
    ]
    assert {(s.language, s.received_on, s.code_mac) for s in imported} == {("es", date(2026, 5, 4), None)}
    assert [(p.number, p.due_on) for p in rows(Promise)] == [(n, DUE) for n in range(1, 6)]
    assert {p.opened_on for p in rows(Promise)} == {clock.today(), date(2026, 5, 4)}
    assert len(entries(events.SUBMISSION_RECEIVE)) == 5
    assert rows(Register)[0].last_number == 5
    assert [u.received for u in rows(Unit) if u.number == "1"] == [3]
    assert submit_comment("After").number == 6


def test_texts_stay_unpublished_unless_their_source_has_published_them() -> None:
    bring()
    assert rows(PublicText) == []
    open_round("WS-27")
    import_submissions(
        "WS-27", FILE, ImportMap(columns=MAP.columns, row_key="id", publish=True), audit.SYSTEM
    )
    assert [t.text for t in rows(PublicText)] == ["Sí", "Más", "Menos", "Bien"]


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    before = everything()
    assert bring(dry_run=True) == ImportReport(rows=3, new=4, already_there=0, dry_run=True)
    assert everything() == before
    bring()
    assert bring(dry_run=True) == ImportReport(rows=3, new=0, already_there=4, dry_run=True)


def test_nothing_is_brought_twice() -> None:
    bring()
    before = everything()
    assert bring() == ImportReport(rows=3, new=0, already_there=4, dry_run=False)
    assert everything() == before
    longer = FILE + b"4,Nuevo,\n"
    assert bring(longer) == ImportReport(rows=4, new=1, already_there=4, dry_run=False)
    assert [s.text for s in rows(Submission)] == ["Sí", "Más", "Menos", "Bien", "Nuevo"]


def test_rows_without_a_key_are_not_brought_twice_either_and_equal_rows_count_each() -> None:
    mapping = ImportMap(columns=[TextColumn("good", "1")], language="es")
    data = b"good\nYes\nYes\nNo\n"
    assert bring(data, mapping).new == 3
    assert bring(data, mapping).new == 0
    assert bring(data + b"Yes\n", mapping).new == 1


def test_what_an_import_brought_is_brought_to_another_round_all_the_same() -> None:
    bring()
    open_round("WS-27")
    assert bring(code="WS-27").new == 4


def test_nobody_can_tell_from_the_database_who_wrote_which_row() -> None:
    bring(b"id,good,other\nrespondent-amal,Yes,\n")
    assert "respondent" not in repr(everything())


def test_four_who_bring_the_same_file_at_once_bring_it_once(app: Flask) -> None:
    reports = at_once(app, [bring] * 4)
    assert sorted(r.new for r in reports) == [0, 0, 0, 4]  # type: ignore[attr-defined]
    assert sorted(s.number for s in rows(Submission)) == [1, 2, 3, 4]
    assert len(rows(Promise)) == 4


def test_people_comment_while_a_file_is_brought_and_no_number_is_missing(app: Flask) -> None:
    many = b"id,good,other\n" + b"".join(b"%d,Comment %d,\n" % (n, n) for n in range(130))
    acts = [lambda: bring(many), *[lambda n=n: submit_comment(f"By hand {n}") for n in range(6)]]
    at_once(app, acts)
    assert sorted(s.number for s in rows(Submission)) == list(range(1, 137))
    assert sorted(p.number for p in rows(Promise)) == list(range(1, 137))
    of_round = entries(events.SUBMISSION_RECEIVE)[0].chain_id
    chain = [e.sequence for e in entries() if e.chain_id == of_round]
    assert sorted(chain) == list(range(1, len(chain) + 1))


@on_one_database
@pytest.mark.parametrize(
    ("today", "published"),
    [
        (OPENS - DAY, False),
        (OPENS - DAY, True),
        (OPENS, True),
        (CLOSES, True),
        (CLOSES + DAY, True),
        (DUE + 90 * DAY, True),
    ],
    ids=["unpublished", "announced", "open", "last day", "closed", "overdue"],
)
def test_a_file_is_brought_in_any_phase_before_conclusion(today: date, published: bool) -> None:
    open_round("WS-27", publish=published)
    with clock.freeze(today):
        assert bring(code="WS-27").new == 4
    assert [p.due_on for p in rows(Promise)] == [DUE] * 4


@pytest.mark.parametrize("dry_run", [True, False])
def test_nothing_is_brought_into_a_concluded_round_and_a_dry_run_says_so(dry_run: bool) -> None:
    submit_comment()
    answer([1])
    with clock.freeze(AFTER_CLOSING):
        rounds.conclude_round(CODE, staff("officer"))
        with refused("register_concluded"):
            bring(dry_run=dry_run)


def test_a_round_without_a_draft_takes_no_file() -> None:
    rounds.create_round(round_facts(code="WS-27"), staff("officer"))
    with refused("draft_missing"):
        bring(code="WS-27")


# Hostile files: a clear refusal, and nothing changed -----------------------------------------------------------

HOSTILE: dict[str, tuple[bytes, list[str]]] = {
    "nothing": (b"", ["file_empty"]),
    "a heading only": (b"id,good,other\n", ["file_empty"]),
    "NUL": (b"id,good,other\n1,a\0b,\n", ["file_has_nul"]),
    "a lone surrogate": (b"id,good,other\n1,\xed\xa0\x80,\n", ["file_not_in_encoding"]),
    "another encoding": ("id,good,other\n1,Sí,\n".encode("utf-16"), ["file_not_in_encoding"]),
    "a quote never closed": (b'id,good,other\n1,"a,\n2,b,\n', ["csv_broken"]),
    "rows too short and long": (b"id,good,other\n1,a\n2,a,b,c\n", ["row_length", "row_length"]),
    "a cell of 200,000 characters": (b"id,good,other\n1," + b"x" * 200_000 + b",\n", ["cell"]),
    "ten megabytes in one cell": (b"id,good,other\n1," + b"x" * 10_000_000 + b",\n", ["cell"]),
    "a key twice": (b"id,good,other\n1,a,\n1,b,\n", ["row_key_twice"]),
    "other columns": (b"a,b\n1,2\n", ["column_missing"] * 3),
    "the last of many rows": (
        b"id,good,other\n" + b"".join(b"%d,a,\n" % n for n in range(600)) + b"x\n", ["row_length"],
    ),
}  # fmt: skip


@on_one_database
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_hostile_file_is_refused_and_changes_nothing(name: str, dry_run: bool) -> None:
    data, codes = HOSTILE[name]
    with refused(*codes):
        bring(data, dry_run=dry_run)


def test_hostile_characters_in_cells_are_taken_out() -> None:
    bring("id,good,other\n1,a\u202eb\u200f\x07c,=1+1\n".encode())
    assert [s.text for s in rows(Submission)] == ["abc", "=1+1"]


def test_an_encoding_that_makes_lone_surrogates_does_no_harm() -> None:
    mapping = ImportMap(columns=[TextColumn("good", "1")], row_key="id", encoding="unicode_escape")
    assert bring(b"id,good\n\\ud800,Yes\\ud800\n", mapping).new == 1
    assert [s.text for s in rows(Submission)] == ["Yes"]


@pytest.mark.parametrize("statement", ["the first batch", "the last batch"])
def test_a_file_that_breaks_in_the_middle_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    many = b"id,good,other\n" + b"".join(b"%d,Comment %d,\n" % (n, n) for n in range(130))
    before, calls, append = everything(), [], audit.append

    def broken(*arguments: object, **choices: object) -> list[str]:
        calls.append(1)
        if len(calls) == (1 if statement == "the first batch" else 3):
            raise OSError("disk full")
        return append(*arguments, **choices)  # type: ignore[arg-type]

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(OSError, match="disk full"):
        bring(many)
    assert everything() == before
    monkeypatch.setattr(audit, "append", append)
    assert bring(many).new == 130


def test_progress_is_told_as_rows_are_written() -> None:
    many = b"id,good,other\n" + b"".join(b"%d,Comment %d,\n" % (n, n) for n in range(130))
    told: list[tuple[int, int]] = []
    import_submissions(CODE, many, MAP, audit.SYSTEM, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (130, 130)
    assert told == sorted(told)
