"""What a station device must say about itself, and until when one is enrolled. Pure."""

from __future__ import annotations

from core.errors import DomainError, raise_all
from core.localized import clean
from elections.rules.stages import Stage

TEXT_LENGTH = 200
"""Characters of a device's name, place or hours."""
ENROLLING: frozenset[Stage] = frozenset(
    {Stage.CALLED, Stage.CANDIDATES, Stage.ROLL, Stage.READY, Stage.VOTING, Stage.INTERRUPTED}
)
"""Stages in which a device can be enrolled: from the call until voting is closed."""


def check_device(stage: Stage, name: str, place: str, hours: str) -> None:
    """Whether a device can be enrolled now: voters must find it, and know when they can come.

    Raises, all together, ``device_stage``, ``device_name_missing``, ``device_place_missing``, ``device_hours_missing``,
    ``device_text_too_long`` (``limit``).
    """
    errors = [] if stage in ENROLLING else [DomainError("device_stage")]
    for code, text in (
        ("device_name_missing", name),
        ("device_place_missing", place),
        ("device_hours_missing", hours),
    ):
        if not clean(text):
            errors.append(DomainError(code))
    if any(len(text) > TEXT_LENGTH for text in (name, place, hours)):
        errors.append(DomainError("device_text_too_long", limit=TEXT_LENGTH))
    raise_all(errors)
