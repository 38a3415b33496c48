"""BLT files: read and written, in every script, and every kind of damage named by its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from elections.counting import blt
from elections.counting.blt import BltFile
from elections.counting.tally import Ballot
from tests.properties import many

GOOD = """4 2
-2
3 1 3 4 0
4 1 3 2 0
2 4 1 3 0
1 2 0
2 2 4 3 1 0
1 3 4 2 0
0
"Adam"
"Basil"
"Charlotte"
"Donald"
"Title"
"""


def test_the_example_of_its_authors_is_read() -> None:
    file = blt.read(GOOD)
    assert (file.seats, file.names, file.title) == (2, ("Adam", "Basil", "Charlotte", "Donald"), "Title")
    assert file.withdrawn == {2}
    assert file.ballots[0] == ((1, 3, 4), 3)


def test_who_withdrew_is_passed_over_and_equal_ballots_come_together() -> None:
    tally = blt.read(GOOD).to_tally()
    assert [candidate.id for candidate in tally.candidates] == ["1", "3", "4"]
    assert tally.ballots == (
        Ballot(("1", "3"), 4),
        Ballot(("1", "3", "4"), 3),
        Ballot(("3", "4"), 1),
        Ballot(("4", "1", "3"), 2),
        Ballot(("4", "3", "1"), 2),
    )
    assert (tally.valid, tally.blank) == (12, 1)


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        ("# counted twice\n\n" + GOOD.replace("3 1 3 4 0", "  3\t1 3 4 0   # a pile")).encode(),
        GOOD.rstrip("\n").encode(),
        (GOOD + '"Source"\n"Remark"\n').encode(),
    ],
    ids=["plain", "crlf", "cr", "mark", "comments", "no last line end", "source and remark"],
)
def test_line_ends_marks_and_comments_make_no_difference(data: bytes) -> None:
    assert blt.read(data) == blt.read(GOOD)


@pytest.mark.parametrize(
    "name",
    [
        "Łucja Žižek",
        "أمل الخطيب",
        "نسرین رضایی‌نژاد",
        "Олена",
        "李小龍",
        'Ann "Nan" O\'Neill',
        "# 1",
        "a\\b",
        "",
    ],
)
def test_names_in_any_script_survive(name: str) -> None:
    file = BltFile(1, (name, "B"), (((1, 2), 3),), title=name)
    assert blt.read(blt.write(file).encode()) == file


DAMAGED = {
    "empty": ("", "blt_header", 1),
    "only a comment": ("# nothing\n", "blt_header", 1),
    "words for numbers": ("four two\n0\n", "blt_header", 1),
    "one number": ("4\n0\n", "blt_header", 1),
    "negative seats": ("4 -2\n0\n", "blt_header", 1),
    "other digits": ("٤ ٢\n0\n", "blt_header", 1),
    "no candidates": ("0 2\n0\n", "blt_candidates", 1),
    "too many candidates": ("999999999 2\n0\n", "blt_candidates", 1),
    "no seats": ("4 0\n0\n", "blt_seats", 1),
    "thousands of digits": (f"{'9' * 5000} 2\n0\n", "blt_header", 1),
    "unknown withdrawn": ('2 1\n-3\n0\n"A"\n"B"\n"T"\n', "blt_unknown", 2),
    "withdrawn and present": ('2 1\n-1 2\n0\n"A"\n"B"\n"T"\n', "blt_withdrawn", 2),
    "negative number of ballots": ('2 1\n3 1 0\n-3 1 0\n0\n"A"\n"B"\n"T"\n', "blt_weight", 3),
    "half a ballot": ("2 1\n0.5 1 0\n0\n", "blt_weight", 2),
    "no ballots of a kind": ("2 1\n0 1 0\n0\n", "blt_weight", 2),
    "negative preference": ("2 1\n1 1 -2 0\n0\n", "blt_preference", 2),
    "a name as preference": ("2 1\n1 A 0\n0\n", "blt_preference", 2),
    "unknown candidate": ("2 1\n1 1 0\n1 3 0\n0\n", "blt_unknown", 3),
    "ranked twice": ("2 1\n1 1 2 1 0\n0\n", "blt_twice", 2),
    "ranked as equal": ("2 1\n1 1=2 0\n0\n", "blt_equal", 2),
    "ballot without end": ("2 1\n1 1 2\n1 2 1 0\n0\n", "blt_open", 2),
    "zero within a ballot": ("2 1\n1 1 0 2 0\n0\n", "blt_unknown", 2),
    "ballots without end": ('2 1\n1 1 2 0\n"A"\n"B"\n"T"\n', "blt_end_missing", 3),
    "broken off": ("2 1\n1 1 2 0\n", "blt_end_missing", 2),
    "only a header": ("2 1\n", "blt_end_missing", 1),
    "name without marks": ('2 1\n1 1 0\n0\nA\n"B"\n', "blt_name", 4),
    "name not closed": ('2 1\n1 1 0\n0\n"A"\n"B\n', "blt_name_open", 5),
    "name that is too long": (f'2 1\n0\n"{"x" * 501}"\n"B"\n', "blt_name", 3),
    "name that rings a bell": ('2 1\n0\n"A\a"\n"B"\n', "blt_name", 3),
    "names missing": ('3 1\n1 1 0\n0\n"A"\n"B"\n', "blt_names_missing", 5),
    "too many names": ('1 1\n0\n"A"\n"T"\n"S"\n"R"\n"?"\n', "blt_names_too_many", 7),
    "a second election": ('1 1\n0\n"A"\n"T"\n1 1\n', "blt_name", 5),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damage_is_named_by_its_line(damage: str) -> None:
    text, code, line = DAMAGED[damage]
    with pytest.raises(DomainError) as caught:
        blt.read(text)
    assert (caught.value.code, caught.value.parameters["line"]) == (code, line)


@pytest.mark.parametrize("data", [b'2 1\n1 1 0\n0\n"Z\xfcrich"\n', GOOD.encode("utf-16"), b"\x00\xff\x00"])
def test_what_is_not_utf8_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError) as caught:
        blt.read(data)
    assert caught.value.code == "blt_not_utf8"


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12).map(
    str.strip
)


@st.composite
def files(draw: st.DrawFn) -> BltFile:
    candidates = draw(st.integers(1, 6))
    numbers = st.integers(1, candidates)
    ballots = st.tuples(st.lists(numbers, max_size=6, unique=True).map(tuple), st.integers(1, 99))
    return BltFile(
        draw(st.integers(1, 9)),
        tuple(draw(st.lists(names, min_size=candidates, max_size=candidates))),
        tuple(draw(st.lists(ballots, max_size=8))),
        draw(st.frozensets(numbers, max_size=candidates)),
        draw(names),
    )


@many
@given(files())
def test_what_is_written_is_read_back(file: BltFile) -> None:
    assert blt.read(blt.write(file).encode()) == file


@many
@given(files())
def test_a_tally_s_file_counts_the_same(file: BltFile) -> None:
    tally = file.to_tally()
    again = blt.of_tally(tally, file.seats, file.title).to_tally()
    assert sum(ballot.number for ballot in again.ballots) == tally.valid


@many
@given(st.binary(max_size=60) | st.text(alphabet='0123 -="#\n\\AB', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_by_line(data: bytes) -> None:
    assert refused_line(data) >= 0


def refused_line(data: bytes) -> int:
    """The line that is refused; 0 if the file is good. Anything else than a domain error goes through."""
    try:
        blt.read(data)
    except DomainError as error:
        return int(str(error.parameters["line"])) or -1
    return 0
