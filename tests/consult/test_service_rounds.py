"""Creating, publishing, retiming and concluding a round, each verb with its audit entry or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from consult import events
from consult.models import Draft, Round
from consult.rules.rounds import Timetable
from consult.services import drafts, rounds
from core import audit, clock, settings
from core.db import write
from core.localized import Localized
from followup.models import Register
from tests.city import (
    AFTER_CLOSING,
    CLOSES,
    CODE,
    DRAFT,
    DUE,
    OPENS,
    answer,
    at_once,
    entries,
    everything,
    found_city,
    on_one_database,
    open_city,
    open_round,
    refused,
    round_facts,
    rows,
    staff,
    submit_comment,
)

DAY = timedelta(days=1)


@pytest.fixture
def founded(app: Flask) -> None:
    """A city without rounds."""
    found_city()


@pytest.fixture
def opened(app: Flask) -> None:
    """A city with an open round."""
    open_city()


def create(**changed: object) -> str:
    return rounds.create_round(round_facts(**changed), staff("officer"))


# Creating ----------------------------------------------------------------------------------------------------


def test_a_round_is_created_unpublished_with_an_empty_register(founded: None) -> None:
    assert create() == CODE
    created, register = rows(Round)[0], rows(Register)[0]
    assert (created.published_on, created.register_id) == (None, register.id)
    assert (register.code, register.last_number, register.concluded_on) == (CODE, 0, None)
    assert created.languages == ["en"]


def test_its_creation_begins_its_audit_chain(founded: None) -> None:
    create()
    entry = entries("consult:%")[0]
    assert (entry.sequence, entry.previous_hash, entry.tag) == (1, audit.GENESIS, events.ROUND_CREATE)
    assert entry.facts == audit.canonical(
        {
            "code": CODE,
            "title": {"en": {"text": "Arrive and stay", "state": "original"}},
            "opens": "2027-09-01",
            "closes": "2027-10-31",
            "due": "2028-01-23",
            "weeks": 12,
            "short_reason": {},
        }
    )


def test_answers_are_due_twelve_weeks_after_closing_unless_the_round_says_else(founded: None) -> None:
    create(code="A-27")
    create(code="B-27", answer_weeks=4)
    create(code="C-27", answers_due_on=date(2027, 12, 24))
    assert [r.answers_due_on for r in rows(Round)] == [
        CLOSES + timedelta(weeks=12),
        CLOSES + timedelta(weeks=4),
        date(2027, 12, 24),
    ]


def test_without_a_code_one_is_made_and_never_one_that_is_taken(founded: None) -> None:
    assert [create(code="") for _ in range(3)] == ["AS-27", "AS-27-2", "AS-27-3"]


def test_when_all_codes_of_a_title_are_taken_one_must_be_given(founded: None) -> None:
    with write() as session:
        for code in ("AS-27", *(f"AS-27-{n}" for n in range(2, 100))):
            session.add(Register(code=code, kind="consult.round"))
    with refused("code_taken"):
        create(code="")


def test_a_code_is_given_once(founded: None, app: Flask) -> None:
    create()
    with refused("code_taken"):
        create()
    outcomes = at_once(app, [lambda: create(code="WS-27")] * 4)
    assert outcomes.count("WS-27") == 1
    assert len(rows(Round)) == 2


def test_rounds_without_a_code_created_at_once_get_codes_of_their_own(founded: None, app: Flask) -> None:
    made = at_once(app, [lambda: create(code="")] * 4)
    assert len({code for code in made if isinstance(code, str)}) == len(rows(Round))
    assert [code for code in made if isinstance(code, str)]


IMPOSSIBLE: list[tuple[dict[str, Any], list[str]]] = [
    ({"title": Localized()}, ["title_missing"]),
    ({"title": Localized.original("en", "x" * 201)}, ["title_too_long"]),
    ({"code": "as 27"}, ["code_form"]),
    ({"language": "english"}, ["language_unknown"]),
    ({"language": "en\0"}, ["language_unknown"]),
    ({"languages": ("en", "d e")}, ["language_unknown"]),
    ({"department": "nobody"}, ["department_unknown"]),
    ({"department": "nobody\0"}, ["department_unknown"]),
    ({"department": "\ud800"}, ["department_unknown"]),
    ({"closes_on": OPENS - DAY}, ["closes_before_opening"]),
    ({"closes_on": OPENS + 28 * DAY}, ["short_reason_missing"]),
    ({"closes_on": OPENS + 28 * DAY, "short_reason": "\u202e"}, ["short_reason_missing"]),
    ({"answers_due_on": CLOSES}, ["due_before_closing"]),
    ({"closes_on": date(9999, 12, 31)}, ["day_out_of_range"]),
    ({"answer_weeks": 10**12}, ["day_out_of_range"]),
    ({"answer_weeks": -1}, ["due_before_closing"]),
]


def test_a_round_that_cannot_be_is_refused(founded: None) -> None:
    for changed, codes in IMPOSSIBLE:
        with refused(*codes):
            create(**changed)


def test_a_round_in_several_languages_speaks_its_own_among_them(founded: None) -> None:
    create(languages=("de", "ar"))
    assert sorted(rows(Round)[0].languages) == ["ar", "de", "en"]


def test_hostile_characters_in_its_texts_are_taken_out(founded: None) -> None:
    create(
        title=Localized.original("en", "Arrive\u202e and\0 stay"),
        texts={"summary": Localized.original("en", "a\ud800b")},
        short_reason="c\u2066d",
    )
    created = rows(Round)[0]
    assert created.title.best("en").text == "Arrive and stay"
    assert created.summary.best("en").text == "ab"
    assert created.short_reason.best("en").text == "cd"


# Publishing and describing -----------------------------------------------------------------------------------


def test_a_round_with_a_draft_is_put_before_the_public_and_it_is_recorded(founded: None) -> None:
    open_round()
    assert rows(Round)[0].published_on == clock.today()
    assert [e.tag for e in entries("consult:%")] == [
        events.ROUND_CREATE,
        events.DRAFT_IMPORT,
        events.ROUND_PUBLISH,
    ]


def test_without_a_draft_there_is_nothing_to_publish(founded: None) -> None:
    create()
    with refused("draft_missing"):
        rounds.publish_round(CODE, staff("officer"))


def test_a_round_is_published_once(founded: None, app: Flask) -> None:
    open_round(publish=False)
    outcomes = at_once(app, [lambda: rounds.publish_round(CODE, staff("officer"))] * 3)
    assert outcomes.count(None) == 1
    assert len(entries(events.ROUND_PUBLISH)) == 1
    with refused("already_published"):
        rounds.publish_round(CODE, staff("officer"))


def test_before_publication_a_round_can_say_something_else_about_itself(founded: None) -> None:
    create()
    title = Localized.of({"en": "Come and stay", "de": "Kommen und bleiben"}, "en")
    rounds.describe_round(
        CODE,
        title,
        {"summary": Localized.original("en", "Short"), "unknown": Localized()},
        staff("officer"),
    )
    described = rows(Round)[0]
    assert described.title == title
    assert described.summary.best("en").text == "Short"
    [entry] = entries(events.ROUND_DESCRIBE)
    assert json.loads(entry.facts) == {"title": title.dump(), "changed": ["title", "summary"]}
    assert (entry.subject_id, entry.actor) == (described.id, staff("officer").handle)


def test_saying_the_same_again_changes_and_records_nothing(founded: None) -> None:
    create()
    said = rows(Round)[0]
    before = everything()
    rounds.describe_round(CODE, said.title, {"summary": said.summary}, staff("officer"))
    assert everything() == before


def test_afterwards_it_stands(founded: None) -> None:
    open_round()
    with refused("already_published"):
        rounds.describe_round(CODE, Localized.original("en", "Other"), {}, staff("officer"))


@on_one_database
@pytest.mark.parametrize("title", ["", "\u202e", "x" * 201])
def test_a_title_that_cannot_be_is_refused(founded: None, title: str) -> None:
    create()
    with refused("title_too_long" if len(title) > 9 else "title_missing"):
        rounds.describe_round(CODE, Localized.original("en", title), {}, staff("officer"))


HOSTILE_CODES = [
    "",
    "XX-99",
    "AS-27 ",
    "as-27",
    "AS-27\0",
    "\ud800",
    "'; DROP TABLE consult_round; --",
    "x" * 1_000_000,
]
VERBS: dict[str, Callable[[str], object]] = {
    "publish": lambda code: rounds.publish_round(code, staff("officer")),
    "describe": lambda code: rounds.describe_round(code, Localized.original("en", "T"), {}, staff("officer")),
    "conclude": lambda code: rounds.conclude_round(code, staff("officer")),
    "retime": lambda code: rounds.retime_round(
        code, Timetable(OPENS, CLOSES, DUE), "en", "reason", staff("officer")
    ),
    "import a draft": lambda code: drafts.import_draft(code, DRAFT, staff("officer")),
    "translate": lambda code: drafts.import_translation(code, "de", DRAFT, staff("officer")),
    "comment": lambda code: submit_comment(measure="", code=code),
}


def test_a_round_that_is_not_there_is_not_found_however_it_is_called(opened: None) -> None:
    before = everything()
    for verb in VERBS.values():
        for code in HOSTILE_CODES:
            with pytest.raises(rounds.NotFound):
                verb(code)
    assert everything() == before


# Retiming ----------------------------------------------------------------------------------------------------


def retime(
    opens: date = OPENS, closes: date = CLOSES, due: date = DUE, reason: str = "Schools asked."
) -> None:
    rounds.retime_round(CODE, Timetable(opens, closes, due), "en", reason, staff("officer"))


def test_a_round_is_given_more_time_for_a_public_reason(opened: None) -> None:
    retime(closes=CLOSES + 14 * DAY)
    changed = rows(Round)[0]
    assert (changed.closes_on, changed.answers_due_on) == (CLOSES + 14 * DAY, DUE)
    entry = entries(events.ROUND_RETIME)[-1]
    assert '"reason":"Schools asked."' in entry.facts
    assert '"closes":"2027-11-14"' in entry.facts


def test_hostile_characters_in_the_reason_are_taken_out(opened: None) -> None:
    retime(closes=CLOSES + DAY, reason="a\0b\ud800c\u202ed")
    assert '"reason":"abcd"' in entries(events.ROUND_RETIME)[-1].facts


@on_one_database
@pytest.mark.parametrize(
    ("day", "changed", "codes"),
    [
        (OPENS - DAY, {"opens": OPENS + 7 * DAY}, []),
        (OPENS - DAY, {"reason": " "}, ["timetable_reason_missing"]),
        (OPENS, {"opens": OPENS + DAY}, ["opening_past"]),
        (CLOSES, {"closes": CLOSES + DAY}, []),
        (CLOSES, {"closes": CLOSES - DAY}, ["closing_earlier"]),
        (CLOSES + DAY, {"closes": CLOSES + 7 * DAY}, ["closing_past"]),
        (OPENS, {"due": DUE + DAY}, ["due_only_by_extension"]),
        (OPENS, {"closes": CLOSES + 7 * DAY, "reason": "\u202e"}, ["timetable_reason_missing"]),
        (OPENS - DAY, {"closes": OPENS + DAY}, ["short_reason_missing"]),
        (OPENS - DAY, {"closes": OPENS - DAY}, ["closes_before_opening"]),
    ],
)
def test_a_timetable_changes_only_as_people_can_rely_on_it(
    opened: None, day: date, changed: dict[str, object], codes: list[str]
) -> None:
    with clock.freeze(day):
        if not codes:
            retime(**changed)  # type: ignore[arg-type]
            return
        with refused(*codes):
            retime(**changed)  # type: ignore[arg-type]


def test_a_due_day_that_promises_carry_moves_only_by_extension(founded: None) -> None:
    open_round()
    submit_comment()
    with clock.freeze(OPENS - DAY), refused("due_only_by_extension"):
        retime(due=DUE + DAY)


def test_a_concluded_round_is_not_retimed(opened: None) -> None:
    with clock.freeze(AFTER_CLOSING):
        rounds.conclude_round(CODE, staff("officer"))
        with refused("round_concluded"):
            retime()


def test_an_unpublished_round_is_retimed_without_a_reason(founded: None) -> None:
    create()
    retime(opens=OPENS + DAY, reason="")
    assert rows(Round)[0].opens_on == OPENS + DAY


# Concluding (see also tests/followup/test_service_gate.py) -----------------------------------------------------


def test_a_round_is_not_concluded_on_its_last_day_and_can_be_the_day_after(opened: None) -> None:
    submit_comment()
    answer([1])
    with clock.freeze(CLOSES), refused("round_still_open"):
        rounds.conclude_round(CODE, staff("officer"))
    with clock.freeze(CLOSES + DAY):
        rounds.conclude_round(CODE, staff("officer"))
        assert rows(Register)[0].concluded_on == CLOSES + DAY


def test_a_round_that_was_never_public_is_not_concluded(founded: None) -> None:
    open_round(publish=False)
    before = everything()
    with clock.freeze(AFTER_CLOSING), refused("round_not_public"):
        rounds.conclude_round(CODE, staff("officer"))
    assert everything() == before


def test_a_past_round_keeps_the_rule_it_ran_under(opened: None, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = settings.Settings(folder=settings.current().folder, answer_weeks=2, minimum_open_days=90)
    monkeypatch.setattr(settings, "_current", changed)
    assert submit_comment().due_on == DUE


# All or nothing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb", ["create", "publish", "describe", "retime", "import a draft", "translate", "conclude"]
)
def test_an_error_in_the_middle_leaves_no_trace(
    founded: None, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    open_round(publish=verb not in ("publish", "describe"))
    before = everything()

    def broken(*_arguments: object, **_choices: object) -> list[str]:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "append", broken)
    with (
        clock.freeze(AFTER_CLOSING if verb == "conclude" else OPENS - DAY),
        pytest.raises(OSError, match="disk full"),
    ):
        if verb == "create":
            create(code="WS-27")
        elif verb == "retime":
            retime(opens=OPENS + DAY)
        else:
            VERBS[verb](CODE)
    assert everything() == before


def test_an_empty_city_has_no_round(founded: None) -> None:
    assert rows(Round) == rows(Draft) == []
