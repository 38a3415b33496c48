"""``VOTES.json``: a JSON object from names to whole numbers of votes. What cannot be read is named by line or key."""

from __future__ import annotations

import json
from unicodedata import category

from core.errors import DomainError, raise_all

MOST_NAMES = 1000
NAME_LENGTH = 500
MOST_VOTES = 10**12


class _Twice(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def read_votes(data: bytes) -> dict[str, int]:
    """The votes in a file.

    Raises ``votes_unreadable`` (``line``), ``votes_not_an_object``, ``votes_twice`` (``key``), ``votes_names_many``
    (``limit``), or, together, ``votes_name`` (``key``, ``limit``), ``votes_not_a_number`` (``key``, ``value``),
    ``votes_negative`` (``key``) and ``votes_too_large`` (``key``, ``limit``).
    """
    try:
        votes = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise DomainError("votes_unreadable", line=data[: error.start].count(b"\n") + 1) from None
    except json.JSONDecodeError as error:
        raise DomainError("votes_unreadable", line=error.lineno) from None
    except (RecursionError, ValueError):  # nested without end, a number of thousands of digits
        raise DomainError("votes_unreadable", line=1) from None
    except _Twice as error:
        raise DomainError("votes_twice", key=_shown(error.key)) from None
    if not isinstance(votes, dict) or not votes:
        raise DomainError("votes_not_an_object")
    if len(votes) > MOST_NAMES:
        raise DomainError("votes_names_many", limit=MOST_NAMES)
    errors = []
    for key, value in votes.items():
        if len(key) > NAME_LENGTH or any(category(sign) in ("Cc", "Cs") for sign in key):
            errors.append(DomainError("votes_name", key=_shown(key), limit=NAME_LENGTH))
        if not isinstance(value, int) or isinstance(value, bool):
            errors.append(DomainError("votes_not_a_number", key=_shown(key), value=_shown(json.dumps(value))))
        elif value < 0:
            errors.append(DomainError("votes_negative", key=_shown(key)))
        elif value > MOST_VOTES:
            errors.append(DomainError("votes_too_large", key=_shown(key), limit=MOST_VOTES))
    raise_all(errors)
    return votes


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def _shown(value: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in value[:40])
