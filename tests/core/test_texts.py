"""Folding for search in any script, and Markdown that cannot carry a script."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import texts
from tests.properties import many

ALLOWED = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "h5", "code", "hr"}
anything = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Straße", "STRASSE"),
        ("Café", "cafe"),
        ("Čakovec Đakovo", "cakovec dakovo"),
        ("İstanbul ışık", "istanbul isik"),
        ("Łódź", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("Київ", "київ"),
        ("ЇЖАК", "їжак"),
        ("إجراء", "اجراء"),
        ("آب أب ٱب", "اب اب اب"),
        ("المُهَاجِرُون", "المهاجرون"),
        ("مـــدينة", "مدينه"),
        ("على", "علي"),
        ("فارسی", "فارسي"),
        ("کتاب", "كتاب"),
        ("می\u200cخواهم", "می خواهم"),
        ("٢٠٢٧", "2027"),
        ("۲۰۲۷", "2027"),
        ("२०२७", "2027"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("ﬁnal oﬃce", "final office"),
        ("ℌousing 𝐀𝐥𝐥 №", "housing all no"),
        ("한국어", "한국어"),
        ("移民 議會", "移民 議會"),
        ("one\n two\t\tthree\u00a0four", "one two three four"),
        ("co\u00adoperation", "cooperation"),
        ("e\u0301cole", "école"),
    ],
)
def test_what_readers_take_for_the_same_is_found(written: str, searched: str) -> None:
    assert texts.fold(searched) in texts.fold(written)


def test_what_differs_stays_different() -> None:
    assert texts.fold("移民") != texts.fold("移住")
    assert texts.fold("wohnen") != texts.fold("wohnung")
    assert texts.fold("한국") != texts.fold("한글")


@many
@given(anything)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert texts.fold(texts.fold(text)) == texts.fold(text)


@many
@given(anything)
def test_case_never_matters(text: str) -> None:
    assert texts.fold(text.casefold()) == texts.fold(text)


def test_no_character_folds_to_what_folds_on() -> None:
    characters = [chr(p) for p in range(0x20000) if not 0xD800 <= p < 0xE000]
    folded = texts.fold("\n".join(f"x{c}" for c in characters)).split("x")
    again = texts.fold("x".join(folded)).split("x")
    assert [pair for pair in zip(folded, again, strict=True) if pair[0] != pair[1]] == []


@pytest.mark.parametrize("other", ["We thank you.", "we  THANK\nyou.", " Wé thank you. "])
def test_texts_that_differ_only_in_case_accents_and_blanks_have_one_digest(other: str) -> None:
    assert texts.digest("We thank you.") == texts.digest(other)
    assert len(texts.digest(other)) == 32


def test_other_texts_have_another_digest() -> None:
    assert texts.digest("We thank you.") != texts.digest("We thank you!")
    assert texts.digest("") == texts.digest(" \n")


class Page(HTMLParser):
    """The tags and attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def is_harmless(self) -> bool:
        links = [value for name, value in self.attributes if name == "href"]
        return (
            self.tags <= ALLOWED
            and {name for name, _value in self.attributes} <= {"href", "rel", "title"}
            and all(
                link.lower().startswith(("http:", "https:", "mailto:", "tel:", "/", "#", "?", "."))
                or ":" not in link
                for link in links
            )
        )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](http://tracker.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<https://a.example/\"onclick=alert(1)>",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "<svg/onload=alert(1)>",
        "<!--><script>alert(1)</script>-->",
        "<a href='//evil.example'>x</a>",
        "```\n</code><script>alert(1)</script>\n```",
        "`</code><iframe src=//evil>`",
        "<style>*{display:none}</style>",
        "<form action=//evil><input>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\u202e<script>\u202c",
        "<scr\0ipt>alert(1)</scr\0ipt>",
    ],
)  # fmt: skip
def test_no_script_image_or_style_comes_through(hostile: str) -> None:
    page = Page(texts.to_html(hostile))
    assert page.is_harmless(), texts.to_html(hostile)
    assert not any(name.startswith("on") for name, _value in page.attributes)


