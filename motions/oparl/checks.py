"""What can be wrong with one object, whatever stands around it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from motions.oparl import schema
from motions.oparl.schema import Form, Property

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ESCAPED = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-fA-F]+);")
_OWN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*:[^:]+")
"""A property of the maker's own, such as ``answerable:stage``."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A rule that is broken: where, at which property, and by what."""

    code: str
    where: str
    at: str = ""
    what: str = ""


Object = Mapping[str, Any]


def check_object(found: Object, where: str, expected: str = "", *, embedded: bool = False) -> Iterator[Fault]:
    """Everything wrong with ``found``, which was at the address ``where``, and with what is embedded in it.

    ``expected`` is the type that led here, if one did.
    """
    name = str(found.get("id") or where)
    type = schema.type_of(found.get("type"))
    for key in schema.ALWAYS:
        if key not in found:
            yield Fault("missing", name, key)
    if "type" in found and not type:
        yield Fault("type_unknown", name, "type", str(found["type"]))
        return
    if expected and type and type != expected:
        yield Fault("type_other", name, "type", f"{type} instead of {expected}")
    if not embedded and "id" in found and found["id"] != where:
        yield Fault("id_other", where, "id", str(found["id"]))
    if found.get("deleted") is True:
        for key in sorted(set(found) - schema.WHEN_DELETED):
            yield Fault("deleted_with_content", name, key)
        if embedded:
            yield Fault("deleted_embedded", name)
    else:
        for key in schema.NEEDED.get(type, ()):
            if key not in found:
                yield Fault("missing", name, key)
    known = schema.properties(type) if type else schema.COMMON
    for key, value in found.items():
        if key in known:
            yield from _check_value(known[key], value, name, key)
        elif not _OWN.fullmatch(key):
            yield Fault("property_unknown", name, key)
    yield from _check_times(found, name)


def _check_value(known: Property, value: Any, name: str, key: str) -> Iterator[Fault]:
    if value is None:
        yield Fault("null", name, key)
        return
    if value in ("", {}) or (value == [] and key != "legislativeTerm"):
        yield Fault("empty", name, key)
        return
    if not known.several:
        yield from _check_single(known, value, name, key)
        return
    if not isinstance(value, list):
        yield Fault("not_several", name, key)
        return
    for each in value:
        yield from _check_single(known, each, name, key)
    addresses = [each.get("id") if isinstance(each, dict) else each for each in value]
    if len({str(each) for each in addresses}) < len(addresses):
        yield Fault("twice", name, key)


def _check_single(known: Property, value: Any, name: str, key: str) -> Iterator[Fault]:
    match known.form:
        case Form.TEXT:
            right = isinstance(value, str)
            if right and _ESCAPED.search(value) and html.unescape(value) != value:
                yield Fault("escaped", name, key, value[:80])
        case Form.ADDRESS | Form.REFERENCE | Form.LIST:
            right = isinstance(value, str) and _is_address(value)
        case Form.DAY:
            right = isinstance(value, str) and is_day(value)
        case Form.MOMENT:
            right = isinstance(value, str) and moment(value) is not None
        case Form.YES_NO:
            right = isinstance(value, bool)
        case Form.NUMBER:
            right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case Form.SHAPE:
            right = isinstance(value, dict) and "type" in value
        case Form.OBJECT:
            right = isinstance(value, dict)
            if right:
                yield from check_object(value, str(value.get("id")), known.type, embedded=True)
    if not right:
        yield Fault(f"not_{known.form.value}", name, key, str(value)[:80])


def _check_times(found: Object, name: str) -> Iterator[Fault]:
    created, modified = moment(str(found.get("created"))), moment(str(found.get("modified")))
    if created and modified and modified < created:
        yield Fault("modified_before_created", name)
    for first, last in (("startDate", "endDate"), ("start", "end")):
        begin, end = found.get(first), found.get(last)
        if isinstance(begin, str) and isinstance(end, str) and end[:10] < begin[:10]:
            yield Fault("ends_before_beginning", name, last)


def moment(text: str) -> datetime | None:
    """A moment as OParl writes it, or None."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def is_day(text: str) -> bool:
    """Whether this is a day as OParl writes it."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", text)


def embedded(found: Object) -> Iterator[tuple[str, Object]]:
    """The objects that stand inside ``found``, at any depth, each with its type."""
    type = schema.type_of(found.get("type"))
    for key, known in schema.properties(type).items() if type else ():
        if known.form is not Form.OBJECT:
            continue
        value = found.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield known.type, each
                yield from embedded(each)


def references(found: Object) -> Iterator[tuple[str, str, str]]:
    """What ``found`` refers to: property, type, address. What is inside embedded objects is not followed here."""
    type = schema.type_of(found.get("type"))
    for key, known in schema.properties(type).items() if type else ():
        if known.form is Form.REFERENCE:
            value = found.get(key)
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, str):
                    yield key, known.type, each
