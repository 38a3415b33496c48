"""From a rule and a tally to a result: the one door to every method."""

from __future__ import annotations

from core.errors import raise_all
from elections.counting.lots import NO_LOTS, Lots
from elections.counting.result import Result
from elections.counting.rule import CountingRule
from elections.counting.tally import Tally


def count(rule: CountingRule, tally: Tally, lots: Lots = NO_LOTS) -> Result:
    """Count ``tally`` under ``rule``.

    The same facts give the same result, to the last digit, in whatever order they come. Ties are decided by ``lots``
    or stay undecided in the result. Raises, together, every problem of the rule (``rule_...``) and of the tally
    (``tally_...``), and ``lot_names_differ``.
    """
    raise_all([*rule.problems(), *tally.problems(rule)])
    raise NotImplementedError
