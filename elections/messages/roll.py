"""Words for the roll: verdicts, grounds and kinds of corrections, and the sentences for what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import LazyString, format_date, ngettext
from flask_babel import lazy_gettext as _l

from core.wording import Sentence
from elections.eligibility.checklists import Verdict
from elections.rules.roll import Ground, Kind

Parameters = Mapping[str, object]

VERDICTS: Mapping[str, LazyString] = {
    Verdict.MET: _l("May vote"),
    Verdict.NOT_MET: _l("May not vote"),
    Verdict.UNKNOWN: _l("Not known yet"),
}
KINDS: Mapping[str, LazyString] = {
    Kind.ADDED: _l("Added"),
    Kind.MENDED: _l("Mended"),
    Kind.STRUCK: _l("Struck"),
}
GROUNDS: Mapping[str, LazyString] = {
    Ground.EVIDENCE: _l("An officer saw the evidence"),
    Ground.MOVED_AWAY: _l("Moved away"),
    Ground.DIED: _l("Died"),
    Ground.NOT_ELIGIBLE: _l("The rules are not met"),
    Ground.DUPLICATE: _l("Was on the roll twice"),
    Ground.OWN_WISH: _l("At the person’s own wish"),
    Ground.MISTAKE: _l("Put on the roll by mistake"),
}
METHODS: Mapping[str, LazyString] = {
    "in_person": _l("Shown in person"),
    "by_letter": _l("Sent by letter"),
}
KEYS: Mapping[str, LazyString] = {
    "register_id": _l("register number"),
    "person": _l("name and address"),
}


def _keyed(sentence: LazyString) -> Callable[[Parameters], str]:
    """A sentence that says by which key two rows are one person."""
    return lambda p: str(sentence) % {**p, "by": KEYS[str(p["by"])]}


def _on(sentence: LazyString) -> Callable[[Parameters], str]:
    return lambda p: str(sentence) % {"day": format_date(p["day"], "long")}


def _unanswered(parameters: Parameters) -> str:
    return ngettext(
        "%(num)d answer of this election is still owed. Until then the roll is kept.",
        "%(num)d answers of this election are still owed. Until then the roll is kept.",
        int(str(parameters["count"])),
    )


def _undecided(parameters: Parameters) -> str:
    return ngettext(
        "%(num)d person who asked to be on the roll still waits for a decision.",
        "%(num)d people who asked to be on the roll still wait for a decision.",
        int(str(parameters["count"])),
    )


CONFLICTS: frozenset[str] = frozenset(
    {
        "roll_import_over",
        "roll_changed_meanwhile",
        "registering_closed",
        "registration_decided",
        "roll_still_needed",
        "roll_kept_until",
        "roll_unanswered",
    }
)

CHECKS: Mapping[str, Sentence] = {
    "roll_imported": _l("People are on the roll"),
    "registrations_decided": _l("Everybody who asked to be on the roll has a decision"),
    "roll_answers": _l("What is owed before voting opens is answered"),
    "roll_changes": _l("The changes of the roll are named"),
}
"""One line of a checklist for each check."""

SENTENCES: Mapping[str, Sentence] = {
    # the mapping
    "roll_map_unreadable": _l("The mapping cannot be read as TOML. Line and reason: %(reason)s"),
    "map_unknown": _l("The mapping has “%(key)s”, which means nothing here."),
    "map_missing": _l("The mapping lacks “%(key)s”."),
    "map_column": _l("“%(key)s” of the mapping must name a column, or several."),
    "map_value": _l("“%(key)s” of the mapping: “%(value)s” is not known."),
    # the file
    "cell_empty": _l("Row %(row)s, column “%(column)s”: this must not be empty."),
    "cell_not_a_day": _l("Row %(row)s, column “%(column)s”: this is no day. Write 31.05.1990 or 1990-05-31."),
    "cell_not_understood": _l("Row %(row)s, column “%(column)s”: the mapping does not say what this means."),
    "roll_duplicate": _keyed(_l("Row %(row)s is the same person as row %(first_row)s, by %(by)s.")),
    "roll_duplicate_on_roll": _keyed(_l("Row %(row)s is on the roll already, by %(by)s.")),
    "roll_import_over": _l("The roll was opened. It changes only by corrections that two persons make."),
    "roll_changed_meanwhile": _l("Somebody else changed the roll meanwhile. Import the file again."),
    # people
    "person_name_missing": _l("Write your name."),
    "person_street_missing": _l("Write street and number."),
    "person_postcode_missing": _l("Write your postcode."),
    "person_too_long": _l("This is too long for a letter. Shorten it."),
    "registering_closed": _on(_l("You cannot ask to be on the roll now. The last day is %(day)s.")),
    "registration_decided": _l("This was decided meanwhile."),
    "registration_unknown": _l("Nobody asked to be on the roll under number %(number)s."),
    "registration_not_ready": _l("Number %(number)s is not ready: see the evidence first."),
    "evidence_method_unknown": _l("Say how you saw the evidence."),
    "evidence_verdict_unknown": _l("Say whether the rules are met."),
    # corrections
    "roll_changes_missing": _l("Name at least one change of the roll."),
    "roll_changes_too_many": _l("There are too many changes. Propose at most %(limit)s at once."),
    "roll_changes_unreadable": _l("The changes cannot be read. Write one roll number per line."),
    "roll_change_twice": _l("Number %(number)s is named twice."),
    "roll_number_unknown": _l("Number %(number)s is not on the roll, or was struck."),
    # before the acts
    "missing_roll_imported": _l("Nobody is on the roll yet. Import it first."),
    "missing_registrations_decided": _undecided,
    "missing_roll_changes": _l("The changes of the roll are not named, or cannot be made any more."),
    # deletion
    "roll_still_needed": _l("The roll is kept until the result is published."),
    "roll_day_unset": _l("The timetable has no day on which the roll is deleted."),
    "roll_kept_until": _on(_l("The roll is kept until %(day)s, since people may object until then.")),
    "roll_unanswered": _unanswered,
}
