"""A real server on a real database, as ``answerable serve`` runs it, that tests may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A clean environment for our commands, with ``folder`` for data and keys."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "ANSWERABLE_VAR": str(folder), "PYTHONPATH": str(ROOT), **more}


def command(folder: Path, *words: str, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``answerable words…`` and return what it printed."""
    program = [sys.executable, "-m", "app.cli", *words]
    return subprocess.run(
        program,
        env=environment(folder, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=check,
        timeout=300,
    )


class LiveServer:
    """``answerable serve`` in a process group of its own."""

    def __init__(
        self, folder: Path, workers: int = 2, wrap: Sequence[str] = (), log: Path | None = None, **more: str
    ) -> None:
        self.folder, self.workers, self.wrap, self.more = folder, workers, tuple(wrap), more
        self.log = log or Path(os.devnull)
        """What the server says is put at the end of this file."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> LiveServer:
        words = [
            sys.executable,
            "-m",
            "app.cli",
            "serve",
            "--port",
            str(self.port),
            "--workers",
            str(self.workers),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.wrap, *words],
                env=environment(self.folder, BASE_URL=self.url, **self.more),
                cwd=ROOT,
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/how-this-works/", timeout=5):
                    return
            except OSError:
                if self.process is not None and self.process.poll() is not None:
                    raise RuntimeError(f"the server ended with {self.process.returncode}") from None
                time.sleep(0.05)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """kill -9, every process of it at once: no handler runs, nothing is flushed."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and make sure it did."""
        self._signal(signal.SIGTERM)

    def workers_memory(self) -> dict[int, int]:
        """Resident bytes by process id, of the server's processes that have loaded the application."""
        assert self.process is not None
        group = os.getpgid(self.process.pid)
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if os.getpgid(int(entry.name)) != group:
                    continue
                pages = int((entry / "statm").read_text().split()[1])
            except (OSError, ProcessLookupError):
                continue
            size = pages * os.sysconf("SC_PAGE_SIZE")
            if size > 40_000_000:
                found[int(entry.name)] = size
        return found

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        self.process = None


@contextmanager
def live_server(
    folder: Path, workers: int = 2, wrap: Sequence[str] = (), log: Path | None = None, **more: str
) -> Iterator[LiveServer]:
    """A server for the length of a ``with`` block."""
    server = LiveServer(folder, workers, wrap, log, **more)
    try:
        yield server.start()
    finally:
        server.stop()


def open_city(folder: Path, measures: int = 3, environ: Mapping[str, str] | None = None) -> str:
    """Prepare an empty installation with one open round of ``measures`` measures; return its code."""
    more = dict(environ or {})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(
        'second_factor = false\n[limits]\nsubmit = "1000000 per hour"\n', encoding="utf-8"
    )
    draft = folder / "draft.md"
    lines = ["# A plan", "", "## A chapter", ""]
    for number in range(1, measures + 1):
        lines += [f"### {number}. Measure {number}", "", f"The city does thing {number}.", ""]
    draft.write_text("\n".join(lines), encoding="utf-8")
    command(folder, "db", "upgrade", **more)
    today = time.time()
    opens, closes = (time.strftime("%Y-%m-%d", time.gmtime(today + days * 86400)) for days in (-10, 40))
    words = ("--title", "A plan", "--language", "en", "--opens", opens, "--closes", closes, "--code", "AP-26")
    command(folder, "consult", "create-round", str(draft), *words, "--short-reason", "A test.", **more)
    return "AP-26"
