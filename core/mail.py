"""Letters of the desk, by e-mail and text message.

A message is a row, sealed under the key ``mail`` until it has left, then erased: only the channel and two days stay.
It leaves through the outbox, by SMTP, or as a file in ``folder/mail`` where no SMTP server is set (the demo). A kill
between the server's acceptance and our record repeats the message with the same Message-ID; nothing is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import smtplib
import ssl
from datetime import date, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import CheckConstraint, LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, keys, outbox, settings
from core.db import Model, db, write
from core.errors import DomainError

log = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds an SMTP server may take for each answer."""

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Everything that a mail server or reader might take for the end of a header, and all other controls but the tab.
_LINE_BREAKERS = re.compile("[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Bodies leave in base64 or quoted-printable: not every server takes eight bits.
_POLICY = SMTP.clone(cte_type="7bit")


class MailMessage(Model):
    """One message: sealed while it waits; once it has left, or was given up, only its days remain."""

    __tablename__ = "core_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Recipient, subject, body and language as JSON, encrypted."""
    queued_on: Mapped[date]
    sent_on: Mapped[date | None]
    given_up_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("channel IN ('email', 'sms')", name="channel_known"),
        CheckConstraint(
            "(sealed IS NULL) = (sent_on IS NOT NULL OR given_up_on IS NOT NULL)",
            name="sealed_until_it_leaves",
        ),
        CheckConstraint("sent_on IS NULL OR given_up_on IS NULL", name="sent_or_given_up"),
        {"sqlite_autoincrement": True},
    )


class NoGateway(Exception):
    """A text message is to be sent by SMTP, but no e-mail-to-SMS gateway is set."""


class PasswordUnprotected(Exception):
    """The SMTP server wants our password without encryption."""


def channels() -> tuple[str, ...]:
    """The channels that forms may offer: text messages need a gateway, except where all mail becomes files."""
    here = settings.current()
    return ("email", "sms") if here.sms_gateway or not here.smtp_url else ("email",)


def queue_message(
    session: Session, channel: str, recipient: str, subject: str, body: str, language: str
) -> int:
    """Queue a message in the caller's transaction and return its id.

    ``recipient`` is an e-mail address, or for ``sms`` a number such as ``+4917012345678``; ``subject`` is one line
    (text messages carry none); ``language`` is the language of the text. Raises DomainError
    ``mail_recipient_invalid`` or ``mail_subject_invalid`` (neither carries the text), ValueError for an unknown
    channel or language.
    """
    if channel not in ("email", "sms"):
        raise ValueError("unknown channel")
    if not _LANGUAGE.fullmatch(language):
        raise ValueError("unknown language")
    if _LINE_BREAKERS.search(subject):
        raise DomainError("mail_subject_invalid")
    sealed = {
        "recipient": _address(recipient) if channel == "email" else _number(recipient),
        "subject": _SURROGATES.sub("\ufffd", subject),
        "body": _SURROGATES.sub("\ufffd", body),
        "language": language,
    }
    message = MailMessage(
        channel=channel, sealed=keys.encrypt("mail", json.dumps(sealed)), queued_on=clock.today()
    )
    session.add(message)
    session.flush()
    outbox.enqueue(session, "mail.send", {"message": message.id}, unique=f"mail.send:{message.id}")
    return message.id


def send(payload: outbox.Payload) -> None:
    """Send one message and erase it. Raises what the outbox takes for "again later".

    A message that still cannot be sent when the desk has no right to its address any more is given up and erased.
    """
    message = db.session.get(MailMessage, payload["message"])
    if message is None or message.sealed is None:
        return
    db.session.rollback()  # no transaction stays open while we wait for a server
    try:
        _transmit(message.id, message.channel, message.sealed)
    except Exception:
        if clock.today() <= message.queued_on + timedelta(days=settings.current().contact_kept_days):
            raise
        log.warning("message %d is given up", message.id)
        _erase(message.id, sent=False)
    else:
        _erase(message.id, sent=True)


