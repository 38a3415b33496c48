"""What a public lot must be before it is drawn, and how it may be drawn. Pure.

The server never chooses: either people draw by hand before witnesses, or the order is computed from a seed whose source
was named in public before anybody could know the seed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import clean

SOURCE_LENGTH = 1000
SEED_LENGTH = 500
PURPOSE = re.compile(r"[a-z][^\s\x00-\x20]{0,199}")
"""Such as ``ballot-order:europe`` or ``tie:`` and what is tied."""
BALLOT_ORDER = "ballot-order"


class Way(StrEnum):
    """How a lot is drawn."""

    HAND = "hand"
    SEED = "seed"


def ballot_purpose(key: str) -> str:
    """The purpose of the lot for the order of the ballot; ``key`` is the group of seats, empty where there is none."""
    return f"{BALLOT_ORDER}:{key}" if key else BALLOT_ORDER


def check_announcement(purpose: str, way: str, source: str) -> None:
    """Raises, all together, ``lot_purpose``, ``lot_way_unknown``, ``lot_source_missing``, ``lot_source_too_long``."""
    errors = []
    if not PURPOSE.fullmatch(purpose):
        errors.append(DomainError("lot_purpose"))
    if way not in set(Way):
        errors.append(DomainError("lot_way_unknown"))
    if not clean(source):
        errors.append(DomainError("lot_source_missing"))
    if len(source) > SOURCE_LENGTH:
        errors.append(DomainError("lot_source_too_long", limit=SOURCE_LENGTH))
    raise_all(errors)


def check_drawing(way: str, items: Collection[str], seed: str, order: Sequence[str], witnesses: str) -> None:
    """Whether this lot can be drawn so.

    By hand it needs every item once and the witnesses' names, from a seed the seed and no order of one's own. Raises,
    all together, ``lot_items_missing``, ``lot_seed_missing``, ``lot_seed_too_long``, ``lot_way_differs``,
    ``lot_order_differs``, ``lot_witnesses_missing``, ``lot_source_too_long``.
    """
    errors = []
    if not items:
        errors.append(DomainError("lot_items_missing"))
    if way == Way.SEED:
        if not seed:
            errors.append(DomainError("lot_seed_missing"))
        if len(seed) > SEED_LENGTH:
            errors.append(DomainError("lot_seed_too_long", limit=SEED_LENGTH))
        if order:
            errors.append(DomainError("lot_way_differs"))
    else:
        if seed:
            errors.append(DomainError("lot_way_differs"))
        if sorted(order) != sorted(set(items)):
            errors.append(DomainError("lot_order_differs"))
        if not clean(witnesses):
            errors.append(DomainError("lot_witnesses_missing"))
        if len(witnesses) > SOURCE_LENGTH:
            errors.append(DomainError("lot_source_too_long", limit=SOURCE_LENGTH))
    raise_all(errors)
