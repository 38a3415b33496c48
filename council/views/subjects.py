"""How applications are read at the reply desk. The name is for the office alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import localized
from core.localized import Localized
from council.models import Application, Body, Call
from followup.models import Register
from followup.subjects import Item


def applications(session: Session, ids: Sequence[int]) -> dict[int, Item]:
    """Applications with what was written, and the call that they answer."""
    rows = session.execute(
        select(Application, Call.title, Body.key)
        .join(Call, Call.id == Application.call_id)
        .join(Body, Body.id == Application.body_id)
        .where(Application.id.in_(ids))
    )
    return {
        found.id: Item(
            title=found.organisation or found.name or _("Application"),
            text=found.text,
            language=found.language,
            facts=(localized(title).text,),
            link=url_for("office_council.list_applications", key=key),
        )
        for found, title, key in rows
    }


def titles(session: Session, codes: Sequence[str]) -> Mapping[str, Localized]:
    """The names of the bodies with these registers."""
    rows = session.execute(
        select(Register.code, Body.name)
        .join(Body, Body.register_id == Register.id)
        .where(Register.code.in_(codes))
    )
    return dict(rows.tuples().all())


def languages(session: Session, code: str) -> list[str]:
    """The language in which a body's letters are answered first; the city's others follow."""
    first = session.scalar(
        select(Body.language).join(Register, Register.id == Body.register_id).where(Register.code == code)
    )
    return [first] if first else []
