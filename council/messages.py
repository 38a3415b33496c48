"""What the council says: sentences for its errors, and words for seats, offices and grounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import LazyString, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from council.rules import Filling, Ground, Office, RemovalGround, Way

Parameters = Mapping[str, object]

WAYS: Mapping[str, LazyString] = {
    Way.ELECTED: _l("Elected"),
    Way.DELEGATED: _l("Sent by a faction"),
    Way.APPOINTED: _l("Appointed"),
    Way.ORGANISATION: _l("Held by an organisation"),
}
GROUNDS: Mapping[str, LazyString] = {
    Ground.RESIGNED: _l("Gave up the seat"),
    Ground.MOVED_AWAY: _l("Moved away"),
    Ground.DIED: _l("Died"),
    Ground.NOT_ELIGIBLE: _l("Can no longer be a member under the rules"),
    Ground.REMOVED: _l("Voted out by the council"),
    Ground.RECALLED: _l("Called back by those who sent this member"),
    Ground.MEMBER_LEFT: _l("The member whose deputy this was left"),
    Ground.TERM_ENDED: _l("The term ended"),
    Ground.RESULT_REPLACED: _l("The votes were counted anew, and the seat went to somebody else"),
}
REMOVAL_GROUNDS: Mapping[str, LazyString] = {
    RemovalGround.ABSENCE: _l("Missed meetings again and again without excuse"),
    RemovalGround.BREACH_OF_DUTY: _l("Broke a duty of members gravely"),
    RemovalGround.BREACH_OF_SECRECY: _l("Passed on what had to stay secret"),
}
OFFICES: Mapping[str, LazyString] = {
    Office.CHAIR: _l("Chair"),
    Office.DEPUTY_CHAIR: _l("Deputy chair"),
}
FILLINGS: Mapping[str, LazyString] = {
    Filling.SUCCESSION: _l("The next in the order of the result"),
    Filling.DELEGATION: _l("Somebody else is sent"),
    Filling.APPOINTMENT: _l("Somebody is appointed"),
    Filling.BY_ELECTION: _l("A by-election, because nobody is left in the order of the result"),
}


def _number(parameters: Parameters, name: str) -> int:
    return int(str(parameters[name]))


def _day(parameters: Parameters, name: str = "day") -> str:
    day = parameters[name]
    return show_day(day, "full") if isinstance(day, date) else str(day)


def _words_too_long(parameters: Parameters) -> str:
    limit = _number(parameters, "limit")
    return ngettext(
        "This is too long. There is room for one character.",
        "This is too long. There is room for %(limit)s characters.",
        limit,
        limit=format_decimal(limit),
    )


def _seats_range(parameters: Parameters) -> str:
    limit = _number(parameters, "limit")
    return ngettext(
        "Write a number of seats from 0 to %(num)d.", "Write a number of seats from 0 to %(num)d.", limit
    )


def _too_many_members(parameters: Parameters) -> str:
    return ngettext(
        "“%(seat_class)s” has one seat. Name no more members than that.",
        "“%(seat_class)s” has %(num)d seats. Name no more members than that.",
        _number(parameters, "seats"),
        seat_class=parameters["seat_class"],
    )


def _seats_unchanged(parameters: Parameters) -> str:
    return ngettext(
        "There is one seat on that day already.",
        "There are %(num)d seats on that day already.",
        _number(parameters, "seats"),
    )


def _lot_needed(parameters: Parameters) -> str:
    return ngettext(
        "%(num)d successor has the same rank. Draw lots, and say who was drawn.",
        "%(num)d successors have the same rank. Draw lots, and say who was drawn.",
        _number(parameters, "count"),
    )


def _votes_too_many(parameters: Parameters) -> str:
    return ngettext(
        "The council has one member on that day. More votes cannot be cast.",
        "The council has %(num)d members on that day. More votes cannot be cast.",
        _number(parameters, "limit"),
    )


def _votes_below_quorum(parameters: Parameters) -> str:
    return ngettext(
        "The council needs one vote to decide. This vote is not valid.",
        "The council needs %(num)d votes to decide. This vote is not valid.",
        _number(parameters, "quorum"),
    )


def _term_too_long(parameters: Parameters) -> str:
    return ngettext(
        "A term lasts one year at most.",
        "A term lasts %(num)d years at most.",
        _number(parameters, "limit"),
    )


CONFLICTS: frozenset[str] = frozenset(
    {
        "already_sent",
        "call_closed",
        "member_left",
        "member_signs_in",
        "no_vacancy",
        "successor_settled",
        "term_over",
    }
)
"""Refusals because others were faster, or something is not over yet."""

SENTENCES: Mapping[str, Sentence] = {
    # bodies and seats
    "body_key_form": _l("Write the address in small letters, digits and hyphens, such as migrant-council."),
    "body_key_taken": _l("There is a council at “%(key)s” already."),
    "register_code_form": _l("Write two to eight capital letters or digits, such as MC."),
    "register_code_taken": _l("The code %(value)s is taken by another register."),
    "department_unknown": _l("There is no department “%(department)s”."),
    "language_unknown": _l("Choose one of the languages."),
    "title_missing": _l("Write a title."),
    "quorum_share_range": _l("The quorum must be from 1 to 1,000 thousandths of the seats."),
    "seat_classes_missing": _l("Give every kind of seat a key in small letters, digits and hyphens."),
    "seat_class_twice": _l("Two kinds of seats have the same key."),
    "seat_class_unknown": _l("This council has no seats called “%(seat_class)s”."),
    "seat_number_range": _seats_range,
    "seats_unchanged": _seats_unchanged,
    "seats_set_before": lambda p: _(
        "The seats were set for %(day)s before. Choose another day.", day=_day(p)
    ),
    "day_passed": _l("This day has passed. Choose today or a later day."),
    "day_ahead": _l("This day has not come yet."),
    "reason_missing": _l("Write the reason."),
    "words_missing": _l("Write the text."),
    "words_too_long": _words_too_long,
    # terms and members
    "term_order": _l("The term must end after it begins."),
    "term_too_long": _term_too_long,
    "term_before_last": lambda p: _(
        "The term must begin after the last one, which began on %(day)s.", day=_day(p)
    ),
    "day_outside_term": lambda p: _(
        "Choose a day from %(first)s to %(last)s.", first=_day(p, "begins"), last=_day(p, "ends")
    ),
    "name_missing": _l("Write the person’s name."),
    "too_many_members": _too_many_members,
    "deputy_of_nobody": _l("A deputy must stand in for a member of the same list."),
    "deputy_of_deputy": _l("A deputy has no deputy."),
    "deputy_no_office": _l("A deputy cannot hold an office. Choose a member."),
    "not_sitting_yet": lambda p: _("This member takes the seat on %(day)s.", day=_day(p)),
    "rank_range": _l("Ranks of successors begin at 1."),
    "term_over": _l("The term that this result filled is over, or a later one has begun."),
    "member_left": _l("This member has left already."),
    # signing in
    "member_signs_in": _l("This member signs in already. Take the account off first."),
    "account_not_member": _l(
        "Somebody who is no council member has this address. Ask an administrator to add the role."
    ),
    "account_disabled": _l("The account with this address is disabled. Ask an administrator."),
    "account_linked": _l("Another member of this term signs in with this address."),
    # leaving and filling
    "ground_needs_vote": _l("A removal needs a ground from the rules and a recorded vote."),
    "ground_not_for_class": _l("Such a seat does not end on this ground."),
    "removal_ground_missing": _l("Choose the ground that the rules name."),
    "recorded_votes_negative": _l("Write how many voted yes, how many no, and how many abstained."),
    "votes_too_many": _votes_too_many,
    "votes_below_quorum": _votes_below_quorum,
    "votes_no_majority": _l("There is no majority for it. The member stays."),
    "no_vacancy": _l("No seat of this kind is vacant on that day."),
    "filling_not_for_class": _l("Such a seat is not filled in this way."),
    "successor_left": _l("The result still names a successor. Ask this person first."),
    "successor_none_left": _l("Nobody is left in the order of the result. Hold a by-election."),
    "successor_settled": _l("This successor has declined or taken a seat already."),
    "lot_needed": _lot_needed,
    "lot_not_needed": _l("No lot is needed. Somebody else is next in the order of the result."),
    "lot_among_others": _l("The lot must draw one of those with the same rank."),
    "lot_unexplained": _l("Say how the lot was drawn, and who saw it."),
    # calls
    "call_not_for_class": _l("A call is for seats that are appointed or held by organisations."),
    "call_answers_late": _l("Answers must be due after the last day for applications."),
    "call_closed": lambda p: _("Applications were taken until %(day)s. Yours was not sent.", day=_day(p)),
    "organisation_missing": _l("Write the name of your organisation."),
    "already_sent": _l("You sent a first text from this form. It has the number %(number)s."),
}
