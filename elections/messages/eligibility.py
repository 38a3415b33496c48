"""What the checklist of eligibility says: each criterion, its reason, and what the person can do, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from babel.lists import format_list
from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from elections.eligibility.checklists import Note, Verdict
from elections.eligibility.criteria import (
    Age,
    BelongsTo,
    Criterion,
    LawfulStay,
    NotExcluded,
    Residence,
    Supporters,
)
from elections.eligibility.facts import Citizenship, Days, Exclusion, Purpose, Reference
from elections.eligibility.periods import Period, Unit

Parameters = Mapping[str, Any]

# Words ---------------------------------------------------------------------------------------------------------------

VERDICTS: Mapping[str, LazyString] = {
    Verdict.MET: _l("Met"),
    Verdict.NOT_MET: _l("Not met"),
    Verdict.UNKNOWN: _l("Not known"),
}
MAY: Mapping[str, LazyString] = {
    Verdict.MET: _l("Yes"),
    Verdict.NOT_MET: _l("No"),
    Verdict.UNKNOWN: _l("Not known"),
}
"""The answer to "May you vote?"."""
CITIZENSHIPS: Mapping[str, LazyString] = {
    Citizenship.FOREIGN: _l("foreign nationality only"),
    Citizenship.DUAL: _l("citizen of this country and of another"),
    Citizenship.NATURALISED: _l("citizen by naturalisation"),
    Citizenship.BORN_CITIZEN: _l("citizen by birth to foreign parents"),
    Citizenship.RESETTLER: _l("late resettler"),
    Citizenship.STATELESS: _l("stateless"),
}
CITIZENSHIPS_AS_SPOKEN: Mapping[str, LazyString] = {
    Citizenship.FOREIGN: _l("I have a foreign nationality only"),
    Citizenship.DUAL: _l("I am a citizen of this country and of another one"),
    Citizenship.NATURALISED: _l("I became a citizen of this country by naturalisation"),
    Citizenship.BORN_CITIZEN: _l("I am a citizen by birth in this country, and my parents were foreign"),
    Citizenship.RESETTLER: _l("I came as a late resettler, or with one"),
    Citizenship.STATELESS: _l("I have no nationality"),
}
EXCLUSIONS: Mapping[str, LazyString] = {
    Exclusion.ASYLUM_PROCEDURE: _l("asylum procedure still running"),
    Exclusion.FOREIGN_MISSION: _l("embassy, consulate or foreign forces"),
    Exclusion.RIGHT_LOST: _l("right taken away by a court"),
}
EXCLUSIONS_AS_SPOKEN: Mapping[str, LazyString] = {
    Exclusion.ASYLUM_PROCEDURE: _l("My asylum procedure is still running"),
    Exclusion.FOREIGN_MISSION: _l(
        "I am here for an embassy, a consulate or foreign forces, or with family who are"
    ),
    Exclusion.RIGHT_LOST: _l("A court took this right away from me"),
}
ANSWERS: Mapping[tuple[str, str], LazyString] = {
    (Purpose.VOTE, Verdict.MET): _l("By what you said, you may vote."),
    (Purpose.VOTE, Verdict.NOT_MET): _l("By what you said, you may not vote in this election."),
    (Purpose.VOTE, Verdict.UNKNOWN): _l("We cannot tell yet whether you may vote."),
    (Purpose.STAND, Verdict.MET): _l("By what you said, you may stand for election."),
    (Purpose.STAND, Verdict.NOT_MET): _l("By what you said, you may not stand in this election."),
    (Purpose.STAND, Verdict.UNKNOWN): _l("We cannot tell yet whether you may stand for election."),
}
_REFERENCES: Mapping[str, LazyString] = {
    Reference.ELECTION_DAY: _l("election day"),
    Reference.VOTING_OPENS: _l("the first day of voting"),
    Reference.NOMINATIONS_CLOSE: _l("the last day for nominations"),
}


def listed_citizenships(groups: Iterable[str]) -> str:
    """Citizenship groups, one after the other as the reader's language does it."""
    return _listed(str(CITIZENSHIPS[group]) for group in groups)


def listed_exclusions(groups: Iterable[str]) -> str:
    """Excluded groups, one after the other."""
    return _listed(str(EXCLUSIONS[group]) for group in groups)


def _listed(names: Iterable[str]) -> str:
    return format_list(list(names), style="or", locale=get_locale())


def _day(parameters: Parameters, name: str = "day") -> str:
    day = parameters[name]
    return show_day(day, "full") if isinstance(day, date) else str(day)


# What is asked -------------------------------------------------------------------------------------------------------


