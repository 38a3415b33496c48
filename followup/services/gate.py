"""The closing gate: a register is concluded only when nothing in it is unanswered."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.errors import DomainError
from followup import events, rules
from followup.models import Promise, Register


def conclude(
    session: Session, register: Register, actor: audit.Actor, obstacles: Sequence[DomainError] = ()
) -> None:
    """Conclude a locked ``register`` inside the caller's transaction.

    ``obstacles`` are the caller's own reasons against it, raised together with ours. Raises ``promises_unanswered`` with every missing number, or ``already_concluded``. The database's own triggers
    refuse the same.
    """
    missing = session.scalars(
        select(Promise.number)
        .where(Promise.register_id == register.id, Promise.answered_on.is_(None))
        .order_by(Promise.number)
    ).all()
    rules.check_conclusion(register.concluded_on, missing, obstacles)
    register.concluded_on = clock.today()
    session.flush()
    facts = {"received": register.last_number}
    audit.append(
        session,
        register.chain,
        [audit.Entry(events.REGISTER_CONCLUDE, events.REGISTER, register.id, facts)],
        actor,
    )
