"""The city's clock, with a frozen time: what is said on which day, in public and by mail, once and to nobody twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Account, Department
from core import clock, keys, outbox, settings
from core.db import db, write
from core.mail import MailMessage
from core.outbox import OutboxItem
from followup import jobs as followup_jobs
from motions import jobs
from motions.models.implementation import Measure
from motions.models.meetings import WaitingItem
from motions.models.motions import MotionEvent, StepAlarm
from motions.queries import motions
from motions.rules.city import ReportFacts
from motions.rules.stages import Stage
from motions.services import city, implementation
from motions.services.clock import ring
from tests.city import at_once, beginning, rows
from tests.conftest import TODAY
from tests.motions.city import at
from tests.motions.test_city import acting, forwarded, found_desk, planned

HEAD, MAYOR = "head@lindhafen.example", "mayor@lindhafen.example"
AUTHOR, CHAIR, SIGNERS = (
    "member2@lindhafen.example",
    "member1@lindhafen.example",
    ("member3@lindhafen.example", "member5@lindhafen.example"),
)
OFFICER = "0ff1ce02@lindhafen.example"
DUE = date(2027, 9, 21)
"""Five working days after the motion was sent to the city."""


@pytest.fixture
def motion_id(app: Flask) -> int:
    """A motion that the housing department has to acknowledge; its officer, its head and the mayor have addresses."""
    settings.configure(replace(settings.current(), mayor_email=MAYOR))  # the next test sets its own
    return beginning("city clock", found_clock)


def found_clock() -> int:
    found_desk()
    with write() as session:
        for account in session.scalars(select(Account)):
            account.password = "set"
        session.scalars(select(Department).where(Department.key == "housing")).one().head_email = HEAD
    motion_id = forwarded()
    run_on(TODAY)
    return motion_id


def run_on(day: date) -> list[dict[str, str]]:
    """Everything that comes by itself on ``day``; what was written to people."""
    with write() as session:
        for message in session.scalars(select(MailMessage)):
            session.delete(message)
    with clock.freeze(day):
        followup_jobs.plan_digests({})
        jobs.plan_clock({})
        for item in rows(OutboxItem):
            if item.kind in ("motions.clock", "motions.tell", "followup.digest") and item.done_at is None:
                outbox.run_one(item.id)
        for item in rows(OutboxItem):  # what the clock has said is told to followers
            if item.kind == "motions.tell" and item.done_at is None:
                outbox.run_one(item.id)
    waiting = [message for message in rows(MailMessage) if message.sealed is not None]
    return [json.loads(keys.decrypt("mail", message.sealed or b"")) for message in waiting]


def readers(mails: Sequence[dict[str, str]]) -> Counter[str]:
    return Counter(mail["recipient"] for mail in mails)


def said(motion_id: int) -> list[tuple[str, date]]:
    """The public notices of the clock."""
    return [
        (each.kind, each.day)
        for each in motions.history(db.session(), motion_id)
        if each.kind in ("overdue", "long_overdue", "stalled")
    ]


def badge(motion_id: int, day: date) -> bool:
    with clock.freeze(day):
        db.session.expire_all()
        return any(each.debt.is_overdue for each in motions.owed(db.session(), motion_id) if not each.met)


def on(days: int) -> date:
    return DUE + timedelta(days=days)


def test_the_clock_says_what_is_late_day_by_day_and_nobody_reads_it_twice(motion_id: int) -> None:
    assert run_on(on(-1)) == []
    assert run_on(on(0)) == []
    assert not badge(motion_id, on(0))

    mails = run_on(on(1))
    assert badge(motion_id, on(1)), "the badge follows from the facts"
    assert said(motion_id) == [("overdue", on(1))], "a public notice: the entry of every feed"
    assert readers(mails) == dict.fromkeys((OFFICER, AUTHOR, *SIGNERS), 1)
    (to_author,) = [mail for mail in mails if mail["recipient"] == AUTHOR]
    assert "The city’s receipt: was due on Tuesday, 21 September 2027" in to_author["body"]
    assert run_on(on(1)) == [], "the same day again says nothing"

    assert readers(run_on(on(2))) == {OFFICER: 1}, "the digest alone, every day"
    assert readers(run_on(on(13))) == {OFFICER: 1}

    mails = run_on(on(14))
    assert readers(mails) == dict.fromkeys((OFFICER, HEAD, MAYOR, CHAIR), 1)
    (to_mayor,) = [mail for mail in mails if mail["recipient"] == MAYOR]
    assert "Housing Office" in to_mayor["body"]
    assert said(motion_id) == [("overdue", on(1))], "no further notice"
    assert run_on(on(14)) == []
    assert readers(run_on(on(15))) == {OFFICER: 1, HEAD: 1}, "the digests alone"

    mails = run_on(on(30))
    assert said(motion_id) == [("overdue", on(1)), ("long_overdue", on(30))]
    assert readers(mails) == dict.fromkeys((OFFICER, HEAD, AUTHOR, *SIGNERS), 1)
    assert run_on(on(30)) == []
    assert readers(run_on(on(31))) == {OFFICER: 1, HEAD: 1}
    assert sorted(alarm.alarm for alarm in rows(StepAlarm)) == ["long_overdue", "mayor_and_chair", "overdue"]


def test_a_head_without_officers_reads_one_mail_a_day(motion_id: int) -> None:
    with write() as session:
        session.scalars(select(Account).where(Account.email == OFFICER)).one().active = False
    assert readers(run_on(on(1)))[HEAD] == 1
    assert readers(run_on(on(14)))[HEAD] == 1


def test_a_clock_that_stood_still_says_everything_at_once_and_writes_one_mail_to_each(motion_id: int) -> None:
    mails = run_on(on(20))
    assert readers(mails) == dict.fromkeys((OFFICER, HEAD, MAYOR, CHAIR, AUTHOR, *SIGNERS), 1)
    assert said(motion_id) == [("overdue", on(20))]


def test_what_was_done_in_time_is_never_called_late_even_if_it_is_entered_later(motion_id: int) -> None:
    with clock.freeze(on(0)):
        city.acknowledge(motion_id, "IV-1", acting(motion_id))
    assert ring_on(motion_id, on(3)) == 0
    assert said(motion_id) == []


def test_a_letter_that_is_older_than_the_word_late_can_still_be_entered(motion_id: int) -> None:
    run_on(on(5))
    with clock.freeze(on(6)):
        city.acknowledge(motion_id, "IV-1", acting(motion_id, day=on(-1)))
    assert not badge(motion_id, on(6))
    assert said(motion_id) == [("overdue", on(5))], "what was said stays"


def test_alarms_of_the_day_before_an_extension_do_not_count_for_the_new_day(motion_id: int) -> None:
    later = on(20)
    step_id = motions.owed(db.session(), motion_id)[-1].id
    with clock.freeze(on(0)):
        city.extend(motion_id, step_id, later, acting(motion_id, reason="The post is on strike."))
    assert ring_on(motion_id, on(14)) == 0
    assert said(motion_id) == []
    assert ring_on(motion_id, later + timedelta(days=1)) == 1
    assert said(motion_id) == [("overdue", later + timedelta(days=1))]
    assert [alarm.due_on for alarm in rows(StepAlarm)] == [later]


def ring_on(motion_id: int, day: date) -> int:
    with clock.freeze(day):
        return ring(motion_id)


def test_two_workers_at_the_same_time_say_it_once(app: Flask, motion_id: int) -> None:
    counted = at_once(app, [lambda: ring_on(motion_id, on(1))] * 4)
    assert Counter(counted) == {0: 3, 1: 1}
    assert said(motion_id) == [("overdue", on(1))]


def test_what_is_very_late_waits_for_the_next_agenda_once(motion_id: int) -> None:
    for days in (29, 30, 30, 31):
        ring_on(motion_id, on(days))
        waiting = [(each.motion_id, each.kind, each.since_on) for each in rows(WaitingItem)]
        assert waiting == ([(motion_id, "overdue", on(30))] if days >= 30 else [])


def test_a_measure_without_a_report_for_two_quarters_has_stalled_and_it_is_said_each_quarter(
    app: Flask,
) -> None:
    beginning("city desk", found_desk)
    motion_id, measure_id = planned()
    first, second, third = date(2027, 12, 14), date(2028, 3, 14), date(2028, 6, 14)
    day = timedelta(days=1)
    for when in (first + day, second, second + day, second + day, second + 9 * day, third + day):
        ring_on(motion_id, when)
    assert [each for each in said(motion_id) if each[0] == "stalled"] == [
        ("stalled", second + day),
        ("stalled", third + day),
    ]
    with clock.freeze(third + 2 * day):
        running = ReportFacts("running", "Five guides work.")
        implementation.update(motion_id, measure_id, running, acting(motion_id))
    assert ring_on(motion_id, third + 3 * day) == 0
    assert rows(Measure)[0].updated_on == third + 2 * day
    stalled = [event for event in rows(MotionEvent) if event.kind == "stalled"]
    assert {event.measure_id for event in stalled} == {measure_id}


def test_nothing_is_late_about_a_motion_that_the_city_does_not_owe_anything(app: Flask) -> None:
    beginning("city desk", found_desk)
    motion_id = at(Stage.ADOPTED)
    run_on(TODAY)
    assert run_on(TODAY + timedelta(days=400)) == []
    assert said(motion_id) == []
