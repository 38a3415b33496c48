"""Tables that people hand over: read whole, or refused with the place of every fault; hostile files do no harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.spreadsheets import Limits, decode, rows
from core.workbooks import as_text
from tests.properties import few, many

ROLL = "number;name;born\n1;Amal Haddad;1990-02-03\n2;Olena Kovalenko;1985-11-30\n"
READ = [
    {"number": "1", "name": "Amal Haddad", "born": "1990-02-03"},
    {"number": "2", "name": "Olena Kovalenko", "born": "1985-11-30"},
]


def read(data: bytes | str | Path, name: str = "roll.csv", **how: object) -> list[dict[str, str]]:
    data = data.encode() if isinstance(data, str) else data
    return [dict(row.cells) for row in rows(data, name, **how)]  # type: ignore[arg-type]


def faults(data: bytes | str, name: str = "roll.csv", **how: object) -> list[tuple[str, dict[str, object]]]:
    with pytest.raises(DomainError) as caught:
        read(data, name, **how)
    return [(error.code, dict(error.parameters)) for error in caught.value.all()]


def codes(data: bytes | str, name: str = "roll.csv", **how: object) -> list[str]:
    return [code for code, _parameters in faults(data, name, **how)]


def workbook(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def changed(data: bytes, part: str, before: bytes, after: bytes) -> bytes:
    """A workbook in which one part reads otherwise."""
    anew = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(anew, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                assert before in content
                content = content.replace(before, after)
            new.writestr(name, content)
    return anew.getvalue()


SEEN = datetime(2027, 1, 2, 13, 45)  # noqa: DTZ001 - cells know no zone
SHEET = "xl/worksheets/sheet1.xml"
PEOPLE = workbook(["number", "name"], [1, "Amal"], [2, "Olena"])

# CSV -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_every_delimiter_mark_and_line_end_is_found(delimiter: str, encoding: str, end: str) -> None:
    data = ROLL.replace(";", delimiter).replace("\n", end).encode(encoding)
    assert read(data) == READ


def test_another_encoding_is_read_only_when_it_is_told() -> None:
    data = "name;town\nGöksu;Köln\n".encode("windows-1252")
    assert codes(data) == ["file_not_in_encoding"]
    assert read(data, encoding="windows-1252") == [{"name": "Göksu", "town": "Köln"}]


def test_a_delimiter_inside_quotes_parts_nothing() -> None:
    assert read('"a;b;c",d\n1,2\n') == [{"a;b;c": "1", "d": "2"}]


def test_rows_are_counted_as_a_spreadsheet_counts_them_and_empty_ones_passed_over() -> None:
    found = list(rows(b"\n;\nname;town\n\nAmal;Aden\n;\n\nOlena;Lviv\n", "roll.csv"))
    assert [(row.number, row.cells["name"]) for row in found] == [(5, "Amal"), (8, "Olena")]


def test_a_cell_may_hold_lines_and_quotes_and_any_script() -> None:
    written = 'name,text\n"سميرة","one\ntwo, ""three"""\n移民,ሰላም\n'
    assert read(written) == [
        {"name": "سميرة", "text": 'one\ntwo, "three"'},
        {"name": "移民", "text": "ሰላም"},
    ]


def test_invisible_signs_and_blanks_around_a_cell_are_taken_off() -> None:
    assert read("name\n \u202eAmal\u2066\ufeff \n") == [{"name": "Amal"}]


def test_wanted_columns_are_found_whatever_their_case_and_order() -> None:
    assert read("Town;NAME;other\nAden;Amal;x\n", wanted=["name", "town"]) == [
        {"town": "Aden", "name": "Amal", "other": "x"}
    ]


def test_all_that_is_wrong_with_a_heading_is_said_at_once() -> None:
    assert faults("name;Name;town\n1;2;3\n", wanted=["number", "name"]) == [
        ("column_missing", {"column": "number"}),
        ("column_twice", {"column": "name"}),
    ]


