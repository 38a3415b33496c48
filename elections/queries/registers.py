"""The registers of elections, for the ledger and for the office's reply desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.localized import Localized
from elections.models.elections import Election


def titles(session: Session, codes: Collection[str]) -> dict[str, Localized]:
    """The titles of elections, called or not; for the office."""
    rows = session.execute(select(Election.code, Election.title).where(Election.code.in_(codes)))
    return {row.code: row.title for row in rows}


def public_titles(session: Session, codes: Collection[str]) -> dict[str, Localized]:
    """The titles of those among some elections that are before the public; only these may be linked to."""
    rows = session.execute(
        select(Election.code, Election.title).where(Election.code.in_(codes), Election.called_on.is_not(None))
    )
    return {row.code: row.title for row in rows}


def languages(session: Session, code: str) -> Sequence[str]:
    """The languages of an election, its own first; none of one that there is not."""
    row = session.execute(select(Election.language, Election.languages).where(Election.code == code)).first()
    return list(dict.fromkeys((row.language, *row.languages))) if row else []
