"""The voting booth in a real browser, against an urn of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from elections.ballot import canonical
from elections.ballot.ballots import read_ballot
from elections.ballot.challenge import check_challenge
from elections.ballot.credentials import public_credential
from elections.ballot.questions import Question
from elections.messages.booth import POLICY
from tests.booth.codes import with_remainder
from tests.booth.server import NAMES, Site, council, serving
from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.remains import KEPT, memory
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 640}
OFFLINE = "Failed to load resource"


@pytest.fixture
def site() -> Iterator[Site]:
    """A council election in which up to three of eight people are chosen, or a blank vote is cast."""
    with serving(Site.of(council())) as site:
        yield site


def enter(page: Page, site: Site, language: str = "en", code: str = "") -> None:
    """Come from the letter's QR code and go on to the choice."""
    page.goto(f"{site.url}/{language}/vote/#{code or site.codes[0]}")
    page.locator("main form button").click()
    page.locator(".a-actionbar").wait_for()


def choose(page: Page, *slots: int) -> None:
    for slot in slots:
        page.check(f"#q0s{slot}")


def go_on(page: Page) -> None:
    """Press the main button of the step."""
    page.locator("main .govuk-button:not(.govuk-button--secondary)").first.click()


def seal(page: Page) -> str:
    """From the choice to the sealed vote; the seal that is shown."""
    go_on(page)
    page.locator(".a-choices").first.wait_for()
    go_on(page)
    page.locator("details.govuk-details").wait_for()
    return page.locator("code.a-tracker").inner_text()


def tracker(page: Page) -> str:
    """The tracker on the last page."""
    return page.locator("#tracker + p code").inner_text()


# --- voting ------------------------------------------------------------------------------------------------------------


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def at_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    expect(page.locator("h1")).to_be_focused()


