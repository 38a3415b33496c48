"""A round's timetable and phase, by every day that matters."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.rules import rounds as rules
from consult.rules.rounds import Phase, Timetable
from core.errors import DomainError
from tests.properties import many

DAY = timedelta(days=1)
OPENS, CLOSES = date(2027, 9, 1), date(2027, 9, 30)
DUE = date(2027, 12, 23)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def codes(error: DomainError) -> list[str]:
    return sorted(single.code for single in error.all())


def refusal(timetable: Timetable, minimum: int = 30) -> list[str]:
    with pytest.raises(DomainError) as caught:
        rules.check_timetable(timetable, minimum)
    return codes(caught.value)


# Phases ------------------------------------------------------------------------------------------------------

TODAYS = {
    "long before": OPENS - 400 * DAY,
    "the day before opening": OPENS - DAY,
    "the first day": OPENS,
    "the last day": CLOSES,
    "the day after": CLOSES + DAY,
    "long after": CLOSES + 4000 * DAY,
}
PHASES = {
    "long before": (Phase.ANNOUNCED, Phase.ANNOUNCED),
    "the day before opening": (Phase.ANNOUNCED, Phase.ANNOUNCED),
    "the first day": (Phase.OPEN, Phase.OPEN),
    "the last day": (Phase.OPEN, Phase.OPEN),
    "the day after": (Phase.CLOSED, Phase.ANSWERED),
    "long after": (Phase.CLOSED, Phase.ANSWERED),
}


@pytest.mark.parametrize("when", TODAYS)
def test_a_published_round_s_phase_follows_from_the_day(when: str) -> None:
    waiting, answered = PHASES[when]
    published = OPENS - 500 * DAY
    assert rules.phase(published, OPENS, CLOSES, 3, None, TODAYS[when]) is waiting
    assert rules.phase(published, OPENS, CLOSES, 0, None, TODAYS[when]) is answered


@pytest.mark.parametrize("when", TODAYS)
@pytest.mark.parametrize("unanswered", [0, 3])
def test_an_unpublished_round_is_a_draft_on_every_day(when: str, unanswered: int) -> None:
    assert rules.phase(None, OPENS, CLOSES, unanswered, None, TODAYS[when]) is Phase.DRAFT


@pytest.mark.parametrize("when", TODAYS)
@pytest.mark.parametrize(("published", "unanswered"), list(itertools.product([None, OPENS], [0, 3])))
def test_a_concluded_round_stays_concluded(when: str, published: date | None, unanswered: int) -> None:
    assert rules.phase(published, OPENS, CLOSES, unanswered, CLOSES, TODAYS[when]) is Phase.CONCLUDED


def test_a_round_of_one_day_is_open_on_that_day_only() -> None:
    phases = [rules.phase(OPENS, OPENS, OPENS, 1, None, OPENS + n * DAY) for n in (-1, 0, 1)]
    assert phases == [Phase.ANNOUNCED, Phase.OPEN, Phase.CLOSED]


# Timetables --------------------------------------------------------------------------------------------------


def test_first_and_last_day_both_count() -> None:
    assert rules.days_open(OPENS, CLOSES) == 30
    assert rules.days_open(OPENS, OPENS) == 1


@pytest.mark.parametrize(("length", "needed"), [(29, True), (30, False), (31, False)])
def test_a_round_shorter_than_the_minimum_needs_a_public_reason(length: int, needed: bool) -> None:
    closes = OPENS + (length - 1) * DAY
    assert rules.needs_reason(OPENS, closes, 30) is needed
    if needed:
        assert refusal(Timetable(OPENS, closes, DUE)) == ["short_reason_missing"]
        assert refusal(Timetable(OPENS, closes, DUE, "\u202e \0")) == ["short_reason_missing"]
    rules.check_timetable(Timetable(OPENS, closes, DUE, "The law sets the date."), 30)


@pytest.mark.parametrize(
    ("opens", "closes", "mostly"),
    [
        (date(2027, 7, 1), date(2027, 8, 31), True),
        (date(2027, 6, 1), date(2027, 7, 30), False),  # 30 of 60: exactly half
        (date(2027, 6, 1), date(2027, 7, 31), True),  # 31 of 61
        (date(2027, 8, 1), date(2027, 9, 30), True),  # 31 of 61
        (date(2027, 8, 2), date(2027, 9, 30), False),  # 30 of 60
        (date(2027, 9, 1), date(2027, 10, 31), False),
        (date(2027, 7, 15), date(2027, 7, 15), True),
        (date(2026, 7, 1), date(2027, 8, 31), False),
    ],
)
def test_a_round_mostly_in_july_and_august_needs_a_public_reason(
    opens: date, closes: date, mostly: bool
) -> None:
    assert rules.mostly_summer(opens, closes) is mostly
    if mostly:
        assert refusal(Timetable(opens, closes, closes + 84 * DAY), 1) == ["short_reason_missing"]
    rules.check_timetable(Timetable(opens, closes, closes + 84 * DAY, "Schools asked for it."), 1)


@pytest.mark.parametrize(("length", "fits"), [(999, True), (1000, True), (1001, False)])
def test_a_round_does_not_stay_open_for_ever(length: int, fits: bool) -> None:
    closes = OPENS + (length - 1) * DAY
    timetable = Timetable(OPENS, closes, closes + DAY)
    if fits:
        rules.check_timetable(timetable, 30)
    else:
        assert refusal(timetable) == ["open_too_long"]


@pytest.mark.parametrize(
    ("opens", "closes", "due", "expected"),
    [
        (OPENS, OPENS - DAY, DUE, ["closes_before_opening"]),
        (OPENS, CLOSES, CLOSES, ["due_before_closing"]),
        (OPENS, CLOSES, CLOSES - DAY, ["due_before_closing"]),
        (OPENS, OPENS - DAY, OPENS - DAY, ["closes_before_opening", "due_before_closing"]),
        (OPENS, OPENS, OPENS, ["due_before_closing", "short_reason_missing"]),
        (date.min, date.max, date.max, ["due_before_closing", "open_too_long"]),
    ],
)
def test_everything_wrong_with_a_timetable_is_told_at_once(
    opens: date, closes: date, due: date, expected: list[str]
) -> None:
    assert refusal(Timetable(opens, closes, due)) == expected


@many
@given(days, days, days, st.integers(0, 400), st.text(max_size=3))
def test_any_timetable_stands_or_is_clearly_refused(
    opens: date, closes: date, due: date, minimum: int, reason: str
) -> None:
    try:
        rules.check_timetable(Timetable(opens, closes, due, reason), minimum)
    except DomainError:
        return
    assert opens <= closes < due
    assert reason.strip() or rules.days_open(opens, closes) >= minimum


# Changing a timetable ----------------------------------------------------------------------------------------

OLD = Timetable(OPENS, CLOSES, DUE)
CHANGES = {
    "nothing": OLD,
    "opening": Timetable(OPENS + DAY, CLOSES, DUE),
    "a later closing": Timetable(OPENS, CLOSES + 7 * DAY, DUE),
    "an earlier closing": Timetable(OPENS, CLOSES - DAY, DUE),
    "due day": Timetable(OPENS, CLOSES, DUE + DAY),
}
REFUSED = {
    Phase.OPEN: {
        "opening": "opening_past",
        "an earlier closing": "closing_earlier",
        "due day": "due_only_by_extension",
    },
    Phase.CLOSED: {
        "opening": "opening_past",
        "a later closing": "closing_past",
        "an earlier closing": "closing_past",
        "due day": "due_only_by_extension",
    },
}
REFUSED[Phase.ANSWERED] = REFUSED[Phase.CLOSED]


@pytest.mark.parametrize(
    ("phase", "change", "reason"), list(itertools.product(Phase, CHANGES, [True, False]))
)
def test_a_timetable_never_goes_back_on_what_people_rely_on(phase: Phase, change: str, reason: bool) -> None:
    expected = []
    if phase is Phase.CONCLUDED:
        expected = ["round_concluded"]
    elif phase is not Phase.DRAFT:
        expected = [REFUSED[phase][change]] if change in REFUSED.get(phase, {}) else []
        expected += [] if reason else ["timetable_reason_missing"]
    words = "The school asked for it." if reason else " \n\u202e"
    if not expected:
        rules.check_timetable_change(OLD, CHANGES[change], phase, words)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_timetable_change(OLD, CHANGES[change], phase, words)
    assert codes(caught.value) == sorted(expected)


# What makes up a round ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["A-27", "AS-26", "ABCDEF-00", "A1B2C3-99", "AS-26-2", "AS-26-99"])
def test_a_round_s_code_is_short_and_can_be_read_aloud(code: str) -> None:
    rules.check_round(code, "Title", ("en",), ("en",))


@pytest.mark.parametrize(
    "code",
    [
        "", "26", "AS", "AS26", "AS-2", "AS-260", "as-26", "1S-26", "ABCDEFG-26", "AS-26-", "AS-26-100", "ÄS-26",
        "AS-٢٦", "AS-26\n", " AS-26", "AS-26/..", "AS_26", "AS-26\0", "AS-２６",
    ],
)  # fmt: skip
def test_a_code_that_could_be_mistaken_is_refused(code: str) -> None:
    with pytest.raises(DomainError) as caught:
        rules.check_round(code, "Title", ("en",), ("en",))
    assert codes(caught.value) == ["code_form"]


@pytest.mark.parametrize(("length", "fits"), [(1, True), (199, True), (200, True), (201, False)])
def test_a_title_has_its_limit(length: int, fits: bool) -> None:
    if fits:
        rules.check_round("AS-26", "x" * length, ("en",), ("en",))
        return
    with pytest.raises(DomainError) as caught:
        rules.check_round("AS-26", "x" * length, ("en",), ("en",))
    assert codes(caught.value) == ["title_too_long"]
    assert caught.value.parameters == {"limit": 200}


def test_everything_missing_is_told_at_once() -> None:
    with pytest.raises(DomainError) as caught:
        rules.check_round("", " ", (), ("en",))
    assert codes(caught.value) == ["code_form", "languages_missing", "title_missing"]


@pytest.mark.parametrize("language", ["", "x", "english", "e n", "../de", "EN", "de-", "en\n", "\u202een"])
def test_a_language_is_a_code_that_a_page_can_carry(language: str) -> None:
    with pytest.raises(DomainError) as caught:
        rules.check_round("AS-26", "Title", ("en", language), ("en",))
    assert codes(caught.value) == ["language_unknown"]


@pytest.mark.parametrize(
    ("published", "measures", "title", "expected"),
    [
        (None, 1, "Title", []),
        (OPENS, 1, "Title", ["already_published"]),
        (None, 0, "Title", ["draft_missing"]),
        (None, 1, " ", ["title_missing"]),
        (OPENS, 0, "", ["already_published", "draft_missing", "title_missing"]),
    ],
)
def test_what_the_public_sees_has_a_draft_and_a_title(
    published: date | None, measures: int, title: str, expected: list[str]
) -> None:
    if not expected:
        rules.check_publishable(published, measures, title)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_publishable(published, measures, title)
    assert codes(caught.value) == expected


@pytest.mark.parametrize("published", [None, OPENS])
@pytest.mark.parametrize(
    ("today", "open_still"), [(CLOSES - DAY, True), (CLOSES, True), (CLOSES + DAY, False)]
)
def test_nothing_is_concluded_that_nobody_was_asked_or_while_people_can_comment(
    published: date | None, today: date, open_still: bool
) -> None:
    expected = ["round_not_public"] * (published is None) + ["round_still_open"] * open_still
    obstacles = rules.conclusion_obstacles(published, CLOSES, today)
    assert [error.code for error in obstacles] == expected


# Suggested codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "year", "code"),
    [
        ("Arrive and stay", 2026, "AS-26"),
        ("Getting home at night", 2027, "GHN-27"),
        ("Wohnen", 2005, "W-05"),
        ("الوصول والبقاء", 2027, "R-27"),
        ("12 ways", 2100, "W-00"),
        ("", 2027, "R-27"),
        ("a to b", 2027, "R-27"),
        ("One Two Three Four Five", 2027, "OTT-27"),
    ],
)
def test_a_code_is_made_of_the_title_and_the_year(title: str, year: int, code: str) -> None:
    assert rules.suggest_code(title, year) == code


@many
@given(st.text(st.characters()), st.integers(1, 9999))
def test_every_suggested_code_is_a_code(title: str, year: int) -> None:
    rules.check_round(rules.suggest_code(title, year), "Title", ("en",), ("en",))
