"""The sentences of station devices, and of those who vote on paper while most vote online."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.wording import Sentence
from elections.messages.procedure import Parameters, at_moment


def _few(parameters: Parameters) -> str:
    count, limit = int(parameters["count"]), int(parameters["limit"])
    return ngettext(
        "%(num)d person asked for paper. Fewer than %(limit)s ballots would show how they voted. Let them vote on a station"
        " device.",
        "%(num)d persons asked for paper. Fewer than %(limit)s ballots would show how they voted. Let them vote on a station"
        " device.",
        count,
        limit=limit,
    )


CHECKS: Mapping[str, Sentence] = {
    "devices_there": _l("A device stands in a city office for whoever cannot use their own"),
    "paper_enough": _l("Nobody votes on paper, or at least %(limit)s persons. Asked so far: %(count)s"),
    "paper_struck": _l(
        "The codes of all who vote on paper are revoked. Asked for paper: %(asked)s. Revoked for that: %(struck)s"
    ),
    "paper_ballots": _l(
        "There are no more paper ballots than people who asked for paper. Ballots: %(ballots)s. Asked: %(asked)s"
    ),
}

CONFLICTS: frozenset[str] = frozenset({"device_revoked", "paper_stage", "paper_asked", "paper_revoked"})

SENTENCES: Mapping[str, Sentence] = {
    "device_stage": _l("Devices are enrolled from the call of the election until voting is closed."),
    "device_name_missing": _l("Write what the place is called."),
    "device_place_missing": _l("Write the address."),
    "device_hours_missing": _l("Write when people can come."),
    "device_text_too_long": _l("This is too long. There is room for %(limit)s characters."),
    "device_revoked": _l("The link of this device was ended before."),
    "missing_paper_enough": _few,
    "missing_paper_struck": _l(
        "Asked for paper: %(asked)s. Codes revoked for that: %(struck)s. Hand in the authority's record first."
    ),
    "paper_stage": at_moment(
        _l("People ask for paper while the roll is open or committed, and before voting opens on %(moment)s.")
    ),
    "paper_asked": _l("This person asked for paper before."),
    "paper_unknown": _l("Nobody with this number asked for paper."),
    "paper_revoked": _l("The codes of those who vote on paper are revoked already. They vote on paper."),
    "paper_opened": _l(
        "Who votes on paper is struck before voting opens. The record revokes a code for it now."
    ),
    "paper_few": _few,
    "paper_not_asked": _l(
        "The record revokes the codes of %(struck)s persons for paper. Asked for it: %(asked)s."
    ),
}
"""Every refusal by its code."""
