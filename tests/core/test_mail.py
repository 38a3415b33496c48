"""A letter leaves once somebody can take it, in its own language, and nothing of it stays behind."""

from __future__ import annotations

import signal
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock, keys, mail, outbox, settings
from core.db import db, write
from core.errors import DomainError
from core.localized import Localized
from core.mail import MailMessage
from tests.core.desk import (
    MailServer,
    content,
    items,
    mail_server,
    on_one_database,
    send_one,
    start,
    undone,
    write_to,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CANARY = "Kanarienvogel"


@pytest.fixture
def server(desk: Flask) -> Iterator[MailServer]:
    """A mail server that the desk sends through."""
    with mail_server() as running:
        choose(smtp_url=running.url)
        yield running


def choose(**choices: Any) -> None:
    """The same desk with other settings."""
    settings.configure(replace(settings.current(), **choices))


def deliver() -> int:
    """Do what is due now; returns how many letters left."""
    return sum(outbox.run_one(item_id) for item_id in outbox.claim(1000))


def rows() -> list[MailMessage]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(MailMessage).order_by(MailMessage.id)))


def files() -> list[Path]:
    return sorted((settings.current().folder / "mail").glob("*.eml"))


def read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)  # type: ignore[return-value]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- what a letter looks like -------------------------------------------------------------------------------

LETTERS = [
    ("en", "Your comment has number 17", "Thank you.\n\nIt is due on 13 February 2027.\n.\n..\n"),
    ("de", "Ihre Äußerung zu Maßnahme 3", "Größere Plätze, bitte – „spätestens“ 2027.\n"),
    ("ar", "وصلت مشاركتكم برقم 17", "شكرًا لكم.\nسيصلكم الرد حتى ١٣ فبراير.\n"),
    ("zh-Hant", "您的意見編號為 17", "謝謝您。" * 80 + "\n"),
    ("ti", "ርእይቶኹም ተቐቢልናዮ", "የቐንየልና። 🕊\n"),
    ("ar", "المسودة «الوصول والبقاء» " * 12 + "17", "نعم\n"),
]


@on_one_database
@pytest.mark.parametrize(("language", "subject", "body"), LETTERS)
def test_a_letter_arrives_as_it_was_written(
    server: MailServer, language: str, subject: str, body: str
) -> None:
    write_to("amira@example.org", subject, body, language)
    assert deliver() == 1
    [letter] = server.letters
    assert letter["Subject"] == subject
    assert content(letter) == body
    assert letter["Content-Language"] == language
    assert letter["To"] == "amira@example.org"
    assert letter["From"] == "Lindhafen <answers@lindhafen.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@lindhafen.example>")
    assert server.accepted[0].isascii()
    assert max(len(line) for line in server.accepted[0].splitlines()) < 998


@on_one_database
def test_every_letter_has_its_own_message_id(server: MailServer) -> None:
    for _ in range(3):
        write_to("amira@example.org")
    deliver()
    assert len(set(server.ids)) == 3


@on_one_database
def test_a_name_of_the_city_in_another_script_stays_readable(server: MailServer) -> None:
    choose(smtp_url=server.url, city=Localized.of({"de": "Lindhafen, Stadt", "ar": "ليندهافن"}, "de"))
    write_to("amira@example.org", language="ar")
    write_to("amira@example.org", language="de")
    deliver()
    names = [letter["From"].addresses[0].display_name for letter in server.letters]
    assert names == ["ليندهافن", "Lindhafen, Stadt"]


@on_one_database
def test_an_international_domain_is_written_in_ascii(server: MailServer) -> None:
    write_to("amira@grünstadt.example")
    deliver()
    assert server.letters[0]["To"] == "amira@xn--grnstadt-75a.example"


@on_one_database
def test_a_broken_character_does_not_stop_a_letter(server: MailServer) -> None:
    write_to("amira@example.org", "half \ud83d of an emoji", "\udfff and the other half")
    assert deliver() == 1
    assert server.letters[0]["Subject"] == "half \ufffd of an emoji"


