"""A meeting with its agenda, its place and its minutes."""

from __future__ import annotations

from collections.abc import Iterator

from motions.oparl import words
from motions.oparl.facts import ItemFacts, MeetingFacts, VoteFacts
from motions.oparl.objects.made import (
    BODY,
    Held,
    Made,
    address,
    addresses,
    day,
    file,
    filled,
    moment,
    said,
    translations,
)


def meeting(facts: MeetingFacts) -> Iterator[Made]:
    """Everything of one meeting, what stands inside first."""
    key, at = str(facts.id), address("Meeting", facts.id)
    place = said(facts.place)
    if place:
        yield Made(
            "Location",
            f"meeting-{key}",
            filled(description=place, bodies=[address("Body", BODY)], meetings=[at]),
        )
    if facts.minutes is not None:
        yield file(facts.minutes, meeting=[at])
    for order, item in enumerate(facts.agenda):
        yield agenda_item(item, order, at)
    content = filled(
        name=words.meeting_name(facts.number, said(facts.body_name)),
        meetingState=words.MEETING_STATES[facts.state],
        cancelled=facts.state == "cancelled",
        start=moment(facts.starts_at),
        end=moment(facts.ends_at),
        location=Held("Location", f"meeting-{key}", ("meetings",)) if place else None,
        organization=[address("Organization", facts.body_id)],
        participant=addresses("Person", facts.present),
        resultsProtocol=Held("File", facts.minutes.key, ("meeting",)) if facts.minutes else None,
        agendaItem=[Held("AgendaItem", str(item.id), ("meeting",)) for item in facts.agenda],
        a_state=facts.state,
        a_note=said(facts.note),
        a_translations=filled(place=translations(facts.place), note=translations(facts.note)),
    )
    yield Made("Meeting", key, content, body_id=facts.body_id)


def agenda_item(facts: ItemFacts, order: int, meeting: str) -> Made:
    """An agenda item; of one that is not public, nothing but that it is there."""
    content = filled(meeting=meeting, number=str(order + 1), order=order, public=facts.public)
    if facts.public:
        content |= filled(
            name=said(facts.title),
            consultation=address("Consultation", facts.id) if facts.motion_id is not None else None,
            result=_result(facts),
            resolutionText=facts.resolution,
            a_kind=facts.kind,
            a_paper=address("Paper", f"motion-{facts.motion_id}") if facts.motion_id is not None else None,
            a_votes=[_vote(vote) for vote in facts.votes],
            a_translations=filled(name=translations(facts.title)),
        )
    return Made("AgendaItem", str(facts.id), content)


def _result(facts: ItemFacts) -> str | None:
    """The last vote on the matter itself; a procedure or an amendment decides nothing about it."""
    deciding = [vote for vote in facts.votes if vote.about not in ("amendment", "procedure")]
    if not deciding:
        return None
    last = deciding[-1]
    if last.about in words.PUT_OFF:
        return words.PUT_OFF[last.about] if last.adopted else words.REJECTED
    return words.ADOPTED if last.adopted else words.REJECTED


def _vote(vote: VoteFacts) -> dict[str, object]:
    """Figures, outcome and reasons of a vote; who voted how, where it was by name."""
    return filled(
        about=vote.about,
        way=vote.way,
        day=day(vote.day),
        seats=vote.seats,
        quorum=vote.quorum,
        present=vote.present,
        voting=vote.voting,
        yes=vote.yes,
        no=vote.no,
        abstain=vote.abstain,
        invalid=vote.invalid,
        adopted=vote.adopted,
        correction=vote.correction or None,
        reasons=[dict(reason) for reason in vote.reasons],
        byName=[{"person": address("Person", person), "choice": choice} for person, choice in vote.by_name],
    )