def criterion(asked: Criterion, days: Days) -> str:
    """What ``asked`` asks of the person, with the days of this election."""
    if isinstance(asked, Age):
        return ngettext(
            "On %(day)s you are at least %(num)d year old.",
            "On %(day)s you are at least %(num)d years old.",
            asked.years,
            day=_reference(asked.on, days),
        )
    if isinstance(asked, Residence):
        return _(
            "On %(day)s your main residence has been in the city %(period)s.",
            day=_reference(asked.on, days),
            period=_period(asked.period),
        )
    if isinstance(asked, LawfulStay):
        return _(
            "On %(day)s you have been in the country lawfully %(period)s.",
            day=_reference(asked.on, days),
            period=_period(asked.period),
        )
    if isinstance(asked, BelongsTo):
        return _(
            "You belong to one of these groups: %(groups)s.", groups=listed_citizenships(sorted(asked.groups))
        )
    if isinstance(asked, NotExcluded):
        return _("None of these applies to you: %(groups)s.", groups=listed_exclusions(sorted(asked.groups)))
    if isinstance(asked, Supporters):
        return ngettext(
            "At least %(num)d person supports your nomination.",
            "At least %(num)d people support your nomination.",
            asked.minimum,
        )
    return str(_OTHER_CRITERIA[asked.rule])


_OTHER_CRITERIA: Mapping[str, LazyString] = {
    "first_generation": _l("You were born abroad and came here yourself."),
    "not_on_another_list": _l("You are on no other list of this election."),
    "all": _l("All of these are needed:"),
    "any": _l("One of these is enough:"),
    "not": _l("This must not be so:"),
}


def _reference(reference: Reference, days: Days) -> str:
    day = days.on(reference)
    return str(_REFERENCES[reference]) if day is None else show_day(day)


def _period(period: Period) -> str:
    """How long, as it stands inside a sentence. (``ngettext`` is written out, so that the catalogues find each.)"""
    count = period.count
    if period.unit is Unit.DAYS:
        return ngettext("for at least %(num)d day", "for at least %(num)d days", count)
    if period.unit is Unit.WEEKS:
        return ngettext("for at least %(num)d week", "for at least %(num)d weeks", count)
    if period.unit is Unit.MONTHS:
        return ngettext("for at least %(num)d month", "for at least %(num)d months", count)
    return ngettext("for at least %(num)d year", "for at least %(num)d years", count)


# Why, and what can be done -------------------------------------------------------------------------------------------


def say(note: Note) -> str:
    """The sentence of a reason or an advice. Raises KeyError for a code without one."""
    saying = SAYINGS[note.code]
    if callable(saying) and not isinstance(saying, LazyString):
        return str(saying(note.parameters))
    return str(saying)


def _supporters_enough(parameters: Parameters) -> str:
    return ngettext("%(num)d person supports you.", "%(num)d people support you.", parameters["count"])


def _supporters_missing(parameters: Parameters) -> str:
    have = ngettext(
        "%(num)d person supports you so far.", "%(num)d people support you so far.", parameters["count"]
    )
    missing = ngettext(
        "%(num)d supporter is missing.", "%(num)d supporters are missing.", parameters["missing"]
    )
    return f"{have} {missing}"


def _supporters_unknown(parameters: Parameters) -> str:
    return ngettext(
        "You did not say how many people support you. %(num)d is needed.",
        "You did not say how many people support you. %(num)d are needed.",
        parameters["count"],
    )


def _collect(parameters: Parameters) -> str:
    return ngettext(
        "Ask %(num)d more person to support you.",
        "Ask %(num)d more people to support you.",
        parameters["count"],
    )


def _collect_until(parameters: Parameters) -> str:
    return ngettext(
        "Ask %(num)d more person to support you by %(day)s.",
        "Ask %(num)d more people to support you by %(day)s.",
        parameters["count"],
        day=_day(parameters),
    )


def _object_within(parameters: Parameters) -> str:
    return ngettext(
        "If you are refused and disagree, object within %(num)d day. The city must answer with a reason.",
        "If you are refused and disagree, object within %(num)d days. The city must answer with a reason.",
        parameters["count"],
    )