@on_one_database
@pytest.mark.parametrize(
    "ending", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"]
)
def test_nothing_can_be_smuggled_into_the_headers(desk: Flask, ending: str) -> None:
    smuggled = f"{ending}Bcc: everybody@example.org"
    with pytest.raises(DomainError, match="mail_subject_invalid") as refusal:
        write_to("amira@example.org", subject=f"Hello{smuggled}")
    assert "everybody" not in str(refusal.value)
    with pytest.raises(DomainError, match="mail_recipient_invalid"):
        write_to(f"amira@example.org{smuggled}")
    with pytest.raises(ValueError, match="language"):
        write_to("amira@example.org", language=f"en{smuggled}")
    choose(city=Localized.original("de", f"Lindhafen{smuggled}"))
    write_to("amira@example.org")
    assert deliver() == 1
    [letter] = map(read, files())
    assert "Bcc" not in letter
    assert letter["From"].addresses[0].addr_spec == "answers@lindhafen.example"


@on_one_database
@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "amira",
        "amira@",
        "@example.org",
        "a@b@example.org",
        "a@example.org, b@example.org",
        "Amira <a@example.org>",
        "a@exa mple.org",
        "a@-.org",
        "\ud83d@example.org",
        "+4917012345678",
        "a" * 300 + "@example.org",
    ],
)
def test_only_an_address_is_an_address(desk: Flask, recipient: str) -> None:
    with pytest.raises(DomainError, match="mail_recipient_invalid") as refusal:
        write_to(recipient)
    assert refusal.value.parameters == {}
    assert rows() == []
    assert items() == []


# --- text messages ------------------------------------------------------------------------------------------


def text_to(number: str) -> int:
    with write() as session:
        return mail.queue_message(session, "sms", number, "", "Your comment has an answer.", "en")


@on_one_database
def test_a_text_message_goes_through_the_gateway(server: MailServer) -> None:
    choose(smtp_url=server.url, sms_gateway="sms.example.net")
    assert mail.channels() == ("email", "sms")
    text_to("+4917012345678")
    deliver()
    [letter] = server.letters
    assert letter["To"] == "4917012345678@sms.example.net"
    assert "Subject" not in letter
    assert content(letter) == "Your comment has an answer.\n"


@on_one_database
def test_without_a_gateway_text_messages_are_not_offered_and_wait(server: MailServer) -> None:
    assert mail.channels() == ("email",)
    text_to("+4917012345678")
    write_to("amira@example.org")
    assert deliver() == 1
    assert [item.last_error for item in items()] == ["NoGateway", None]


@on_one_database
@pytest.mark.parametrize(
    "number", ["", "017012345678", "+49", "+49 170 1234567", "+0170123456", "+49170x@y.org"]
)
def test_only_a_number_is_a_number(desk: Flask, number: str) -> None:
    with pytest.raises(DomainError, match="mail_recipient_invalid"):
        text_to(number)


# --- the demo -----------------------------------------------------------------------------------------------


@on_one_database
def test_without_a_server_letters_become_files_that_only_we_can_read(desk: Flask) -> None:
    assert mail.channels() == ("email", "sms")
    write_to("amira@example.org", "Ihre Äußerung", "Größe\n", "de")
    text_to("+4917012345678")
    assert deliver() == 2
    first, second = files()
    assert (read(first)["Subject"], content(read(first))) == ("Ihre Äußerung", "Größe\n")
    assert read(second)["To"] == "4917012345678@sms.invalid"
    assert first.stat().st_mode & 0o077 == 0


@on_one_database
def test_a_letter_that_is_sent_twice_is_one_file(desk: Flask) -> None:
    message_id = write_to("amira@example.org")
    sealed = rows()[0].sealed
    deliver()
    with write() as session:
        again = session.get_one(MailMessage, message_id)
        again.sealed, again.sent_on = sealed, None
    mail.send({"message": message_id})
    assert len(files()) == 1


