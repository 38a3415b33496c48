"""Messages to people: one template each, in the reader's language, its first line the subject.

Templates lie in ``templates/<room>/mail/<name>.txt``. A text message (``sms``) uses ``<name>.sms.txt`` if there is
one, and carries no subject.
"""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from core import mail
from core.i18n import nearest


def compose(template: str, language: str, channel: str = "email", **context: object) -> tuple[str, str]:
    """Subject and body of the message ``<room>/<name>`` for a reader of ``language``."""
    room, name = template.split("/")
    choices = [f"{room}/mail/{name}.txt"]
    if channel == "sms":
        choices.insert(0, f"{room}/mail/{name}.sms.txt")
    with force_locale(nearest(language)):
        text = current_app.jinja_env.select_template(choices).render(**context)
    subject, _newline, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def send(
    session: Session, channel: str, address: str, language: str, template: str, **context: object
) -> None:
    """Queue a message inside the caller's transaction: it is sent if, and only if, the change is kept."""
    subject, body = compose(template, language, channel, **context)
    mail.queue_message(session, channel, address, subject, body, nearest(language))
