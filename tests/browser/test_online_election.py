"""A council elected online in real browsers, from the keys of three trustees to the seats, and judged by another program.

Twelve people vote in English and Arabic with the codes of their letters: one votes again, one has a vote opened, one lost
the letter, one asked for paper and, being alone in that, votes on a device in the library; the days pass between what
everybody does.
"""

from __future__ import annotations

import re
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import codes
from elections.authority.roll import read_roll
from elections.ballot.challenge import check_challenge
from elections.rules.stages import Stage
from elections.services.roll.letters import export_for_letters
from elections.verify import verify
from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.office import sign_in
from tests.browser.people import NARROW, Looking, Somebody, at
from tests.browser.town import Town
from tests.city import staff
from tests.elections.authority.offices import make_words, passphrases, printed_codes
from tests.elections.authority.offices import run as run_authority
from tests.elections.ballot import referee
from tests.elections.boxes import stand
from tests.elections.city import CODE as ELECTION
from tests.elections.city import bring_to, prepare_election
from tests.elections.registers import person
from tests.elections.test_service_roll_changes import bring_in
from tests.elections.voters import work

pytestmark = pytest.mark.browser

PEOPLE = 12
NAMES = ("Candidate 01", "Candidate 02", "Candidate 03", "Candidate 04")
ROLL_OPEN = date(2028, 3, 1)
Letter = tuple[int, tuple[str, str]]
"""Roll number, code and language of somebody."""


@dataclass
class Authority:
    """The credential authority's machine: the roll comes in, letters and public lists go out."""

    place: Path
    uuid: str
    options: list[str] = field(default_factory=list)

    @property
    def made(self) -> Path:
        return self.place / "made"

    def make(self) -> None:
        """Draw the codes and print the letters."""
        self.options = passphrases(self.place)
        self.run(*make_words(self.place / "roll.csv", self.made, election=self.uuid))

    def run(self, *words: str) -> None:
        """A command of theirs, with both passphrases."""
        done = run_authority(*words, *self.options)
        assert done.exit_code == 0, done.output

    def follows(self, verb: str, board: Path, roll_number: int, **options: object) -> Path:
        """Replace or revoke somebody's credential; the public record."""
        record = self.place / "record.json"
        words = [verb, str(self.made / "registry.sealed"), "--number", str(roll_number)]
        words += ["--board", str(board), "--out", str(record)]
        for name, value in options.items():
            words += [f"--{name}", str(value)]
        self.run(*words)
        return record

    def letters(self) -> dict[int, tuple[str, str]]:
        """Of each person the code in their letter, and their language."""
        people = read_roll(self.place / "roll.csv", "en")
        printed = printed_codes(self.made, "letters-0*.pdf")
        return {
            each.number: (code, each.language or "en") for each, code in zip(people, printed, strict=True)
        }


class Trustee:
    """One of three who hold the election's key together: makes their own and decrypts with it, in their browser."""

    def __init__(self, page: Page, town: Town, fragment: str, place: Path, looking: Looking) -> None:
        self.page, self.town, self.place, self.looking = page, town, place, looking
        self.passphrase = f"seven quiet lanterns over river {place.name}"
        self.opens(fragment)

    def opens(self, fragment: str = "") -> None:
        self.page.goto(f"{self.town.url}/en/elections/{ELECTION}/trustee/{fragment}")
        self.page.locator("h1").wait_for()

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()

    def makes_key(self) -> str:
        """Keep the private key, hand the public one in; its fingerprint."""
        page = self.page
        self.presses("Make my key")
        for box in ("#passphrase", "#again"):
            page.fill(box, self.passphrase)
        page.locator("main button[type=submit]").click()
        page.locator("#fingerprint").wait_for()
        with page.expect_download() as kept:
            self.presses("Save my private key")
        kept.value.save_as(self.place)
        page.set_input_files("#saved", self.place)
        self.presses("Hand in my public key")
        expect(page.locator("[data-handed]")).to_have_text("The election board has your public key.")
        self.looking.at(page, "trustee: key made")
        return page.locator("#fingerprint + p").inner_text()

    def decrypts(self) -> None:
        """Check the board, decrypt the product, hand the part in."""
        self.opens()
        self.presses("Decrypt my part")
        self.page.set_input_files("#key", self.place)
        self.page.fill("#passphrase", self.passphrase)
        self.presses("Check the board")
        self.page.locator("dl").wait_for()
        self.presses("Decrypt the result")
        self.presses("Hand it in now")
        expect(self.page.locator("[data-handed]")).to_contain_text("The election board has your part.")
        self.looking.at(self.page, "trustee: part handed in")


