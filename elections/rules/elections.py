"""What an election is called and when it can be. Pure."""

from __future__ import annotations

import re
from datetime import date

from core.errors import DomainError

CODE = re.compile(r"[A-Z][A-Z0-9]{0,5}-[0-9]{2}(-[0-9]{1,2})?")
"""Such as ``MB-27``: it begins every register number of the election."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Between these years the holidays are known; another year is a slip."""


def check_election_day(day: date) -> None:
    """Raises ``election_day_range`` (``first``, ``last``) for a year that nobody can mean."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DomainError("election_day_range", first=FIRST_YEAR, last=LAST_YEAR)
