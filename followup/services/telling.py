"""Telling whoever left an address that their answer is there: the word of it, never the answer itself."""

from __future__ import annotations

import json

from sqlalchemy import select

from core import keys, letters, settings
from core.db import write
from core.i18n import nearest
from followup.models import Contact, Promise, Register, Reply
from followup.numbers import register_number


def tell_author(promise_id: int) -> bool:
    """Send word of the answer in force, once for each version of it; return whether something was sent.

    Which version somebody was told of is kept, sealed, with their address: sent and remembered in one transaction,
    so that a second run sends nothing. Without address or answer there is nothing to do.
    """
    with write() as session:
        contact = session.get(Contact, promise_id, with_for_update=True)
        if contact is None:
            return False
        promise, register, version = session.execute(
            select(Promise, Register, Reply.published_version)
            .join(Register, Register.id == Promise.register_id)
            .join(Reply, Reply.id == Promise.reply_id)
            .where(Promise.id == promise_id, Promise.answered_on.is_not(None))
        ).one_or_none() or (None, None, 0)
        sealed = json.loads(keys.decrypt("contact", contact.sealed))
        if promise is None or register is None or sealed.get("told", 0) >= version:
            return False
        language = nearest(contact.language)
        desk = str(sealed.get("desk", ""))
        letters.send(
            session,
            contact.channel,
            str(sealed["address"]),
            language,
            "followup/answered",
            number=register_number(register.code, promise.number),
            corrected=version > 1,
            at_desk=bool(desk),
            link=settings.current().base_url + (desk or f"/{language}/answer/"),
            days=settings.current().contact_kept_days,
        )
        contact.sealed = keys.encrypt("contact", json.dumps({**sealed, "told": version}))
        return True