class Voter:
    """Somebody with an old phone and a letter."""

    def __init__(
        self, page: Page, town: Town, code: str, language: str, looking: Looking | None = None
    ) -> None:
        self.page, self.town, self.code, self.language = page, town, code, language
        self.looking = looking
        self.tracker = ""

    def looks(self, what: str) -> None:
        if self.looking is not None:
            self.looking.at(self.page, f"booth in {self.language}: {what}")

    def enters(self) -> None:
        """Open what the QR code of the letter holds."""
        self.page.goto(f"{self.town.url}/{self.language}/elections/{ELECTION}/vote/#{self.code}")
        self.page.locator("main form button").wait_for()
        self.looks("code")
        self.presses()
        self.page.locator(".a-actionbar").wait_for()

    def presses(self) -> None:
        """The main button of the step."""
        self.page.locator("main .govuk-button:not(.govuk-button--secondary)").first.click()

    def seals(self, *names: str) -> None:
        """From the choice to the sealed vote; nobody chosen is a blank vote."""
        for name in names:
            self.page.get_by_label(name).check()
        if not names:
            self.page.check("#q0b")
        self.looks("choice")
        self.presses()
        self.page.locator(".a-choices").first.wait_for()
        self.looks("review")
        self.presses()
        self.page.locator("details.govuk-details").wait_for()
        self.looks("sealed")

    def casts(self) -> str:
        """Send the vote; the tracker that is shown."""
        self.presses()
        self.page.locator("#tracker").wait_for()
        self.looks("tracker")
        self.tracker = self.page.locator("#tracker + p code").inner_text()
        return self.tracker

    def votes(self, *names: str) -> str:
        """All of it; the tracker."""
        self.enters()
        self.seals(*names)
        return self.casts()

    def votes_at(self, station: str, *names: str) -> str:
        """On the device in a city office: the language first, then the code from the letter; nothing stays."""
        self.page.goto(f"{self.town.url}{station}")
        self.page.locator(".a-booth__tongues button").first.wait_for()
        self.looks("station")
        self.page.locator(f".a-booth__tongues button[lang={self.language}]").click()
        self.page.locator("#code").fill(self.code)
        self.presses()
        self.page.locator(".a-actionbar").wait_for()
        self.seals(*names)
        tracker = self.casts()
        self.page.locator("main .govuk-button--secondary").click()
        self.page.locator(".a-booth__tongues").wait_for()
        return tracker

    def votes_by_keyboard(self, *slots: int) -> str:
        """Without a pointer, the code typed."""
        page = self.page
        page.goto(f"{self.town.url}/{self.language}/elections/{ELECTION}/vote/")
        self._tabs_to("#code")
        page.keyboard.type(" ".join(codes.groups(self.code)))
        page.keyboard.press("Enter")
        for slot in slots:
            self._tabs_to(f"#q0s{slot}")
            page.keyboard.press("Space")
        for marker in (".a-choices", "details.govuk-details", "#tracker"):
            self._tabs_to("main .govuk-button:not(.govuk-button--secondary)")
            page.keyboard.press("Enter")
            page.locator(marker).first.wait_for()
        return page.locator("#tracker + p code").inner_text()

    def _tabs_to(self, selector: str) -> None:
        self.page.locator(selector).first.wait_for()
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")


Calls = Callable[..., Voter]


def download(town: Town, name: str, to: Path) -> Path:
    """A file of the board, as anybody gets it."""
    with urllib.request.urlopen(f"{town.url}/elections/{ELECTION}/{name}") as answer:
        to.write_bytes(answer.read())
    return to


def hands_in(officer: Somebody, action: str, *files: Path) -> None:
    """Choose files at the desk of the online vote and send them."""
    officer.desk("urn/")
    form = officer.page.locator(f"main form[action$='/urn/{action}']")
    form.locator("input[type=file]").set_input_files([str(file) for file in files])
    officer.sends(f"/urn/{action}")