# --- the way to the server ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate of its own making, as relays on the same machine have."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "relay.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@on_one_database
@pytest.mark.parametrize(("scheme", "at_once"), [("smtp", False), ("smtps", True)])
def test_letters_and_passwords_travel_encrypted_where_the_server_can(
    desk: Flask, certificate: ssl.SSLContext, scheme: str, at_once: bool
) -> None:
    with mail_server(certificate=certificate, at_once=at_once) as server:
        choose(smtp_url=f"{scheme}://desk%40city:p%2Fw@127.0.0.1:{server.port}")
        write_to("amira@example.org")
        assert deliver() == 1
        assert server.encrypted == 1
        assert server.logins == ["PLAIN AGRlc2tAY2l0eQBwL3c="]  # \0desk@city\0p/w


@on_one_database
def test_a_strange_certificate_is_trusted_on_this_machine_only(
    desk: Flask, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_LOOPBACK", frozenset())
    with mail_server(certificate=certificate) as server:
        choose(smtp_url=server.url)
        write_to("amira@example.org")
        assert deliver() == 0
        assert (server.accepted, items()[0].last_error) == ([], "Unreachable")


@on_one_database
def test_a_password_never_travels_unprotected(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mail, "_LOOPBACK", frozenset())
    choose(smtp_url=f"smtp://desk:secret@127.0.0.1:{server.port}")
    write_to("amira@example.org")
    assert deliver() == 0
    assert server.logins == []
    assert "PasswordUnprotected" in caplog.text


# --- nothing is lost, nothing stays -------------------------------------------------------------------------


@on_one_database
def test_a_provider_that_is_down_for_72_hours_loses_nothing(desk: Flask) -> None:
    port = closed_port()
    choose(smtp_url=f"smtp://127.0.0.1:{port}")
    written, moment = 0, NOON
    while moment <= NOON + timedelta(hours=72):
        with clock.freeze(moment):
            if written < 15:
                written += 1
                write_to(f"resident-{written}@example.org")
            assert deliver() == 0
            moment += timedelta(hours=2)
    assert undone() == written
    with mail_server(port) as server:
        with clock.freeze(moment):
            write_to("newcomer@example.org")
            deliver()
        # The first letter that gets through takes the others with it, within seconds.
        with clock.freeze(moment + timedelta(seconds=2)):
            deliver()
        assert undone() == 0
        recipients = [letter["To"] for letter in server.letters]
        assert sorted(recipients) == sorted(
            ["newcomer@example.org", *(f"resident-{n + 1}@example.org" for n in range(written))]
        )
        assert len(set(server.ids)) == written + 1


@on_one_database
def test_after_an_outage_letters_leave_by_themselves_within_six_hours(desk: Flask) -> None:
    port = closed_port()
    choose(smtp_url=f"smtp://127.0.0.1:{port}")
    with clock.freeze(NOON):
        for number in range(5):
            write_to(f"resident-{number}@example.org")
    moment = NOON
    while moment <= NOON + timedelta(hours=72):
        with clock.freeze(moment):
            deliver()
        moment = min(item.due for item in items())
    assert moment <= NOON + timedelta(hours=78)
    with mail_server(port) as server, clock.freeze(moment):
        assert deliver() == 5
        assert len(server.letters) == 5


def test_a_kill_between_acceptance_and_our_record_repeats_the_same_message_id(
    desk: Flask, server: MailServer
) -> None:
    write_to("amira@example.org")
    [item_id] = outbox.claim(10)
    killed: list[ForkServerProcess] = []
    server.on_acceptance = lambda: killed[0].kill()
    killed.append(start(desk, send_one, item_id))
    killed[0].join(20)
    assert killed[0].exitcode == -signal.SIGKILL
    server.on_acceptance = None
    assert len(server.accepted) == 1
    assert rows()[0].sealed is not None
    assert deliver() == 0  # the lease is still running
    with clock.freeze(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert deliver() == 1
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
    assert undone() == 0


def test_an_address_that_nobody_knows_holds_up_nobody(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.unknown.add("nobody@example.org")
    for name in ("nobody", "amira", "burak"):
        write_to(f"{name}@example.org")
    assert deliver() == 2
    assert [item.last_error for item in items()] == ["SMTPRecipientsRefused", None, None]
    assert "SMTPRecipientsRefused" in caplog.text
    assert "nobody" not in caplog.text


def test_a_letter_that_cannot_be_delivered_is_given_up_when_the_address_must_go(server: MailServer) -> None:
    server.unknown.add("nobody@example.org")
    with clock.freeze(NOON):
        write_to("nobody@example.org")
    with clock.freeze(NOON + timedelta(days=30)):
        deliver()
        assert rows()[0].sealed is not None
    with clock.freeze(NOON + timedelta(days=31)):
        deliver()
        [row] = rows()
        assert (row.sealed, row.sent_on, row.given_up_on) == (None, None, clock.today())
        assert undone() == 0


def test_a_letter_whose_row_was_deleted_is_no_longer_wanted(server: MailServer) -> None:
    message_id = write_to("amira@example.org")
    with write() as session:
        session.delete(session.get_one(MailMessage, message_id))
    deliver()
    assert (server.accepted, undone()) == ([], 0)


def test_a_letter_leaves_no_trace_in_the_table(server: MailServer, tmp_path: Path, database_url: str) -> None:
    with clock.freeze(NOON):
        write_to(f"{CANARY}@example.org", CANARY, CANARY)
        sealed = rows()[0].sealed
        assert sealed is not None
        assert CANARY not in everything()
        deliver()
    assert CANARY in server.accepted[0].decode()
    [row] = rows()
    assert (row.sealed, row.queued_on, row.sent_on) == (None, NOON.date(), NOON.date())
    assert sealed.decode() not in everything()
    assert CANARY not in everything()
    if database_url.startswith("sqlite"):
        db.session.remove()
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        raw = b"".join(path.read_bytes() for path in tmp_path.glob("answerable.db*"))
        assert b"mail.send" in raw
        assert sealed not in raw
        assert CANARY.encode() not in raw


def everything() -> str:
    """All that the tables hold, as text."""
    db.session.rollback()
    return "".join(
        str([bytes(value) if isinstance(value, memoryview) else value for value in row])
        for table in ("core_message", "core_outbox")
        for row in db.session.execute(text(f"SELECT * FROM {table}"))
    )


def test_what_is_left_of_a_letter_goes_after_a_month(server: MailServer) -> None:
    with clock.freeze(NOON):
        write_to("amira@example.org")
        deliver()
    with clock.freeze(NOON + timedelta(days=30)):
        mail.purge()
        assert len(rows()) == 1
    with clock.freeze(NOON + timedelta(days=31)):
        write_to("burak@example.org")
        mail.purge()
        assert [row.sent_on for row in rows()] == [None]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sealed": None},
        {"sealed": b"x", "sent_on": NOON.date()},
        {"sealed": None, "sent_on": NOON.date(), "given_up_on": NOON.date()},
        {"sealed": b"x", "channel": "pigeon"},
    ],
)
def test_the_database_ties_the_seal_to_the_sending(desk: Flask, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), write() as session:
        session.add(MailMessage(**{"channel": "email", "queued_on": NOON.date(), **wrong}))


@on_one_database
def test_a_message_is_sealed_under_a_key_beside_the_database(desk: Flask, tmp_path: Path) -> None:
    write_to("amira@example.org")
    assert b"amira" not in (rows()[0].sealed or b"")
    assert "amira" in keys.decrypt("mail", rows()[0].sealed or b"")
    assert (tmp_path / "keys" / "mail").stat().st_mode & 0o077 == 0
