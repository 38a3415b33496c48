"""The object types of OParl 1.1, their properties, and what kind of value each has.

Source: the specification of OParl 1.1 (oparl.org), its prose where it and the JSON schema differ: ``created`` and ``modified``
stand in every object, an agenda item has its ``order``, a body names all its lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NAMESPACE = "https://schema.oparl.org/1.1/"
VERSION = NAMESPACE
ERROR = f"{NAMESPACE}Error"


class Form(StrEnum):
    """What a value looks like."""

    TEXT = "text"
    ADDRESS = "address"
    DAY = "day"
    """``2028-03-19``."""
    MOMENT = "moment"
    """``2028-03-19T18:00:00+01:00``: with a numeric offset, never ``Z``."""
    YES_NO = "yes_no"
    NUMBER = "number"
    SHAPE = "shape"
    """A GeoJSON object."""
    REFERENCE = "reference"
    """The address of an object of ``Property.type``."""
    OBJECT = "object"
    """The object itself."""
    LIST = "list"
    """The address of an external list of such objects."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its form, the type that it refers to or holds, and whether it has several values."""

    form: Form
    type: str = ""
    several: bool = False


TEXT, TEXTS = Property(Form.TEXT), Property(Form.TEXT, several=True)
ADDRESS, ADDRESSES = Property(Form.ADDRESS), Property(Form.ADDRESS, several=True)
DAY, MOMENT = Property(Form.DAY), Property(Form.MOMENT)
YES_NO, NUMBER = Property(Form.YES_NO), Property(Form.NUMBER)


def _one(type: str) -> Property:
    return Property(Form.REFERENCE, type)


def _many(type: str) -> Property:
    return Property(Form.REFERENCE, type, several=True)


def _held(type: str) -> Property:
    return Property(Form.OBJECT, type)


def _holds(type: str) -> Property:
    return Property(Form.OBJECT, type, several=True)


def _list(type: str) -> Property:
    return Property(Form.LIST, type)


COMMON: Mapping[str, Property] = {
    "id": ADDRESS,
    "type": TEXT,
    "license": ADDRESS,
    "keyword": TEXTS,
    "created": MOMENT,
    "modified": MOMENT,
    "web": ADDRESS,
    "deleted": YES_NO,
}
ALWAYS = ("id", "type", "created", "modified")
"""In every object, embedded or not."""
WHEN_DELETED = frozenset({*ALWAYS, "deleted"})
"""All that is left of a deleted object."""

