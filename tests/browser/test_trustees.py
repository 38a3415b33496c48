"""Trustees in a real browser: a key made by keyboard and handed in by the desk's address, another without any network in
Arabic; later the result, decrypted by both and by a third at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.db import db
from elections.ballot import canonical, tally, trustees
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.messages.booth import POLICY
from elections.models.urn import Urn, UrnEvent, UrnTrustee
from elections.queries.urn import find_ceremony
from elections.rules.stages import ActKind, Stage
from elections.services.urn.closing import multiply_ballots, take_handed_part
from elections.services.urn.keys import hand_in_key, name_trustees, place_code
from elections.services.urn.preparing import prepare_urn
from elections.verify import verify
from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.remains import KEPT, memory
from tests.browser.test_accessibility import faults
from tests.browser.town import Town
from tests.city import rows, staff
from tests.elections.boxes import stand
from tests.elections.city import CODE, act, bring_to, prepare_election
from tests.elections.voters import AFTER, VOTING, archive
from tests.elections.voters import Town as Voters

pytestmark = pytest.mark.browser

PASSPHRASE = "seven quiet lanterns over the river"


@pytest.fixture
def voters(town: Town) -> Voters:
    """Three trustees are named, and the authority has its credentials; no key is there."""
    prepare_election()
    stand(4)
    bring_to(Stage.READY)
    voters = Voters(voters=12)
    name_trustees(CODE, ["Chair of the migrant council", "City judge", "Library"], staff("returning_officer"))
    return voters


def invited(number: int) -> str:
    """What stands behind ``#`` in the address that the desk gives to a trustee."""
    (urn,) = rows(Urn)
    (place,) = [row for row in rows(UrnTrustee) if row.number == number]
    return f"#{number}-{place_code(urn.uuid, number, place.turn)}"


def page_of(town: Town, language: str, fragment: str = "") -> str:
    return f"{town.url}/{language}/elections/{CODE}/trustee/{fragment}"


def press(page: Page, selector: str) -> None:
    """Go to something with the tabulator and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def saved(page: Page, button: str, target: Path) -> Path:
    """What the button called ``button`` saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    download.value.save_as(target)
    return target


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    expect(page.locator("h1")).to_be_focused()


