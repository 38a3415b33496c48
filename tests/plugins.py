"""How the suite is run: what is skipped where nothing may be, and who of several workers runs what.

Loaded by pytest's settings in pyproject.toml, in the process that reports and in each worker of pytest-xdist.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARED_FOLDER = "tests/browser/"
"""Its files share one city on a server and one Chromium, so one worker runs them all."""

_skipped: list[str] = []


# --- nothing may be skipped where everything is required ----------------------------------------------------


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped (a test that is expected to fail counts as run).

    Called where the test ran and, under pytest-xdist, once more where all reports come together.
    """
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    """A file that skips itself as a whole is a failure too: workers do not report it in any other way."""
    report = yield
    if report.outcome == "skipped" and _everything_is_required():
        report.outcome = "failed"
        report.longrepr = f"ANSWERABLE_REQUIRE_ALL is set, and {collector.nodeid} skips itself"
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything is required, as in CI, a skipped test is a failed run."""
    if _skipped and _everything_is_required() and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _skipped and _everything_is_required():
        terminalreporter.write_line("ANSWERABLE_REQUIRE_ALL is set, so these skips fail the run:", red=True)
        for name in _skipped:
            terminalreporter.write_line(f"  {name}", red=True)


def _everything_is_required() -> bool:
    return bool(os.environ.get("ANSWERABLE_REQUIRE_ALL"))


# --- who runs what --------------------------------------------------------------------------------------------


def share(nodeid: str) -> str:
    """What one worker runs in one go: a file, or a folder whose files share something expensive."""
    return SHARED_FOLDER if nodeid.startswith(SHARED_FOLDER) else nodeid.partition("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a worker, bring the long shares first, so that none is left alone at the end; then the largest."""
    if not hasattr(config, "workerinput"):
        return
    sizes = Counter(share(item.nodeid) for item in items)
    long = {share(item.nodeid) for item in items if item.get_closest_marker("slow")} | {SHARED_FOLDER}
    items.sort(key=lambda item: (share(item.nodeid) not in long, -sizes[share(item.nodeid)]))


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the collector of cycles need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


class Shares(LoadScopeScheduling):
    """Hand out shares in the order in which the workers bring them."""

    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares:
    """Whatever ``--dist`` says: a worker always takes whole shares."""
    config.option.loadscopereorder = False
    return Shares(config, log)
