"""The self-check "Am I eligible?": works for anyone, without account or script, and keeps nothing.

The answers come in the body of a POST and go back in its page, and nowhere else: no row, no session, no log, no cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import public
from core import clock
from core.calendar import city_holidays
from core.errors import NotFound
from core.forms import shows_own_form
from elections.eligibility.checklists import Line, Note, Verdict
from elections.eligibility.criteria import evaluate
from elections.eligibility.facts import Days, Facts, Purpose
from elections.forms.eligibility import SelfCheckForm
from elections.messages import eligibility as words
from elections.rules import presets
from elections.rules.deadlines import Step, Timetable
from elections.rules.rule_sets import RuleSet

blueprint = Blueprint("elections_eligibility", __name__)

MARKS = {Verdict.MET: "done", Verdict.NOT_MET: "refused", Verdict.UNKNOWN: "waiting"}
"""The chip of each verdict."""


@dataclass(frozen=True, slots=True, repr=False)
class ShownLine:
    """One line of a checklist, in words. ``depth`` says how far it lies inside a composed criterion."""

    asked: str
    mark: str
    verdict: str
    reason: str
    advice: str
    depth: int


@dataclass(frozen=True, slots=True, repr=False)
class ShownChecklist:
    """The answer for voting or for standing, in words."""

    purpose: Purpose
    may: str
    """Yes, no, or not known."""
    answer: str
    mark: str
    lines: tuple[ShownLine, ...]
    advice: tuple[str, ...]


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Nothing of this is for a cache, not even the empty form with what the browser put back into it."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/eligibility/")
@public
def check() -> ResponseReturnValue:
    """The questions of a preset (``?rules=KEY``; without it, the newest)."""
    return show_check(_chosen())


@blueprint.post("/eligibility/")
@public
@shows_own_form
def answer() -> ResponseReturnValue:
    """The checklists for voting and for standing, by what was answered."""
    return show_check(_chosen())


def show_check(
    rules: RuleSet,
    timetable: Timetable | None = None,
    path: str = "/eligibility/",
    title: str = "",
) -> ResponseReturnValue:
    """The page of the self-check for ``rules``: of an election with its ``timetable``, else for a day one may choose.

    ``path`` is where the form is sent, without the language; ``title`` names the election. A view that shows this
    must mark its answer ``no-store`` and itself with ``shows_own_form``.
    """
    form = SelfCheckForm(rules, asks_day=timetable is None)
    checklists: list[ShownChecklist] = []
    status = 200
    if form.was_sent:
        if form.validate():
            checklists = [_shown(rules, form.facts, each) for each in _days(rules, timetable, form.day)]
        else:
            status = 422
    page = render_template(
        "elections/eligibility.html",
        rules=rules,
        form=form,
        groups=form.of(rules),
        checklists=checklists,
        day=_day(timetable, form.day),
        is_election=timetable is not None,
        presets=presets.PRESETS if timetable is None else (),
        path=path,
        election_title=title,
    )
    return page, status


def _chosen() -> RuleSet:
    key = request.values.get("rules", "")
    if not key:
        return presets.newest(clock.today())
    rules = presets.preset(key)
    if rules is None:
        raise NotFound("rule_set", key[:40])
    return rules


def _day(timetable: Timetable | None, asked: date | None) -> date:
    return timetable[Step.VOTING_CLOSES] if timetable else asked or clock.today()


def _days(rules: RuleSet, timetable: Timetable | None, asked: date | None) -> tuple[Days, Days]:
    """The days for voting and for standing. Where no election is meant, nothing ends, so nothing can be late."""
    today = clock.today()
    if timetable is None and asked is None:
        return Days(today, today, Purpose.VOTE), Days(today, today, Purpose.STAND)
    if timetable is None:
        assert asked is not None
        holidays = city_holidays(asked.year - 1) | city_holidays(asked.year)
        timetable = rules.timetable(asked, holidays)
    return rules.days(Purpose.VOTE, timetable, today), rules.days(Purpose.STAND, timetable, today)


def _shown(rules: RuleSet, facts: Facts, days: Days) -> ShownChecklist:
    asked = rules.to_vote if days.purpose is Purpose.VOTE else rules.standing
    checklist = evaluate(asked, facts, days)
    return ShownChecklist(
        purpose=days.purpose,
        may=str(words.MAY[checklist.verdict]),
        answer=str(words.ANSWERS[days.purpose, checklist.verdict]),
        mark=MARKS[checklist.verdict],
        lines=tuple(shown for line in checklist.lines for shown in _shown_lines(line, days, 0)),
        advice=tuple(words.say(note) for note in checklist.advice),
    )


def _shown_lines(line: Line, days: Days, depth: int) -> Iterator[ShownLine]:
    yield ShownLine(
        asked=words.criterion(line.criterion, days),
        mark=MARKS[line.verdict],
        verdict=str(words.VERDICTS[line.verdict]),
        reason=_said(line.reason),
        advice=_said(line.advice),
        depth=depth,
    )
    for below in line.lines:
        yield from _shown_lines(below, days, depth + 1)


def _said(note: Note | None) -> str:
    return "" if note is None else words.say(note)
