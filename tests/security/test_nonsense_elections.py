"""Nonsense in every field that a page of an election or a council shows, and in its files: never a fault of ours.

Each stage is played once; what its pages show is read once; each kind of nonsense begins from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from core import clock
from elections.rules.deadlines import Step, read_timetable
from elections.rules.stages import ActKind, Stage
from elections.services.nominations.receiving import link_token
from elections.services.objections import NewObjection, object_to
from elections.services.roll.imports import import_roll
from followup.services import replies
from followup.services.receipts import code_of
from tests import city
from tests.accounts.browsers import Browser
from tests.city import reply_text, staff
from tests.conftest import TODAY
from tests.elections.boxes import STATIONS, enter_everywhere, leipzig_boxes, open_stations, stand
from tests.elections.city import CODE, ELECTION_DAY, act, bring_to, election, on, rules
from tests.elections.nominees import OPEN, key_of, nominate
from tests.elections.registers import mapping, person, table
from tests.elections.test_service_roll_changes import ask
from tests.security.test_nonsense import BYTES, Sender, Watch, nothing_refused_changes, pairs
from tests.security.walk import addresses, busy_city, chief

ROOMS = ("/elections/", "/office/elections/", "/council/", "/office/council/", "/eligibility/")
ENDING = ("/confirm", "/withdraw", "/close")
"""What does its work however it is asked, so that the forms after it would meet another election."""
FILES = {
    "a table that ends in a quote": ("x.csv", b'name;street\n"never closed'),
    "a table of NULs": ("x.csv", b"\x00;\x00\n" * 50),
    "another coding": ("x.csv", "name;straße\n".encode("utf-16")),
    "a workbook that is none": ("x.xlsx", b"PK\x03\x04 not a workbook"),
    "a table called a workbook": ("x.xlsx", b"name;street\n1;2\n"),
    "nothing": ("x.csv", b""),
}


class Forms(HTMLParser):
    """The forms of a page that are sent: where to, and the names of their fields."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.found = address, {}  # type: tuple[str, dict[str, set[str]]]
        self.open: set[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "form":
            self.open = None
            if (values.get("method") or "").lower() == "post":
                where = urlsplit(urljoin(self.address, values.get("action") or "")).path
                self.open = self.found.setdefault(where.removeprefix("/en"), set())
        name = values.get("name")
        if (
            self.open is not None
            and tag in ("input", "select", "textarea", "button")
            and name != "csrf_token"
        ):
            self.open |= {name} if name else set()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


WRONG = (b"-1", b"0", b"1.5", b"2147483648", b"x" * 20_000)
"""Besides ``BYTES``: what a box for numbers, days or lists cannot hold."""


def called() -> list[str]:
    """Nominations come in; there is one, which nobody looked at yet."""
    nominate()
    return [f"/elections/{CODE}/support/{link_token(code_of(key_of('Amina Yusuf')))}/"]


def roll() -> list[str]:
    """The roll lies open; somebody asks to be on it, and somebody objects and is answered that they are right."""
    called()
    import_roll(CODE, table([person(1)]), "register.csv", mapping(), staff("returning_officer"))
    asked = ask()
    with clock.freeze(read_timetable(election().timetable)[Step.ROLL_OPENS]):
        bring_to(Stage.ROLL)
        objection = object_to(CODE, "3" * 32, NewObjection("roll", "other", "My sister is missing.", "en"))
    reply = reply_text("accepted", change="She is on the roll.")
    written = replies.write_answer(
        election().register_id, [objection.number], reply, staff("returning_officer"), submit=True
    )
    replies.approve_answers([(written, 1)], staff("election_board"))
    replies.publish_replies(election().register_id, staff("election_board"))
    office = f"/office/elections/{CODE}"
    return [
        f"{office}/roll/registrations/{asked.number}",
        f"{office}/objections/{objection.number}/decide-effect",
        f"/elections/{CODE}/object/?matter=roll",
    ]


def voting() -> list[str]:
    called()
    bring_to(Stage.VOTING)
    return [f"/office/elections/{CODE}/stations/town-hall/"]


def closed() -> list[str]:
    called()
    stand(16)
    bring_to(Stage.CLOSED)
    return [f"/office/elections/{CODE}/stations/town-hall/"]


def counted() -> list[str]:
    """The votes are counted, and a tie waits for its lot."""
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations(tuple(key for key in STATIONS if key != "town-hall"))
    enter_everywhere(leipzig_boxes())
    act(ActKind.COUNT)
    return [f"/office/elections/{CODE}/result/"]


def found() -> list[str]:
    """The result is found and waits for the city council."""
    called()
    bring_to(Stage.FOUND)
    return [f"/office/elections/{CODE}/"]


STAGES: dict[str, tuple[Callable[[], list[str]], date]] = {
    "called": (called, OPEN),
    "before": (list, TODAY),
    "roll": (roll, rules().timetable(ELECTION_DAY, ())[Step.ROLL_OPENS]),
    "voting": (voting, on(-1)),
    "closed": (closed, on(1)),
    "counted": (counted, on(1)),
    "found": (found, on(2)),
}
MUST_SHOW = {
    "called": ("nominations/1/decide", "stations/add", "members/1/remove", "nominate/"),
    "before": ("calls/1/apply",),
    "roll": ("roll/registrations/2", "objections/3/decide-effect", "roll/correct", "object/"),
    "voting": ("acts/extend-voting", "acts/interrupt-voting", "stations/town-hall/turnout"),
    "closed": ("stations/town-hall/enter", "stations/delegates"),
    "counted": ("result/ties/1/announce",),
    "found": ("acts/approve", "acts/send-back"),
}
"""Forms that would make these tests mean little if no page showed them."""
Fields = dict[str, tuple[str, ...]]
_played: dict[str, tuple[object, Fields]] = {}


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, sqlite_app: Flask) -> Iterator[str]:
    """The busy city with its election at one stage, on a day of it."""
    name: str = request.param
    play, day = STAGES[name]
    if name not in _played:
        busy_city()
        with clock.freeze(OPEN):
            extra = play()
        chief(sqlite_app)
        with clock.freeze(day):
            fields = forms_shown(sqlite_app, extra)
        filled = [path for path, names in fields.items() if names]
        assert [form for form in MUST_SHOW[name] if not any(path.endswith(form) for path in filled)] == []
        _played[name] = (city.taken(), fields)
    else:
        city.put_back(_played[name][0])
    with clock.freeze(day):
        yield name


