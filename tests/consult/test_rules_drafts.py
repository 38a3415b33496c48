"""What is understood of a draft in Markdown, and that no file, however odd, does more than be refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo import load
from consult.rules import drafts as rules
from consult.rules.drafts import ParsedDraft, ParsedUnit
from core.errors import DomainError
from tests.properties import many

ANID = Path(__file__).parents[1] / "data" / "anid" / "draft.md"

DRAFT = """# Arrive and stay

What the city plans.

It is a draft.

## Housing

Why rooms matter.

### 1. A room for the first night

Nobody sleeps in the street.

- Goal: a room for everybody
- **Responsible:** Housing Office
* Done by: end of 2028
+ Indicator: nights in the street
> In plain words: You get a room.

Second paragraph.

### Measure 2: A tenants' interpreter ###

An interpreter goes along.

## Language

12a) Evening courses
"""


def refusal(markdown: str) -> list[DomainError]:
    with pytest.raises(DomainError) as caught:
        rules.parse(markdown)
    return list(caught.value.all())


def codes(markdown: str) -> list[str]:
    return [error.code for error in refusal(markdown)]


def outline(draft: ParsedDraft) -> list[tuple[str, str | None, str]]:
    return [(unit.kind, unit.number, unit.title) for unit in draft.units]


def only(markdown: str) -> ParsedUnit:
    """The one measure of a draft."""
    measures = rules.parse(markdown).measures
    assert len(measures) == 1
    return measures[0]


# What is understood ------------------------------------------------------------------------------------------


def test_headings_become_chapters_and_numbered_measures_units() -> None:
    draft = rules.parse(DRAFT.replace("12a) Evening", "### 12a) Evening"))
    assert draft.title == "Arrive and stay"
    assert draft.introduction == "What the city plans.\n\nIt is a draft."
    assert outline(draft) == [
        ("chapter", None, "Housing"),
        ("measure", "1", "A room for the first night"),
        ("measure", "2", "A tenants' interpreter"),
        ("chapter", None, "Language"),
        ("measure", "12a", "Evening courses"),
    ]
    assert draft.units[0].text == "Why rooms matter."


def test_a_measure_carries_its_facts_and_its_plain_twin() -> None:
    unit = rules.parse(DRAFT).measures[0]
    assert unit.facts == {
        "goal": "a room for everybody",
        "responsible": "Housing Office",
        "deadline": "end of 2028",
        "indicator": "nights in the street",
        "plain": "You get a room.",
    }
    assert unit.text == "Nobody sleeps in the street.\n\n\nSecond paragraph."


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("## 12. Title", "12", "Title"),
        ("### 12. Title", "12", "Title"),
        ("###### 12: Title", "12", "Title"),
        ("### 12) Title", "12", "Title"),
        ("### 12 – Title", "12", "Title"),
        ("### 12 - Title", "12", "Title"),
        ("### 3.1.2: Title", "3.1.2", "Title"),
        ("### 7b. Title", "7b", "Title"),
        ("### Measure 12: Title", "12", "Title"),
        ("### Maßnahme 12: Titel", "12", "Titel"),
        ("# Maßnahme 12: Titel", "12", "Titel"),
        ("### الإجراء 12: عنوان", "12", "عنوان"),
        ("### 12. Title ###", "12", "Title"),
        ("###\t12.\tTitle", "12", "Title"),
        ("### 12. Learn C#", "12", "Learn C#"),
        ("### ١٢. عنوان", "12", "عنوان"),
        ("### ۱۲. عنوان", "12", "عنوان"),
        ("12. Title", "12", "Title"),
        ("12) Title", "12", "Title"),
        ("١٢. عنوان", "12", "عنوان"),
    ],
)
def test_a_measure_may_be_written_in_many_ways(line: str, number: str, title: str) -> None:
    unit = only(line + "\n\nText")
    assert (unit.number, unit.title) == (number, title)


@pytest.mark.parametrize(
    "line",
    [
        "### Title",
        "### 12",
        "### 12 Title",
        "### 12.Title",
        "12.Title",
        "### 12345. Title",
        "    12. Title",
        "#12. Title",
    ],
)
def test_what_is_not_numbered_is_no_measure(line: str) -> None:
    draft = rules.parse(f"# Draft\n\n## 1. First\n\n{line}\n")
    assert [unit.number for unit in draft.measures] == ["1"]


def test_a_list_inside_a_measure_s_text_stays_text() -> None:
    unit = only("# Draft\n\n### 1. First\n\nSteps:\n\n1. one\n2. two\n")
    assert unit.text == "Steps:\n\n1. one\n2. two"


def test_listed_measures_take_their_indented_text() -> None:
    draft = rules.parse("# Draft\n\n1. First\n   More of it.\n\n2. Second\n   - Goal: good\n")
    assert outline(draft) == [("measure", "1", "First"), ("measure", "2", "Second")]
    assert draft.units[0].text == "More of it."
    assert draft.units[1].facts == {"goal": "good"}


def test_a_heading_in_a_block_of_code_is_text() -> None:
    unit = only("# Draft\n\n### 1. First\n\n```\n# not a heading\n### 2. not a measure\n- Goal: none\n```\n")
    assert "### 2. not a measure" in unit.text
    assert unit.facts == {}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("- Ziel: x", "goal"),
        ("- **Zuständig**: x", "responsible"),
        ("- **Fertig bis:** x", "deadline"),
        ("* KENNZAHL : x", "indicator"),
        ("> In einfachen Worten: x", "plain"),
        ("- الهدف: x", "goal"),
        ("> بكلمات بسيطة: x", "plain"),
        ("- Objetivo：x", "goal"),
        ("-\tGoal: x", "goal"),
        ("  - Goal: x", "goal"),
    ],
)
def test_facts_are_known_by_their_labels_in_every_language(line: str, name: str) -> None:
    assert only(f"# Draft\n\n### 1. First\n{line}").facts == {name: "x"}


@pytest.mark.parametrize(
    "line", ["- Costs: much", "-Goal: x", "- Goal", "- : x", "Goal: x", "- Goal:", "- Go*al: x"]
)
def test_what_has_no_known_label_stays_text(line: str) -> None:
    unit = only(f"# Draft\n\n### 1. First\n{line}")
    assert unit.facts == {}
    assert unit.text == line


def test_a_fact_keeps_its_emphasis_and_its_colons() -> None:
    assert only("# D\n\n### 1. F\n- Goal: *good* rooms: 12").facts["goal"] == "*good* rooms: 12"


def test_the_first_label_counts_and_a_second_stays_text() -> None:
    unit = only("# D\n\n### 1. F\n- Goal: one\n- Goal: two")
    assert unit.facts == {"goal": "one"}
    assert unit.text == "- Goal: two"


def test_a_draft_without_a_title_is_read_all_the_same() -> None:
    draft = rules.parse("## 1. First\n\nText")
    assert draft.title == ""
    assert outline(draft) == [("measure", "1", "First")]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=ascii)
def test_line_ends_do_not_matter(ends: str) -> None:
    draft = rules.parse(DRAFT.replace("\n", ends))
    assert (draft.title, draft.introduction, draft.units) == (
        (same := rules.parse(DRAFT)).title,
        same.introduction,
        same.units,
    )


@pytest.mark.parametrize("name", ["arrive-and-stay", "getting-home"])
def test_the_demo_s_drafts_have_the_same_measures_in_three_languages(name: str) -> None:
    drafts = [
        rules.parse((load.FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8"))
        for language in ("en", "de", "ar")
    ]
    assert len({tuple(unit.number for unit in draft.measures) for draft in drafts}) == 1
    assert len({tuple(unit.kind for unit in draft.units) for draft in drafts}) == 1
    for draft in drafts:
        assert draft.title
        assert all({"goal", "responsible", "plain"} <= unit.facts.keys() for unit in draft.measures)


def test_the_real_draft_has_six_measures() -> None:
    draft = rules.parse(rules.decode(ANID.read_bytes()))
    assert [unit.number for unit in draft.measures] == ["1", "2", "3", "4", "5", "6"]
    assert all("plain" in unit.facts for unit in draft.measures)


# What is refused, and where it stands ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "markdown", ["", " \n\n", "just words\n\nand more", "\ufeff", "\0\0", "```\n### 1. A\n"]
)
def test_a_file_without_headings_is_empty(markdown: str) -> None:
    assert codes(markdown) == ["draft_empty"]


def test_a_draft_has_at_least_one_measure() -> None:
    assert codes("# Title\n\n## Chapter\n\ntext") == ["no_measures"]


def test_a_number_stands_for_one_measure() -> None:
    errors = refusal("# T\n\n### 1. A\n\n### 2. B\n\n### 1. C\n\n### 1. D\n")
    assert [error.parameters for error in errors] == [
        {"number": "1", "line": 7, "first_line": 3},
        {"number": "1", "line": 9, "first_line": 3},
    ]


def test_the_same_number_in_another_script_is_the_same_number() -> None:
    assert codes("# T\n\n### 1. A\n\n### ١. B\n") == ["number_twice"]


@pytest.mark.parametrize("before", ["", "\n", "\n\n\n", "\r\n\r\n", "\ufeff\n \n\t\n"], ids=ascii)
def test_lines_are_counted_from_the_first_line_of_the_file(before: str) -> None:
    first = before.replace("\r\n", "\n").count("\n") + 3
    assert refusal(f"{before}# T\n\n### 1. A\n\n### 1. B\n")[0].parameters["first_line"] == first


@pytest.mark.parametrize(("length", "fits"), [(299, True), (300, True), (301, False)])
@pytest.mark.parametrize("line", ["# {}", "### 1. {}", "## {}"])
def test_a_heading_has_its_limit(line: str, length: int, fits: bool) -> None:
    markdown = line.format("x" * length) + "\n\n### 9. Last\n"
    if fits:
        rules.parse(markdown)
        return
    errors = refusal(markdown)
    assert [(error.code, error.parameters) for error in errors] == [
        ("unit_title_too_long", {"line": 1, "limit": 300})
    ]


@pytest.mark.parametrize(("length", "fits"), [(49_999, True), (50_000, True), (50_001, False)])
@pytest.mark.parametrize(
    "where", ["# T\n\n### 1. A\n{}", "# T\n\n{}\n\n### 1. A", "# T\n\n### 1. A\n- Goal: {}"]
)
def test_a_text_has_its_limit(where: str, length: int, fits: bool) -> None:
    if fits:
        rules.parse(where.format("x" * length))
    else:
        assert codes(where.format("x" * length)) == ["unit_text_too_long"]


@pytest.mark.parametrize(("count", "fits"), [(999, True), (1000, True), (1001, False)])
def test_a_draft_has_a_limited_number_of_parts(count: int, fits: bool) -> None:
    markdown = "# T\n" + "".join(f"### {n}. Measure\n" for n in range(1, count + 1))
    if fits:
        assert len(rules.parse(markdown).measures) == count
    else:
        assert codes(markdown) == ["too_many_units"]


def test_everything_wrong_is_told_at_once() -> None:
    markdown = f"# T\n\n### 1. {'x' * 301}\n\n### 1. B\n{'y' * 50_001}"
    assert sorted(codes(markdown)) == ["number_twice", "unit_text_too_long", "unit_title_too_long"]


# Hostile files -----------------------------------------------------------------------------------------------


@many
@given(st.text(st.characters()))
def test_arbitrary_text_is_understood_or_refused(text: str) -> None:
    try:
        rules.parse(text)
    except DomainError:
        return


PIECES = ["# ", "## ", "### ", "1. ", "2) ", "- Goal: ", "> ", "**", "```", "\n", "\n\n", "x", "٣", ":", " ", "\t", "\0", "\u202e", "\ud800"]  # fmt: skip


@many
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_arbitrary_markdown_is_understood_or_refused(markdown: str) -> None:
    try:
        draft = rules.parse(markdown)
    except DomainError:
        return
    assert draft.measures
    for unit in draft.units:
        f"{unit.title}{unit.text}{unit.facts}".encode()
        assert "\u202e" not in unit.title + unit.text
        assert unit.number is None or unit.number.isascii()


@pytest.mark.parametrize(
    "line",
    [
        "# {blanks}x", "# a{blanks}b", "## {hashes}x", "# {blanks}# {blanks}x", "- {blanks}x", "- a{blanks}b",
        "- {stars}x", "> {blanks}{stars}x", "1. {blanks}x", "Measure{blanks}x", "### Measure{blanks}x", "### 1{blanks}x",
        "- {colons}", "{fences}",
    ],
)  # fmt: skip
def test_no_line_however_long_keeps_the_desk_busy(line: str) -> None:
    long = 100_000
    filled = line.format(
        blanks=" " * long, hashes="# " * long, stars="* " * long, colons=": " * long, fences="```" * long
    )
    with suppress(DomainError):
        rules.parse(f"# T\n\n## Chapter\n{filled}\n")


def test_ten_megabytes_are_too_much() -> None:
    for big in ("x" * 10_000_000, "# T\n### 1. A\n" + "- Goal: x\n" * 1_000_000):
        assert codes(big) == ["file_too_large"]
    with pytest.raises(DomainError) as caught:
        rules.decode(b"x" * 10_000_000)
    assert caught.value.code == "file_too_large"
    assert caught.value.parameters == {"limit": rules.SIZE_LIMIT}


@pytest.mark.parametrize(("size", "fits"), [(-1, True), (0, True), (1, False)])
def test_a_file_has_its_limit(size: int, fits: bool) -> None:
    data = b"x" * (rules.SIZE_LIMIT + size)
    if fits:
        assert rules.decode(data)
        return
    with pytest.raises(DomainError):
        rules.decode(data)


def test_a_byte_order_mark_is_no_text() -> None:
    assert rules.decode(b"\xef\xbb\xbf# T") == "# T"


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"# T\n\xff", "file_not_utf8", 2, 1),
        (b"# T\nab\xe9c", "file_not_utf8", 2, 3),
        ("# Tü\nüü".encode() + b"\xff", "file_not_utf8", 2, 3),
        ("# Über".encode("latin-1"), "file_not_utf8", 1, 3),
        ("# T".encode("utf-16"), "file_not_utf8", 1, 1),
        (b"# T\n\ned\xa0\x80", "file_not_utf8", 3, 3),
        (b"\xed\xa0\x80", "file_not_utf8", 1, 1),  # a lone surrogate
        (b"\xef\xbb\xbf# T\nab\xff", "file_not_utf8", 2, 3),
        (b"\xef\xbb\xbf\xff", "file_not_utf8", 1, 1),
        (b"# T\n\nab\0", "file_has_nul", 3, 3),
        (b"\0", "file_has_nul", 1, 1),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(data: bytes, code: str, line: int, column: int) -> None:
    with pytest.raises(DomainError) as caught:
        rules.decode(data)
    assert caught.value.code == code
    assert caught.value.parameters == {"line": line, "column": column}


@many
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_text_or_clearly_refused(data: bytes) -> None:
    try:
        text = rules.decode(data)
    except DomainError as error:
        assert error.parameters.keys() == {"line", "column"}  # noqa: PT017
        return
    assert "\0" not in text


# Translations ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("translated", "missing", "extra"),
    [
        (["1", "2", "3a"], [], []),
        (["3a", "1", "2"], [], []),
        (["1", "2"], ["3a"], []),
        (["1", "2", "3a", "4"], [], ["4"]),
        (["1", "2", "3"], ["3a"], ["3"]),
        ([], ["1", "2", "3a"], []),
    ],
)
def test_a_translation_has_exactly_the_measures_of_the_original(
    translated: list[str], missing: list[str], extra: list[str]
) -> None:
    if not missing and not extra:
        rules.check_translation(["1", "2", "3a"], translated)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_translation(["1", "2", "3a"], translated)
    assert caught.value.code == "translation_measures_differ"
    assert caught.value.parameters == {"missing": missing, "extra": extra}