PIECES = [*"<>\"'&;:/=()[]!`*_#>-+ \n\tabjs\u202e\0", "<script>", "javascript:", "on", "](", "<!--"]


@many
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_arbitrary_markdown_becomes_harmless_html(markdown: str) -> None:
    assert Page(texts.to_html(markdown)).is_harmless()


def test_what_an_officer_needs_is_kept() -> None:
    html = texts.to_html(
        "First *and* **last**.\n\n- one\n- two\n\n1. eins\n\n> quoted\n\n### Details\n\n[page](https://a.example/x?y=1&z=2)"
    )
    assert Page(html).tags == {"p", "em", "strong", "ul", "ol", "li", "blockquote", "h3", "a"}
    assert 'href="https://a.example/x?y=1&amp;z=2"' in html
    assert 'rel="noopener nofollow"' in html


def test_an_address_is_no_link_until_somebody_makes_it_one() -> None:
    assert "<a" not in texts.to_html("see https://a.example")
    assert 'href="mailto:desk@a.example"' in texts.to_html("<desk@a.example>")


def test_direction_controls_do_not_reach_the_page() -> None:
    assert texts.to_html("a\u202eb\u2066c\0d").strip() == "<p>abcd</p>"


@pytest.mark.parametrize(
    "piece", ["> ", "* ", "[", "![", "`", "*a ", "**", "_a_", "<", "[a](", "- \n", "#", "\\", "&", "[a]: x\n"]
)
def test_ten_thousand_hostile_characters_are_shown_all_the_same(piece: str) -> None:
    html = texts.to_html(piece * (10_000 // len(piece)))
    assert Page(html).is_harmless()


@many
@given(anything, st.integers(2, 200))
def test_an_excerpt_is_one_short_line_that_begins_the_text(text: str, length: int) -> None:
    excerpt = texts.excerpt(text, length)
    line = " ".join(text.split())
    assert "\n" not in excerpt
    assert len(excerpt) <= length + 1
    assert excerpt == line if len(line) <= length else line.startswith(excerpt.removesuffix("…"))


def test_an_excerpt_ends_at_a_word_and_says_that_more_follows() -> None:
    assert texts.excerpt("Please add evening courses in the harbour district", 20) == "Please add evening…"
    assert texts.excerpt("Please add\nevening courses", 160) == "Please add evening courses"
    assert texts.excerpt("移" * 300, 10) == "移" * 10 + "…"


def both(pieces: list[texts.Piece]) -> tuple[str, str]:
    """The two versions that pieces are made of."""
    older = "".join(piece.text for piece in pieces if piece.kept is not texts.Kept.IN)
    return older, "".join(piece.text for piece in pieces if piece.kept is not texts.Kept.OUT)


@many
@given(anything, anything)
def test_differences_lose_no_letter_of_either_version(older: str, newer: str) -> None:
    assert both(texts.differences(older, newer)) == (older, newer)


@pytest.mark.parametrize(
    ("older", "newer", "shown"),
    [
        ("Lamps in the park.", "New lamps in the old park.", "-Lamps-+New lamps+ in the +old +park."),
        ("مصابيح في الحديقة", "مصابيح في الشارع", "مصابيح في -الحديقة-+الشارع+"),
        ("Same.", "Same.", "Same."),
        ("", "All new.", "+All new.+"),
        ("All gone.", "", "-All gone.-"),
        ("", "", ""),
    ],
)
def test_differences_are_told_in_whole_words(older: str, newer: str, shown: str) -> None:
    marks = {texts.Kept.SAME: "", texts.Kept.OUT: "-", texts.Kept.IN: "+"}
    pieces = texts.differences(older, newer)
    assert "".join(f"{marks[piece.kept]}{piece.text}{marks[piece.kept]}" for piece in pieces) == shown


def test_very_long_versions_are_shown_whole() -> None:
    older, newer = "a " * 5_000, "b " * 5_000
    assert [piece.kept for piece in texts.differences(older, newer)] == [texts.Kept.OUT, texts.Kept.IN]
    assert [piece.kept for piece in texts.differences(older, older)] == [texts.Kept.SAME]
