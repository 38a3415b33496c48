"""Days that matter, as a calendar to subscribe to (iCalendar, RFC 5545). Pure.

Days of a timetable are whole days in no time zone, so that nobody's phone moves them; what has an hour, such as a
meeting, is in the city's zone, which the file explains. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vText, vUri

from core.localized import clean

CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One day, or the time from one moment to another. ``uid`` never changes, so that a moved day moves.

    ``begins`` and ``ends`` are days (``ends`` is the last one) or moments that know their zone; without ``ends`` it is
    one day, or lasts an hour. ``changed_on`` is when we last said something else about it, ``sequence`` how often.
    """

    uid: str
    begins: date | datetime
    summary: str
    link: str
    changed_on: date
    ends: date | datetime | None = None
    description: str = ""
    place: str = ""
    cancelled: bool = False
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """A calendar in ``language``; ``zone`` is the city's time zone, ``link`` the page that it follows."""

    name: str
    language: str
    zone: str
    link: str
    appointments: Sequence[Appointment]


def write_icalendar(timetable: Timetable) -> bytes:
    """The timetable as a file. Raises ValueError for a moment without a zone, or an end before its beginning."""
    calendar = Calendar()
    calendar.add("prodid", "-//Answerable//Answerable//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _text(timetable.name, timetable.language))
    calendar.add("x-wr-calname", _text(timetable.name))
    calendar.add("x-wr-timezone", timetable.zone)
    calendar.add("url", vUri(timetable.link))
    calendar.add("refresh-interval", vDuration(timedelta(days=1)), {"VALUE": "DURATION"})
    for appointment in timetable.appointments:
        calendar.add_component(_event(appointment, timetable))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(appointment: Appointment, timetable: Timetable) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", datetime.combine(appointment.changed_on, time(), UTC))
    begins, ends = _span(appointment, ZoneInfo(timetable.zone))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", _text(appointment.summary, timetable.language))
    if appointment.description:
        event.add("description", _text(appointment.description, timetable.language))
    if appointment.place:
        event.add("location", _text(appointment.place, timetable.language))
    event.add("url", vUri(appointment.link))
    if appointment.sequence is not None:
        event.add("sequence", appointment.sequence)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    if not isinstance(begins, datetime):
        event.add("transp", "TRANSPARENT")  # a last day keeps nobody busy
    return event


def _span(appointment: Appointment, zone: ZoneInfo) -> tuple[date, date]:
    """Beginning and end as iCalendar has them: the end is the first day, or moment, that is not part of it."""
    begins, ends = appointment.begins, appointment.ends
    if isinstance(begins, datetime):
        if ends is None:
            ends = begins + timedelta(hours=1)
        if not isinstance(ends, datetime) or begins.tzinfo is None or ends.tzinfo is None:
            raise ValueError(f"{appointment.uid}: a moment needs a zone, and so does its end")
        begins, ends = begins.astimezone(zone), ends.astimezone(zone)
        if ends <= begins:
            raise ValueError(f"{appointment.uid} ends before it begins")
        return begins, ends
    last = ends or begins
    if isinstance(last, datetime) or last < begins:
        raise ValueError(f"{appointment.uid} ends before it begins")
    return begins, last + timedelta(days=1)


def _text(text: str, language: str = "") -> vText:
    return vText(clean(text), params={"LANGUAGE": language} if language else {})
