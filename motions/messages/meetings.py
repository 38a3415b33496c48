"""The words of meetings: agendas, presence, votes and their reasons, minutes, and what the clerk is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from motions.messages.words import STAGES
from motions.rules.meetings import About, ItemKind, MeetingState
from motions.rules.votes import Abstentions, Choice, Figures, Ground, Majority, Tie, Way

Parameters = Mapping[str, Any]

STATES: Mapping[str, LazyString] = {
    MeetingState.PLANNED: _l("Is planned"),
    MeetingState.INVITED: _l("Members are invited"),
    MeetingState.OPEN: _l("On now"),
    MeetingState.HELD: _l("Held"),
    MeetingState.CANCELLED: _l("Cancelled"),
}
CHIPS: Mapping[str, str] = {
    MeetingState.PLANNED: "plain",
    MeetingState.INVITED: "open",
    MeetingState.OPEN: "soon",
    MeetingState.HELD: "done",
    MeetingState.CANCELLED: "refused",
}
"""The look of each state."""
ITEM_KINDS: Mapping[str, LazyString] = {
    ItemKind.MINUTES: _l("Minutes"),
    ItemKind.MOTION: _l("Motion"),
    ItemKind.APPEAL: _l("Appeal against a refusal"),
    ItemKind.VERIFICATION: _l("Check whether it is done"),
    ItemKind.REOPENING: _l("Whether to open it again"),
    ItemKind.OVERDUE: _l("The city is very late"),
    ItemKind.REPORT: _l("Report"),
    ItemKind.OTHER: _l("Other item"),
}
ABOUT: Mapping[str, LazyString] = {
    About.MOTION: _l("Vote on the motion"),
    About.AMENDMENT: _l("Vote on a change of the motion"),
    About.REFERRAL: _l("Vote on sending it to a committee"),
    About.POSTPONEMENT: _l("Vote on putting it off"),
    About.APPEAL: _l("Vote on whether it is admissible"),
    About.VERIFICATION: _l("Vote on whether it is done"),
    About.REOPENING: _l("Vote on opening it again"),
    About.MINUTES: _l("Vote on the minutes"),
    About.PROCEDURE: _l("Vote on how to go on"),
}
WAYS: Mapping[str, LazyString] = {
    Way.SHOW_OF_HANDS: _l("By show of hands"),
    Way.BY_NAME: _l("By name"),
    Way.ON_PAPER: _l("Secret, on paper"),
}
CHOICES: Mapping[str, LazyString] = {
    Choice.YES: _l("Yes"),
    Choice.NO: _l("No"),
    Choice.ABSTAIN: _l("Abstention"),
}
MAJORITIES: Mapping[str, LazyString] = {
    Majority.SIMPLE: _l("More yes than no"),
    Majority.OF_PRESENT: _l("More than half of those who are there and may vote"),
    Majority.OF_SEATS: _l("More than half of all seats"),
    Majority.TWO_THIRDS: _l("Two thirds of yes and no"),
    Majority.TWO_THIRDS_OF_SEATS: _l("Two thirds of all seats"),
}
ABSTENTIONS: Mapping[str, LazyString] = {
    Abstentions.DO_NOT_COUNT: _l("Abstentions do not count"),
    Abstentions.COUNT_AS_NO: _l("Abstentions count as no"),
}
TIES: Mapping[str, LazyString] = {
    Tie.REJECTS: _l("A tie is a rejection"),
    Tie.CHAIR_DECIDES: _l("The chair decides a tie"),
}
REQUESTS: Mapping[str, LazyString] = {
    "interpreter": _l("An interpreter"),
    "childcare": _l("Childcare"),
    "expenses": _l("Expenses"),
}
MINUTES_STATES: Mapping[str, LazyString] = {
    "draft": _l("Draft, for the clerk alone"),
    "sent": _l("Sent to members, not approved yet"),
    "approved": _l("Approved"),
}
OBJECTION_OUTCOMES: Mapping[str, LazyString] = {
    "accepted": _l("The council accepted the objection"),
    "rejected": _l("The council rejected the objection"),
}


def about(what: str, objection: bool) -> str:
    """On what the council voted, for a heading."""
    return str(_("Vote on an objection to the minutes") if objection else ABOUT[what])


def outcome(adopted: bool, what: str = "") -> str:
    """What a vote came to, in a word."""
    if what == About.VERIFICATION:
        return str(_("Found done") if adopted else _("Found not done"))
    return str(_("Adopted") if adopted else _("Rejected"))


def reason(ground: str, have: int, need: int) -> str:
    """Why a vote came out as it did, one step of it."""
    return _REASONS[ground](have, need)


def _quorum_met(have: int, need: int) -> str:
    return ngettext(
        "%(num)d member could vote. For a decision at least %(need)s must be there.",
        "%(num)d members could vote. For a decision at least %(need)s must be there.",
        have,
        need=need,
    )


def _enough(have: int, need: int) -> str:
    return ngettext(
        "%(num)d vote was for it. %(need)s would have been enough.",
        "%(num)d votes were for it. %(need)s would have been enough.",
        have,
        need=need,
    )


def _not_enough(have: int, need: int) -> str:
    return ngettext(
        "%(num)d vote was for it. Needed: at least %(need)s.",
        "%(num)d votes were for it. Needed: at least %(need)s.",
        have,
        need=need,
    )


_REASONS: Mapping[str, Callable[[int, int], str]] = {
    Ground.QUORUM_MET: _quorum_met,
    Ground.ENOUGH: _enough,
    Ground.NOT_ENOUGH: _not_enough,
    Ground.TIE_REJECTS: lambda _have, _need: _("As many were for it as against. A tie is a rejection."),
    Ground.TIE_CHAIR: lambda _have, _need: _("As many were for it as against. The chair decided."),
}


def _without_quorum(parameters: Parameters) -> str:
    return ngettext(
        "%(num)d member is there and may vote. %(need)s are needed. Nothing can be decided.",
        "%(num)d members are there and may vote. %(need)s are needed. Nothing can be decided.",
        int(parameters["have"]),
        need=int(parameters["need"]),
    )


def _more_than_present(parameters: Parameters) -> str:
    return ngettext(
        "You entered %(have)s votes, but %(num)d member is there and may vote.",
        "You entered %(have)s votes, but %(num)d members are there and may vote.",
        int(parameters["limit"]),
        have=int(parameters["have"]),
    )


def _too_long(parameters: Parameters) -> str:
    limit = int(parameters["limit"])
    return ngettext(
        "This is too long. There is room for one character.",
        "This is too long. There is room for %(limit)s characters.",
        limit,
        limit=limit,
    )


def _figures(figures: Figures) -> str:
    return _(
        "%(yes)s yes, %(no)s no, %(abstain)s abstentions, %(invalid)s invalid",
        yes=figures.yes,
        no=figures.no,
        abstain=figures.abstain,
        invalid=figures.invalid,
    )


def _tellers_differ(parameters: Parameters) -> str:
    if not isinstance(parameters.get("first"), Figures):
        return _("The two tellers counted differently. Count again.")
    return _(
        "The two tellers counted differently. First: %(first)s. Second: %(second)s. Count again.",
        first=_figures(parameters["first"]),
        second=_figures(parameters["second"]),
    )


CONFLICTS: frozenset[str] = frozenset(
    {
        "amendments_open",
        "item_voted_on",
        "meeting_act_not_now",
        "minutes_approved",
        "minutes_not_corrected",
        "minutes_not_drafted",
        "minutes_not_open",
        "motion_moved_on",
        "motion_on_agenda",
        "objection_decided",
        "objections_open",
        "paper_count_open",
        "vote_corrected",
        "vote_outcome_binds",
        "vote_recorded_meanwhile",
    }
)
"""Refusals because others were faster, or something is not over yet."""

SENTENCES: Mapping[str, Sentence] = {
    # meetings and agendas
    "meeting_act_not_now": lambda p: _(
        "This cannot be done now. The meeting stands at: %(state)s.", state=STATES[p["state"]]
    ),
    "meeting_past": _l("Choose a time to come."),
    "meeting_ends_early": _l("The meeting must end after it begins."),
    "meeting_without_term": _l("The council has no term on that day."),
    "meeting_outside_term": lambda p: _(
        "Choose a day of the same term, from %(first)s to %(last)s.",
        first=show_day(p["first"]),
        last=show_day(p["last"]),
    ),
    "meeting_same_time": _l("There is another meeting of this council at that time."),
    "meeting_day_not_come": lambda p: _(
        "The meeting is on %(day)s. It can begin on that day.", day=show_day(p["day"])
    ),
    "meeting_words_too_long": _too_long,
    "meeting_place_missing": _l("Write where the meeting is."),
    "time_unknown": _l("Write a time such as 18:30."),
    "invitation_too_late": lambda p: _(
        "The last day for the invitation is %(day)s. Choose a later day for the meeting.",
        day=show_day(p["last"]),
    ),
    "agenda_empty": _l("Place something on the agenda first."),
    "agenda_order_wrong": _l("The agenda has changed meanwhile. Look at it again."),
    "item_title_missing": _l("Write what the item is about."),
    "item_kind_needs_motion": _l("Place such an item from the page of its motion."),
    "item_placed_by_clock": _l("This item came by itself. It stays until the council has dealt with it."),
    "item_voted_on": _l("The council has voted under this item already."),
    "urgent_reason_missing": _l("Members are invited already. Say why this cannot wait. Everybody reads it."),
    "motion_on_agenda": _l("This motion is on an agenda already."),
    "motion_not_for_agenda": lambda p: _(
        "The council has nothing to decide on it now. It stands at: %(stage)s.", stage=STAGES[p["stage"]]
    ),
    # presence and votes
    "member_not_of_council": _l("Somebody in your list does not sit on this council on that day."),
    "excused_and_present": _l("Somebody is marked both as present and as excused."),
    "attendance_wrong": _l("More members are marked as present than the council has seats."),
    "vote_without_quorum": _without_quorum,
    "votes_more_than_present": _more_than_present,
    "figures_missing": _l("Write how many voted yes, no, and how many abstained."),
    "figures_negative": _l("Write numbers from 0."),
    "invalid_on_paper_alone": _l("Only papers of a secret vote can be invalid."),
    "vote_not_here": _l("This cannot be voted on under this item."),
    "vote_question_missing": _l("Write what was voted on."),
    "vote_of_stranger": _l("Somebody in your list is not there, or has an interest of their own."),
    "vote_missing": _l("Enter a vote or an abstention for everybody who is there and may vote."),
    "vote_recorded_meanwhile": _l("Somebody else has recorded a vote under this item meanwhile."),
    "chair_must_decide": _l("It is a tie. Enter how the chair decided."),
    "chair_abstains": _l("The chair has to decide a tie with yes or no."),
    "teller_missing": _l("Choose who counted."),
    "teller_not_present": _l("Whoever counts must be there."),
    "teller_twice": _l("Another person has to count, and somebody else has to enter it."),
    "tellers_differ": _tellers_differ,
    "paper_count_open": _l("A secret vote is being counted. The second teller has to count first."),
    "amendments_open": _l("Some changes of this motion have not been voted on. Vote on them first."),
    "amendment_missing": _l("Choose the change that was voted on."),
    "vote_corrected": _l("This vote was corrected already. Correct the newer one."),
    "vote_outcome_binds": _l("Texts depend on this outcome. Put it to the vote again."),
    "motion_moved_on": _l("The motion has moved on since. This can no longer be changed."),
    # minutes
    "minutes_empty": _l("Write the minutes."),
    "minutes_approved": _l("These minutes are approved. They no longer change."),
    "minutes_not_drafted": _l("Write the minutes before you send them."),
    "minutes_not_open": _l("There are no minutes that wait for this."),
    "objection_empty": _l("Write what is wrong in the minutes."),
    "objection_decided": _l("The council has decided on this objection already."),
    "objections_open": _l("Decide on every objection before the minutes."),
    "minutes_not_corrected": _l(
        "The council accepted an objection. Write the minutes of that meeting anew, then approve them."
    ),
    "votes_fewer_than_present": lambda p: _(
        "%(have)s of %(limit)s who may vote have voted, %(rest)s took no part. If that is right, tick the box.",
        have=p["have"],
        limit=p["limit"],
        rest=p["limit"] - p["have"],
    ),
    # help for members
    "request_kind_unknown": _l("Choose what you need."),
    "request_text_missing": _l("Write what exactly you need."),
    "request_too_long": _too_long,
    "request_cents_missing": _l("Write how much you paid, from 0.01 to 10,000."),
    "request_cents_needless": _l("Leave the amount empty unless you ask for expenses."),
    # rules
    "rules_day_passed": _l("Choose today or a later day."),
    "rules_set_before": lambda p: _("The rules were set for %(day)s already.", day=show_day(p["day"])),
    "cosigners_range": lambda p: _("Write a number from 0 to %(limit)s.", limit=p["limit"]),
    "invitation_days_range": lambda p: _("Write a number of days from 1 to %(limit)s.", limit=p["limit"]),
}