def test_twelve_people_elect_their_council_online_and_another_program_agrees(
    town: Town, open_page: Opener, axe: str, tmp_path: Path
) -> None:
    looking = Looking(axe)

    def somebody(role: str, language: str, nth: int = 0) -> Somebody:
        page = open_page(viewport=DESK, bypass_csp=True)
        page.set_default_timeout(10_000)
        sign_in(page, town, role, language, nth)
        return Somebody(page, town, language, looking)

    def voter(code: str, language: str, look: bool = False, **options: object) -> Voter:
        page = open_page(
            **{"viewport": NARROW if look else PHONE, "locale": language, "bypass_csp": look, **options}
        )
        page.set_default_timeout(20_000)
        return Voter(page, town, code, language, looking if look else None)

    prepare_election()
    stand(4)
    bring_to(Stage.CALLED)
    bring_in(*(person(n, Sprache="arabisch" if n % 2 else "") for n in range(1, PEOPLE + 1)))
    bring_to(Stage.ROLL)

    # The roll is committed; trustees and authority prepare
    town.it_is(ROLL_OPEN)
    officer, board = somebody("returning_officer", "en"), somebody("election_board", "ar")
    officer.does("commit-roll")
    board.confirms()
    officer.desk("urn/")
    officer.sends("/urn/begin")
    uuid = officer.page.locator("main dd code").first.inner_text()
    officer.fills(names="Chair of the migrant council\nCity judge\nLibrary")
    officer.sends("/urn/name-trustees")
    fragments = re.findall(r"trustee/(#[^\s]+)", officer.page.locator("main").inner_text())
    trustees = [
        Trustee(open_page(viewport=DESK, bypass_csp=True), town, fragment, tmp_path / f"key-{place}", looking)
        for place, fragment in enumerate(fragments)
    ]
    assert len(trustees) == 3
    fingerprints = [each.makes_key() for each in trustees]
    said = officer.desk("urn/").locator("main").inner_text()
    assert all(each in said for each in fingerprints), "read out at the ceremony, and compared with the desk"
    export_for_letters(ELECTION, tmp_path / "roll.csv", staff("returning_officer"))
    authority = Authority(tmp_path, uuid)
    authority.make()
    letters = authority.letters()
    assert len(letters) == PEOPLE
    hands_in(
        officer,
        "prepare",
        authority.made / "public-credentials.json",
        authority.made / "public-spares.json",
    )

    by_language = {
        code: sorted(each for each in letters.items() if each[1][1] == code) for code in ("en", "ar")
    }
    waiting = chain.from_iterable(zip(by_language["en"], by_language["ar"], strict=True))
    alone, letter = next(waiting)
    asks_for_paper_alone(officer, alone)
    station = enrols_a_device(officer)

    # Voting week
    town.it_is(at(12, 9))
    officer.does("open-voting")
    board.confirms()
    board.desk("urn/")
    choices: dict[str, tuple[str, ...]] = {}
    choices[voter(*letter, look=True).votes_at(station, NAMES[1])] = (NAMES[1],)

    def votes(look: bool = False, **how: object) -> Voter:
        """The next person votes, for whom they choose; a blank vote once."""
        _number, (code, language) = next(waiting)
        mine = voter(code, language, look, **how)
        chosen = NAMES[len(choices) % 4 : len(choices) % 4 + 2] if len(choices) != 5 else ()
        choices[mine.votes(*chosen)] = chosen
        return mine

    votes(look=True)
    votes(look=True)
    votes_by_keyboard(waiting, choices, voter)
    changes_mind(votes(), choices)
    opens_a_vote(next(waiting)[1], choices, voter, tmp_path)
    lost, (_code, language) = next(waiting)
    record = authority.follows("replace", download(town, "board.bel", tmp_path / "board.bel"), lost, spare=1)
    hands_in(officer, "follow", record)
    (spare, *_rest) = printed_codes(authority.made, "letters-spares.pdf")
    choices[voter(spare, language).votes(NAMES[0])] = (NAMES[0],)
    while len(choices) < PEOPLE:
        votes()
    shown = set(re.findall(r"[A-Za-z0-9+/]{43}", officer.opens("board/").content()))
    assert choices.keys() <= shown

    # The end: product, decryption, count, seats
    town.it_is(at(19, 19))
    officer.does("close-voting")
    board.confirms()
    officer.desk("urn/")
    officer.sends("/urn/multiply")
    work()
    officer.desk("urn/")
    for each in trustees:
        each.decrypts()
    bundle = download(town, "board.bel", tmp_path / f"{uuid}.bel")
    assert referee.accepts(bundle)
    assert verify(bundle).sound
    other = somebody("election_board", "en", 1)
    for kind in ("count", "find"):
        board.does(kind)
        other.confirms()
    town.it_is(date(2028, 3, 20))
    somebody("clerk", "en").does("approve", decided_on="20.3.2028")
    officer.confirms()
    officer.does("publish-result")
    reader = Somebody(open_page(viewport=NARROW, bypass_csp=True), town, "ar", looking)
    page = reader.opens("result/")
    for name, votes_won in Counter(name for chosen in choices.values() for name in chosen).items():
        row = page.locator("main tr", has_text=name).first
        assert re.search(rf"\b{votes_won}\b", western(row.inner_text())), (name, votes_won, row.inner_text())
    town.it_is(date(2028, 5, 5))
    officer.does("conclude")
    council = reader.opens("/council/migrant-council/").locator("main")
    for name in NAMES[:4]:
        expect(council).to_contain_text(name)
    assert looking.found == {}


