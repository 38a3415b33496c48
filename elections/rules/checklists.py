"""What must be there before an act, as a list in which every line is said: done or not, needed or only advised. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.errors import DomainError, raise_all


@dataclass(frozen=True, slots=True)
class Check:
    """One line: ``code`` and ``parameters`` are worded in ``elections.messages.checklists``.

    What is ``needed`` and not done keeps the act from being proposed, confirmed or done.
    """

    code: str
    done: bool
    needed: bool = True
    parameters: Mapping[str, object] = field(default_factory=dict)


def missing(checks: Iterable[Check]) -> list[Check]:
    """The lines that stand in the way."""
    return [check for check in checks if check.needed and not check.done]


def check_ready(checks: Iterable[Check]) -> None:
    """Raises a DomainError ``missing_…`` with the parameters of each line that stands in the way, all together."""
    raise_all([DomainError(f"missing_{check.code}", **check.parameters) for check in missing(checks)])