PROPERTIES: Mapping[str, Mapping[str, Property]] = {
    "System": {
        "oparlVersion": ADDRESS,
        "otherOparlVersions": ADDRESSES,
        "body": _list("Body"),
        "name": TEXT,
        "contactEmail": TEXT,
        "contactName": TEXT,
        "website": ADDRESS,
        "vendor": ADDRESS,
        "product": ADDRESS,
    },
    "Body": {
        "system": _one("System"),
        "shortName": TEXT,
        "name": TEXT,
        "website": ADDRESS,
        "licenseValidSince": DAY,
        "oparlSince": DAY,
        "ags": TEXT,
        "rgs": TEXT,
        "equivalent": ADDRESSES,
        "contactEmail": TEXT,
        "contactName": TEXT,
        "organization": _list("Organization"),
        "person": _list("Person"),
        "meeting": _list("Meeting"),
        "paper": _list("Paper"),
        "legislativeTerm": _holds("LegislativeTerm"),
        "agendaItem": _list("AgendaItem"),
        "consultation": _list("Consultation"),
        "file": _list("File"),
        "locationList": _list("Location"),
        "legislativeTermList": _list("LegislativeTerm"),
        "membership": _list("Membership"),
        "classification": TEXT,
        "location": _held("Location"),
        "mainOrganization": _one("Organization"),
    },
    "LegislativeTerm": {"body": _one("Body"), "name": TEXT, "startDate": DAY, "endDate": DAY},
    "Organization": {
        "body": _one("Body"),
        "name": TEXT,
        "membership": _many("Membership"),
        "meeting": _list("Meeting"),
        "consultation": _list("Consultation"),
        "shortName": TEXT,
        "post": TEXTS,
        "subOrganizationOf": _one("Organization"),
        "organizationType": TEXT,
        "classification": TEXT,
        "startDate": DAY,
        "endDate": DAY,
        "website": ADDRESS,
        "location": _held("Location"),
        "externalBody": ADDRESS,
        "votingMemberCount": NUMBER,
    },
    "Person": {
        "body": _one("Body"),
        "name": TEXT,
        "familyName": TEXT,
        "givenName": TEXT,
        "formOfAddress": TEXT,
        "affix": TEXT,
        "title": TEXTS,
        "gender": TEXT,
        "phone": TEXTS,
        "email": TEXTS,
        "location": _one("Location"),
        "locationObject": _held("Location"),
        "status": TEXTS,
        "membership": _holds("Membership"),
        "life": TEXT,
        "lifeSource": TEXT,
    },
    "Membership": {
        "person": _one("Person"),
        "organization": _one("Organization"),
        "role": TEXT,
        "votingRight": YES_NO,
        "startDate": DAY,
        "endDate": DAY,
        "onBehalfOf": _one("Organization"),
    },
    "Meeting": {
        "name": TEXT,
        "meetingState": TEXT,
        "cancelled": YES_NO,
        "start": MOMENT,
        "end": MOMENT,
        "location": _held("Location"),
        "organization": _many("Organization"),
        "participant": _many("Person"),
        "invitation": _held("File"),
        "resultsProtocol": _held("File"),
        "verbatimProtocol": _held("File"),
        "auxiliaryFile": _holds("File"),
        "agendaItem": _holds("AgendaItem"),
    },
    "AgendaItem": {
        "meeting": _one("Meeting"),
        "number": TEXT,
        "order": NUMBER,
        "name": TEXT,
        "public": YES_NO,
        "consultation": _one("Consultation"),
        "result": TEXT,
        "resolutionText": TEXT,
        "resolutionFile": _held("File"),
        "auxiliaryFile": _holds("File"),
        "start": MOMENT,
        "end": MOMENT,
    },
    "Paper": {
        "body": _one("Body"),
        "name": TEXT,
        "reference": TEXT,
        "date": DAY,
        "paperType": TEXT,
        "relatedPaper": _many("Paper"),
        "superordinatedPaper": _many("Paper"),
        "subordinatedPaper": _many("Paper"),
        "mainFile": _held("File"),
        "auxiliaryFile": _holds("File"),
        "location": _holds("Location"),
        "originatorPerson": _many("Person"),
        "underDirectionOf": _many("Organization"),
        "originatorOrganization": _many("Organization"),
        "consultation": _holds("Consultation"),
    },
    "Consultation": {
        "paper": _one("Paper"),
        "agendaItem": _one("AgendaItem"),
        "meeting": _one("Meeting"),
        "organization": _many("Organization"),
        "authoritative": YES_NO,
        "role": TEXT,
    },
    "File": {
        "name": TEXT,
        "fileName": TEXT,
        "mimeType": TEXT,
        "date": DAY,
        "size": NUMBER,
        "sha1Checksum": TEXT,
        "sha512Checksum": TEXT,
        "text": TEXT,
        "accessUrl": ADDRESS,
        "downloadUrl": ADDRESS,
        "externalServiceUrl": ADDRESS,
        "masterFile": _one("File"),
        "derivativeFile": _many("File"),
        "fileLicense": ADDRESS,
        "meeting": _many("Meeting"),
        "agendaItem": _many("AgendaItem"),
        "person": _many("Person"),
        "paper": _many("Paper"),
    },
    "Location": {
        "description": TEXT,
        "geojson": Property(Form.SHAPE),
        "streetAddress": TEXT,
        "room": TEXT,
        "postalCode": TEXT,
        "subLocality": TEXT,
        "locality": TEXT,
        "bodies": _many("Body"),
        "organizations": _many("Organization"),
        "persons": _many("Person"),
        "meetings": _many("Meeting"),
        "papers": _many("Paper"),
    },
}

NEEDED: Mapping[str, tuple[str, ...]] = {
    "System": ("oparlVersion", "body"),
    "Body": (
        "name",
        "organization",
        "person",
        "meeting",
        "paper",
        "legislativeTerm",
        "agendaItem",
        "consultation",
        "file",
        "membership",
        "locationList",
        "legislativeTermList",
    ),
    "AgendaItem": ("order",),
    "File": ("accessUrl",),
}
"""Besides ``ALWAYS``. An empty array of a body's terms may stand; any other empty value is left out."""


def properties(type: str) -> Mapping[str, Property]:
    """All properties of a type."""
    return {**COMMON, **PROPERTIES[type]}


def type_of(value: object) -> str:
    """The name of a type from its address, or empty for none of ours."""
    name = value.removeprefix(NAMESPACE) if isinstance(value, str) else ""
    return name if name in PROPERTIES and value == NAMESPACE + name else ""
