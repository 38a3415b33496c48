"""Real servers for the tests: private, thrown away afterwards, never a server that was there before.

Each helper raises `Missing` with the packages to install when its program is not on this machine. A fixture
turns that into a skip with `skip_or_fail`:

    try:
        with postgresql_server() as url: ...
    except Missing as missing:
        skip_or_fail(missing)
"""

from __future__ import annotations

import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
import redis
from psycopg import sql
from sqlalchemy import make_url

PATIENCE = 30.0
"""Seconds a server may take to answer; on a busy machine with two cores it needs about one."""


class Missing(Exception):
    """A program is not installed; the text says what to install."""


def skip_or_fail(missing: Missing) -> NoReturn:
    """Skip the test that needed the program, or fail it where `ANSWERABLE_REQUIRE_ALL` forbids gaps."""
    if os.environ.get("ANSWERABLE_REQUIRE_ALL"):
        pytest.fail(str(missing), pytrace=False)
    pytest.skip(str(missing))


# --- PostgreSQL ---------------------------------------------------------------------------------------------


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own; yields the SQLAlchemy URL of its maintenance database.

    It listens on a Unix socket in a folder of its own, so no port can be taken. It does not wait for the
    disk (`fsync=off`): its data is thrown away. PostgreSQL refuses to run as root; then its own user does.
    """
    programs = postgresql_programs()
    with _folder("answerable-pg-") as folder:
        as_user = _as_unprivileged(folder)
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "answerable", "-A", "trust", "-E", "UTF8"]
        _run([*initdb, "--locale=C.UTF-8", "--no-sync", "--no-instructions"], folder, **as_user)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "120",
            "shared_buffers": "64MB",
            "log_min_messages": "fatal",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        url = f"postgresql+psycopg://answerable@/postgres?host={folder}"
        # SIGINT is PostgreSQL's fast stop: open connections are cut.
        server = [programs / "postgres", "-D", data, *options]
        with _process(server, folder, stop=signal.SIGINT, **as_user) as process:
            _wait(lambda: _connect(url).close(), process, folder)
            yield url


def create_database(url: str, template: str | None = None) -> str:
    """Make a database with a new name on the server of `url` and return its URL.

    `template` is the URL of a database to copy: prepare one with the migrations, then each test gets its own
    in a few milliseconds. Nobody may be connected to the template (dispose of its engine first).
    """
    name = f"t_{secrets.token_hex(6)}"
    source = make_url(template).database if template else "template0"
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(str(source))
    )
    with closing(_connect(url, "postgres")) as connection:
        if connection.info.server_version >= 150000:
            # Copying the template's files is quicker than writing its 8 MB through the log.
            command += sql.SQL(" STRATEGY file_copy")
        connection.execute(command)
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Remove a database that `create_database` made, cutting whoever is still connected."""
    name = sql.Identifier(str(make_url(url).database))
    with closing(_connect(url, "postgres")) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _connect(url: str, database: str | None = None) -> psycopg.Connection[tuple[Any, ...]]:
    parts = make_url(url)
    host = parts.query.get("host", parts.host)
    return psycopg.connect(
        dbname=database or parts.database,
        user=parts.username,
        host=host if isinstance(host, str) else None,
        autocommit=True,
    )


def postgresql_programs() -> Path:
    """The folder with initdb and postgres; Debian keeps it out of PATH, one for each version."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])
    )
    if versions:
        return versions[-1].parent
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    raise Missing("PostgreSQL is not installed: apt-get install postgresql")


def _as_unprivileged(folder: Path) -> dict[str, Any]:
    """Arguments for `subprocess` that run a program as PostgreSQL's user when we are root, else as ourselves."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL needs a user other than root: apt-get install postgresql brings one")


# --- Redis --------------------------------------------------------------------------------------------------


@dataclass
class RedisServer:
    """A Redis server of our own. It keeps nothing on disk, so a killed one comes back empty."""

    port: int
    folder: Path
    program: str
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """The process number, for tests that kill it. Raises `RuntimeError` while it is stopped."""
        if self._process is None:
            raise RuntimeError("this Redis is not running")
        return self._process.pid

    def start(self) -> None:
        """Start it (again) on the same port and return once it answers."""
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no"]
        self._process = _start(command, self.folder)

        def ping() -> None:
            with closing(redis.Redis.from_url(self.url)) as client:
                client.ping()

        _wait(ping, self._process, self.folder)

    def kill(self) -> None:
        """kill -9: no goodbye, no saving. Does nothing to one that is stopped."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A Redis server on a free port of 127.0.0.1: `.url`, `.pid`, `.kill()`, `.start()`."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("Redis is not installed: apt-get install redis-server")
    with _folder("answerable-redis-") as folder:
        server = RedisServer(free_port(), folder, program)
        try:
            server.start()
            yield server
        finally:
            server.kill()


# --- Chromium -----------------------------------------------------------------------------------------------

CHROMIUM_ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
"""Root, as in CI, gets no sandbox; containers have a small /dev/shm. Pages under test are our own."""


def chromium_path() -> str:
    """The Chromium of this machine, for playwright's `executable_path`."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise Missing("Chromium is not installed: apt-get install chromium fonts-noto-core")


# --- processes ----------------------------------------------------------------------------------------------


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    """A folder that goes away at the end. Short, since the path of a Unix socket may have 107 bytes only."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, for a server that tests may kill and start again.

    It lies below those that the system hands to outgoing connections: neither a neighbour's test nor a browser
    takes it in the meantime.
    """
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def _environment() -> dict[str, str]:
    """Neither our database settings nor our language may reach a server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def _run(command: list[Any], folder: Path, **arguments: Any) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **arguments,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}{done.stderr}")


def _start(command: list[Any], folder: Path, **arguments: Any) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C at the terminal reaches pytest, which then stops the server
            **arguments,
        )


@contextmanager
def _process(
    command: list[Any], folder: Path, stop: signal.Signals, **arguments: Any
) -> Iterator[subprocess.Popen[bytes]]:
    process = _start(command, folder, **arguments)
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(answers: Callable[[], object], process: subprocess.Popen[bytes], folder: Path) -> None:
    """Return once `answers` stops raising; raise `RuntimeError` with the server's log if it ends first."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answers()
            return
        except (psycopg.OperationalError, redis.ConnectionError):
            if process.poll() is not None or time.monotonic() > deadline:
                log = (folder / "log").read_text(errors="replace")
                raise RuntimeError(f"{process.args!r} does not answer:\n{log}") from None
            time.sleep(0.05)