def asks_for_paper_alone(officer: Somebody, roll_number: int) -> None:
    """One paper ballot would show how its voter voted: the desk says so, and the person keeps the code."""
    officer.desk("paper/")
    officer.fills(number=str(roll_number))
    officer.sends("/paper/ask")
    expect(officer.page.locator("main")).to_contain_text("They are too few for paper.")
    officer.looking.at(officer.page, "too few for paper")
    officer.desk(look=False)
    opening = officer.page.locator(
        "main .a-card", has=officer.page.locator("form[action$='/acts/open-voting']")
    )
    expect(opening).to_contain_text("Asked so far: 1")
    officer.desk("paper/", look=False)
    officer.sends("/paper/send-to-device")
    expect(officer.page.locator("main")).not_to_contain_text("They are too few for paper.")


def enrols_a_device(officer: Somebody) -> str:
    """A device in the library; the path of its link."""
    officer.desk("devices/")
    officer.fills(name="Library", place="Market 2", hours="Monday to Friday, 9:00 to 17:00")
    officer.sends("/devices/enrol")
    officer.looking.at(officer.page, "a device is enrolled")
    link = officer.page.locator("main code.a-tracker").inner_text()
    return link[link.index("/elections/") :]


def votes_by_keyboard(waiting: Iterator[Letter], choices: dict[str, tuple[str, ...]], voter: Calls) -> None:
    """Somebody votes without touching anything but keys."""
    _number, (code, language) = next(waiting)
    choices[voter(code, language).votes_by_keyboard(0)] = (NAMES[0],)


def changes_mind(mine: Voter, choices: dict[str, tuple[str, ...]]) -> None:
    """Somebody votes again: the ballot before stays on the board, and no longer counts."""
    (before,) = [tracker for tracker in choices if tracker == mine.tracker]
    del choices[before]
    again = mine.votes(NAMES[3])
    assert again != before
    choices[again] = (NAMES[3],)


def opens_a_vote(
    letter: tuple[str, str], choices: dict[str, tuple[str, ...]], voter: Calls, place: Path
) -> None:
    """Somebody has a sealed vote opened, sees that it holds what they chose, and casts another."""
    mine = voter(*letter)
    mine.enters()
    mine.seals(NAMES[2])
    sealed = mine.page.locator("code.a-tracker").inner_text()
    mine.page.locator("details summary").click()
    mine.page.locator("details button").click()
    with mine.page.expect_download() as kept:
        mine.page.locator("main button", has_text=re.compile("Save as a file|ملف")).first.click()
    file = place / "opened-ballot.json"
    kept.value.save_as(file)
    opened = check_challenge(file.read_bytes(), None)
    assert (opened.seal, opened.answers()) == (sealed, [[NAMES[2]]])
    mine.presses()
    mine.presses()
    mine.page.locator("details.govuk-details").wait_for()
    assert mine.page.locator("code.a-tracker").inner_text() != sealed
    choices[mine.casts()] = (NAMES[2],)


def western(text: str) -> str:
    """Digits of any script as 0 to 9."""
    return text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