def test_a_person_votes_by_keyboard_alone(site: Site, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{site.url}/en/vote/")
    tab_to(page, "#code")
    page.keyboard.type(" ".join(site.codes[0][at : at + 4] for at in range(0, 32, 4)))
    page.keyboard.press("Enter")
    at_heading(page, "Choose up to 3 names")
    for slot in (1, 4):
        tab_to(page, f"#q0s{slot}")
        page.keyboard.press("Space")
    expect(page.locator("[aria-live]")).to_have_text("2 of 3 chosen")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    at_heading(page, "Is this your choice?")
    assert [each.split("\n")[0] for each in page.locator(".a-choice").all_inner_texts()] == [
        NAMES[1],
        NAMES[4],
    ]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at_heading(page, "Your vote is sealed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at_heading(page, "Your vote is in the ballot box")
    assert [tracker(page)] == [canonical.fingerprint(ballot) for ballot in site.board]
    assert site.votes() == [[[0, 0, 1, 0, 0, 1, 0, 0, 0]]]


def test_a_person_votes_in_arabic_from_the_letters_qr_code(site: Site, open_page: Opener) -> None:
    page = open_page(locale="ar")
    arabic = "".join(chr(ord("٠") + int(digit)) for digit in site.codes[0])
    page.goto(f"{site.url}/ar/vote/#{arabic}")
    page.locator("#code").wait_for()
    assert page.url == f"{site.url}/ar/vote/"
    assert page.locator("html").get_attribute("dir") == "rtl"
    go_on(page)
    choose(page, 0, 2)
    assert page.locator("legend bdi").all_inner_texts()[0] == "البلدان العربية وشمال أفريقيا"
    seal(page)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("صوتكم في صندوق الاقتراع")
    assert page.locator("code.a-tracker").first.get_attribute("dir") == "ltr"
    assert site.votes() == [[[0, 1, 0, 1, 0, 0, 0, 0, 0]]]


def test_the_code_never_leaves_the_device(site: Site, open_page: Opener) -> None:
    page = open_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.headers} {request.post_data}"))
    enter(page, site)
    choose(page, 0)
    seal(page)
    go_on(page)
    page.locator("#tracker").wait_for()
    assert len(sent) >= 6
    assert not [each for each in sent if site.codes[0] in each]


CODES: dict[str, Callable[[], str]] = {
    "Type the code of your voting letter.": lambda: "",
    "A code has 32 digits. Digits here: 4.": lambda: "12 34",
    "A code has digits only. Copy the 32 digits of your voting letter.": lambda: "1234x",
    "This is a receipt code. Type the code of your voting letter.": lambda: with_remainder(1),
    "One digit is not right. Compare the code with your voting letter.": lambda: with_remainder(3),
}


@pytest.mark.parametrize("sentence", CODES)
def test_a_wrong_code_is_refused_with_what_to_do(site: Site, open_page: Opener, sentence: str) -> None:
    page = open_page()
    page.goto(f"{site.url}/en/vote/")
    page.fill("#code", CODES[sentence]())
    go_on(page)
    expect(page.locator("#code-error")).to_have_text(sentence)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#code")).to_be_focused()
    assert "code-error" in (page.locator("#code").get_attribute("aria-describedby") or "")


def test_a_practice_says_in_every_step_that_it_counts_for_nothing(site: Site, open_page: Opener) -> None:
    site.practice = True
    page = open_page()
    said = page.get_by_text("This is a practice. Nothing here counts.")
    enter(page, site)
    expect(said).to_be_visible()
    seal(page)
    expect(said).to_be_visible()
    go_on(page)
    page.locator("#tracker").wait_for()
    expect(said).to_be_visible()


HIDDEN = """() => {
    const box = document.activeElement.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return Boolean(top && top.closest('.a-actionbar')) && !document.activeElement.closest('.a-actionbar');
}"""


def test_the_bar_with_the_count_never_covers_what_has_the_focus(site: Site, open_page: Opener) -> None:
    page = open_page(viewport=SMALL)
    enter(page, site)
    covered = []
    for way in ("Tab", "Shift+Tab"):
        for _ in range(12):
            page.keyboard.press(way)
            if page.evaluate(HIDDEN):
                covered.append(page.evaluate("document.activeElement.outerHTML"))
    assert covered == []


# --- choosing by the rules ---------------------------------------------------------------------------------------------


def test_too_many_are_counted_aloud_and_refused(site: Site, open_page: Opener) -> None:
    page = open_page()
    enter(page, site)
    choose(page, 0, 1, 2, 3, 4)
    expect(page.locator("[aria-live]")).to_have_text("You chose 5. Take 2 names away.")
    page.locator(".a-actionbar button").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("You chose 5. Take 2 names away.")
    page.uncheck("#q0s0")
    page.uncheck("#q0s1")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("[aria-live]")).to_have_text("3 of 3 chosen")
    page.locator(".a-actionbar button").click()
    expect(page.locator(".a-choice")).to_have_count(3)


def test_a_blank_vote_is_a_choice_of_its_own_and_goes_with_no_name(site: Site, open_page: Opener) -> None:
    page = open_page()
    enter(page, site)
    page.check("#q0b")
    choose(page, 3)
    page.locator(".a-actionbar button").click()
    expect(page.get_by_role("alert")).to_contain_text("A blank vote chooses nobody.")
    page.uncheck("#q0s3")
    seal(page)
    go_on(page)
    page.locator("#tracker").wait_for()
    assert site.votes() == [[[1, 0, 0, 0, 0, 0, 0, 0, 0]]]


def test_choosing_nobody_is_said_and_allowed_where_the_rules_allow_it(site: Site, open_page: Opener) -> None:
    page = open_page()
    enter(page, site)
    go_on(page)
    expect(page.locator(".a-choice")).to_have_text("You choose nobody here. That is allowed.")


def test_several_questions_each_keep_their_own_rule(open_page: Opener) -> None:
    questions = (Question("Who?", ("Ana", "Eda", "Kim"), 2, 2), Question("Which list?", ("A", "B"), 1, 1))
    with serving(Site.of(questions)) as site:
        page = open_page()
        enter(page, site)
        choose(page, 0)
        page.locator(".a-actionbar button").click()
        assert page.get_by_role("alert").get_by_role("link").all_inner_texts() == [
            "You chose 1. Choose 1 more name.",
            "You chose 0. Choose 1 more name.",
        ]
        choose(page, 2)
        page.check("#q1s1")
        seal(page)
        go_on(page)
        page.locator("#tracker").wait_for()
        assert site.votes() == [[[1, 0, 1], [0, 1]]]


