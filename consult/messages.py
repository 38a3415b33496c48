"""What consultation rounds say: sentences for their errors, and the words for what they count.

The sentences of an import name row and column; numbers of comments are listed as people read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from babel.lists import format_list
from flask_babel import LazyString, format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.rules.rounds import Phase
from consult.rules.submissions import AuthorKind, Channel, Kind
from core.errors import DomainError
from core.i18n import show_day
from core.showing import STATES as STATES
from core.wording import Sentence, explain
from followup.messages import OUTCOMES as OUTCOMES

Parameters = Mapping[str, object]

# Words ---------------------------------------------------------------------------------------------------------------

KINDS: Mapping[str, LazyString] = {
    Kind.SUPPORT: _l("Support"),
    Kind.CONCERN: _l("Concern"),
    Kind.PROPOSAL: _l("Proposal"),
    Kind.QUESTION: _l("Question"),
}
KINDS_AS_SPOKEN: Mapping[str, LazyString] = {
    Kind.SUPPORT: _l("This is good, keep it"),
    Kind.CONCERN: _l("I am worried about something"),
    Kind.PROPOSAL: _l("I propose something else"),
    Kind.QUESTION: _l("I have a question"),
}
AUTHOR_KINDS: Mapping[str, LazyString] = {
    AuthorKind.PERSON: _l("A person"),
    AuthorKind.MIGRANT_ASSOCIATION: _l("Migrant association"),
    AuthorKind.NGO: _l("Other association"),
    AuthorKind.NATIONAL_INSTITUTION: _l("National institution"),
    AuthorKind.OTHER: _l("Other organisation"),
}
AUTHORS_AS_SPOKEN: Mapping[str, LazyString] = {
    AuthorKind.PERSON: _l("For myself"),
    AuthorKind.MIGRANT_ASSOCIATION: _l("For a migrant association"),
    AuthorKind.NGO: _l("For another association"),
    AuthorKind.NATIONAL_INSTITUTION: _l("For a national institution"),
    AuthorKind.OTHER: _l("For another organisation"),
}
CHANNELS: Mapping[str, LazyString] = {
    Channel.WEB: _l("On this site"),
    Channel.EMAIL: _l("By e-mail"),
    Channel.PAPER: _l("On paper"),
    Channel.PHONE: _l("By phone"),
    Channel.MEETING: _l("At a meeting"),
    Channel.SURVEY: _l("In a survey"),
    Channel.IMPORT: _l("From an older consultation"),
}
PHASES: Mapping[str, LazyString] = {
    Phase.DRAFT: _l("Not public yet"),
    Phase.ANNOUNCED: _l("Announced"),
    Phase.OPEN: _l("Open for comments"),
    Phase.CLOSED: _l("Closed, answers due"),
    Phase.ANSWERED: _l("All answered"),
    Phase.CONCLUDED: _l("Concluded"),
}

# Sentences -----------------------------------------------------------------------------------------------------------


def _number(parameters: Parameters, name: str) -> int:
    return int(str(parameters[name]))


def _day(parameters: Parameters, name: str = "day") -> str:
    day = parameters[name]
    return show_day(day, "full") if isinstance(day, date) else str(day)


def _joined(*sentences: str) -> str:
    """Whole sentences, one after the other. (Inside an f-string the catalogues would miss them.)"""
    return " ".join(sentences)


def _listed(values: object) -> str:
    """Register or measure numbers, one after the other as the reader's language does it."""
    shown = [str(value) for value in values] if isinstance(values, Iterable) else [str(values)]
    return format_list(shown, style="unit", locale=get_locale()) if shown else ""


def _room(parameters: Parameters) -> str:
    return ngettext(
        "There is room for one character.",
        "There is room for %(limit)s characters.",
        _number(parameters, "limit"),
        limit=format_decimal(_number(parameters, "limit")),
    )


def _length(parameters: Parameters) -> str:
    return ngettext(
        "It has one character.",
        "It has %(length)s characters.",
        _number(parameters, "length"),
        length=format_decimal(_number(parameters, "length")),
    )


def _text_too_long(parameters: Parameters) -> str:
    return _joined(_("Shorten your text."), _length(parameters), _room(parameters))


