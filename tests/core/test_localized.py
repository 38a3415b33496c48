"""Texts in several languages, and what is taken out of every text before it is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.localized import Localized, State, Version, clean, direction
from tests.properties import many

BIDI = ["\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]
"""Every character with the Unicode property Bidi_Control."""
anything = st.text(st.characters())
languages = st.sampled_from(["en", "de", "ar", "uk", "zh-Hant"])


@many
@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@many
@given(anything)
def test_a_clean_text_has_no_control_character_and_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert not set(cleaned) & set(BIDI)
    assert {c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs")} <= {"\n", "\t"}
    assert cleaned == cleaned.strip()
    cleaned.encode("utf-8")


@pytest.mark.parametrize("control", BIDI, ids=lambda c: f"U+{ord(c):04X}")
def test_each_direction_control_is_taken_out(control: str) -> None:
    assert clean(f"a{control}b") == "ab"
    assert clean(control) == ""


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029"], ids=ascii)
def test_every_line_end_becomes_the_same(end: str) -> None:
    assert clean(f"one{end}two{end}{end}three") == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # a Persian word is parted by U+200C
        "👩\u200d👧",
        "Zürich – “quoted”",
        "中文",
        "tab\tand\nline",
        "\u0e01\u0e33",
    ],
)
def test_what_belongs_to_a_language_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("bad", ["\0", "\ud800", "\x1b", "\x7f", "\x9b", "\ufeff", "\ufff9"], ids=ascii)
def test_what_could_break_a_database_or_a_terminal_is_taken_out(bad: str) -> None:
    assert clean(f"a{bad}b") == "ab"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "ltr"), ("de-CH", "ltr"), ("uk", "ltr"), ("zh-Hant", "ltr"), ("", "ltr"),
        ("ar", "rtl"), ("ar-EG", "rtl"), ("fa", "rtl"), ("he", "rtl"), ("ur", "rtl"), ("ckb", "rtl"), ("ps", "rtl"),
    ],
)  # fmt: skip
def test_each_language_has_its_direction(language: str, expected: str) -> None:
    assert direction(language) == expected
    assert Version(language, "x", State.ORIGINAL).direction == expected


@pytest.mark.parametrize("empty", ["", "  \n", "\u202e", "\0", "\ufeff \u200f"], ids=ascii)
def test_a_text_of_nothing_visible_is_no_text(empty: str) -> None:
    assert not Localized.original("de", empty)
    assert Localized.original("de", empty) == Localized()
    assert not Localized.of({"de": empty, "en": empty}, "de")
    assert not Localized().with_version("de", empty, State.CHECKED)


def test_texts_by_language_are_an_original_and_checked_translations() -> None:
    text = Localized.of({"de": "Wohnen ", "en": "Housing", "ar": " "}, "de")
    assert text.versions == (
        Version("de", "Wohnen", State.ORIGINAL),
        Version("en", "Housing", State.CHECKED),
    )


def test_a_reader_gets_their_language_else_the_original_else_nothing() -> None:
    text = Localized.of({"en": "Housing", "de": "Wohnen"}, "de")
    assert text.best("en").text == "Housing"
    assert text.best("ar") == Version("de", "Wohnen", State.ORIGINAL)
    assert text.get("ar") is None
    assert Localized().best("ar") == Version("ar", "", State.ORIGINAL)
    assert Localized().source is None


def test_without_a_known_original_the_first_version_stands_in() -> None:
    text = Localized((Version("en", "Housing", State.MACHINE), Version("ar", "سكن", State.MACHINE)))
    assert text.best("de").language == "en"


def test_a_changed_original_marks_its_translations_outdated() -> None:
    text = Localized.of({"de": "Wohnen", "en": "Housing"}, "de").with_version("de", "Bauen", State.CHECKED)
    assert text.get("de") == Version("de", "Bauen", State.ORIGINAL)
    assert text.get("en") == Version("en", "Housing", State.OUTDATED)


def test_an_original_saved_unchanged_leaves_its_translations_alone() -> None:
    text = Localized.of({"de": "Wohnen", "en": "Housing"}, "de")
    assert text.with_version("de", "Wohnen\u200f ", State.ORIGINAL) == text


def test_a_new_translation_replaces_the_old_one_and_no_other() -> None:
    text = Localized.of({"de": "Wohnen", "en": "House", "ar": "سكن"}, "de")
    text = text.with_version("en", "Housing", State.MACHINE)
    assert text.get("en") == Version("en", "Housing", State.MACHINE)
    assert text.get("ar") == Version("ar", "سكن", State.CHECKED)
    assert [version.language for version in text.versions] == ["de", "ar", "en"]


def test_an_emptied_translation_goes_away() -> None:
    text = Localized.of({"de": "Wohnen", "en": "House"}, "de").with_version("en", " ", State.CHECKED)
    assert text == Localized.original("de", "Wohnen")


@many
@given(st.dictionaries(languages, anything, max_size=5), languages)
def test_what_is_stored_is_read_back_the_same(texts: dict[str, str], original: str) -> None:
    text = Localized.of(texts, original)
    assert Localized.load(text.dump()) == text
    assert all(version.text for version in text.versions)


@many
@given(st.lists(st.tuples(languages, anything, st.sampled_from(State)), max_size=8))
def test_there_is_never_more_than_one_version_of_a_language(changes: list[tuple[str, str, State]]) -> None:
    text = Localized.original("de", "Wohnen")
    for language, words, state in changes:
        text = text.with_version(language, words, state)
    assert len({version.language for version in text.versions}) == len(text.versions)


def test_nothing_stored_reads_as_nothing() -> None:
    assert Localized.load(None) == Localized.load({}) == Localized()
