"""The system, the city, its organisations, terms and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from motions.oparl import words
from motions.oparl.facts import CityFacts, CouncilFacts, DepartmentFacts, GroupFacts, SeatFacts, TermFacts
from motions.oparl.objects.made import (
    BODY,
    LISTS,
    Held,
    Made,
    address,
    addresses,
    day,
    filled,
    path,
    said,
    translations,
)
from motions.oparl.schema import VERSION

PRODUCT = "Answerable"


def system(city: CityFacts) -> Made:
    """The whole."""
    content = filled(
        oparlVersion=VERSION,
        body=f"{address('System', '')}/body",
        name=f"{PRODUCT}: {said(city.name)}" if city.name else PRODUCT,
        contactName=said(city.contact),
        website=city.website,
    )
    return Made("System", "", content)


def body(city: CityFacts, terms: Sequence[TermFacts]) -> Made:
    """The city, with every list. The only empty value that may stand is that of no term yet."""
    at = address("Body", BODY)
    content = filled(
        system=address("System", ""),
        name=said(city.name) or PRODUCT,
        website=city.website,
        contactName=said(city.contact),
        mainOrganization=address("Organization", city.body_ids[0]) if city.body_ids else None,
        a_translations=filled(name=translations(city.name)),
        **{name: f"{at}/{path(type)}" for name, type in LISTS.items()},
    )
    return Made(
        "Body",
        BODY,
        {**content, "legislativeTerm": [Held("LegislativeTerm", str(each.id), ("body",)) for each in terms]},
    )


def term(facts: TermFacts) -> Made:
    """A term of a council."""
    content = filled(
        body=address("Body", BODY),
        name=f"{said(facts.body_name)}: "
        + words.term_name(facts.number, facts.begins_on.year, facts.ends_on.year),
        startDate=day(facts.begins_on),
        endDate=day(facts.ends_on),
        a_organization=address("Organization", facts.body_id),
    )
    return Made("LegislativeTerm", str(facts.id), content)


def council(facts: CouncilFacts, members: Sequence[int]) -> Made:
    """A council with everybody who ever sat on it, and its statutory seats."""
    at = address("Organization", facts.id)
    content = filled(
        body=address("Body", BODY),
        name=said(facts.name),
        membership=addresses("Membership", members),
        meeting=f"{at}/meeting",
        organizationType=words.PARTS["council"],
        classification=words.COUNCIL,
        startDate=day(facts.created_on),
        votingMemberCount=facts.seats,
        a_translations=filled(name=translations(facts.name)),
    )
    return Made("Organization", str(facts.id), content)


def group(facts: GroupFacts) -> Made:
    """A faction or organisation for which members sit."""
    content = filled(
        body=address("Body", BODY),
        name=said(facts.name),
        organizationType=words.PARTS["faction" if facts.faction else "organisation"],
        classification=words.FACTION if facts.faction else words.ORGANISATION,
    )
    return Made("Organization", f"group-{facts.id}", content)


def department(facts: DepartmentFacts) -> Made:
    """A department, which may direct what becomes of a paper."""
    content = filled(
        body=address("Body", BODY),
        name=said(facts.name),
        organizationType=words.PARTS["department"],
        classification=words.DEPARTMENT,
        a_translations=filled(name=translations(facts.name)),
    )
    return Made("Organization", f"department-{facts.id}", content)


def people(seats: Sequence[SeatFacts]) -> Iterator[Made]:
    """Memberships, then the persons who hold or held them. A person goes by the name of the newest seat."""
    held: dict[int, list[SeatFacts]] = {}
    for seat in seats:
        held.setdefault(seat.person, []).append(seat)
        yield _membership(seat)
    for key, theirs in held.items():
        newest = max(theirs, key=lambda seat: (seat.since_on, seat.member_id))
        content = filled(
            body=address("Body", BODY),
            name=said(newest.name),
            membership=[Held("Membership", str(seat.member_id), ("person",)) for seat in theirs],
        )
        yield Made("Person", str(key), content)


def _membership(seat: SeatFacts) -> Made:
    last = None
    if seat.left_on is not None:  # the first day without the seat
        last = max(seat.since_on, seat.left_on - timedelta(days=1))
    role = words.DEPUTY if seat.is_deputy else words.OFFICES.get(seat.office or "", words.MEMBER)
    content = filled(
        person=address("Person", seat.person),
        organization=address("Organization", seat.body_id),
        role=role,
        votingRight=not seat.is_deputy,
        startDate=day(seat.since_on),
        endDate=day(last),
        onBehalfOf=address("Organization", f"group-{seat.group}") if seat.group is not None else None,
    )
    return Made("Membership", str(seat.member_id), content)