@pytest.mark.slow
def test_trustees_make_their_keys_and_decrypt_the_result_in_their_browsers(
    town: Town, voters: Voters, open_page: Opener, axe: str, tmp_path: Path
) -> None:
    found: list[str] = []

    # The first trustee comes by the desk's address and uses the keyboard alone.
    page = open_page(viewport=DESK, bypass_csp=True)
    page.goto(page_of(town, "en", invited(1)))
    page.locator("h1").wait_for()
    assert page.url == page_of(town, "en")
    found += faults(page, axe)
    press(page, "main .govuk-button")
    heading(page, "Make your key")
    assert page.locator("#place").input_value() == "1"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("too short")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    found += faults(page, axe)
    for field in ("#passphrase", "#again"):
        page.fill(field, PASSPHRASE)
    press(page, "button[type=submit]")
    page.locator("#fingerprint").wait_for()
    heading(page, "Your key is made")
    expect(page.get_by_role("button", name="Hand in my public key")).to_have_count(0)
    first = saved(page, "Save my private key", tmp_path / "first")
    page.set_input_files("#saved", str(Path(__file__)))
    expect(page.get_by_role("status")).to_contain_text("This is not the file that holds your key.")
    page.set_input_files("#saved", first)
    expect(page.get_by_role("status")).to_have_text("The file is there and whole.")
    page.get_by_role("button", name="Hand in my public key").dblclick()
    expect(page.locator("[data-handed]")).to_have_text("The election board has your public key.")
    found += faults(page, axe)
    shown = page.locator("#fingerprint + p").inner_text()
    assert PASSPHRASE not in page.content()
    assert page.evaluate(KEPT) == [0] * 6
    page.goto(f"{town.url}/en/elections/{CODE}/trustees/")
    assert shown in page.locator("table").inner_text()
    expect(page.locator("main")).to_contain_text("1 of 3 keys handed in")
    found += faults(page, axe)

    # The second has no address, reads Arabic and cuts the network once the page is there.
    other = open_page(viewport=PHONE, locale="ar", bypass_csp=True)
    other.goto(page_of(town, "ar"))
    other.locator("h1").wait_for()
    assert other.locator("html").get_attribute("dir") == "rtl"
    other.context.set_offline(True)
    other.locator("main button").first.click()
    other.select_option("#place", "2")
    for field in ("#passphrase", "#again"):
        other.fill(field, PASSPHRASE)
    other.locator("button[type=submit]").click()
    other.locator("#fingerprint").wait_for()
    found += faults(other, axe)
    second = saved(other, "حفظ مفتاحي السري", tmp_path / "second")
    key = saved(other, "حفظ مفتاحي العام", tmp_path / "second.key")
    officer = staff("returning_officer")
    hand_in_key(CODE, 2, key.read_bytes(), officer)

    # The third uses the command line. Then the city votes.
    secret, own = trustees.make_key(GROUP)
    hand_in_key(CODE, 3, canonical.write(own.plain(GROUP)), officer)
    prepare_urn(CODE, None, voters.listed, voters.spares, officer)
    town.it_is(VOTING)
    act(ActKind.OPEN_VOTING)
    for voter in range(11):
        voters.vote(voter, 1 + voter % 3)
    voters.vote(0, 4)
    town.it_is(AFTER)
    act(ActKind.CLOSE_VOTING)
    multiply_ballots(CODE, officer)

    # The first decrypts and hands the part in, pressing twice.
    page.goto(page_of(town, "en"))
    page.get_by_role("button", name="Decrypt my part").click()
    page.set_input_files("#key", first)
    page.fill("#passphrase", "another passphrase")
    page.get_by_role("button", name="Check the board").click()
    page.get_by_role("alert").wait_for()
    expect(page.get_by_role("alert")).to_contain_text("The passphrase is wrong")
    page.fill("#passphrase", PASSPHRASE)
    page.get_by_role("button", name="Check the board").click()
    page.locator("dl").wait_for()
    heading(page, "Is this the election?")
    facts = page.locator("dl").inner_text()
    ceremony = find_ceremony(db.session(), CODE)
    for fact in ("1 of 3", "11", voters.election.fingerprint, ceremony.tally):
        assert fact in facts
    found += faults(page, axe)
    page.get_by_role("button", name="Decrypt the result").click()
    page.get_by_role("button", name="Hand it in now").wait_for()
    heading(page, "Your part is ready")
    page.get_by_role("button", name="Hand it in now").dblclick()
    expect(page.locator("[data-handed]")).to_have_text(
        "The election board has your part. You are done. Thank you."
    )
    found += faults(page, axe)
    db.session.rollback()
    assert find_ceremony(db.session(), CODE).parts == 1

    # The second brought the board as a file and has no network again.
    board = tmp_path / "board.bel"
    board.write_bytes(archive())
    other.context.set_offline(False)
    other.goto(page_of(town, "ar"))
    other.locator("h1").wait_for()
    other.context.set_offline(True)
    other.locator("main button").nth(1).click()
    other.set_input_files("#key", second)
    other.set_input_files("#board", board)
    other.fill("#passphrase", PASSPHRASE)
    found += faults(other, axe)
    other.locator("button[type=submit]").click()
    other.locator("dl").wait_for()
    found += faults(other, axe)
    other.locator("main .govuk-button").first.click()
    part = saved(other, "احفظوا في ملف", tmp_path / "part")
    assert not take_handed_part(CODE, part.read_bytes(), officer)

    (table,) = [row.before for row in rows(UrnEvent) if row.kind == "EncryptedTally"]
    last = tally.decrypt_part(voters.election, tally.read_table(voters.election, table or b""), secret)
    assert take_handed_part(CODE, tally.hand_over(voters.election, 3, last), officer)
    board.write_bytes(archive())
    account = verify(board)
    assert account.sound
    assert account.result == [[0, 3, 4, 3, 1]]
    assert found == []


def test_the_page_may_load_nothing_but_its_own_files_and_keeps_nothing(
    town: Town, voters: Voters, open_page: Opener
) -> None:
    page = open_page()
    answer = page.goto(page_of(town, "en", invited(2)))
    assert answer is not None
    assert answer.headers["content-security-policy"] == POLICY
    page.get_by_role("button", name="Make my key").click()
    page.fill("#passphrase", PASSPHRASE)
    page.locator(".a-languages a[hreflang=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.input_value("#passphrase") == PASSPHRASE, "what was typed stays when the language changes"
    page.locator(".a-languages a[hreflang=en]").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    page.fill("#again", PASSPHRASE)
    page.locator("button[type=submit]").click()
    page.locator("#fingerprint").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my private key").click()
    sealed = json.loads(Path(download.value.path()).read_bytes())["sealed"]
    assert sealed in memory(page)
    assert PASSPHRASE not in memory(page)
    page.get_by_role("button", name="Finish").click()
    left = memory(page)
    assert sealed not in left
    assert page.evaluate(KEPT) == [0] * 6
