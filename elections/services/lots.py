"""Drawing public lots: announced first, drawn once, in the minutes, and recomputable by anybody.

The same two verbs serve the order of the ballot (``ballot-order:GROUP``) and ties in a count (``tie:KEY``).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import Conflict, NotFound
from core.localized import Localized, clean
from elections import events
from elections.counting.lots import draw
from elections.models.elections import Election, Lot
from elections.rules import lots as rules
from elections.rules.lots import Way
from elections.services.elections import lock_election


def announce_lot(code: str, purpose: str, way: str, source: str, actor: audit.Actor) -> int:
    """Say in public how a lot will be drawn, before it is; return its id.

    ``way`` is ``hand`` or ``seed``; ``source`` says where the seed will come from and when, or who draws where. Raises
    what ``rules.check_announcement`` raises, or Conflict ``lot_announced``: once said, it stays.
    """
    purpose, source = clean(purpose), clean(source)
    rules.check_announcement(purpose, way, source)
    with write() as session:
        election, register = lock_election(session, code)
        if find_lot(session, election, purpose) is not None:
            raise Conflict("lot_announced")
        lot = Lot(
            election_id=election.id,
            purpose=purpose,
            way=way,
            source=Localized.original(election.language, source),
            announced_on=clock.today(),
        )
        session.add(lot)
        session.flush()
        facts = {"purpose": purpose, "way": way, "source": lot.source.dump()}
        audit.append(
            session, register.chain, [audit.Entry(events.LOT_ANNOUNCE, events.LOT, lot.id, facts)], actor
        )
        return lot.id


def draw_lot(
    code: str,
    purpose: str,
    items: Sequence[str],
    actor: audit.Actor,
    *,
    seed: str = "",
    order: Sequence[str] = (),
    witnesses: str = "",
) -> tuple[str, ...]:
    """Draw a lot that was announced among ``items``; return their order, the first drawn first.

    From a ``seed``, or as ``order`` came out by hand before ``witnesses`` (names of public persons, published). Raises
    NotFound, Conflict ``lot_drawn``, or what ``rules.check_drawing`` raises.
    """
    with write() as session:
        election, register = lock_election(session, code)
        lot, entry = draw_within(
            session, election, purpose, items, seed=seed, order=order, witnesses=witnesses
        )
        audit.append(session, register.chain, [entry], actor)
        return tuple(lot.drawn or ())


def draw_within(
    session: Session,
    election: Election,
    purpose: str,
    items: Sequence[str],
    *,
    seed: str = "",
    order: Sequence[str] = (),
    witnesses: str = "",
) -> tuple[Lot, audit.Entry]:
    """``draw_lot`` inside the caller's transaction, with the election locked; the caller appends the entry, last."""
    seed, witnesses = clean(seed), clean(witnesses)
    lot = find_lot(session, election, clean(purpose))
    if lot is None:
        raise NotFound("lot", purpose[:60])
    if lot.drawn_on is not None:
        raise Conflict("lot_drawn", day=lot.drawn_on)
    rules.check_drawing(lot.way, items, seed, order, witnesses)
    lot.items = sorted(set(items))
    if lot.way == Way.SEED:
        lot.seed = seed
        lot.drawn = list(draw(seed, lot.purpose, items))
    else:
        announced = lot.source.best(election.language).text
        lot.source = Localized.original(election.language, f"{announced}\n{witnesses}")
        lot.drawn = list(order)
    lot.drawn_on = clock.today()
    session.flush()
    facts = {
        "purpose": lot.purpose,
        "way": lot.way,
        "seed": lot.seed,
        "source": lot.source.dump(),
        "items": lot.items,
        "drawn": lot.drawn,
    }
    return lot, audit.Entry(events.LOT_DRAW, events.LOT, lot.id, facts)


def find_lot(session: Session, election: Election, purpose: str) -> Lot | None:
    """The lot for this purpose, announced or drawn."""
    return session.scalars(
        select(Lot).where(Lot.election_id == election.id, Lot.purpose == purpose)
    ).one_or_none()
