"""Markup typed into elections and councils is shown as it was typed, on pages, in feeds, calendars and tables.

As in ``test_markup``: innocent words are played through the same city first, and the hostile one may have no element or
attribute of another kind.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree import ElementTree

import pytest
from flask import Flask
from icalendar import Calendar

from accounts.rules import RoleName
from core import clock
from core.db import write
from core.feeds import ATOM
from core.localized import Localized
from council.services.calls import NewApplication, apply
from elections.events import OBJECTION
from elections.models.candidates import Candidate
from elections.rules.deadlines import Step, read_timetable
from elections.rules.lots import ballot_purpose
from elections.rules.stages import ActKind, Stage
from elections.rules.stations import Figures
from elections.services import acts
from elections.services.lots import announce_lot
from elections.services.objections import NewObjection, object_to
from elections.services.stations import add_station, name_delegate
from followup.models import Promise
from followup.services import replies
from tests.accounts.browsers import Browser
from tests.city import found_city, reply_text, rows, staff
from tests.council.city import call_for, english, seat
from tests.council.city import found_council as found_board
from tests.elections.boxes import enter_everywhere, ids
from tests.elections.city import CODE, bring_to, election, found_council, prepare_election, rules
from tests.elections.nominees import OPEN, nominate, prepare, release
from tests.elections.test_pages_results import publish
from tests.security.test_markup import FROM_MARKDOWN, INNOCENT, PAYLOADS, assert_ours
from tests.security.walk import Markup, addresses, chief

ROOMS = ("/elections", "/office/elections/", "/council", "/office/council/", "/office/promises/", "/ledger")
LINES = "\r\nATTENDEE:mailto:evil@evil.example\r\nBEGIN:VALARM"
FORMULA = '=HYPERLINK("//evil.example";"x")'


def play(texts: Sequence[str]) -> list[str]:
    """An election and a council in which ``texts`` stand wherever somebody can type; returns addresses to read."""
    found_city()
    together = " ".join(texts[:6])[:200]
    title = Localized.of({"en": together[:120], "de": together[:120], "ar": together[:120]}, "en")
    long = "\n\n".join(texts)[:1800]
    body = found_board(name=english(together[:100]), about=english(long[:900]))
    seat(body)
    call = call_for(title=english(texts[3][:80]), about=english(long[:900]))
    for number, text in enumerate(texts[:5]):
        apply(call, f"{number:032}", NewApplication(text[:80], text, "en", text[:80]))
    found_council()
    prepare_election(title=title)
    bring_to(Stage.CALLED)
    returning = [RoleName.RETURNING_OFFICER]
    with clock.freeze(OPEN):
        for text in texts[:6]:
            nominate(text[:80], statements={"en": text[:300], "ar": text[:300]})
        for number in (1, 2):
            prepare(number, decision="refuse")
            release(number)
    announce_lot(CODE, ballot_purpose(rules().groups[0].key), "seed", long[:400], staff("returning_officer"))
    waiting = acts.propose_act(
        CODE, ActKind.ABANDON, staff("returning_officer"), returning, reason=long[:400]
    )
    acts.withdraw_act(waiting, staff("returning_officer"), returning)
    with clock.freeze(read_timetable(election().timetable)[Step.ROLL_OPENS]):
        bring_to(Stage.ROLL)
        for number, text in enumerate(texts):
            object_to(CODE, f"{number + 100:032}", NewObjection("roll", "other", text, "en"))
    keys = [group.key for group in rules().groups]
    with write() as session:
        for number, text in enumerate((*texts, FORMULA)):
            session.add(
                Candidate(
                    election_id=election().id, group_key=keys[number % 8], name=text[:90], position=number + 1,
                    statement=Localized.original("en", text), admitted_on=date(2028, 1, 3),
                )
            )  # fmt: skip
    for number, text in enumerate(texts[:3]):
        add_station(CODE, f"station-{number}", text[:60], text[:60], staff("returning_officer"))
    bring_to(Stage.CLOSED)
    votes = {who: 10 + 3 * n for n, who in enumerate(ids())}
    box = Figures(votes, ballots=sum(votes.values()))
    enter_everywhere({f"station-{number}": box for number in range(3)})
    name_delegate(CODE, "factions", texts[4][:60], texts[5][:60], staff("returning_officer"))
    publish()
    objections = [each.number for each in rows(Promise) if each.subject_kind == OBJECTION]
    for objection, text in zip(objections, texts, strict=True):
        words = reply_text("accepted", reason=text, change=text)
        number = replies.write_answer(
            election().register_id, [objection], words, staff("returning_officer"), submit=True
        )
        replies.approve_answers([(number, 1)], staff("election_board"))
    replies.publish_replies(election().register_id, staff("election_board"))
    office = f"/office/elections/{CODE}"
    found = [f"/elections/{CODE}/candidates/{who}/" for who in ids()]
    found += [f"{office}/nominations/{number}/" for number in range(1, 7)]
    found += [f"/elections/{CODE}/letters/{number}/" for number in range(1, 30)]
    found += [f"/office/promises/{CODE}/{number}/" for number in range(1, 30)]
    return [*found, *(f"{office}/stations/station-{number}/" for number in range(3))]


def read_all(app: Flask, extra: Sequence[str]) -> Iterator[tuple[str, str]]:
    resident, office = Browser(app), chief(app).browser
    known = [path for path in addresses(app) if path.startswith(ROOMS) and "." not in path.rsplit("/", 1)[-1]]
    for path in [*known, *extra]:
        browser = office if path.startswith("/office") else resident
        yield path, browser.get(f"/en{path}").text


@pytest.mark.slow
def test_nothing_that_is_typed_into_an_election_becomes_part_of_a_page(
    sqlite_app: Flask, build: object
) -> None:
    extra = play(INNOCENT)
    ours = {shape for _path, page in read_all(sqlite_app, extra) for shape in Markup(page).shapes}
    _app, empty = build("sqlite")  # type: ignore[operator]
    empty()
    extra, shown = play(PAYLOADS), ""
    for path, page in read_all(sqlite_app, extra):
        assert_ours(path, Markup(page), ours | FROM_MARKDOWN)
        shown += page
    for text in PAYLOADS[:3]:
        assert text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in shown
    _files(Browser(sqlite_app))


def _files(browser: Browser) -> None:
    """Feeds, calendars, data and tables of the same election."""
    base = f"/elections/{CODE}"
    feed = ElementTree.fromstring(browser.get(f"{base}/letters.atom").data)
    assert {element.tag.removeprefix(f"{{{ATOM}}}") for element in feed.iter()} <= {
        "feed", "id", "title", "updated", "author", "name", "link", "entry", "content"
    }  # fmt: skip
    for path in (f"{base}.json", "/elections.json", f"{base}/result.json", f"{base}/chain.json"):
        answer = browser.get(path, buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), path
        json.loads(answer.data)
    for path in (f"{base}/result.csv", f"{base}/letters.csv"):
        answer = browser.get(path, buffered=True)
        assert answer.status_code == 200
        lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert len({len(line) for line in lines}) == 1, path
        assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))], path
    assert FORMULA in browser.get(f"{base}/result.csv", buffered=True).text.replace('""', '"')


@pytest.mark.parametrize("text", [LINES, "x" * 80 + LINES, ";,\\n\\N:" + LINES])
def test_a_title_adds_no_line_to_the_calendar(sqlite_app: Flask, text: str) -> None:
    found_city()
    found_council()
    prepare_election(title=Localized.original("en", f"Election {text}"))
    bring_to(Stage.CALLED)
    answer = Browser(sqlite_app).get(f"/elections/{CODE}/timetable.ics")
    assert answer.status_code == 200
    for event in Calendar.from_ical(answer.data).walk():
        assert event.name in ("VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT")
        assert "ATTENDEE" not in event
