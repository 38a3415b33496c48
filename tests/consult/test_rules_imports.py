"""Reading submissions from CSV: every fault names its row and column, and nothing but a clear refusal is raised."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.rules import imports as rules
from consult.rules.imports import ImportedText, ImportMap, TextColumn
from core.errors import DomainError
from core.spreadsheets import decode
from tests.properties import few, many

TODAY = date(2027, 9, 14)
UNITS = ["1", "2", "3a"]
MAP = ImportMap(
    columns=[TextColumn("good", "1", "support"), TextColumn("other", "")], row_key="id", language="es"
)
HEAD = "id,good,other\n"


def read(text: str, mapping: ImportMap = MAP) -> list[ImportedText]:
    return rules.read_rows(text, mapping, UNITS, TODAY)


def refusal(text: str, mapping: ImportMap = MAP) -> list[DomainError]:
    with pytest.raises(DomainError) as caught:
        read(text, mapping)
    return list(caught.value.all())


def faults(text: str, mapping: ImportMap = MAP) -> list[tuple[str, dict[str, object]]]:
    return [(error.code, error.parameters) for error in refusal(text, mapping)]


def written(*rows: list[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


# What is read ------------------------------------------------------------------------------------------------


def test_every_cell_with_text_is_a_submission() -> None:
    texts = read(HEAD + "7,Keep it,\n8,, Shorten it \n9,\u202e,\n10,A,B\n")
    assert [(t.row, t.column, t.unit, t.submission.text) for t in texts] == [
        (1, "good", "1", "Keep it"),
        (2, "other", "", "Shorten it"),
        (4, "good", "1", "A"),
        (4, "other", "", "B"),
    ]
    first = texts[0].submission
    assert (first.kind, first.language, first.channel, first.author_kind) == (
        "support",
        "es",
        "import",
        "person",
    )
    assert texts[1].submission.kind is None
    assert len({t.key for t in texts}) == 4


def test_quoted_cells_keep_commas_quotes_and_lines() -> None:
    texts = read(written(["id", "good", "other"], ["1", 'She said "yes",\r\nthen no', ""]))
    assert texts[0].submission.text == 'She said "yes",\nthen no'


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=ascii)
def test_line_ends_do_not_matter(ends: str) -> None:
    assert [t.row for t in read((HEAD + "1,a,\n2,b,\n").replace("\n", ends))] == [1, 2]


def test_blank_lines_count_as_rows_and_hold_nothing() -> None:
    assert [t.row for t in read(HEAD + "\n1,a,\n\n2,b,\n\n")] == [2, 4]


def test_a_heading_may_have_blanks_around_its_names_and_columns_that_are_not_mapped() -> None:
    texts = read(" id ,age,age, good ,other\n1,30,31,a,b\n")
    assert [t.submission.text for t in texts] == ["a", "b"]


def test_another_delimiter_is_read() -> None:
    assert len(read("id;good;other\n1;a;b\n", replace(MAP, delimiter=";"))) == 2
    assert len(read("id\tgood\tother\n1\ta\tb\n", replace(MAP, delimiter="\t"))) == 2


def test_a_row_s_facts_come_from_its_columns() -> None:
    mapping = ImportMap(
        columns=[TextColumn("text", "")],
        row_key="id",
        language="es",
        channel="survey",
        author_column="who",
        author_kinds={"persona": "person", "ONG": "ngo"},
        language_column="lang",
        channel_column="by",
        received_column="day",
        unit_column="unit",
    )
    heading = "id,who,lang,by,day,unit,text\n"
    texts = read(
        heading + "1, ONG ,qu,meeting,2020-05-04,3a,uno\n2,persona,,,2020-05-05T10:00:00,,dos\n", mapping
    )
    one, two = (t.submission for t in texts)
    assert (one.author_kind, one.language, one.channel, one.received_on, texts[0].unit) == (
        "ngo", "qu", "meeting", date(2020, 5, 4), "3a",
    )  # fmt: skip
    assert (two.author_kind, two.language, two.channel, two.received_on, texts[1].unit) == (
        "person", "es", "survey", date(2020, 5, 5), "",
    )  # fmt: skip


def test_without_a_key_equal_rows_are_different_submissions_in_their_order() -> None:
    mapping = replace(MAP, row_key=None)
    once = read(HEAD + "x,same,\nx,same,\ny,other,\n", mapping)
    again = read(HEAD + "x,same,\nx,same,\ny,other,\n", mapping)
    assert len({t.key for t in once}) == 3
    assert [t.key for t in once] == [t.key for t in again]


def test_no_two_texts_of_a_file_are_taken_for_the_same() -> None:
    mapping = ImportMap(columns=[TextColumn("b|c", ""), TextColumn("c", "")], row_key="id")
    texts = read("id,b|c,c\na,one,two\na|b,three,four\n", mapping)
    assert len({t.key for t in texts}) == 4


# Faults and their places -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n", HEAD, HEAD + "\n\n", HEAD + "1,,\n2, ,\u202e\n"])
def test_a_file_without_texts_is_refused(text: str) -> None:
    assert {code for code, _parameters in faults(text)} <= {"file_empty", "column_missing"}


def test_missing_and_doubled_columns_are_named() -> None:
    assert faults("id,other,other\n1,a,b\n") == [
        ("column_missing", {"column": "good"}),
        ("column_twice", {"column": "other"}),
    ]


def test_every_kind_of_mapped_column_must_be_there() -> None:
    mapping = replace(
        MAP, author_column="w", language_column="l", channel_column="c", received_column="r", unit_column="u"
    )
    missing = [parameters["column"] for _code, parameters in faults("x\n1\n", mapping)]
    assert sorted(map(str, missing)) == ["c", "good", "id", "l", "other", "r", "u", "w"]


def test_a_column_is_mapped_to_one_unit() -> None:
    mapping = replace(MAP, columns=[TextColumn("good", "1"), TextColumn("good", "2")])
    assert faults(HEAD + "1,a,b\n", mapping) == [("column_twice", {"column": "good"})]


def test_a_unit_that_the_draft_does_not_have_is_named() -> None:
    mapping = replace(MAP, columns=[TextColumn("good", "9"), TextColumn("other", "3a")])
    assert faults(HEAD + "1,a,b\n", mapping) == [("unit_not_in_draft", {"unit": "9", "column": "good"})]


def test_a_row_too_short_or_too_long_is_named() -> None:
    assert faults(HEAD + "1,a,b\n2,a\n3,a,b,c\n4\n") == [
        ("row_length", {"row": 2, "expected": 3, "found": 2}),
        ("row_length", {"row": 3, "expected": 3, "found": 4}),
        ("row_length", {"row": 4, "expected": 3, "found": 1}),
    ]


def test_a_key_that_is_missing_or_doubled_is_named() -> None:
    assert faults(HEAD + "1,a,\n ,b,\n1,c,\n") == [
        ("row_key_missing", {"row": 2, "column": "id"}),
        ("row_key_twice", {"row": 3, "column": "id", "first_row": 1}),
    ]


def test_a_value_that_the_map_does_not_know_is_named() -> None:
    mapping = replace(MAP, author_column="who", author_kinds={"a": "person"}, unit_column="unit")
    assert faults("id,who,unit,good,other\n1,b\u202e,1,x,\n2,a,7,x,\n3,a,7,x,y\n", mapping) == [
        ("value_not_mapped", {"row": 1, "column": "who", "value": "b"}),
        ("value_not_mapped", {"row": 2, "column": "unit", "value": "7"}),
        ("value_not_mapped", {"row": 3, "column": "unit", "value": "7"}),
    ]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("", "day_unreadable"),
        ("14.9.2027", "day_unreadable"),
        ("2027-13-01", "day_unreadable"),
        ("2027-02-30", "day_unreadable"),
        ("yesterday", "day_unreadable"),
        ("٢٠٢٧-٠٩-١٤", "day_unreadable"),
        ("2027-09-15", "day_in_future"),
        ("9999-12-31", "day_in_future"),
    ],
)
def test_a_day_that_cannot_be_is_named(day: str, code: str) -> None:
    mapping = replace(MAP, received_column="day")
    assert faults(f"id,day,good,other\n1,2027-09-14,a,\n2,{day},b,\n", mapping) == [
        (code, {"row": 2, "column": "day"})
    ]


def test_nothing_was_received_tomorrow() -> None:
    with pytest.raises(DomainError) as caught:
        read(HEAD + "1,a,\n", replace(MAP, received_on=date(2027, 9, 15)))
    assert caught.value.code == "day_in_future"
    assert read(HEAD + "1,a,\n", replace(MAP, received_on=TODAY))[0].submission.received_on == TODAY


@pytest.mark.parametrize(
    ("length", "fits"), [(9_999, True), (10_000, True), (10_001, False), (200_000, False), (2_000_000, False)]
)
def test_a_cell_has_the_limit_of_a_comment_and_its_place_is_named(length: int, fits: bool) -> None:
    text = HEAD + f"1,a,\n2,,{'x' * length}\n3,b,\n"
    if fits:
        assert len(read(text)) == 3
        return
    errors = refusal(text)
    assert [(e.code, e.parameters["row"], e.parameters["column"]) for e in errors] == [("cell", 2, "other")]
    cause = errors[0].parameters["cause"]
    assert isinstance(cause, DomainError)
    assert (cause.code, cause.parameters["length"]) == ("text_too_long", length)


def test_a_very_long_cell_in_a_column_that_is_not_mapped_does_no_harm() -> None:
    assert len(read(f"id,good,other,essay\n1,a,,{'x' * 200_000}\n")) == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("channel", "pigeon", "channel_unknown"),
        ("author_kind", "king", "author_kind_unknown"),
        ("language", "Spanish", "language_unknown"),
    ],
)
def test_a_wrong_default_is_told_for_each_cell(field: str, value: str, code: str) -> None:
    errors = refusal(HEAD + "1,a,b\n", replace(MAP, **{field: value}))
    assert [(e.code, e.parameters["column"], e.parameters["cause"].code) for e in errors] == [  # type: ignore[attr-defined]
        ("cell", "good", code),
        ("cell", "other", code),
    ]


def test_an_unclosed_quote_is_named_by_the_row_where_it_opens() -> None:
    errors = refusal(HEAD + '1,a,\n2,"never closed,\n3,b,\n4,c,\n')
    assert [(e.code, e.parameters["row"]) for e in errors] == [("csv_broken", 2)]


def test_a_quote_in_the_middle_is_named_by_its_row() -> None:
    errors = refusal(HEAD + '1,a,\n2,"so" they said,\n3,b,\n')
    assert [(e.code, e.parameters["row"]) for e in errors] == [("csv_broken", 2)]


def test_a_broken_heading_is_named_too() -> None:
    errors = refusal('id,"good,other\n1,a,\n')
    assert [(e.code, e.parameters["row"]) for e in errors] == [("csv_broken", 0)]


@pytest.mark.parametrize("rows", [49, 50, 51, 5_000])
def test_at_most_fifty_faults_are_told(rows: int) -> None:
    assert len(refusal(HEAD + "1,a\n" * rows)) == min(rows, 50)


def test_at_most_fifty_faults_are_told_even_of_one_row() -> None:
    names = [f"c{n}" for n in range(80)]
    mapping = ImportMap(columns=[TextColumn(name, "") for name in names], channel="pigeon")
    assert len(refusal(written(names, ["x"] * 80), mapping)) == 50


def test_a_fault_in_one_row_keeps_all_others_out() -> None:
    text = HEAD + "".join(f"{n},text,\n" for n in range(1, 200)) + "200,too,long,row\n"
    assert faults(text) == [("row_length", {"row": 200, "expected": 3, "found": 4})]


# Arbitrary files ---------------------------------------------------------------------------------------------


@many
@given(st.text(st.characters()), st.sampled_from([",", ";", "\t", "|"]), st.booleans())
def test_arbitrary_text_is_read_or_clearly_refused(text: str, delimiter: str, keyed: bool) -> None:
    for before in ("", HEAD.replace(",", delimiter)):
        try:
            texts = read(before + text, replace(MAP, delimiter=delimiter, row_key="id" if keyed else None))
        except DomainError:
            continue
        assert all(t.submission.text for t in texts)
        assert len({t.key for t in texts}) == len(texts)


@many
@given(
    st.binary(max_size=300),
    st.sampled_from(["utf-8", "latin-1", "cp1252", "utf-16", "utf-32", "utf-7", "cp1256"]),
)
def test_arbitrary_bytes_are_read_or_clearly_refused(data: bytes, encoding: str) -> None:
    try:
        read(HEAD + decode(data, encoding))
    except DomainError as error:
        for single in error.all():
            repr(single.parameters).encode()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "UTF-8", "utf8", "UTF_8", "latin-1", "cp1252", "utf-16", "utf-16-le"]
)
def test_a_file_is_read_in_its_own_encoding(encoding: str) -> None:
    text = HEAD + "1,año,ünd\n"
    assert [t.submission.text for t in read(decode(text.encode(encoding), encoding))] == ["año", "ünd"]


def test_a_byte_order_mark_is_no_part_of_the_heading() -> None:
    assert len(read(decode(b"\xef\xbb\xbf" + HEAD.encode() + b"1,a,\n", "utf-8"))) == 1


def test_ten_megabytes_without_a_line_end_are_refused() -> None:
    assert faults("x" * 10_000_000) == [
        ("column_missing", {"column": "good"}),
        ("column_missing", {"column": "other"}),
        ("column_missing", {"column": "id"}),
    ]
    assert [e.code for e in refusal(HEAD + '1,"' + "x" * 10_000_000)] == ["csv_broken"]
    assert [e.code for e in refusal(HEAD + "1," + "," * 1_000_000)] == ["row_length"]


# Maps --------------------------------------------------------------------------------------------------------

COLUMNS = [{"column": "good", "unit": "1", "kind": "support"}]


def map_refusal(tables: dict[str, Any]) -> list[tuple[str, object]]:
    with pytest.raises(DomainError) as caught:
        rules.read_map(tables)
    return [(error.code, error.parameters.get("key")) for error in caught.value.all()]


def test_a_full_map_is_understood() -> None:
    mapping = rules.read_map(
        {
            "file": {"encoding": "latin-1", "delimiter": ";", "row_key": "id"},
            "defaults": {
                "language": "es", "channel": "survey", "author_kind": "ngo", "publish": True,
                "received_on": date(2020, 5, 4),
            },
            "author_kind": {"column": "who", "values": {"ONG": "ngo"}},
            "language": {"column": "lang"},
            "channel": {"column": "by"},
            "received_on": {"column": "day"},
            "unit": {"column": "unit"},
            "columns": [*COLUMNS, {"column": "other"}, {"column": "third", "unit": 2}],
        }
    )  # fmt: skip
    assert mapping == ImportMap(
        columns=[TextColumn("good", "1", "support"), TextColumn("other", ""), TextColumn("third", "2")],
        encoding="latin-1",
        delimiter=";",
        row_key="id",
        language="es",
        channel="survey",
        author_kind="ngo",
        publish=True,
        received_on=date(2020, 5, 4),
        author_column="who",
        author_kinds={"ONG": "ngo"},
        language_column="lang",
        channel_column="by",
        received_column="day",
        unit_column="unit",
    )


def test_the_smallest_map_has_columns_only() -> None:
    mapping = rules.read_map({"columns": COLUMNS})
    assert (mapping.encoding, mapping.delimiter, mapping.channel, mapping.publish) == (
        "utf-8",
        ",",
        "import",
        False,
    )


@pytest.mark.parametrize("columns", [None, [], {}, "good", [1], [{}], [{"column": 1}], [{"unit": "1"}]])
def test_a_map_names_its_columns(columns: object) -> None:
    tables = {} if columns is None else {"columns": columns}
    assert {code for code, _key in map_refusal(tables)} == {"map_columns_missing"}


def test_every_key_that_is_not_known_is_named() -> None:
    tables = {
        "columns": [{"column": "good", "colour": "red"}],
        "fiel": {},
        "file": {"encodign": "utf-8"},
        "defaults": "es",
    }
    assert sorted(map_refusal(tables), key=str) == [
        ("map_key_unknown", "columns.colour"),
        ("map_key_unknown", "defaults"),
        ("map_key_unknown", "fiel"),
        ("map_key_unknown", "file.encodign"),
    ]


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("file", "encoding", 1),
        ("file", "delimiter", ""),
        ("file", "delimiter", ";;"),
        ("file", "delimiter", "\n"),
        ("file", "delimiter", "\r"),
        ("file", "delimiter", '"'),
        ("file", "delimiter", "\0"),
        ("file", "row_key", ["id"]),
        ("file", "row_key", ""),
        ("defaults", "language", None),
        ("defaults", "publish", "yes"),
        ("defaults", "received_on", "2020-05-04"),
        ("defaults", "received_on", datetime(2020, 5, 4, 10)),  # noqa: DTZ001
        ("author_kind", "values", ["ngo"]),
        ("author_kind", "column", {}),
        ("unit", "column", 5),
    ],
)
def test_a_value_that_cannot_be_is_named(table: str, key: str, value: object) -> None:
    assert map_refusal({"columns": COLUMNS, table: {key: value}}) == [("map_value", f"{table}.{key}")]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["columns", "file", "defaults", "author_kind", "language", "channel", "received_on", "unit"]
)
keys = st.sampled_from(
    ["column", "unit", "kind", "encoding", "delimiter", "row_key", "values", "language", "publish"]
)


@few
@given(
    st.dictionaries(
        names | st.text(max_size=4),
        values | st.dictionaries(keys, values) | st.lists(st.dictionaries(keys, values), max_size=3),
    )
)
def test_an_arbitrary_map_is_understood_or_refused_and_then_reads_or_refuses(tables: dict[str, Any]) -> None:
    try:
        mapping = rules.read_map(tables)
        read(HEAD + "1,a,b\n", mapping)
    except DomainError:
        return