def purge(_payload: outbox.Payload | None = None) -> None:
    """Delete what is left of messages that were queued long ago and have left."""
    oldest = clock.today() - timedelta(days=settings.current().contact_kept_days)
    with write() as session:
        session.execute(
            delete(MailMessage).where(MailMessage.sealed.is_(None), MailMessage.queued_on < oldest)
        )


def _erase(message_id: int, *, sent: bool) -> None:
    with write() as session:
        message = session.get(MailMessage, message_id, with_for_update=True)
        if message is None or message.sealed is None:
            return
        message.sealed = None
        if sent:
            message.sent_on = clock.today()
        else:
            message.given_up_on = clock.today()


def _transmit(message_id: int, channel: str, sealed: bytes) -> None:
    here = settings.current()
    # Of the sealed row, not of its number: the same for every attempt, yet a restored database repeats none, and
    # nothing that we keep points to it later.
    token = hashlib.sha256(sealed).hexdigest()[:32]
    letter = _compose(channel, json.loads(keys.decrypt("mail", sealed)), token)
    if here.smtp_url:
        _by_smtp(urlsplit(here.smtp_url), letter)
    else:
        _as_file(f"{message_id:06d}-{token[:12]}.eml", letter)


def _compose(channel: str, sealed: dict[str, str], token: str) -> EmailMessage:
    here = settings.current()
    language = sealed["language"]
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = Address(_one_line(here.city.best(language).text), addr_spec=here.mail_from)
    if channel == "sms":
        if here.smtp_url and not here.sms_gateway:
            raise NoGateway
        letter["To"] = Address(
            addr_spec=f"{sealed['recipient'].lstrip('+')}@{here.sms_gateway or 'sms.invalid'}"
        )
    else:
        letter["To"] = Address(addr_spec=sealed["recipient"])
        letter["Subject"] = sealed["subject"]
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = f"<{token}@{here.mail_from.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(sealed["body"], charset="utf-8")
    letter["Content-Language"] = language  # last: set_content drops what was said about the content before
    return letter


def _by_smtp(url: SplitResult, letter: EmailMessage) -> None:
    try:
        server = _connect(url)
    except (OSError, smtplib.SMTPException, PasswordUnprotected) as error:
        raise outbox.Unreachable from error
    try:
        server.send_message(letter)
    finally:
        # The message is accepted or refused by now; a server that forgets to say goodbye changes neither.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _connect(url: SplitResult) -> smtplib.SMTP:
    """A greeted, encrypted if possible, and authenticated connection. It is closed if anything fails."""
    host = url.hostname or "localhost"
    context = _encryption(host in _LOOPBACK)
    own_name = settings.current().mail_from.rpartition("@")[2]
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 465, own_name, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 25, own_name, timeout=PATIENCE)
    try:
        server.ehlo_or_helo_if_needed()
        encrypted = url.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            encrypted = True
        if url.username:
            if not encrypted and host not in _LOOPBACK:
                raise PasswordUnprotected
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


@cache
def _encryption(same_machine: bool) -> ssl.SSLContext:
    """How we encrypt; kept, since reading the trusted certificates takes longer than sending a letter."""
    context = ssl.create_default_context()
    if same_machine:  # a relay there has a certificate of its own making
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _as_file(name: str, letter: EmailMessage) -> None:
    folder = settings.current().folder / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(letter.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / name)


def _address(recipient: str) -> str:
    """``recipient`` as mail servers want it, an international domain in its ASCII form."""
    try:
        found = validate_email(
            recipient, check_deliverability=False, globally_deliverable=False, allow_smtputf8=True
        )
    except (EmailNotValidError, UnicodeError):
        raise DomainError("mail_recipient_invalid") from None
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def _number(recipient: str) -> str:
    if not _NUMBER.fullmatch(recipient):
        raise DomainError("mail_recipient_invalid")
    return recipient


def _one_line(text: str) -> str:
    return " ".join(_LINE_BREAKERS.sub(" ", text).split())


outbox.register("mail.send", send)
outbox.register("mail.purge", purge, every=outbox.Daily(3))