SAYINGS: Mapping[str, Sentence] = {
    # age
    "age_met": lambda p: _("You reach this age on %(day)s, which is in time.", day=_day(p, "reached")),
    "age_not_met": lambda p: _("You reach this age on %(day)s, which is too late.", day=_day(p, "reached")),
    "age_unknown": lambda p: _(
        "You did not say when you were born. On %(day)s or earlier is enough.", day=_day(p, "latest")
    ),
    # residence and stay
    "lives_elsewhere": _l("Your main residence is not in the city."),
    "residence_met": lambda p: _("You have lived here long enough from %(day)s on.", day=_day(p, "reached")),
    "residence_not_met": lambda p: _(
        "You have lived here long enough only from %(day)s on.", day=_day(p, "reached")
    ),
    "residence_unknown": lambda p: _(
        "You did not say since when you live here. Since %(day)s or earlier is enough.", day=_day(p, "latest")
    ),
    "stay_not_lawful": _l("A lawful stay is needed."),
    "stay_met": lambda p: _("Your stay is long enough from %(day)s on.", day=_day(p, "reached")),
    "stay_not_met": lambda p: _("Your stay is long enough only from %(day)s on.", day=_day(p, "reached")),
    "stay_unknown": lambda p: _(
        "You did not say since when your stay is lawful. Since %(day)s or earlier is enough.",
        day=_day(p, "latest"),
    ),
    # groups
    "citizenship_met": lambda p: _(
        "This applies to you: %(groups)s.", groups=listed_citizenships(p["groups"])
    ),
    "citizenship_not_met": _l("None of these groups applies to you."),
    "citizenship_unknown": _l("It is not known whether one of these groups applies to you."),
    "excluded_not": _l("None of this applies to you."),
    "excluded": lambda p: _("This applies to you: %(groups)s.", groups=listed_exclusions(p["groups"])),
    "excluded_unknown": _l("You did not say whether any of this applies to you."),
    # candidates
    "supporters_enough": _supporters_enough,
    "supporters_missing": _supporters_missing,
    "supporters_unknown": _supporters_unknown,
    "born_abroad_met": _l("You were born abroad."),
    "born_abroad_not_met": _l("You were not born abroad."),
    "born_abroad_unknown": _l("You did not say whether you were born abroad."),
    "no_other_list_met": _l("You are on no other list."),
    "no_other_list_not_met": _l("You are on another list already."),
    "no_other_list_unknown": _l("You did not say whether you are on another list."),
    "day_not_set": _l("The day that counts is not set yet."),
    # what can be done about one line
    "later": lambda p: _(
        "From %(day)s on you meet this, and can take part in the next election.", day=_day(p)
    ),
    "move_in_until": lambda p: _(
        "If you move, register your main residence in the city by %(day)s.", day=_day(p)
    ),
    "seek_advice_on_stay": _l("Ask an advice centre for migrants which stay counts."),
    "show_age": _l("Bring a passport, identity card or birth certificate to the city office."),
    "show_age_until": lambda p: _(
        "Bring a passport, identity card or birth certificate to the city office by %(day)s.", day=_day(p)
    ),
    "show_residence": _l("Bring the certificate of your registered residence to the city office."),
    "show_residence_until": lambda p: _(
        "Bring the certificate of your registered residence to the city office by %(day)s.", day=_day(p)
    ),
    "show_stay": _l("Bring your residence title or another proof of your stay to the city office."),
    "show_stay_until": lambda p: _(
        "Bring your residence title or another proof of your stay to the city office by %(day)s.", day=_day(p)
    ),
    "show_citizenship": _l("Bring your passport or naturalisation certificate to the city office."),
    "show_citizenship_until": lambda p: _(
        "Bring your passport or naturalisation certificate to the city office by %(day)s.", day=_day(p)
    ),
    "show_exclusions": _l("Bring the paper that shows your status to the city office."),
    "show_exclusions_until": lambda p: _(
        "Bring the paper that shows your status to the city office by %(day)s.", day=_day(p)
    ),
    "show_birth": _l("Bring your birth certificate or passport to the city office."),
    "show_birth_until": lambda p: _(
        "Bring your birth certificate or passport to the city office by %(day)s.", day=_day(p)
    ),
    "tell_when_over": _l("If this changes before the election, tell the city office."),
    "collect_supporters": _collect,
    "collect_supporters_until": _collect_until,
    "count_supporters": _l("Count the people who support your nomination."),
    "count_supporters_until": lambda p: _(
        "Count the people who support your nomination. They can sign until %(day)s.", day=_day(p)
    ),
    "ask_lists": _l("Ask those who may have put you on their list."),
    "leave_other_list": lambda p: _(
        "Leave the other list by %(day)s if you want to stand on this one.", day=_day(p)
    ),
    # what can be done about the whole
    "ask_city": _l("Answer more questions, or ask the city office. You can bring your papers there."),
    "apply_to_vote_until": lambda p: _(
        "If you get no letter about the election, apply for the roll by %(day)s.", day=_day(p)
    ),
    "apply_to_vote_over": lambda p: _(
        "Applying for the roll ended on %(day)s. If you are on the roll, you can vote.", day=_day(p)
    ),
    "apply_to_stand_until": lambda p: _("Hand in your nomination by %(day)s.", day=_day(p)),
    "apply_to_stand_over": lambda p: _("Nominations ended on %(day)s.", day=_day(p)),
    "object_until": lambda p: _(
        "If the city refuses you and you disagree, object by %(day)s. The city must answer with a reason.",
        day=_day(p),
    ),
    "object_within": _object_within,
}