@pytest.fixture
def forms(stage: str) -> Fields:
    """Every form of these rooms that a page shows in this stage, and that none showed in the stage before it."""
    shown = _played[stage][1]
    earlier = _played["called"][1] if stage != "called" and "called" in _played else {}
    return {
        path: names for path, names in shown.items() if not earlier or (names and earlier.get(path) != names)
    }


def forms_shown(app: Flask, extra: list[str]) -> Fields:
    """Where each form of these rooms is sent to, and its fields; what takes a form and shows none, without fields."""
    shown: dict[str, set[str]] = {path: set() for path in addresses(app, "POST") if path.startswith(ROOMS)}
    resident, office = Browser(app), chief(app).browser
    pages = [path for path in addresses(app) if path.startswith(ROOMS) and "." not in path.rsplit("/", 1)[-1]]
    for path in [*pages, *extra]:
        page = (office if path.startswith("/office") else resident).get(f"/en{path}")
        if page.status_code == 200 and page.mimetype == "text/html":
            for where, names in Forms(page.text, f"/en{path}").found.items():
                if where.startswith(ROOMS):
                    shown.setdefault(where, set()).update(names)
    return {path: tuple(sorted(names)) for path, names in sorted(shown.items()) if not path.endswith(ENDING)}


@pytest.fixture
def watch(stage: str) -> Iterator[Watch]:
    watch = Watch()
    watch.connection.execute("SELECT count(*) FROM consult_submission").fetchone()
    yield watch
    watch.connection.close()


@pytest.mark.parametrize("raw", [*BYTES, *WRONG], ids=lambda raw: raw[:12].hex())
def test_no_field_that_a_page_shows_breaks_on_nonsense(
    sqlite_app: Flask, watch: Watch, forms: Fields, raw: bytes
) -> None:
    sender = Sender(sqlite_app)
    for path, names in forms.items():
        with nothing_refused_changes(watch, (path, raw)) as answers:
            answers.append(sender.send(path, pairs(names, raw)))


@pytest.mark.parametrize("stage", ["called"], indirect=True)
@pytest.mark.parametrize("name", FILES)
def test_no_file_breaks_the_forms_that_take_one(
    sqlite_app: Flask, watch: Watch, forms: Fields, name: str
) -> None:
    sender = Sender(sqlite_app)
    called, content = FILES[name]
    taking = {path for path, names in forms.items() if "file" in names or path.endswith("import")}
    assert taking
    for path in sorted(taking):
        for field in {"file", *forms[path]}:
            body = (
                (
                    f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="{called}"\r\n'
                    "Content-Type: application/octet-stream\r\n\r\n"
                ).encode()
                + content
                + b"\r\n--edge--\r\n"
            )
            with nothing_refused_changes(watch, (path, field)) as answers:
                answers.append(sender.send(path, body, "multipart/form-data; boundary=edge"))
