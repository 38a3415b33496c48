"""A small OParl site that conforms, kept in memory, for tests that break it."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from motions.oparl.crawl import Answer
from motions.oparl.schema import ERROR, NAMESPACE, VERSION

ROOT = "https://city.example/oparl/v1.1"
PDF = b"%PDF-1.7 minutes"
PAGE = 2
LISTS = {
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


def at(path: str) -> str:
    return f"{ROOT}/{path}"


def thing(type: str, path: str, day: int = 1, **content: Any) -> dict[str, Any]:
    """An object with its four common properties."""
    moment = f"2028-03-{day:02}T12:00:00+01:00"
    return {
        "id": at(path) if path else ROOT,
        "type": NAMESPACE + type,
        **content,
        "created": moment,
        "modified": moment,
    }


def city() -> dict[str, dict[str, Any]]:
    """A council with three people, a meeting with two items, a motion, an amendment and a statement, by address."""
    terms = [thing("LegislativeTerm", "term/1", body=at("body/1"), name="2028–2033", startDate="2028-05-01")]
    memberships = [
        thing(
            "Membership",
            f"membership/{n}",
            n,
            person=at(f"person/{n}"),
            organization=at("organization/1"),
            role="Chair" if n == 1 else "Member",
            votingRight=True,
            startDate="2028-05-01",
        )
        for n in (1, 2, 3)
    ]
    people = [
        thing(
            "Person", f"person/{n}", n, body=at("body/1"), name=f"Person {n}", membership=[memberships[n - 1]]
        )
        for n in (1, 2, 3)
    ]
    council = thing(
        "Organization",
        "organization/1",
        body=at("body/1"),
        name="Migrant council",
        classification="Beirat",
        membership=[each["id"] for each in memberships],
        meeting=at("organization/1/meetings"),
        votingMemberCount=22,
    )
    file = thing(
        "File",
        "file/1",
        6,
        name="Minutes",
        fileName="minutes.pdf",
        mimeType="application/pdf",
        size=len(PDF),
        sha512Checksum=hashlib.sha512(PDF).hexdigest(),
        accessUrl=at("file/1/open"),
        downloadUrl=at("file/1/save"),
        meeting=[at("meeting/1")],
    )
    items = [
        thing(
            "AgendaItem",
            f"item/{n}",
            n,
            meeting=at("meeting/1"),
            number=f"{n}.",
            order=n - 1,
            name=f"Item {n}",
            public=True,
            consultation=at(f"consultation/{n}"),
        )
        for n in (1, 2)
    ]
    consultations = [
        thing(
            "Consultation",
            f"consultation/{n}",
            n,
            paper=at(f"paper/{n}"),
            agendaItem=at(f"item/{n}"),
            meeting=at("meeting/1"),
            organization=[at("organization/1")],
            authoritative=True,
            role="Decision",
        )
        for n in (1, 2)
    ]
    meeting = thing(
        "Meeting",
        "meeting/1",
        5,
        name="First meeting",
        meetingState="durchgeführt",
        start="2028-05-10T18:00:00+02:00",
        end="2028-05-10T20:00:00+02:00",
        organization=[at("organization/1")],
        participant=[at("person/1"), at("person/2")],
        resultsProtocol=file,
        agendaItem=[{key: value for key, value in each.items() if key != "meeting"} for each in items],
        location=thing("Location", "location/1", description="Town hall"),
    )
    papers = [
        thing(
            "Paper",
            "paper/1",
            3,
            body=at("body/1"),
            name="Lamps & benches",
            reference="MC-0001",
            date="2028-05-02",
            paperType="Motion",
            originatorPerson=[at("person/1")],
            underDirectionOf=[at("organization/1")],
            subordinatedPaper=[at("paper/2")],
            consultation=[consultations[0]],
            **{"answerable:stage": "adopted"},
        ),
        thing(
            "Paper",
            "paper/2",
            4,
            body=at("body/1"),
            name="Amendment",
            superordinatedPaper=[at("paper/1")],
            consultation=[consultations[1]],
        ),
        thing("Paper", "paper/3", 5, body=at("body/1"), name="Statement"),
        thing("Paper", "paper/4", 6) | {"deleted": True},
    ]
    body = thing(
        "Body",
        "body/1",
        system=ROOT,
        name="City of Lindhafen",
        legislativeTerm=terms,
        mainOrganization=at("organization/1"),
        **{key: at(f"body/1/{key}") for key in LISTS},
    )
    system = thing("System", "", oparlVersion=VERSION, body=at("bodies"), name="Answerable")
    own = [
        system,
        body,
        *terms,
        *memberships,
        *people,
        council,
        file,
        *items,
        *consultations,
        meeting,
        *papers,
    ]
    own.append(meeting["location"])
    return {each["id"]: copy.deepcopy(each) for each in own}


def _belongs(time: str, limit: str, end: str) -> bool:
    return time <= limit if end == "until" else time >= limit


@dataclass
class Site:
    """The site as it answers. What tests replace: ``objects``, ``headers``, ``answers`` by address, ``page``."""

    objects: dict[str, dict[str, Any]] = field(default_factory=city)
    headers: dict[str, str] = field(
        default_factory=lambda: {"content-type": "application/json", "access-control-allow-origin": "*"}
    )
    answers: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    page: Callable[[str, dict[str, Any]], dict[str, Any]] = lambda _address, page: page
    filtering: bool = True
    hide_deleted: bool = True
    missing: Callable[[], Answer] = lambda: Answer(
        404,
        {"content-type": "application/json"},
        json.dumps({"type": ERROR, "message": "There is nothing here."}).encode(),
    )

    def __call__(self, address: str) -> Answer:
        if address in self.answers:
            return self.answers[address]()
        if address in self.objects:
            return self.json(self.objects[address])
        base = address.split("?")[0]
        if base == at("bodies"):
            return self.list(address, "Body")
        if base == at("organization/1/meetings"):
            return self.list(address, "Meeting")
        for key, type in LISTS.items():
            if base == at(f"body/1/{key}"):
                return self.list(address, type)
        for path, disposition in (("open", "inline"), ("save", "attachment; filename=minutes.pdf")):
            if address == at(f"file/1/{path}"):
                return Answer(
                    200, {"content-type": "application/pdf", "content-disposition": disposition}, PDF
                )
        return self.missing()

    def json(self, found: object) -> Answer:
        return Answer(200, self.headers, json.dumps(found, ensure_ascii=False).encode())

    def list(self, address: str, type: str) -> Answer:
        """A page of a list: filters, then the page."""
        asked = dict(parse_qsl(urlsplit(address).query))
        number = int(asked.pop("page", "1"))
        items = [each for each in self.objects.values() if each.get("type") == NAMESPACE + type]
        if self.hide_deleted and "modified_since" not in asked:
            items = [each for each in items if not each.get("deleted")]
        if self.filtering:
            for name, value in asked.items():
                key, _, end = name.partition("_")
                items = [each for each in items if _belongs(each.get(key, ""), value, end)]
        last = max(1, -(-len(items) // PAGE))
        base = address.split("?")[0]
        links = {"first": f"{base}?{urlencode({**asked, 'page': 1})}"}
        if number < last:
            links["next"] = f"{base}?{urlencode({**asked, 'page': number + 1})}"
        page = {
            "data": items[(number - 1) * PAGE : number * PAGE],
            "pagination": {"totalElements": len(items), "elementsPerPage": PAGE},
            "links": links,
        }
        return self.json(self.page(address, page))
