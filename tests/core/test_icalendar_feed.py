"""Calendars that every phone understands: whole days stay where they are, moments know their zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from core.icalendar_feed import Appointment, Timetable, write_icalendar

VOTING = Appointment(
    uid="ML-27-voting@lindhafen.example",
    begins=date(2027, 3, 1),
    ends=date(2027, 3, 14),
    summary="You can vote",
    description="With the code from your letter; until midnight.",
    link="https://lindhafen.example/council/27/",
    changed_on=date(2026, 11, 2),
)
MEETING = Appointment(
    uid="meeting-3@lindhafen.example",
    begins=datetime(2027, 7, 5, 16, 0, tzinfo=UTC),
    summary="Council meeting",
    place="Town hall, room 3",
    link="https://lindhafen.example/meetings/3/",
    changed_on=date(2027, 6, 1),
)


def written(*appointments: Appointment, language: str = "en", name: str = "Council election 2027") -> bytes:
    return write_icalendar(
        Timetable(name, language, "Europe/Berlin", "https://lindhafen.example/council/27/", appointments)
    )


def events(data: bytes) -> list[dict[str, object]]:
    return [
        {name: event.decoded(name) for name in event if name not in ("DTSTAMP",)}
        for event in Calendar.from_ical(data).walk("VEVENT")
    ]


def test_days_are_whole_days_from_the_first_to_the_last() -> None:
    (event,) = events(written(VOTING))
    assert (event["DTSTART"], event["DTEND"]) == (date(2027, 3, 1), date(2027, 3, 15))
    assert event["UID"] == "ML-27-voting@lindhafen.example"
    assert event["SUMMARY"] == "You can vote"
    assert event["URL"] == "https://lindhafen.example/council/27/"
    assert event["TRANSP"] == "TRANSPARENT"
    assert b"VTIMEZONE" not in written(VOTING)


def test_a_single_day_is_one_day() -> None:
    (event,) = events(written(replace(VOTING, ends=None)))
    assert (event["DTSTART"], event["DTEND"]) == (date(2027, 3, 1), date(2027, 3, 2))


def test_moments_are_in_the_citys_zone_which_the_file_explains() -> None:
    data = written(MEETING)
    assert b"BEGIN:VTIMEZONE" in data
    assert b"DTSTART;TZID=Europe/Berlin:20270705T180000" in data
    assert b"DTEND;TZID=Europe/Berlin:20270705T190000" in data
    assert b"LOCATION;LANGUAGE=en:Town hall\\, room 3" in data


def test_words_say_their_language_and_long_ones_are_folded_without_losing_letters() -> None:
    long = "التصويت في الانتخابات " * 20
    data = written(replace(VOTING, summary=long), language="ar", name="انتخاب المجلس")
    assert b"SUMMARY;LANGUAGE=ar" in data
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert events(data)[0]["SUMMARY"] == long.strip()


def test_line_ends_and_controls_cannot_begin_a_line_of_their_own() -> None:
    hostile = "One\r\nEND:VEVENT\nBEGIN:VALARM\0; , \\ \u202etwo"
    data = written(replace(VOTING, summary=hostile, description=hostile))
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 1
    assert events(data)[0]["SUMMARY"] == "One\nEND:VEVENT\nBEGIN:VALARM; , \\ two"
    assert b"\r\nBEGIN:VALARM" not in data


def test_the_same_timetable_gives_the_same_bytes() -> None:
    assert written(VOTING, MEETING) == written(VOTING, MEETING)


def test_what_was_called_off_says_so() -> None:
    assert events(written(replace(MEETING, cancelled=True)))[0]["STATUS"] == "CANCELLED"


def test_an_empty_timetable_is_still_a_calendar() -> None:
    assert Calendar.from_ical(written())["X-WR-CALNAME"] == "Council election 2027"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(VOTING, ends=date(2027, 2, 28)),
        replace(VOTING, ends=datetime(2027, 3, 2, tzinfo=UTC)),
        replace(MEETING, begins=datetime(2027, 7, 5, 16)),  # noqa: DTZ001 - that is what is wrong with it
        replace(MEETING, ends=date(2027, 7, 6)),
        replace(MEETING, ends=datetime(2027, 7, 5, 16, tzinfo=UTC) - timedelta(hours=1)),
    ],
    ids=["days backwards", "day to moment", "no zone", "moment to day", "moments backwards"],
)
def test_an_end_before_its_beginning_or_a_moment_without_zone_is_a_fault(wrong: Appointment) -> None:
    with pytest.raises(ValueError, match=wrong.uid):
        written(wrong)