def _wording_too_long(parameters: Parameters) -> str:
    return _joined(_("Shorten the other words you propose."), _length(parameters), _room(parameters))


def _name_too_long(parameters: Parameters) -> str:
    return _joined(_("Shorten the name."), _room(parameters))


def _title_too_long(parameters: Parameters) -> str:
    return _joined(_("Shorten the title."), _room(parameters))


def _reason_too_long(parameters: Parameters) -> str:
    return _joined(_("Shorten the reason."), _room(parameters))


def _unit_title_too_long(parameters: Parameters) -> str:
    return _joined(_("Line %(line)s: the heading is too long.", line=parameters["line"]), _room(parameters))


def _unit_text_too_long(parameters: Parameters) -> str:
    return _joined(
        _("The part that begins in line %(line)s is too long.", line=parameters["line"]), _room(parameters)
    )


def _short_reason_missing(parameters: Parameters) -> str:
    days = ngettext(
        "The round is open for one day, or mostly in July and August.",
        "The round is open for %(num)d days, or mostly in July and August.",
        _number(parameters, "days"),
    )
    rule = ngettext(
        "It needs a public reason, since the rule is one day outside the holidays.",
        "It needs a public reason, since the rule is %(num)d days outside the holidays.",
        _number(parameters, "minimum"),
    )
    return _joined(days, rule)


def _open_too_long(parameters: Parameters) -> str:
    return ngettext(
        "A round can be open for %(num)d day at most.",
        "A round can be open for %(num)d days at most.",
        _number(parameters, "limit"),
    )


def _too_many_units(parameters: Parameters) -> str:
    return ngettext(
        "The draft has %(num)d part. There is room for %(limit)s.",
        "The draft has %(num)d parts. There is room for %(limit)s.",
        _number(parameters, "count"),
        limit=format_decimal(_number(parameters, "limit")),
    )


def _measures_differ(parameters: Parameters) -> str:
    parts = [_("The translation does not have the measures of the original.")]
    if parameters["missing"]:
        parts.append(_("Missing: %(numbers)s.", numbers=_listed(parameters["missing"])))
    if parameters["extra"]:
        parts.append(_("Too many: %(numbers)s.", numbers=_listed(parameters["extra"])))
    return _joined(*parts)


def _cell(parameters: Parameters) -> str:
    cause = parameters["cause"]
    inner = explain(cause) if isinstance(cause, DomainError) else str(cause)
    place = _("Row %(row)s, column “%(column)s”:", row=parameters["row"], column=parameters["column"])
    return _joined(place, inner)


def _not_found(parameters: Parameters) -> str:
    kind, key = parameters.get("kind"), parameters.get("key")
    if kind == "round":
        return _("There is no round “%(key)s”. Its address may be mistyped.", key=str(key)[:40])
    if kind == "measure":
        return _("There is no measure “%(key)s” in this draft.", key=str(key)[:40])
    if kind == "submission" and isinstance(key, int):
        return _("There is no comment with the number %(key)s in this round.", key=key)
    return _("There is nothing with this number or address. It may be mistyped.")


CONFLICTS: frozenset[str] = frozenset(
    {"already_published", "round_concluded", "round_not_public", "round_still_open"}
)
"""Refusals because others were faster, or something is not over yet."""

