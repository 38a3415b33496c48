"""What a city sets. Built once at start, frozen, and read through ``current()``.

Figures are defaults of ``domain.md``; a round copies the rule it runs under, so a later change leaves it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.localized import Localized


@dataclass(frozen=True, slots=True)
class Settings:
    """One city's choices. Days are calendar days unless a name says otherwise."""

    folder: Path
    """Where keys, the embedded database and files live; never inside the package."""
    base_url: str = "http://127.0.0.1:8000"
    city: Localized = field(default_factory=lambda: Localized.original("en", "City"))
    contact: Localized = field(default_factory=Localized)
    time_zone: str = "Europe/Berlin"
    holidays_country: str = "DE"
    holidays_region: str | None = None
    extra_holidays: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "de", "ar")
    official_language: str = "de"
    answer_weeks: int = 12
    minimum_open_days: int = 30
    reminder_days: int = 14
    digest_head_after_days: int = 14
    long_overdue_days: int = 30
    contact_kept_days: int = 30
    mayor_email: str | None = None
    """The mayor's office: it hears of what the city owes a council once that is two weeks late."""
    demo: bool = False
    second_factor: bool = True
    mail_from: str = "answers@localhost"
    smtp_url: str | None = None
    """``smtp://user:password@host:port`` or ``smtps://…``; none means files in ``folder/mail``."""
    sms_gateway: str | None = None
    """Domain of an e-mail-to-SMS gateway: a message to +49… goes to 49…@domain."""
    redis_url: str | None = None
    limits: Mapping[str, str] = field(default_factory=dict)
    """Rates by name, such as ``{"submit": "600 per hour"}``; see ``core.limits``."""


_current: Settings | None = None


def configure(settings: Settings) -> None:
    """Make ``settings`` the ones in force for this process."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings in force. Raises RuntimeError before ``configure`` was called."""
    if _current is None:
        raise RuntimeError("core.settings.configure() has not been called")
    return _current