def test_faults_in_rows_are_said_together_with_their_places() -> None:
    data = "name;town;\nAmal;Aden\nOlena;Lviv;;\nBo;" + "x" * 11 + ";\nIvo;Split;what\n"
    assert faults(data, limits=Limits(cell=10)) == [
        ("row_length", {"row": 2, "expected": 3, "found": 2}),
        ("row_length", {"row": 3, "expected": 3, "found": 4}),
        ("cell_too_long", {"row": 4, "column": "town", "limit": 10}),
        ("column_unnamed", {"row": 5, "column": "C"}),
    ]


def test_a_column_without_heading_and_without_cells_is_no_fault() -> None:
    assert read("name;;\nAmal;;\n") == [{"name": "Amal"}]


def test_no_row_is_handed_out_after_the_first_fault() -> None:
    seen = []
    with pytest.raises(DomainError):
        for row in rows(b"a;b\n1;2\n3\n4;5\n", "roll.csv"):
            seen.append(row.number)
    assert seen == [2]


def test_fifty_faults_are_named_and_no_more() -> None:
    assert len(faults("a;b\n" + "1\n" * 5_000)) == 50


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \n;\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"a;b\n1;\0\n", "file_has_nul"),
        (b"a;b\n1;\xed\xa0\x80\n", "file_not_in_encoding"),
        (b"\xff\xfea\x00\x00\xd8", "file_not_in_encoding"),
        (b'a;b\n1;"2\n', "csv_broken"),
        (b'a;b\n1;"2"x\n', "csv_broken"),
        (";".join(str(n) for n in range(61)).encode(), "columns_too_many"),
    ],
    ids=["nothing", "blanks", "only a mark", "NUL", "surrogate", "half UTF-16", "open quote", "quote", "wide"],
)  # fmt: skip
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    assert codes(data) == [code]


def test_files_have_their_limits() -> None:
    assert codes(b"a\n" + b"1\n" * 11, limits=Limits(rows=10)) == ["rows_too_many"]
    assert len(read(b"a\n" + b"1\n" * 10, limits=Limits(rows=10))) == 10
    assert codes(b"a\n" + b"1" * 100, limits=Limits(size=50)) == ["file_too_large"]


@pytest.mark.parametrize("name", ["roll.pdf", "roll.xls", "roll.ods", "roll", "", "csv", "roll.csv.exe"])
def test_other_kinds_of_files_are_refused(name: str) -> None:
    assert codes(ROLL, name) == ["file_kind"]


def test_a_workbook_that_calls_itself_csv_is_refused() -> None:
    assert codes(PEOPLE, "roll.csv") == ["file_kind"]


def test_a_path_is_read_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text(ROLL, encoding="utf-8")
    assert read(path) == READ


@many
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("roll.csv", "roll.xlsx"):
        try:
            read(data, name)
        except DomainError as error:
            for single in error.all():
                repr(single.parameters).encode()


# XLSX ----------------------------------------------------------------------------------------------------------------


def test_whole_numbers_days_and_texts_of_a_workbook_come_as_they_are_written() -> None:
    data = workbook(
        ["number", "born", "seen", "share", "known", "name", "empty"],
        [12, date(1990, 2, 3), SEEN, 0.5, True, "سميرة", None],
    )
    assert read(data, "roll.xlsx") == [
        {
            "number": "12",
            "born": "1990-02-03",
            "seen": "2027-01-02 13:45:00",
            "share": "0.5",
            "known": "true",
            "name": "سميرة",
            "empty": "",
        }
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (-3.0, "-3"),
        (49151234567890.0, "49151234567890"),
        (1e300, "1e+300"),
        (12.5, "12.5"),
        (True, "true"),
        ("012", "012"),
        (datetime(2027, 3, 14), "2027-03-14"),  # noqa: DTZ001 - cells know no zone
        (date(2027, 3, 14), "2027-03-14"),
    ],
)
def test_a_cell_reads_as_somebody_would_write_it(value: object, text: str) -> None:
    assert as_text(value) == text


