"""What the objects of OParl are made of: addresses, children that stand inside, nothing that is empty."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core import clock
from core.localized import Localized, clean
from motions.oparl.facts import FileFacts
from motions.oparl.schema import NAMESPACE

ROOT = "\x01"
"""Stands for the address of the whole in each of ours. No text can hold this sign: it is cleaned."""
BODY = "1"
"""The key of the one city."""
LISTS: Mapping[str, str] = {
    "organization": "Organization",
    "person": "Person",
    "meeting": "Meeting",
    "paper": "Paper",
    "agendaItem": "AgendaItem",
    "consultation": "Consultation",
    "file": "File",
    "locationList": "Location",
    "legislativeTermList": "LegislativeTerm",
    "membership": "Membership",
}
"""The lists of a body: property, and type of what is in them. The last part of a list's address is the type's path."""


@dataclass(frozen=True, slots=True)
class Held:
    """Another object that stands inside, made before; without the property ``without``, which leads back."""

    type: str
    key: str
    without: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """An object without ``id``, ``type`` and times. Values may be ``Held``, or lists of them."""

    type: str
    key: str
    content: Mapping[str, Any]
    body_id: int | None = None
    source: str | None = field(default=None)


def path(type: str) -> str:
    """The part of an address that names a type."""
    return type.lower()


def address(type: str, key: str | int) -> str:
    """Where an object is: never changes, whatever the object comes to be called."""
    return ROOT if type == "System" else f"{ROOT}/{path(type)}/{key}"


def addresses(type: str, keys: Sequence[str | int]) -> list[str]:
    """Where objects are, each once, in their order."""
    return list(dict.fromkeys(address(type, key) for key in keys))


def said(text: Localized | str | None) -> str:
    """A text in the language in which it was written, fit for JSON."""
    if isinstance(text, Localized):
        source = text.source
        text = source.text if source is not None else (text.versions[0].text if text else "")
    return clean(text or "")


def translations(text: Localized) -> dict[str, dict[str, str]]:
    """The versions of a text beside the one that binds, by language, each with how it came to be."""
    source = text.source
    return {
        version.language: {"text": clean(version.text), "state": version.state.value}
        for version in text.versions
        if version is not source and version.text
    }


def filled(**content: Any) -> dict[str, Any]:
    """Without what is empty. An underscored name stands for a property of ours: ``a_stage`` is ``answerable:stage``."""
    return {
        f"answerable:{name[2:]}" if name.startswith("a_") else name: value
        for name, value in content.items()
        if value is not None and value not in ("", [], {}, ())
    }


def day(value: date | None) -> str | None:
    """A day."""
    return value.isoformat() if value is not None else None


def moment(value: datetime | None) -> str | None:
    """A moment as the city's clocks show it, with its offset."""
    return clock.shown_in_the_city(value).isoformat() if value is not None else None


def file(facts: FileFacts, **belongs: Sequence[str]) -> Made:
    """A file; ``belongs`` are what it stands in, such as ``paper``."""
    at = address("File", facts.key)
    content = filled(
        name=clean(facts.title),
        fileName=clean(facts.name),
        mimeType=facts.media_type,
        date=day(facts.day),
        size=facts.size,
        sha512Checksum=facts.sha512,
        accessUrl=f"{at}/open",
        downloadUrl=f"{at}/save",
        **{name: list(places) for name, places in belongs.items()},
    )
    return Made("File", facts.key, content, source=facts.source)


def whole(made: Made, content: Mapping[str, Any], created: datetime, modified: datetime) -> dict[str, Any]:
    """The object as it is published; ``content`` has whole objects where ``made`` holds them."""
    return {
        "id": address(made.type, made.key),
        "type": NAMESPACE + made.type,
        **content,
        "created": moment(created),
        "modified": moment(modified),
    }


def left_over(type: str, key: str, created: datetime, deleted: datetime) -> dict[str, Any]:
    """All that is left of a deleted object."""
    return {
        "id": address(type, key),
        "type": NAMESPACE + type,
        "created": moment(created),
        "modified": moment(deleted),
        "deleted": True,
    }


def dump(found: Mapping[str, Any]) -> str:
    """JSON as it is kept and sent."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def digest(content: Mapping[str, Any]) -> str:
    """Of an object without its own times: it differs exactly where readers see a difference."""
    plain = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("ascii")).hexdigest()
