"""What can be wrong between objects: references that lead nowhere or do not lead back, agendas with gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from motions.oparl import schema
from motions.oparl.checks import Fault, Object, references

BACK: Mapping[tuple[str, str], str] = {
    ("Membership", "person"): "membership",
    ("Membership", "organization"): "membership",
    ("AgendaItem", "meeting"): "agendaItem",
    ("AgendaItem", "consultation"): "agendaItem",
    ("Consultation", "agendaItem"): "consultation",
    ("Consultation", "paper"): "consultation",
    ("Paper", "superordinatedPaper"): "subordinatedPaper",
    ("Paper", "subordinatedPaper"): "superordinatedPaper",
    ("Paper", "relatedPaper"): "relatedPaper",
    ("File", "masterFile"): "derivativeFile",
    ("File", "derivativeFile"): "masterFile",
}
"""Of a reference (type, property) the property in which the other object refers back."""


def check_connections(objects: Mapping[str, Object]) -> Iterator[Fault]:
    """Everything wrong between the ``objects`` of a whole site, by their addresses. Deleted ones are among them."""
    for where, found in objects.items():
        type = schema.type_of(found.get("type"))
        for key, expected, address in references(found):
            other = objects.get(address)
            if other is None:
                yield Fault("leads_nowhere", where, key, address)
                continue
            if other.get("deleted") is True:
                yield Fault("leads_to_deleted", where, key, address)
                continue
            if schema.type_of(other.get("type")) not in ("", expected):
                yield Fault("leads_elsewhere", where, key, address)
            back = BACK.get((type, key))
            if back and where not in _addresses(other.get(back)):
                yield Fault("not_back", where, key, f"{address} does not name it in {back}")
        if type == "Meeting":
            yield from _check_agenda(where, found)
    asked = Counter(
        each["consultation"]
        for each in objects.values()
        if schema.type_of(each.get("type")) == "AgendaItem" and isinstance(each.get("consultation"), str)
    )
    for address, count in asked.items():
        if count > 1:
            yield Fault("consultation_shared", address, "agendaItem", f"{count} agenda items")


def _check_agenda(where: str, meeting: Object) -> Iterator[Fault]:
    """Orders begin at 0 and have no gap, in the order of the agenda."""
    items = meeting.get("agendaItem")
    if not isinstance(items, list):
        return
    orders = [each.get("order") for each in items if isinstance(each, dict)]
    if orders != list(range(len(orders))):
        yield Fault("order_with_gaps", where, "agendaItem", ", ".join(str(each) for each in orders))


def _addresses(value: object) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {str(each.get("id")) if isinstance(each, dict) else str(each) for each in values}
