"""What the booth says differently while somebody only practises, and the fruits that stand."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import language
from elections.messages.booth import AskedCandidate, AskedGroup, AskedQuestion

WORDS: Mapping[str, LazyString] = {
    "booth": _l("Practice"),
    "code_heading": _l("Practise here"),
    "code_label": _l("Your practice code"),
    "code_hint": _l("It stands on the page of the practice: 32 digits. Blanks do not matter."),
    "code_scanned": _l("The practice code is filled in. In a real election it comes from your letter."),
    "code_empty": _l("Type the practice code."),
    "vote_again": _l("You can practise as often as you like. Nobody counts it."),
    "done_heading": _l("You have practised"),
    "done_text": _l(
        "Your device can vote. Your practice vote was checked as a real one is, and then thrown away: it is in no ballot box."
    ),
    "tracker_text": _l("In a real election you would find this line on the public board."),
}
"""In place of the booth's own sentences."""

FRUITS: tuple[LazyString, ...] = (
    _l("Apple"),
    _l("Cherry"),
    _l("Plum"),
    _l("Fig"),
    _l("Orange"),
    _l("Pomegranate"),
)
"""In the order of ``elections.ballot.practice.ANSWERS``."""


def say_practice() -> dict[str, str]:
    """The sentences, in the language now in force."""
    return {key: str(words) for key, words in WORDS.items()}


def ask_practice() -> AskedQuestion:
    """The question as the booth shows it: two groups, one of them with somebody's statement."""
    here = language()
    stands = [AskedCandidate(slot, str(name)) for slot, name in enumerate(FRUITS)]
    stands[0] = AskedCandidate(0, str(FRUITS[0]), _("I keep all winter, and everybody may pick me."), here)
    return AskedQuestion(
        _("Which fruit do you like?"),
        [
            AskedGroup(stands[:3], _("From the garden"), here),
            AskedGroup(stands[3:], _("From the south"), here),
        ],
        here,
    )
