"""The sentences of public lots."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from elections.rules.lots import Way

Parameters = Mapping[str, object]

WAYS: Mapping[str, LazyString] = {
    Way.HAND: _l("Drawn by hand before witnesses"),
    Way.SEED: _l("Computed from a public seed"),
}


def _lot_drawn(parameters: Parameters) -> str:
    return _("This lot was drawn on %(day)s. A lot is drawn once.", day=show_day(parameters["day"]))  # type: ignore[arg-type]


CONFLICTS: frozenset[str] = frozenset({"lot_announced", "lot_drawn", "lot_too_early"})

SENTENCES: Mapping[str, Sentence] = {
    "lot_purpose": _l("Say what the lot is for, in a word without blanks such as ballot-order:europe."),
    "lot_way_unknown": _l("Choose whether the lot is drawn by hand or computed from a seed."),
    "lot_source_missing": _l("Say where the seed will come from and when, or who draws where."),
    "lot_source_too_long": _l("This is too long. There is room for %(limit)s characters."),
    "lot_announced": _l("This lot was announced before. What was announced stays."),
    "lot_drawn": _lot_drawn,
    "lot_items_missing": _l("There is nothing to draw a lot among."),
    "lot_seed_missing": _l("Enter the seed, exactly as its source published it."),
    "lot_seed_too_long": _l("The seed is too long. There is room for %(limit)s characters."),
    "lot_way_differs": _l("The lot must be drawn in the way that was announced."),
    "lot_order_differs": _l("Enter the order in full: everybody once, and nobody else."),
    "lot_witnesses_missing": _l("Name who drew and who watched."),
}
