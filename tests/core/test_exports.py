"""CSV that no spreadsheet runs, and long JSON written piece by piece."""

from __future__ import annotations

import csv
import io
import json

import pytest

from core.exports import csv_text, json_text, neutral


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_could_be_a_formula_is_made_a_text(sign: str) -> None:
    assert neutral(f'{sign}HYPERLINK("http://bad.example")') == f'\'{sign}HYPERLINK("http://bad.example")'


def test_zero_bytes_never_reach_a_cell() -> None:
    assert neutral("\0=1+1") == "'\ufffd=1+1"
    assert neutral("a\0b") == "a\ufffdb"


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert neutral(-5) == -5
    assert neutral(None) == ""
    assert neutral("plain text = fine") == "plain text = fine"


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_table_comes_back_as_it_was_written() -> None:
    rows = [[1, 'Straße, "quoted"', "سطر\nثانٍ"], [2, None, "=1+1"]]
    text = "".join(csv_text(["number", "=head", "text"], rows))
    assert read(text) == [
        ["number", "'=head", "text"],
        ["1", 'Straße, "quoted"', "سطر\nثانٍ"],
        ["2", "", "'=1+1"],
    ]


def test_the_file_says_that_it_is_utf_8() -> None:
    assert "".join(csv_text(["a"], [])).encode().startswith(b"\xef\xbb\xbf")


def test_long_tables_are_written_in_pieces() -> None:
    pieces = list(csv_text(["n"], ([n] for n in range(1000))))
    assert len(pieces) > 4
    assert [row[0] for row in read("".join(pieces))[1:]] == [str(n) for n in range(1000)]


@pytest.mark.parametrize("count", [0, 1, 2, 1001])
def test_a_long_list_is_one_json_document(count: int) -> None:
    items = [{"n": n, "text": "نص"} for n in range(count)]
    assert json.loads("".join(json_text({"a": 1}, "items", items))) == {"a": 1, "items": items}
