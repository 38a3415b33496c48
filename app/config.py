"""The environment and the city's own file, read once into ``Settings``.

``ANSWERABLE_VAR`` names the folder for data and keys (default ``var``); ``city.toml`` in it may set what a city
chooses; ``DATABASE_URL``, ``REDIS_URL``, ``SMTP_URL``, ``SMS_GATEWAY`` and ``BASE_URL`` say what it runs on.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.localized import Localized
from core.settings import Settings

_PLAIN = (
    "time_zone",
    "holidays_country",
    "holidays_region",
    "official_language",
    "answer_weeks",
    "minimum_open_days",
    "reminder_days",
    "digest_head_after_days",
    "long_overdue_days",
    "contact_kept_days",
    "mayor_email",
    "demo",
    "second_factor",
    "mail_from",
)


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises KeyError-free: unknown keys of ``city.toml`` are refused by name."""
    folder = Path(environ.get("ANSWERABLE_VAR", "var")).resolve()
    chosen = _city_file(folder / "city.toml")
    port = environ.get("PORT", "8000")
    return Settings(
        folder=folder,
        base_url=environ.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        smtp_url=environ.get("SMTP_URL") or None,
        sms_gateway=environ.get("SMS_GATEWAY") or None,
        redis_url=environ.get("REDIS_URL") or None,
        **chosen,
    )


def database_url(settings: Settings, environ: Mapping[str, str] = os.environ) -> str:
    """``DATABASE_URL``, or the embedded database in the settings' folder."""
    url = environ.get("DATABASE_URL")
    if not url:
        return f"sqlite:///{settings.folder / 'answerable.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _city_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    with path.open("rb") as file:
        table = tomllib.load(file)
    official = table.get("official_language", "de")
    chosen: dict[str, Any] = {}
    for key, value in table.items():
        if key in ("city", "contact"):
            chosen[key] = Localized.of(value, official)
        elif key in ("languages", "extra_holidays"):
            chosen[key] = tuple(value)
        elif key == "limits" or key in _PLAIN:
            chosen[key] = value
        else:
            raise ValueError(f"{path}: unknown setting {key!r}")
    return chosen
