"""The smallest desk: outbox and mail on a real database, and a mail server that we can look into."""

from __future__ import annotations

import multiprocessing
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from multiprocessing.context import ForkServerProcess
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core import mail, outbox, settings
from core.db import db, prepare_engine, write
from core.localized import Localized
from core.settings import Settings

# For what has nothing to do with the database's own ways.
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TABLES = (outbox.OutboxItem.__table__, mail.MailMessage.__table__)


def small_city(folder: Path) -> Settings:
    """A city that writes its mail into files."""
    return Settings(
        folder=folder, city=Localized.original("de", "Lindhafen"), mail_from="answers@lindhafen.example"
    )


def open_desk(chosen: Settings, url: str) -> Flask:
    """An app that knows nothing but outbox and mail, with its tables in the database at ``url``."""
    settings.configure(chosen)
    app = Flask("desk")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        db.metadata.create_all(db.engine, tables=TABLES)  # type: ignore[arg-type]
    return app


def write_to(
    recipient: str, subject: str = "Your comment", body: str = "Thank you.", language: str = "en"
) -> int:
    """Queue one e-mail in a transaction of its own."""
    with write() as session:
        return mail.queue_message(session, "email", recipient, subject, body, language)


def items(kind: str = "mail.send") -> list[outbox.OutboxItem]:
    db.session.rollback()
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(outbox.OutboxItem).where(outbox.OutboxItem.kind == kind).order_by(outbox.OutboxItem.id)
        )
    )


def undone(kind: str = "mail.send") -> int:
    return sum(item.done_at is None for item in items(kind))


def eventually(true: Callable[[], bool], patience: float = 30.0) -> None:
    """Wait until something becomes true; fail the test if it does not."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


# --- other processes ----------------------------------------------------------------------------------------

# Processes that are killed in the middle are forked from one that has loaded everything and opened nothing, since
# loading takes longer than most tests.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.core.desk", "app.worker", "core.relay"])


def start(app: Flask, work: Callable[..., None], *arguments: object, **choices: object) -> ForkServerProcess:
    """Do ``work(app, *arguments)`` on the same desk in a process of its own, with ``choices`` in its settings."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    process = processes.Process(
        target=_work, args=(replace(settings.current(), **choices), url, work, arguments), daemon=True
    )
    process.start()
    return process


def _work(chosen: Settings, url: str, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    work(open_desk(chosen, url), *arguments)


def send_one(app: Flask, item_id: int) -> None:
    """Run one row and end."""
    with app.app_context():
        outbox.run_one(item_id)


def claim_all(app: Flask, ready: Barrier, claimed: SimpleQueue[list[int]]) -> None:
    """Wait for the others, then claim until nothing is left."""
    mine: list[int] = []
    with app.app_context():
        ready.wait(60)
        while ids := outbox.claim(7):
            mine += ids
    claimed.put(mine)


# --- a mail server ------------------------------------------------------------------------------------------


@dataclass
class MailServer:
    """An SMTP server on a free port of this machine that keeps what it accepts."""

    port: int = 0
    certificate: ssl.SSLContext | None = None
    accepted: list[bytes] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: int = 0
    unknown: set[str] = field(default_factory=set)
    """Recipients whom nobody knows here."""
    on_acceptance: Callable[[], None] | None = None
    """Called once a message is safely kept, and before its sender hears of it."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.accepted]  # type: ignore[misc]

    @property
    def ids(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters]


class _Conversation(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: _Listener

    def handle(self) -> None:
        kept = self.server.kept
        if self.server.at_once:
            self.encrypt()
        self.say("220 here")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    self.say(
                        f"250-desk\r\n250-AUTH PLAIN\r\n250 {'STARTTLS' if kept.certificate else 'HELP'}"
                    )
                case "STARTTLS":
                    self.say("220 go ahead")
                    self.encrypt()
                case "AUTH":
                    kept.logins.append(rest)
                    self.say("235 welcome")
                case "RCPT" if any(f"<{name}>" in rest for name in kept.unknown):
                    self.say("550 nobody of that name")
                case "DATA":
                    self.say("354 go on")
                    self.receive()
                    self.say("250 kept")
                case "QUIT":
                    return self.say("221 goodbye")
                case _:
                    self.say("250 fine")

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def encrypt(self) -> None:
        assert self.server.kept.certificate is not None
        self.request = self.server.kept.certificate.wrap_socket(self.request, server_side=True)
        self.setup()
        self.server.kept.encrypted += 1

    def receive(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.kept.accepted.append(b"".join(lines))
        if self.server.kept.on_acceptance:
            self.server.kept.on_acceptance()

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    kept: MailServer
    at_once: bool
    """Encrypted from the first byte, instead of by STARTTLS."""

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that is killed in the middle is what the tests are about."""


@contextmanager
def mail_server(
    port: int = 0, certificate: ssl.SSLContext | None = None, at_once: bool = False
) -> Iterator[MailServer]:
    """A mail server for the length of a ``with`` block."""
    with _Listener(("127.0.0.1", port), _Conversation) as listener:
        listener.kept = MailServer(listener.server_address[1], certificate)
        listener.at_once = at_once
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield listener.kept
        finally:
            listener.shutdown()
            thread.join()


def content(letter: EmailMessage) -> str:
    """The text of a letter, with the line ends it was written with."""
    return str(letter.get_content()).replace("\r\n", "\n")
