"""Words for objections, and the sentences for what their rules refuse: with every refusal, what one still can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from elections.rules.objections import Effect, Ground
from elections.rules.rule_sets import Matter

Parameters = Mapping[str, object]

MATTERS: Mapping[str, LazyString] = {
    Matter.ROLL: _l("The roll of voters"),
    Matter.NOMINATION: _l("A nomination"),
    Matter.RESULT: _l("The result"),
}
GROUNDS: Mapping[str, LazyString] = {
    Ground.NOT_ON_ROLL: _l("Somebody who may vote is not on the roll"),
    Ground.WRONGLY_ON_ROLL: _l("Somebody is on the roll who may not vote"),
    Ground.WRONG_ENTRY: _l("Something is recorded wrongly"),
    Ground.WRONGLY_REFUSED: _l("A nomination was refused and should not have been"),
    Ground.WRONGLY_ADMITTED: _l("A nomination was admitted and should not have been"),
    Ground.WRONG_COUNT: _l("Votes were counted wrongly"),
    Ground.WRONG_SEATS: _l("Seats were given wrongly"),
    Ground.KEPT_FROM_VOTING: _l("People were kept from voting, or voting was disturbed"),
    Ground.NOT_ELIGIBLE: _l("Somebody was elected who may not be"),
    Ground.OTHER: _l("Something else"),
}
EFFECTS: Mapping[str, LazyString] = {
    Effect.NONE: _l("Nothing had to be changed."),
    Effect.ROLL_CHANGED: _l("The roll was changed."),
    Effect.NOMINATION_REOPENED: _l("The nomination was decided anew."),
    Effect.COUNTED_ANEW: _l("The result went back, and the votes are counted anew."),
}
ABOUT: Mapping[str, LazyString] = {
    Matter.ROLL: _l("Number on the roll (you can leave this empty)"),
    Matter.NOMINATION: _l("Number of the nomination (such as 17)"),
    Matter.RESULT: _l("Number of the candidate on the ballot (you can leave this empty)"),
}


def about(matter: str, number: int) -> str:
    """What an objection is about, when it is about one number."""
    if matter == Matter.ROLL:
        return _("about number %(number)s on the roll", number=number)
    if matter == Matter.NOMINATION:
        return _("about the nomination with number %(number)s", number=number)
    return _("about number %(number)s on the ballot", number=number)


def _day(parameters: Parameters) -> str:
    day = parameters["day"]
    return show_day(day, "full") if isinstance(day, date) else str(day)


def _too_late(parameters: Parameters) -> str:
    day = _day(parameters)
    if parameters["matter"] == Matter.ROLL:
        return _(
            "Objections to the roll were possible until %(day)s. "
            "When the result is published, you can object to the result.",
            day=day,
        )
    if parameters["matter"] == Matter.NOMINATION:
        return _(
            "Objections to this were possible until %(day)s. "
            "When the result is published, you can object to the result.",
            day=day,
        )
    return _(
        "Objections to the result were possible until %(day)s. You can still write to the council.", day=day
    )


def _too_early(parameters: Parameters) -> str:
    return _("You can object to this from %(day)s on.", day=_day(parameters))


def _not_now(parameters: Parameters) -> str:
    if parameters["matter"] == Matter.RESULT:
        return _("The result is not published. You can object to it as soon as it is.")
    return _("This cannot be objected to now. When the result is published, you can object to the result.")


def _objections_answered(parameters: Parameters) -> str:
    return ngettext(
        "One objection still needs its published answer.",
        "%(num)d objections still need their published answers.",
        int(str(parameters["count"])),
    )


def _objections_followed(parameters: Parameters) -> str:
    return ngettext(
        "For one accepted objection it is not recorded what followed.",
        "For %(num)d accepted objections it is not recorded what followed.",
        int(str(parameters["count"])),
    )


CHECKS: Mapping[str, LazyString] = {
    "objections_answered": _l("Every objection has its published answer"),
    "objections_followed": _l("What followed from each accepted objection is recorded"),
    "result_objections_over": _l("The time for objections to the result is over"),
}
"""Lines of the checklists."""

CONFLICTS: frozenset[str] = frozenset(
    {
        "effect_decided",
        "missing_objections_answered",
        "missing_objections_followed",
        "missing_result_objections_over",
        "objection_not_now",
        "objection_too_early",
        "objection_too_late",
    }
)
"""Refusals because something is not over yet, or over already."""

SENTENCES: Mapping[str, Sentence] = {
    "matter_unknown": _l("Choose what you object to."),
    "objection_ground_missing": _l("Choose why you object."),
    "ground_unknown": _l("Choose one of the grounds in the list."),
    "objection_text_missing": _l("Write what is wrong, in your own words."),
    "objection_text_too_long": _l("Shorten your text. There is room for %(limit)s characters."),
    "about_unreadable": _l("Write the number in digits, or leave this empty."),
    "about_needed": _l("Write the number of the nomination. It stands on its receipt."),
    "reopened_too_late": _l(
        "Voting has begun, so the ballot stays as it is. Record that nothing had to be changed. "
        "Once the result is published, an objection to it can have the votes counted anew or a seat vacated."
    ),
    "about_unknown": _l("There is no nomination with the number %(number)s. Look at its receipt."),
    "about_not_answered": _l("Number %(number)s has no answer yet. You can object when it has one."),
    "objection_too_late": _too_late,
    "objection_too_early": _too_early,
    "objection_not_now": _not_now,
    "effect_decided": _l("It is recorded already what followed from this objection."),
    "effect_before_answer": _l("Answer the objection first, then record what followed."),
    "effect_not_accepted": _l("Nothing can follow from an objection that was not accepted."),
    "effect_of_other": _l("This cannot follow from an objection to this matter."),
    "effect_without_act": _l("Do the act that this needs first, then record it here."),
    "missing_objections_answered": _objections_answered,
    "missing_objections_followed": _objections_followed,
    "missing_result_objections_over": lambda p: _(
        "The result can be objected to until %(day)s. The election ends after that day.", day=_day(p)
    ),
}
