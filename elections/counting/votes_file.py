"""``VOTES.json``: a JSON object from names to whole numbers of votes. What cannot be read is named by line or key."""

from __future__ import annotations

import json

from core.errors import DomainError, raise_all


class _Twice(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def read_votes(data: bytes) -> dict[str, int]:
    """The votes in a file.

    Raises ``votes_unreadable`` (``line``), ``votes_not_an_object``, ``votes_twice`` (``key``), or, together,
    ``votes_not_a_number`` (``key``, ``value``) and ``votes_negative`` (``key``).
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
    errors = []
    for key, value in votes.items():
        if not isinstance(value, int) or isinstance(value, bool):
            errors.append(DomainError("votes_not_a_number", key=_shown(key), value=_shown(json.dumps(value))))
        elif value < 0:
            errors.append(DomainError("votes_negative", key=_shown(key)))
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
