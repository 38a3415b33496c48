"""A motion with its files, its consultations, its amendments, and what the city said to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from motions.oparl import words
from motions.oparl.facts import (
    AmendmentFacts,
    DeadlineFacts,
    DecisionFacts,
    MeasureFacts,
    MotionFacts,
    PositionFacts,
    TextFacts,
)
from motions.oparl.objects.made import (
    BODY,
    Held,
    Made,
    address,
    addresses,
    day,
    file,
    filled,
    said,
    translations,
)


def motion(facts: MotionFacts) -> Iterator[Made]:
    """Everything of one motion, what stands inside first."""
    key = f"motion-{facts.id}"
    at = address("Paper", key)
    for each in (*facts.files, *facts.documents):
        yield file(each, paper=[at])
    for treated in facts.treated:
        yield Made(
            "Consultation",
            str(treated.item_id),
            filled(
                paper=at,
                agendaItem=address("AgendaItem", treated.item_id),
                meeting=address("Meeting", treated.meeting_id),
                organization=[address("Organization", facts.body_id)],
                authoritative=treated.kind == "motion",
                role=words.ROLES.get(treated.kind),
            ),
        )
    for amendment in facts.amendments:
        yield _amendment(facts, amendment, at)
    for position in facts.positions:
        yield from _position(facts, position, at)
    yield _paper(facts, key)


def _paper(facts: MotionFacts, key: str) -> Made:
    newest, *earlier = facts.files or (None,)
    text = facts.text
    content = filled(
        body=address("Body", BODY),
        name=said(text.title) if text else facts.number,
        reference=facts.number,
        web=facts.web,
        date=day(facts.submitted_on),
        paperType=words.PAPERS[facts.kind],
        relatedPaper=[
            *addresses("Paper", [f"position-{each.id}" for each in facts.positions]),
            *addresses("Paper", [f"motion-{each}" for each in facts.related]),
        ],
        subordinatedPaper=addresses("Paper", [f"amendment-{each.id}" for each in facts.amendments]),
        mainFile=Held("File", newest.key, ("paper",)) if newest else None,
        auxiliaryFile=[Held("File", each.key, ("paper",)) for each in (*earlier, *facts.documents)],
        originatorPerson=addresses("Person", facts.originators),
        originatorOrganization=[address("Organization", facts.body_id)],
        underDirectionOf=_direction(facts.department_id),
        consultation=[Held("Consultation", str(each.item_id), ("paper",)) for each in facts.treated],
        a_kind=facts.kind,
        a_topic=facts.topic,
        a_stage=facts.stage,
        a_stageSince=day(facts.stage_since),
        a_returnsOn=day(facts.returns_on),
        a_closedOn=day(facts.closed_on),
        a_language=facts.language,
        **(_words(text) if text else {}),
        a_deadlines=[_deadline(each) for each in facts.deadlines],
        a_positions=[_stance(each) for each in facts.positions],
        a_cityDecisions=[_decision(each) for each in facts.decisions],
        a_measures=[_measure(each) for each in facts.measures],
    )
    return Made("Paper", key, content)


def _amendment(facts: MotionFacts, amendment: AmendmentFacts, motion: str) -> Made:
    """A change that somebody proposes, as a paper below the motion's."""
    kind = words.AMENDMENTS[amendment.kind]
    content = filled(
        body=address("Body", BODY),
        name=f"{kind} {amendment.number}: {_title(facts)}",
        reference=f"{facts.number}/{amendment.number}",
        date=day(amendment.day),
        paperType=kind,
        superordinatedPaper=[motion],
        originatorPerson=addresses("Person", [amendment.person] if amendment.person is not None else []),
        a_paragraph=amendment.paragraph,
        a_change=amendment.change,
        a_text=said(amendment.text),
        a_reason=said(amendment.reason),
        a_state=amendment.state,
        a_decidedOn=day(amendment.decided_on),
        a_translations=filled(text=translations(amendment.text), reason=translations(amendment.reason)),
    )
    return Made("Paper", f"amendment-{amendment.id}", content)


def _position(facts: MotionFacts, position: PositionFacts, motion: str) -> Iterator[Made]:
    """What the city said, as a paper beside the motion's, with its document."""
    key = f"position-{position.id}"
    if position.file is not None:
        yield file(position.file, paper=[address("Paper", key)])
    content = filled(
        body=address("Body", BODY),
        name=f"{words.POSITION}: {_title(facts)}",
        date=day(position.day),
        paperType=words.POSITION,
        relatedPaper=[motion],
        mainFile=Held("File", position.file.key, ("paper",)) if position.file else None,
        underDirectionOf=_direction(facts.department_id),
        **{f"a_{name}": value for name, value in _stance(position).items() if name != "paper"},
    )
    yield Made("Paper", key, content)


def _words(text: TextFacts) -> dict[str, object]:
    """The words as they bind, and as they were translated."""
    return {
        "a_text": said(text.text),
        "a_reasons": said(text.reasons),
        "a_costs": said(text.costs),
        "a_textDigest": text.digest,
        "a_translations": filled(
            name=translations(text.title),
            text=translations(text.text),
            reasons=translations(text.reasons),
            costs=translations(text.costs),
        ),
    }


def _title(facts: MotionFacts) -> str:
    return f"{facts.number} {said(facts.text.title) if facts.text else ''}".strip()


def _direction(department_id: int | None) -> list[str]:
    return addresses("Organization", [f"department-{department_id}"] if department_id is not None else [])


def _deadline(facts: DeadlineFacts) -> dict[str, object]:
    """By when something is owed; ``extendedFrom`` is the day before it was moved."""
    return filled(
        step=facts.step,
        reference=facts.number,
        organization=address("Organization", f"department-{facts.department_id}"),
        opened=day(facts.opened_on),
        due=day(facts.due_on),
        extendedFrom=day(facts.extended_from),
        met=day(facts.met_on),
    )


def _stance(facts: PositionFacts) -> dict[str, object]:
    return filled(
        paper=address("Paper", f"position-{facts.id}"),
        day=day(facts.day),
        position=facts.position,
        reason=said(facts.reason),
        facts=_plain(facts.facts),
        corrected=day(facts.corrected_on),
    )


def _decision(facts: DecisionFacts) -> dict[str, object]:
    return filled(
        decision=facts.decision,
        day=day(facts.day),
        reason=said(facts.reason),
        facts=_plain(facts.facts),
        corrected=day(facts.corrected_on),
    )


def _measure(facts: MeasureFacts) -> dict[str, object]:
    return filled(
        number=facts.number,
        name=said(facts.title),
        organization=address("Organization", f"department-{facts.department_id}"),
        due=day(facts.due_on),
        budgetCents=facts.cents,
        state=facts.state,
        updated=day(facts.updated_on),
        translations=translations(facts.title),
    )


def _plain(facts: object) -> object:
    """What was recorded, without what is empty, and texts fit for JSON."""
    if isinstance(facts, str):
        return said(facts)
    if isinstance(facts, dict):
        return {key: _plain(value) for key, value in facts.items() if value not in (None, "", [], {})}
    if isinstance(facts, Sequence):
        return [_plain(value) for value in facts]
    return facts
