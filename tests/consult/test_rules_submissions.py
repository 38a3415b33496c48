"""What may be submitted, at every edge, and what is said when it may not."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.rules import submissions as rules
from consult.rules.rounds import Phase
from consult.rules.submissions import AuthorKind, Channel, Kind, NewSubmission
from core.errors import DomainError
from tests.properties import many

GOOD = NewSubmission(unit_id=None, text="Please add evening courses.", kind="proposal", language="en")
TODAY = date(2027, 9, 14)


def refusal(new: NewSubmission, *, kind_required: bool = True) -> list[str]:
    with pytest.raises(DomainError) as caught:
        rules.check_submission(new, kind_required=kind_required)
    return sorted(single.code for single in caught.value.all())


@pytest.mark.parametrize("phase", Phase)
def test_comments_are_taken_while_the_round_is_open_and_never_else(phase: Phase) -> None:
    refused = {
        Phase.DRAFT: "round_not_open_yet",
        Phase.ANNOUNCED: "round_not_open_yet",
        Phase.CLOSED: "round_closed",
        Phase.ANSWERED: "round_closed",
        Phase.CONCLUDED: "round_closed",
    }
    if phase not in refused:
        rules.check_phase(phase)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_phase(phase)
    assert caught.value.code == refused[phase]


@pytest.mark.parametrize(("kind", "channel", "author"), list(itertools.product(Kind, Channel, AuthorKind)))
def test_every_kind_comes_on_every_channel_from_everybody(kind: str, channel: str, author: str) -> None:
    rules.check_submission(replace(GOOD, kind=kind, channel=channel, author_kind=author))


LIMITS = [
    ("text", rules.TEXT_LENGTH, "text_too_long"),
    ("proposed_wording", rules.WORDING_LENGTH, "wording_too_long"),
    ("name", rules.NAME_LENGTH, "name_too_long"),
]


@pytest.mark.parametrize(("field", "limit", "code"), LIMITS, ids=[field for field, _limit, _code in LIMITS])
@pytest.mark.parametrize("above", [-1, 0, 1, 10_000_000])
@pytest.mark.parametrize("letter", ["x", "移", "😀"])
def test_every_field_has_its_limit(field: str, limit: int, code: str, above: int, letter: str) -> None:
    new = replace(GOOD, **{field: letter * (limit + above)})
    if above <= 0:
        rules.check_submission(new)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_submission(new)
    assert caught.value.code == code
    assert caught.value.parameters["limit"] == limit
    assert caught.value.parameters.get("length", limit + above) == limit + above


@pytest.mark.parametrize("text", ["", " ", "\n\t\u00a0\u3000"])
def test_an_empty_comment_is_refused(text: str) -> None:
    assert refusal(replace(GOOD, text=text)) == ["text_missing"]


@pytest.mark.parametrize("kind", [None, ""])
def test_a_form_needs_a_kind_and_an_import_does_not(kind: str | None) -> None:
    assert refusal(replace(GOOD, kind=kind)) == ["kind_missing"]
    rules.check_submission(replace(GOOD, kind=kind), kind_required=False)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("value", ["praise", "Support", "support ", "\0", "x" * 10_000])
def test_an_unknown_choice_is_refused_and_repeated_only_in_part(value: str, required: bool) -> None:
    for field, code in (
        ("kind", "kind_unknown"),
        ("channel", "channel_unknown"),
        ("author_kind", "author_kind_unknown"),
    ):
        with pytest.raises(DomainError) as caught:
            rules.check_submission(replace(GOOD, **{field: value}), kind_required=required)
        assert caught.value.code == code
        assert caught.value.parameters == {"value": value[:40]}


@pytest.mark.parametrize("language", ["en", "uk", "ckb", "zh-Hant", "pt-BR", "sr-Latn", "es-419", ""])
def test_a_language_is_named_by_its_code(language: str) -> None:
    rules.check_submission(replace(GOOD, language=language))


BAD_LANGUAGES = [
    "e",
    "english",
    "EN",
    "en_GB",
    "en-",
    "-en",
    "e1",
    "en-x",
    "\u202een",
    "en\n",
    "../en",
    "ar-أب",
    "x" * 10_000,
]


@pytest.mark.parametrize("language", BAD_LANGUAGES, ids=lambda text: ascii(text)[:20])
def test_what_is_no_language_code_is_refused(language: str) -> None:
    assert refusal(replace(GOOD, language=language)) == ["language_unknown"]
    with pytest.raises(DomainError) as caught:
        rules.check_language(language)
    assert caught.value.code == "language_unknown"


def test_a_corrected_language_cannot_be_empty() -> None:
    rules.check_language("uk")
    with pytest.raises(DomainError):
        rules.check_language("")


def test_everything_wrong_is_told_at_once() -> None:
    new = NewSubmission(
        unit_id=None,
        text=" ",
        kind="praise",
        proposed_wording="x" * 5_001,
        language="?",
        channel="pigeon",
        author_kind="king",
        name="x" * 201,
    )
    assert refusal(new) == [
        "author_kind_unknown",
        "channel_unknown",
        "kind_unknown",
        "language_unknown",
        "name_too_long",
        "text_missing",
        "wording_too_long",
    ]


anything = st.text(st.characters(), max_size=30)


@many
@given(anything, anything, anything, anything, anything, anything, anything)
def test_arbitrary_values_are_taken_or_clearly_refused(
    text: str, kind: str, wording: str, language: str, channel: str, author: str, name: str
) -> None:
    new = NewSubmission(None, text, kind, wording, language, channel, author, name)
    try:
        rules.check_submission(new)
    except DomainError as error:
        assert error.all()  # noqa: PT017
    else:
        assert text.strip()


# Hiding and asking again -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "hidden_reason_missing"),
        (" \n", "hidden_reason_missing"),
        ("\u202e\0", "hidden_reason_missing"),
        ("x" * 499, None),
        ("x" * 500, None),
        ("x" * 501, "hidden_reason_too_long"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_hiding_needs_a_reason_that_fits(reason: str, code: str | None) -> None:
    if code is None:
        rules.check_hidden_reason(reason)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_hidden_reason(reason)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("answered", "asked_before", "text"),
    list(
        itertools.product(
            [True, False], [True, False], ["I meant the tram.", " ", "x" * 10_000, "x" * 10_001]
        )
    ),
    ids=lambda value: str(value)[:12],
)
def test_a_second_look_comes_after_the_answer_once_and_says_what_was_misread(
    answered: bool, asked_before: bool, text: str
) -> None:
    expected = sorted(
        code
        for code, wrong in {
            "not_answered_yet": not answered,
            "reconsidered_before": asked_before,
            "text_missing": not text.strip(),
            "text_too_long": len(text) > 10_000,
        }.items()
        if wrong
    )
    if not expected:
        rules.check_reconsideration(text, TODAY, asked_before)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_reconsideration(text, TODAY if answered else None, asked_before)
    assert sorted(single.code for single in caught.value.all()) == expected
