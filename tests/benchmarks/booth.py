"""The voting booth: its size, and the time that it takes to seal a ballot on a slow device.

Chromium slows a page's own thread down, not its workers. So the booth's modules seal on the page here, at a quarter and at
a sixth of this machine's speed; and once more in the worker, from the press of the button on, at full speed.
"""

from __future__ import annotations

import gzip
import json
import logging
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from elections.ballot.questions import Question
from elections.rehearsal import invented_answers
from tests.booth.bundles import ROOT, bundle
from tests.booth.server import Site, serving
from tests.servers import CHROMIUM_ARGUMENTS, chromium_path

CANDIDATES, MOST = 24, 3
SLOWER = (1, 4, 6)
TURNS = 9
SECONDS = 10.0
"""What sealing may take at the slowest."""
BYTES = 100_000


def run() -> bool:
    """Print size and times; True if the booth is small and sealing takes less than ten seconds at a sixth of the speed."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    size = _size()
    questions = (Question("Council", invented_answers(CANDIDATES), 0, MOST, blank=True),)
    with serving(Site.of(questions)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_ARGUMENTS))
        print(
            f"sealing and signing a ballot: {CANDIDATES} candidates, up to {MOST} votes, blank vote allowed"
        )
        times = [_on_the_page(browser, site, rate) for rate in SLOWER]
        for rate, seconds in zip(SLOWER, times, strict=True):
            print(f"  {rate}x slower          {seconds:6.2f} s")
        print(
            f"  in the worker      {_in_the_worker(browser, site):6.2f} s   from the press of the button on"
        )
        browser.close()
    print(f"  at most            {SECONDS:6.2f} s   at {SLOWER[-1]}x")
    return size < BYTES and times[-1] < SECONDS


def _size() -> int:
    name = json.loads((ROOT / "static" / "manifest.json").read_text("utf-8"))["booth/booth.js"]
    script = (ROOT / "static" / name).read_bytes()
    print(
        f"script and worker: {len(script):,} bytes, {len(gzip.compress(script)):,} gzipped (at most {BYTES:,})"
    )
    return len(script)


def _on_the_page(browser: Browser, site: Site, rate: int) -> float:
    """Seconds, the middle of a few turns, each in a fresh page that makes its tables first."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "measure.js"
        bundle("measure.ts", script, "--format=iife", "--target=chrome79")
        choices = [[0] * (CANDIDATES + 1 - MOST) + [1] * MOST]
        for _ in range(TURNS):
            page = browser.new_page(bypass_csp=True)
            page.goto(f"{site.url}/en/vote/")
            page.add_script_tag(path=script)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
            given = [site.election.message.decode(), site.codes[0], choices]
            found.append(page.evaluate("given => measure(...given)", given) / 1000)
            page.close()
    return statistics.median(found)


def _in_the_worker(browser: Browser, site: Site) -> float:
    page = browser.new_page()
    page.goto(f"{site.url}/en/vote/#{site.codes[0]}")
    page.locator("main form button").click()
    for slot in range(MOST):
        page.check(f"#q0s{slot}")
    page.locator(".a-actionbar button").click()
    began = time.perf_counter()
    page.locator("main .govuk-button").first.click()
    page.locator("details.govuk-details").wait_for()
    return time.perf_counter() - began
