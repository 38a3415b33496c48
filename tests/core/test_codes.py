"""Receipt codes: no slip of the finger goes unnoticed, whatever digits somebody types."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import codes
from core.codes import Kind
from core.errors import DomainError
from tests.properties import few, many

PEPPER = b"pepper" * 6
form_keys = st.binary(min_size=16, max_size=16)
ZEROS = [
    chr(point)
    for point in range(0x110000)
    if unicodedata.category(chr(point)) == "Nd" and unicodedata.digit(chr(point)) == 0
]
"""The zero of every script that has digits; its nine follow it."""


def in_script(zero: str, digits: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in digits)


def refusal(text: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        codes.read(text)
    return caught.value


@many
@given(form_keys)
def test_a_form_s_key_always_gives_the_same_code(form_key: bytes) -> None:
    code = codes.derive(PEPPER, form_key)
    assert code == codes.derive(PEPPER, form_key)
    assert len(code) == codes.LENGTH
    assert code.isascii()
    assert code.isdigit()
    assert codes.read(code) == code


@many
@given(form_keys, form_keys)
def test_another_key_or_pepper_gives_another_code(one: bytes, other: bytes) -> None:
    assert (codes.derive(PEPPER, one) == codes.derive(PEPPER, other)) == (one == other)
    assert codes.derive(PEPPER, one) != codes.derive(b"another" * 5, one)


@many
@given(form_keys)
def test_receipt_and_voting_codes_leave_their_own_remainder(form_key: bytes) -> None:
    assert int(codes.derive(PEPPER, form_key)) % 97 == 1
    assert int(codes.derive(PEPPER, form_key, Kind.VOTING)) % 97 == 2


@many
@given(form_keys)
def test_a_voting_code_is_recognised_and_refused(form_key: bytes) -> None:
    assert refusal(codes.derive(PEPPER, form_key, Kind.VOTING)).code == "code_is_voting_code"


@few
@given(form_keys)
def test_every_single_wrong_digit_is_noticed(form_key: bytes) -> None:
    code = codes.derive(PEPPER, form_key)
    for place, right in enumerate(code):
        for wrong in "0123456789":
            if wrong != right:
                refusal(code[:place] + wrong + code[place + 1 :])


@few
@given(form_keys)
def test_every_swap_of_neighbours_is_noticed(form_key: bytes) -> None:
    code = codes.derive(PEPPER, form_key)
    for place in range(codes.LENGTH - 1):
        one, other = code[place], code[place + 1]
        if one != other:
            refusal(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize("zero", ZEROS, ids=lambda zero: unicodedata.name(zero))
def test_digits_of_every_script_are_read(zero: str) -> None:
    code = codes.derive(PEPPER, b"any form's key..")
    assert codes.read(in_script(zero, code)) == code


@many
@given(form_keys, st.lists(st.sampled_from(ZEROS), min_size=32, max_size=32))
def test_scripts_may_be_mixed(form_key: bytes, zeros: list[str]) -> None:
    code = codes.derive(PEPPER, form_key)
    assert codes.read("".join(map(in_script, zeros, code))) == code


@many
@given(
    form_keys,
    st.lists(st.text(" \t\n\r\u00a0\u202f-\u2010\u2013.·_\u200b\u200f\u202b\u2066\ufeff"), max_size=33),
)
def test_blanks_hyphens_and_invisible_marks_are_passed_over(form_key: bytes, between: list[str]) -> None:
    code = codes.derive(PEPPER, form_key)
    parts = [*between, *[""] * (33 - len(between))]
    typed = "".join(blank + digit for blank, digit in zip(parts, code, strict=False)) + parts[32]
    assert codes.read(typed) == code


@many
@given(form_keys)
def test_the_printed_groups_are_read_as_they_are_printed(form_key: bytes) -> None:
    code = codes.derive(PEPPER, form_key)
    groups = codes.groups(code)
    assert [len(group) for group in groups] == [4] * 8
    assert codes.read(" ".join(groups)) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "code_empty"),
        (" \u200f-\n", "code_empty"),
        ("hello", "code_not_digits"),
        ("²" * 32, "code_not_digits"),
        ("Ⅷ" * 32, "code_not_digits"),
        ("一" * 32, "code_not_digits"),
        ("1" * 31 + "\0", "code_not_digits"),
        ("1" * 31 + "\ud800", "code_not_digits"),
        ("1", "code_length"),
        ("1" * 31, "code_length"),
        ("1" * 33, "code_length"),
        ("0" * 32, "code_mistyped"),
        ("9" * 10_000_000, "code_length"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_wrong_is_said(typed: str, code: str) -> None:
    assert refusal(typed).code == code


def test_the_length_error_counts_digits_and_not_blanks() -> None:
    assert refusal("1234 5678").parameters == {"count": 8}


@many
@given(st.text(st.characters()))
@example("٣" * 32)
def test_arbitrary_text_is_a_code_or_a_clear_error(typed: str) -> None:
    try:
        code = codes.read(typed)
    except DomainError:
        return
    assert int(code) % 97 == 1
    assert len(code) == codes.LENGTH


@few
@given(form_keys, st.integers(0, 31))
def test_no_error_carries_the_digits(form_key: bytes, place: int) -> None:
    code = codes.derive(PEPPER, form_key)
    wrong = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
    for typed in (wrong, code[:-1], code + "1", code + "x", codes.derive(PEPPER, form_key, Kind.VOTING)):
        error = refusal(typed)
        assert code[:8] not in f"{error} {error.parameters}"


# Form keys ---------------------------------------------------------------------------------------------------


@many
@given(form_keys)
def test_a_form_s_key_is_128_bits(key: bytes) -> None:
    assert codes.check_form_key(key.hex()) == key


@pytest.mark.parametrize(
    "key",
    [
        "",
        "ab" * 15,
        "ab" * 17,
        "AB" * 16,
        "zz" * 16,
        "ab" * 16 + "\n",
        " " + "ab" * 16,
        "٣" * 32,
        "\0" * 32,
        "a" * 10_000_000,
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_a_key_that_was_tampered_with_is_refused(key: str) -> None:
    with pytest.raises(DomainError) as caught:
        codes.check_form_key(key)
    assert caught.value.code == "form_key"
    assert caught.value.parameters == {}
