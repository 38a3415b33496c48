"""Domain errors: a code and its parameters.

Wording lives in each room's ``messages.py``, the HTTP status in ``app/errors.py``. When several things are wrong,
all of them travel together in ``DomainErrors``.
"""

from __future__ import annotations

from collections.abc import Sequence


class DomainError(Exception):
    """A rule said no. ``code`` names the rule (``round_closed``), ``parameters`` fill its sentence."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters

    def all(self) -> Sequence[DomainError]:
        """Every single error in this one, so that callers treat one and many alike."""
        return (self,)


class DomainErrors(DomainError):
    """Several rules said no at once."""

    def __init__(self, errors: Sequence[DomainError]) -> None:
        super().__init__("several", count=len(errors))
        self.errors = tuple(errors)

    def all(self) -> Sequence[DomainError]:
        return self.errors


class NotFound(DomainError):
    """The thing named does not exist, or not for this reader."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__("not_found", kind=kind, key=key)


class Conflict(DomainError):
    """Somebody else changed the thing meanwhile; nothing was overwritten."""


def raise_all(errors: Sequence[DomainError]) -> None:
    """Raise the collected ``errors``: none, the one, or all of them together."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise DomainErrors(errors)