def test_the_language_changes_in_place_and_the_choice_stays(site: Site, open_page: Opener) -> None:
    page = open_page()
    enter(page, site)
    choose(page, 0, 5)
    page.locator(".a-languages a[hreflang=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("h1")).to_have_text("اختاروا 3 أسماء على الأكثر")
    expect(page.locator(".a-languages a[hreflang=ar]")).to_have_attribute("aria-current", "true")
    expect(page.locator("footer p")).to_contain_text("هل هناك مشكلة؟")
    assert page.locator("input:checked").count() == 2
    seal(page)
    go_on(page)
    page.locator("#tracker").wait_for()
    assert site.votes() == [[[0, 1, 0, 0, 0, 0, 1, 0, 0]]]


def test_the_browsers_way_back_leads_one_step_back(site: Site, open_page: Opener) -> None:
    page = open_page()
    enter(page, site)
    choose(page, 6)
    seal(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Is this your choice?")
    page.go_back()
    expect(page.locator("#q0s6")).to_be_checked()


# --- the challenge -----------------------------------------------------------------------------------------------------


def test_a_vote_that_is_opened_shows_what_it_holds_and_another_one_is_cast(
    site: Site, open_page: Opener, tmp_path: Path
) -> None:
    page = open_page()
    enter(page, site)
    choose(page, 2, 7)
    shown = seal(page)
    page.locator("details summary").click()
    page.locator("details button").dblclick()
    expect(page.locator("h1")).to_have_text("This was in the sealed vote")
    assert [each.split("\n")[0] for each in page.locator(".a-choice").all_inner_texts()] == [
        NAMES[2],
        NAMES[7],
    ]
    assert page.locator("code.a-tracker").inner_text() == shown
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / "opened-ballot.json"
    download.value.save_as(file)
    opened = check_challenge(file.read_bytes(), site.election.message)
    assert (opened.seal, opened.answers()) == (shown, [[NAMES[2], NAMES[7]]])
    assert site.received == 0
    status, _answer = site.take(canonical.write(json.loads(file.read_text("utf-8"))["ballot"]))
    assert status == 400
    page.get_by_role("button", name="Go on and vote").click()
    go_on(page)
    page.locator("details.govuk-details").wait_for()
    again = page.locator("code.a-tracker").inner_text()
    assert again != shown
    go_on(page)
    page.locator("#tracker").wait_for()
    assert [read_ballot(site.election, ballot).signature_hash for ballot in site.board] == [again]
    assert site.votes() == [[[0, 0, 0, 1, 0, 0, 0, 0, 1]]]


def test_another_device_checks_what_was_opened(site: Site, open_page: Opener, tmp_path: Path) -> None:
    page, other = open_page(), open_page(locale="ar")
    enter(page, site)
    choose(page, 5)
    shown = seal(page)
    page.locator("details summary").click()
    page.locator("details button").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / "opened-ballot.json"
    download.value.save_as(file)
    lie = tmp_path / "lie.json"
    lie.write_text(file.read_text("utf-8").replace('"choices":[[0,0,', '"choices":[[0,1,'), encoding="utf-8")
    other.goto(f"{site.url}/en/vote/")
    other.locator("details summary").click()
    other.set_input_files("#opened", lie)
    expect(other.get_by_role("alert")).to_contain_text("This file does not hold what it says.")
    other.set_input_files("#opened", file)
    at_heading(other, "This was in the sealed vote")
    assert other.locator(".a-choice strong").all_inner_texts() == [NAMES[5]]
    assert other.locator("code.a-tracker").inner_text() == shown
    assert site.received == 0


# --- a line that breaks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["the ballot", "the answer"])
def test_a_vote_is_sent_again_after_the_connection_broke_and_counts_once(
    site: Site, open_page: Opener, lost: str
) -> None:
    page = open_page(expected=OFFLINE)
    bodies: list[str | None] = []

    def unreliable(route: Route, request: Request) -> None:
        bodies.append(request.post_data)
        if len(bodies) == 1 and lost == "the ballot":
            route.abort("connectionreset")
        else:
            route.continue_()

    site.lose_answers = int(lost == "the answer")
    page.route("**/cast", unreliable)
    enter(page, site)
    choose(page, 1)
    seal(page)
    go_on(page)
    expect(page.locator("h1")).to_have_text("Your vote is not sent yet")
    page.locator("#tracker").wait_for()  # by itself
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert [canonical.fingerprint(ballot) for ballot in site.board] == [tracker(page)]


def test_pressing_twice_sends_one_vote(site: Site, open_page: Opener) -> None:
    page = open_page()
    enter(page, site)
    seal(page)
    page.locator("main .govuk-button").first.dblclick()
    page.locator("#tracker").wait_for()
    assert site.received == 1


def test_the_city_refuses_and_says_why(site: Site, open_page: Opener) -> None:
    page = open_page()
    site.refuse = (403, {"code": "credential_revoked", "message": "This code was replaced by another."})
    enter(page, site)
    seal(page)
    go_on(page)
    expect(page.locator("main .a-lead")).to_have_text("This code was replaced by another.")
    site.refuse = (410, {"code": "voting_closed", "message": "Voting is closed."})
    page.get_by_role("button", name="Begin again").click()
    page.fill("#code", site.codes[1])
    go_on(page)
    seal(page)
    go_on(page)
    expect(page.locator("main .a-lead")).to_have_text("Voting is closed.")
    expect(page.locator("main button")).to_have_count(0)


def test_an_answer_about_another_ballot_is_never_taken_for_success(site: Site, open_page: Opener) -> None:
    page = open_page()
    site.refuse = (200, {"tracker": "A" * 43})
    enter(page, site)
    seal(page)
    go_on(page)
    expect(page.locator("h1")).to_have_text("Your vote was not accepted")
    expect(page.locator("main .a-lead")).to_contain_text("show it to the election board")


# --- what stays --------------------------------------------------------------------------------------------------------


def test_nothing_of_the_vote_stays_in_the_browser(site: Site, open_page: Opener) -> None:
    page = open_page()
    enter(page, site)
    choose(page, 0, 1)
    seal(page)
    go_on(page)
    page.locator("#tracker").wait_for()
    assert page.evaluate(KEPT) == [0] * 6
    assert page.context.cookies() == []
    assert page.evaluate("history.state") in (None, "booth")
    assert page.url == f"{site.url}/en/vote/"
    markup = page.content()
    assert not [name for name in NAMES if name in markup]
    assert site.codes[0] not in markup.replace(" ", "")
    assert page.workers == []
    page.get_by_role("button", name="Finish").click()
    assert page.input_value("#code") == ""
    page.fill("#code", site.codes[1])
    go_on(page)
    assert page.locator("input:checked").count() == 0
    page.goto("about:blank")
    page.go_back()
    page.locator("#code").wait_for()
    assert page.input_value("#code") == ""


def test_code_and_ballot_are_not_even_in_the_browsers_memory(site: Site, open_page: Opener) -> None:
    page = open_page(expected=OFFLINE)
    credential = str(public_credential(site.election.uuid, site.codes[0]))
    page.goto(f"{site.url}/en/vote/")
    page.fill("#code", site.codes[0])
    assert site.codes[0] in memory(page)
    go_on(page)
    choose(page, 2)
    seal(page)
    site.lose_answers = 1
    go_on(page)
    expect(page.locator("h1")).to_have_text("Your vote is not sent yet")
    waiting = memory(page)
    assert credential in waiting, "the sealed vote waits"
    assert site.codes[0] not in waiting
    page.locator("#tracker").wait_for()
    assert credential not in memory(page)


# --- who cannot vote here ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["script", "workers", "cryptography"])
def test_a_browser_that_cannot_seal_is_shown_the_station_devices(
    site: Site, open_page: Opener, lacking: str
) -> None:
    page = open_page(java_script_enabled=lacking != "script")
    if lacking == "workers":
        page.add_init_script("delete window.Worker")
    if lacking == "cryptography":
        page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.goto(f"{site.url}/en/vote/")
    expect(page.locator("main")).to_contain_text("You can vote on a device in a city office.")
    expect(page.locator("main")).to_contain_text("Town Hall, room 12.")
    assert page.locator("#code").count() == 0


def test_a_list_of_candidates_that_does_not_fit_the_election_is_not_shown(
    site: Site, open_page: Opener
) -> None:
    page = open_page()

    def shortened(route: Route) -> None:
        words = route.fetch().json()
        words["questions"][0]["groups"].pop()
        route.fulfill(json=words)

    page.route("**/booth.json", shortened)
    page.goto(f"{site.url}/en/vote/")
    expect(page.locator("h1")).to_have_text("You cannot vote on this device now")


def test_a_script_that_is_not_the_published_one_does_not_run(site: Site, open_page: Opener) -> None:
    page = open_page(expected="integrity")
    page.route(
        "**/booth.*.js",
        lambda route: route.fulfill(response=(found := route.fetch()), body=found.text() + " "),
    )
    page.goto(f"{site.url}/en/vote/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_text("Voting booth")


def test_the_page_may_load_nothing_but_its_own_files(site: Site, open_page: Opener) -> None:
    page = open_page()
    answer = page.goto(f"{site.url}/en/vote/")
    assert answer is not None
    assert answer.headers["content-security-policy"] == POLICY
    assert "'unsafe" not in POLICY
    for element in page.locator("script, link[rel=stylesheet]").all():
        assert (element.get_attribute("integrity") or "").startswith("sha256-")
    assert page.locator("[style], script:not([src]), style").count() == 0


# --- for everybody -----------------------------------------------------------------------------------------------------


def steps(page: Page, site: Site, language: str) -> Iterator[str]:
    """Every step, one after the other."""
    page.goto(f"{site.url}/{language}/vote/#{site.codes[0]}")
    page.locator("#code").wait_for()
    yield "code"
    page.fill("#code", "1234")
    go_on(page)
    yield "wrong code"
    page.fill("#code", site.codes[0])
    go_on(page)
    choose(page, 0, 1, 2, 3)
    page.locator(".a-region summary").first.click()
    page.locator(".a-actionbar button").click()
    yield "too many"
    page.uncheck("#q0s3")
    go_on(page)
    yield "review"
    page.evaluate(
        "() => { window.Honest = Worker; window.Worker = class { postMessage() {} terminate() {} } }"
    )
    go_on(page)
    page.locator("[role=progressbar]").wait_for()
    yield "sealing"
    page.evaluate("() => { window.Worker = window.Honest }")
    page.locator("main .govuk-button").click()
    go_on(page)
    page.locator("details summary").click()
    yield "sealed"
    page.locator("details button").click()
    page.locator(".a-booth__command").wait_for()
    yield "opened"
    go_on(page)
    go_on(page)
    page.locator("details.govuk-details").wait_for()
    site.lose_answers = 1
    go_on(page)
    page.wait_for_function("document.querySelectorAll('main button').length === 1")
    yield "waiting"
    go_on(page)
    page.locator("#tracker").wait_for()
    yield "done"


@pytest.mark.slow
@pytest.mark.parametrize("size", [SMALL, DESK], ids=["320", "1200"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_in_any_step_and_no_line_is_cut_off(
    site: Site, open_page: Opener, axe: str, language: str, size: dict[str, int]
) -> None:
    page = open_page(viewport=size, bypass_csp=True, expected=OFFLINE)
    found = {}
    for step in steps(page, site, language):
        assert page.locator("h1").count() == 1, step
        if lines := [*faults(page, axe), *too_wide(page)]:
            found[step] = lines
    assert found == {}


def too_wide(page: Page) -> list[str]:
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{beyond} px too wide"] if beyond > 0 else []


@pytest.mark.slow
def test_twice_the_size_of_text_fits_on_a_phone(site: Site, open_page: Opener) -> None:
    page = open_page(viewport=PHONE, bypass_csp=True, expected=OFFLINE)
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%' })"
    )
    assert {step: lines for step in steps(page, site, "en") if (lines := too_wide(page))} == {}