SENTENCES: Mapping[str, Sentence] = {
    # what somebody sends in
    "round_not_open_yet": _l("Comments are not open yet. Your text was not sent."),
    "round_closed": _l("Comments are closed. Your text was not sent."),
    "kind_missing": _l("Choose what kind of comment this is"),
    "kind_unknown": _l("Choose one of these kinds of comment"),
    "text_missing": _l("Write your comment"),
    "text_too_long": _text_too_long,
    "wording_too_long": _wording_too_long,
    "name_too_long": _name_too_long,
    "author_kind_unknown": _l("Choose for whom you speak"),
    "channel_unknown": _l("The way “%(value)s” is not known. Use one from the list in the manual."),
    "language_unknown": _l("Choose one of the languages."),
    "unit_unknown": _l("This measure is not part of the draft. Open it again from the round."),
    "already_sent": _l("You sent a first text from this form. It has the number %(number)s."),
    "mail_subject_invalid": _l("The first line of this message cannot be used."),
    # what the holder of a code does
    "not_answered_yet": _l("The city has not answered yet. You can say this once it has."),
    "reconsidered_before": _l("You asked the city to look again already. That can be done once."),
    # rounds
    "code_form": _l("“%(value)s” is not a code for a round. Write one such as AS-26."),
    "code_taken": _l("The code %(value)s is taken already. Choose another."),
    "title_missing": _l("Write a title."),
    "title_too_long": _title_too_long,
    "languages_missing": _l("Choose at least one language."),
    "department_unknown": _l("There is no department “%(department)s”."),
    "closes_before_opening": _l("The last day for comments lies before the first one."),
    "open_too_long": _open_too_long,
    "due_before_closing": _l("Answers must be due after the last day for comments."),
    "short_reason_missing": _short_reason_missing,
    "already_published": lambda p: _("The round is public since %(day)s.", day=_day(p)),
    "draft_missing": _l("The round has no draft with measures yet. Import one first."),
    "round_not_public": _l("The round was never public. Publish it first, so that people can comment."),
    "round_still_open": lambda p: _("People can still comment, until %(day)s.", day=_day(p)),
    "round_concluded": _l("The round is concluded and cannot be changed any more."),
    "timetable_reason_missing": _l("The round is public. Say in public why its timetable changes."),
    "opening_past": _l("The round has opened. Its first day cannot be changed any more."),
    "closing_past": _l("The round has closed. Its last day cannot be changed any more."),
    "closing_earlier": _l("People rely on the last day for comments. It can only move to a later day."),
    "due_only_by_extension": _l("People rely on the day for answers. It moves only by an extension."),
    # drafts
    "draft_empty": _l("The file has no headings and no numbered measures."),
    "no_measures": _l("No numbered measure was found. Write headings such as “### 12. Title”."),
    "number_twice": _l("The number %(number)s stands in line %(first_line)s and again in line %(line)s."),
    "unit_title_too_long": _unit_title_too_long,
    "unit_text_too_long": _unit_text_too_long,
    "too_many_units": _too_many_units,
    "translation_measures_differ": _measures_differ,
    "translation_is_original": _l("This is the language of the original. Import it as the draft itself."),
    "file_not_utf8": _l("Line %(line)s, place %(column)s is not UTF-8. Save the file as UTF-8."),
    # imports
    "map_key_unknown": _l("The map has “%(key)s”, which is not known."),
    "map_value": _l("The value of “%(key)s” in the map has the wrong type."),
    "map_columns_missing": _l("The map names no columns. Add at least one [[columns]] with a column."),
    "map_unreadable": _l("The map is not readable TOML: %(reason)s"),
    "unit_not_in_draft": _l("Column “%(column)s”: the draft has no measure %(unit)s."),
    "row_key_missing": _l("Row %(row)s, column “%(column)s”: the value that identifies the row is missing."),
    "row_key_twice": _l("Row %(row)s, column “%(column)s”: the same value stands in row %(first_row)s."),
    "value_not_mapped": _l("Row %(row)s, column “%(column)s”: the map does not know “%(value)s”."),
    "day_unreadable": _l("Row %(row)s, column “%(column)s”: write the day as 2027-09-14."),
    "day_in_future": _l("Row %(row)s, column “%(column)s”: this day has not come yet."),
    "cell": _cell,
    # moderation
    "selection_empty": _l("Choose at least one comment."),
    "text_erased": _l("The text of number %(number)s was withdrawn."),
    "text_hidden": _l("The text of number %(number)s is hidden. Show it again first."),
    "text_not_hidden": _l("The text of number %(number)s is not hidden."),
    "redaction_reason_missing": _l("Write why parts are taken out. The author and the public will read it."),
    "redaction_reason_too_long": _reason_too_long,
    "hidden_reason_missing": _l("Write why the text is hidden. Its author and the public will read it."),
    "hidden_reason_too_long": _reason_too_long,
    # everywhere
    "not_found": _not_found,
    "several": _l("Several things need your attention."),
}
