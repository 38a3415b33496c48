"""How nominations and registrations are read at the reply desk. What they say of a person stays on their own pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from elections.models.elections import Election
from elections.models.nominations import Nomination
from elections.models.roll import Registration
from followup.subjects import Item


def nominations(session: Session, ids: Sequence[int]) -> dict[int, Item]:
    """Nominations by name, each leading to the page where it is vetted and decided."""
    rows = session.execute(
        select(Nomination, Election.code)
        .join(Election, Election.id == Nomination.election_id)
        .where(Nomination.id.in_(ids))
    )
    return {
        found.id: Item(
            title=found.name or _("Nomination, withdrawn"),
            facts=(_("Decided on its own page, where it is vetted"),),
            link=url_for("office_nominations.show_nomination", code=code, number=found.number),
        )
        for found, code in rows
    }


def registrations(session: Session, ids: Sequence[int]) -> dict[int, Item]:
    """Applications for the roll, each leading to the page where the evidence is noted as seen."""
    rows = session.execute(
        select(Registration, Election.code)
        .join(Election, Election.id == Registration.election_id)
        .where(Registration.id.in_(ids))
    )
    return {
        found.id: Item(
            title=_("Application for the roll"),
            facts=(_("Evidence seen") if found.seen_on else _("Evidence not seen yet"),),
            link=url_for("office_roll.see_evidence", code=code, number=found.number),
        )
        for found, code in rows
    }
