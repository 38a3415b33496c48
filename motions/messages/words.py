"""The words that every page about motions shares, and sentences for acts that cannot be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from motions.rules.deadlines import Step
from motions.rules.stages import Act, CityDecision, MotionKind, Part, Position, Stage
from motions.rules.steps import Notice
from motions.rules.topics import Topic

Parameters = Mapping[str, Any]

KINDS: Mapping[str, LazyString] = {
    MotionKind.MOTION: _l("Motion"),
    MotionKind.QUESTION: _l("Question"),
    MotionKind.STATEMENT: _l("Statement of the council"),
    MotionKind.BUDGET_REQUEST: _l("Budget request"),
}
KINDS_EXPLAINED: Mapping[str, LazyString] = {
    MotionKind.MOTION: _l("The council asks the city to do something. The council votes on it."),
    MotionKind.QUESTION: _l("The city owes an answer. The council does not vote on it."),
    MotionKind.STATEMENT: _l("The council says what it thinks. The city confirms that it has it."),
    MotionKind.BUDGET_REQUEST: _l("The council asks the city for money. Say how much, and for what."),
}
TOPICS: Mapping[str, LazyString] = {
    Topic.HOUSING: _l("Housing"),
    Topic.SCHOOLS: _l("Schools and day care"),
    Topic.LANGUAGE: _l("Language"),
    Topic.WORK: _l("Work"),
    Topic.HEALTH: _l("Health"),
    Topic.OFFICES: _l("Residence and offices"),
    Topic.DISCRIMINATION: _l("Discrimination"),
    Topic.CULTURE: _l("Culture and sport"),
    Topic.TRANSPORT: _l("Getting around"),
    Topic.PARTICIPATION: _l("Taking part"),
    Topic.OTHER: _l("Something else"),
}
STAGES: Mapping[str, LazyString] = {
    Stage.DRAFT: _l("Draft"),
    Stage.COSIGNING: _l("Collecting signatures"),
    Stage.SUBMITTED: _l("Handed in, being checked"),
    Stage.RETURNED: _l("Returned to be mended"),
    Stage.INADMISSIBLE: _l("Not admissible"),
    Stage.APPEALED: _l("The council decides whether it is admissible"),
    Stage.ADMISSIBLE: _l("Admissible"),
    Stage.SCHEDULED: _l("On the agenda"),
    Stage.ADOPTED: _l("Adopted by the council"),
    Stage.ADOPTED_AMENDED: _l("Adopted by the council with changes"),
    Stage.REJECTED: _l("Rejected by the council"),
    Stage.REFERRED: _l("With a committee"),
    Stage.POSTPONED: _l("Put off"),
    Stage.WITHDRAWN: _l("Withdrawn"),
    Stage.LAPSED: _l("Not dealt with before the term ended"),
    Stage.FORWARDED: _l("Sent to the city"),
    Stage.ACKNOWLEDGED: _l("Received by the city"),
    Stage.POSITION_FILED: _l("The city has taken a position"),
    Stage.DECIDED: _l("The city has closed its procedure"),
    Stage.IMPLEMENTING: _l("Being done"),
    Stage.CLAIMED_DONE: _l("The city says it is done"),
    Stage.VERIFIED: _l("Done, checked by the council"),
    Stage.DISPUTED: _l("Not done, says the council"),
    Stage.CLOSED: _l("Closed"),
}
HAPPENED: Mapping[str, LazyString] = {
    Act.INVITE: _l("Members were asked to sign"),
    Act.CHANGE_TEXT: _l("The text was changed"),
    Act.SIGN: _l("A member signed"),
    Act.SUBMIT: _l("Handed in"),
    Act.ADMIT: _l("Found admissible"),
    Act.RETURN: _l("Returned to be mended"),
    Act.REFUSE: _l("Found not admissible"),
    Act.APPEAL: _l("The author appealed to the council"),
    Act.UPHOLD_APPEAL: _l("The council found it admissible"),
    Act.DISMISS_APPEAL: _l("The council found it not admissible, too"),
    Act.SCHEDULE: _l("Placed on the agenda"),
    Act.TAKE_OFF: _l("Taken off the agenda"),
    Act.ADOPT: _l("Adopted by the council"),
    Act.ADOPT_AMENDED: _l("Adopted by the council with changes"),
    Act.REJECT: _l("Rejected by the council"),
    Act.REFER: _l("Sent to a committee"),
    Act.POSTPONE: _l("Put off"),
    Act.WITHDRAW: _l("Withdrawn by its author"),
    Act.LAPSE: _l("Not dealt with before the term ended"),
    Act.CARRY_OVER: _l("Taken over into the new term"),
    Act.FORWARD: _l("Sent to the city"),
    Act.ACKNOWLEDGE: _l("Received by the city"),
    Act.FILE_POSITION: _l("The city took a position"),
    Act.DECIDE: _l("The city’s decision"),
    Act.EXTEND: _l("The city needs longer"),
    Act.PLAN: _l("A measure was planned"),
    Act.UPDATE: _l("The city reported on a measure"),
    Act.CLAIM_DONE: _l("The city says it is done"),
    Act.VERIFY: _l("The council checked it: done"),
    Act.DISPUTE: _l("The council checked it: not done"),
    Act.CLOSE: _l("Closed"),
    Act.REOPEN: _l("Opened again by the council"),
    Notice.CORRECT: _l("A correction"),
    Notice.OVERDUE: _l("The city is late"),
    Notice.LONG_OVERDUE: _l("The city is very late"),
    Notice.STALLED: _l("A measure has stalled"),
    Notice.PROPOSE_AMENDMENT: _l("A change was proposed"),
    Notice.WITHDRAW_AMENDMENT: _l("A proposed change was withdrawn"),
    Notice.DECIDE_AMENDMENT: _l("A proposed change was decided on"),
    Notice.TRANSLATE: _l("A translation was added"),
    Notice.PASS_ON: _l("Another department is responsible"),
    Notice.VOTE: _l("The council voted"),
}
"""What happened, by the kind of event."""
STEPS: Mapping[str, LazyString] = {
    Step.ADMISSIBILITY: _l("The check whether it is admissible"),
    Step.ACKNOWLEDGEMENT: _l("The city’s receipt"),
    Step.POSITION: _l("The city’s position"),
    Step.DECISION: _l("The city’s decision"),
    Step.PLAN: _l("The city’s plan"),
    Step.UPDATE: _l("The city’s report on a measure"),
}
"""What is owed."""
POSITIONS: Mapping[str, LazyString] = {
    Position.AGREE: _l("The city agrees"),
    Position.AGREE_WITH_ADDITIONS: _l("The city agrees, and adds something"),
    Position.ALTERNATIVE: _l("The city proposes something else"),
    Position.REJECT: _l("The city is against it"),
    Position.ALREADY_BEING_DONE: _l("The city says it is being done already"),
    Position.STATUS_REPORT: _l("The city reports how things stand"),
}
CITY_DECISIONS: Mapping[str, LazyString] = {
    CityDecision.ADOPTED: _l("Adopted by the city"),
    CityDecision.AMENDED: _l("Adopted by the city with changes"),
    CityDecision.PARTLY: _l("Adopted by the city in part"),
    CityDecision.REJECTED: _l("Rejected by the city"),
    CityDecision.NOTED_WITHOUT_VOTE: _l("Noted without a vote: no decision"),
    CityDecision.SETTLED_BY_OFFICE: _l("Settled by an office: no decision"),
    CityDecision.NOT_COMPETENT: _l("The city may not decide this: no decision"),
}
PARTS: Mapping[str, LazyString] = {
    Part.AUTHOR: _l("Author"),
    Part.MEMBER: _l("Member of the council"),
    Part.CHAIR: _l("Chair"),
    Part.CLERK: _l("Clerk"),
    Part.OFFICE: _l("Office of the council"),
    Part.CITY: _l("The city"),
    Part.CLOCK: _l("By itself, because a day has passed"),
}


def _reason_too_long(parameters: Parameters) -> str:
    limit = int(parameters["limit"])
    return ngettext(
        "This is too long. There is room for one character.",
        "This is too long. There is room for %(limit)s characters.",
        limit,
        limit=format_decimal(limit),
    )


SENTENCES: Mapping[str, Sentence] = {
    "motion_act_not_now": lambda p: _(
        "This cannot be done now. The motion stands at: %(stage)s.", stage=STAGES[p["stage"]]
    ),
    "act_not_for_kind": _l("This is not done with a motion of this kind."),
    "motion_act_not_yours": _l("Somebody else has to do this."),
    "motion_reason_missing": _l("Give a reason. Everybody will read it."),
    "motion_reason_too_long": _reason_too_long,
    "nothing_to_implement": _l("The city has not adopted this, so there is nothing to plan."),
    "implementation_owed": _l(
        "The city has adopted this. It is closed once the council has checked that it is done."
    ),
    "return_day_missing": _l("Name the day on which it comes back."),
    "return_day_past": _l("Name a day to come."),
    "day_of_act_wrong": lambda p: _(
        "Choose a day from %(first)s to %(last)s.", first=show_day(p["first"]), last=show_day(p["last"])
    ),
}
