"""What the public register of motions says: states, the stretches of a motion's way, and how its numbers are counted."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from motions.messages.words import CITY_DECISIONS, STAGES, STEPS
from motions.rules.deadlines import Step
from motions.rules.register import LATE, State, state_of
from motions.rules.stages import TO_IMPLEMENT, Act, CityDecision, Stage

STATES: Mapping[str, LazyString] = {
    State.COUNCIL: _l("With the council"),
    State.CITY: _l("With the city"),
    State.DOING: _l("Being done"),
    State.DONE: _l("Done"),
    State.REFUSED: _l("Rejected"),
    State.WITHOUT: _l("Closed without a decision"),
    LATE: _l("Overdue now"),
}
TONES: Mapping[str, str] = {
    State.COUNCIL: "open",
    State.CITY: "soon",
    State.DOING: "open",
    State.DONE: "done",
    State.REFUSED: "refused",
    State.WITHOUT: "noted",
}
"""How the chip of each state is drawn."""

WAY: Mapping[str, LazyString] = {
    **STEPS,
    Act.SUBMIT: _l("Tabled and signed"),
    Act.SCHEDULE: _l("The council votes"),
    Act.ADOPT: _l("Adopted by the council"),
    Act.ADOPT_AMENDED: _l("Adopted by the council with changes"),
    Act.REJECT: _l("Rejected by the council"),
    Act.REFER: _l("With a committee"),
    Act.POSTPONE: _l("Put off"),
    Act.FORWARD: _l("Sent to the city"),
    Act.VERIFY: _l("The council checks the result"),
    Act.DISPUTE: _l("The council checked it: not done"),
    Act.WITHDRAW: _l("Withdrawn by its author"),
    Act.LAPSE: _l("Not dealt with before the term ended"),
    Act.CLOSE: _l("Closed"),
}
"""The stretches of a motion's way, by step or act."""
WAS_DUE: Mapping[str, LazyString] = {
    Step.ADMISSIBILITY: _l("The check whether it is admissible was due"),
    Step.ACKNOWLEDGEMENT: _l("The city’s receipt was due"),
    Step.POSITION: _l("The city’s position was due"),
    Step.DECISION: _l("The city’s decision was due"),
    Step.PLAN: _l("The city’s plan was due"),
    Step.UPDATE: _l("The city’s report was due"),
}
IS_DUE: Mapping[str, LazyString] = {
    Step.ADMISSIBILITY: _l("The check whether it is admissible is due"),
    Step.ACKNOWLEDGEMENT: _l("The city’s receipt is due"),
    Step.POSITION: _l("The city’s position is due"),
    Step.DECISION: _l("The city’s decision is due"),
    Step.PLAN: _l("The city’s plan is due"),
    Step.UPDATE: _l("The city’s report is due"),
}


def outcome(stage: str, city_decision: str | None) -> str:
    """Where a motion stands, in the words that matter most: what the city decided, once nothing else follows.

    What the city wanted and is closed was checked by the council before.
    """
    if stage == Stage.CLOSED and city_decision and CityDecision(city_decision) in TO_IMPLEMENT:
        return str(STAGES[Stage.VERIFIED])
    if city_decision and stage in (Stage.DECIDED, Stage.CLOSED):
        return str(CITY_DECISIONS[city_decision])
    return str(STAGES[stage])


def tone(stage: str, city_decision: str | None, department: object = None, dealt_on: object = None) -> str:
    """How the chip of a motion is drawn."""
    decision = CityDecision(city_decision) if city_decision else None
    return TONES[state_of(Stage(stage), decision, forwarded=bool(department), dealt=bool(dealt_on))]