def test_a_workbook_counts_rows_as_it_shows_them() -> None:
    data = workbook(["name"], [None], ["Amal"])
    assert [row.number for row in rows(data, "roll.xlsx")] == [3]


def test_a_workbook_is_held_to_the_same_rules() -> None:
    data = workbook(["name", "name", None], ["a", "b", None])
    assert codes(data, "roll.xlsx", wanted=["number"]) == ["column_missing", "column_twice"]
    assert faults(workbook(["name", None], ["a", "b"]), "roll.xlsx") == [
        ("column_unnamed", {"row": 2, "column": "B"})
    ]


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked() -> None:
    bomb = changed(PEOPLE, "xl/styles.xml", b"</styleSheet>", b" " * 30_000_000 + b"</styleSheet>")
    assert len(bomb) < 60_000
    assert codes(bomb, "roll.xlsx", limits=Limits(unpacked=5_000_000)) == ["file_unpacks_too_large"]


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_it_says() -> None:
    bomb = changed(PEOPLE, "xl/styles.xml", b"</styleSheet>", b" " * 30_000_000 + b"</styleSheet>")
    with zipfile.ZipFile(io.BytesIO(bomb)) as book:
        size = book.getinfo("xl/styles.xml").file_size
    lying = bomb.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != bomb
    assert codes(lying, "roll.xlsx", limits=Limits(unpacked=5_000_000)) == ["file_unreadable"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b'r="A3"', b'r="A1048576"', "rows_too_many"),
        (b'r="B3"', b'r="XFD3"', "columns_too_many"),
        (b'r="B3"', b"r = 'xfd3'", "columns_too_many"),
        (b'<row r="3"', b'<row r="9999999"', "rows_too_many"),
        (b'r="B3"', b'r="AAAAAAAAAAAAAAAAA3"', "file_unreadable"),
    ],
)
def test_a_sheet_without_end_is_refused_before_room_is_made_for_it(
    before: bytes, after: bytes, code: str
) -> None:
    assert codes(changed(PEOPLE, SHEET, before, after), "roll.xlsx") == [code]


END = b"</sheetData>"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        # Two kilobytes that a reader would make room for two billion cells for
        (b"<row>" + b"<c><v>1</v></c>" * 10_000 + b'</row><row r="200000"/>', "columns_too_many"),
        (b'<row r="4"><c r="BH4"/><c/></row>', "columns_too_many"),
        (b'<x:row xmlns:x="urn:x">' + b"<x:c/>" * 61 + b"</x:row>", "columns_too_many"),
        (b'<row r="4">' + b'<c r="A4"/>' * 61 + b"</row>", "columns_too_many"),
        (b'<row x=">"><c y=">" r="ZZ4"/></row>', "columns_too_many"),
        (b"<row><c s=\" r='A4'\" r='ZZ4'/></row>", "columns_too_many"),
        (b"<row/>" * 1_000_000, "rows_too_many"),
        (b'<row r="200001"/><row/>', "rows_too_many"),
        (b'<row r="4"/>' * 200_002, "rows_too_many"),
        (b'<row><c r="&#88;FD4"/></row>', "file_unreadable"),
        (b'<row><c r="A4></row>', "file_unreadable"),
        (b"<row><c><is><t>" + b"x" * 3_000_000 + b"</t></is></c></row>", "file_unreadable"),
    ],
    ids=range(12),
)
def test_a_row_or_cell_that_names_no_place_or_hides_it_is_counted_too(rows: bytes, code: str) -> None:
    book = changed(PEOPLE, SHEET, END, rows + END)
    assert codes(book, "roll.xlsx", limits=Limits(columns=60)) == [code]


