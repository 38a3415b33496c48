"""What OParl calls things. Its vocabulary is German, whatever language a city's pages are in; ours stands beside it."""

from __future__ import annotations

from collections.abc import Mapping

COUNCIL = "Beirat"
PARTS: Mapping[str, str] = {
    "council": "Gremium",
    "faction": "Fraktion",
    "organisation": "Institution",
    "department": "Verwaltungsbereich",
}
"""Of an organisation: ``organizationType``."""
DEPARTMENT = "Amt"
FACTION, ORGANISATION = "Fraktion", "Organisation"

MEMBER, DEPUTY = "Mitglied", "Stellvertretendes Mitglied"
OFFICES: Mapping[str, str] = {"chair": "Vorsitz", "deputy_chair": "Stellvertretender Vorsitz"}

MEETING_STATES: Mapping[str, str] = {
    "planned": "terminiert",
    "invited": "eingeladen",
    "open": "eingeladen",
    "held": "durchgeführt",
    "cancelled": "terminiert",
}

PAPERS: Mapping[str, str] = {
    "motion": "Antrag",
    "question": "Anfrage",
    "statement": "Stellungnahme des Beirats",
    "budget_request": "Haushaltsantrag",
}
POSITION = "Stellungnahme der Verwaltung"
AMENDMENTS: Mapping[str, str] = {"amendment": "Änderungsantrag", "recommendation": "Änderungsempfehlung"}
VERSION = "Fassung"
MINUTES = "Niederschrift"

ROLES: Mapping[str, str] = {
    "motion": "Entscheidung",
    "appeal": "Entscheidung",
    "verification": "Entscheidung",
    "reopening": "Entscheidung",
    "overdue": "Kenntnisnahme",
}
"""Of a consultation, by the kind of its agenda item."""

ADOPTED, REJECTED = "angenommen", "abgelehnt"
PUT_OFF: Mapping[str, str] = {"referral": "verwiesen", "postponement": "vertagt"}
"""The result of an item by what was adopted in it."""


def meeting_name(number: int, council: str) -> str:
    """What a meeting is called."""
    return f"{number}. Sitzung: {council}"


def term_name(number: int, first: int, last: int) -> str:
    """What a term is called."""
    return f"{number}. Amtszeit ({first}–{last})"