def test_cells_without_a_place_follow_each_other() -> None:
    width = len(read(PEOPLE, "roll.xlsx")[0])
    row = b"<row><c><v>7</v></c>" + b"<c/>" * (width - 1) + b"</row>"
    found = read(changed(PEOPLE, SHEET, END, row + END), "roll.xlsx")
    assert next(iter(found[-1].values())) == "7"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "dtd",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    ],
    ids=["another file", "entities of entities"],
)
def test_a_workbook_that_declares_entities_is_refused(part: str, dtd: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(PEOPLE)) as book:
        start = book.read(part).index(b"<", 2)
        head = book.read(part)[: start + 1]
    assert codes(changed(PEOPLE, part, head, dtd + head), "roll.xlsx") == ["file_unreadable"]


def test_what_is_no_workbook_or_is_locked_is_refused() -> None:
    assert codes(ROLL, "roll.xlsx") == ["file_unreadable"]
    assert codes(b"PK\x03\x04 and no more", "roll.xlsx") == ["file_unreadable"]
    assert codes(PEOPLE[:-200], "roll.xlsx") == ["file_unreadable"]
    assert codes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "roll.xlsx") == ["file_locked"]
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    assert codes(empty.getvalue(), "roll.xlsx") == ["file_unreadable"]
    assert codes(workbook(), "roll.xlsx") == ["file_empty"]


@few
@given(st.integers(0, len(PEOPLE) - 1), st.integers(0, 255))
def test_a_workbook_with_a_wrong_byte_is_read_or_refused(place: int, byte: int) -> None:
    broken = bytearray(PEOPLE)
    broken[place] = byte
    try:
        read(bytes(broken), "roll.xlsx")
    except DomainError as error:
        repr(error)


# Encodings -----------------------------------------------------------------------------------------------------------


ENCODINGS = ["", "klingon", "base64", "hex", "rot13", "zlib", "undefined", "idna", "punycode", "a\0b", "../utf-8", "x" * 10_000, "\ud800"]  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda name: ascii(name)[:20])
def test_what_is_no_encoding_of_text_is_refused(encoding: str) -> None:
    with pytest.raises(DomainError) as caught:
        decode(b"id,good,other\n1,\xff\xfe,\n", encoding)
    assert caught.value.code in {"encoding_unknown", "file_not_in_encoding"}
    assert len(repr(caught.value.parameters)) < 200


@pytest.mark.parametrize(
    ("data", "encoding", "code", "line", "column"),
    [
        (b"id,good\n1,a\xf1o\n", "utf-8", "file_not_in_encoding", 2, 4),
        ("id,good\n1,ñañ".encode() + b"\xff\n", "utf-8", "file_not_in_encoding", 2, 6),
        (b"id,good\n1,\x81\n", "cp1252", "file_not_in_encoding", 2, 3),
        ("id\n\nñ".encode("utf-16-le") + b"\x00\xd8", "utf-16-le", "file_not_in_encoding", 3, 2),
        (b"id,good\n1,\xed\xa0\x80\n", "utf-8", "file_not_in_encoding", 2, 3),
        (b"\xef\xbb\xbfid,good\n1,a\xf1o\n", "utf-8", "file_not_in_encoding", 2, 4),
        (b"id,good\n1,a\0b\n", "utf-8", "file_has_nul", 2, 4),
        (b"\0", "latin-1", "file_has_nul", 1, 1),
        ("id,good\n1,a".encode("utf-16"), "latin-1", "file_has_nul", 1, 4),
    ],
)
def test_what_is_not_in_the_encoding_is_refused_with_its_place(
    data: bytes, encoding: str, code: str, line: int, column: int
) -> None:
    with pytest.raises(DomainError) as caught:
        decode(data, encoding)
    assert caught.value.code == code
    assert (caught.value.parameters["line"], caught.value.parameters["column"]) == (line, column)


def test_a_text_has_its_limit() -> None:
    assert decode(b"x" * 1_000, "utf-8", 1_000)
    with pytest.raises(DomainError) as caught:
        decode(b"x" * 1_001, "utf-8", 1_000)
    assert caught.value.code == "file_too_large"
