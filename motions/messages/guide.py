"""A short guide to how local politics works, and beginnings of motions that members can start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from motions.rules.stages import MotionKind


@dataclass(frozen=True, slots=True)
class Chapter:
    """One piece of the guide."""

    key: str
    title: LazyString
    text: LazyString


@dataclass(frozen=True, slots=True)
class Template:
    """The beginning of a motion: what its text and its reasons should say, with ``rules.drafting.GAP`` where it is filled in."""

    key: str
    kind: MotionKind
    name: LazyString
    text: LazyString
    reasons: LazyString


GUIDE: Sequence[Chapter] = (
    Chapter(
        "who",
        _l("Who decides what"),
        _l(
            "The city council is elected by citizens and decides for the city. Departments prepare and carry out what it"
            " decides. Your council advises both. It can table motions, and the city must answer each one."
        ),
    ),
    Chapter(
        "city",
        _l("What a city can decide"),
        _l(
            "A city runs schools’ buildings, day care, housing, buses, culture, sport and its own offices. It does not"
            " make residence law. For that, ask the city to speak to the state, or change how its own office works."
        ),
    ),
    Chapter(
        "kinds",
        _l("Which kind of motion to choose"),
        _l(
            "A motion asks for something to be done. A question asks for an answer and needs no vote. A statement says"
            " what the council thinks. A budget request asks for money: say how much, and for what."
        ),
    ),
    Chapter(
        "writing",
        _l("How to write one"),
        _l(
            "Say in one sentence who should do what, by when. Then say why, with one example from real life."
            " Ask the department before what it would cost. Short motions are answered sooner."
        ),
    ),
    Chapter(
        "signing",
        _l("Why others sign"),
        _l(
            "Two more members must sign. They sign exactly the words they read. If you change a word, their signature"
            " no longer counts, and they are told."
        ),
    ),
    Chapter(
        "check",
        _l("What is checked first"),
        _l(
            "The office checks within ten working days whether the council may deal with it. It can return the motion"
            " to be mended. It can refuse it only on three grounds, and then you can appeal to the council."
        ),
    ),
    Chapter(
        "meeting",
        _l("What happens in the meeting"),
        _l(
            "Half of all seats must be there, or no vote counts. Say so if you have an interest of your own: then you do"
            " not vote on that item. More yes than no adopts; a tie rejects, unless your council’s rules say otherwise."
        ),
    ),
    Chapter(
        "changes",
        _l("How a text is changed"),
        _l(
            "Any member can propose to change one paragraph. The council votes on each change before the whole."
            " What it adopts is sent to the city word for word."
        ),
    ),
    Chapter(
        "clock",
        _l("What the city owes, and when"),
        _l(
            "The city confirms within five working days that it has the motion. It takes a position within six weeks"
            " and decides within three months. Every delay is public. After 30 days the motion returns to your agenda."
        ),
    ),
    Chapter(
        "no-decision",
        _l("When “noted” is not enough"),
        _l(
            "“Noted without a vote” and “settled by an office” are no decisions, and are not counted as such."
            " You may table a follow-up motion and link it."
        ),
    ),
    Chapter(
        "done",
        _l("When something is done"),
        _l(
            "The city plans measures and reports every three months. It may say that something is done."
            " Only your council can confirm it. Go and look before you vote."
        ),
    ),
    Chapter(
        "help",
        _l("What helps you to take part"),
        _l(
            "You can ask for an interpreter, childcare and your expenses for every meeting. Each request is answered."
        ),
    ),
)

TEMPLATES: Sequence[Template] = (
    Template(
        "improve",
        MotionKind.MOTION,
        _l("Something should be done differently"),
        _l(
            "The council asks the city to {…} (who does what), by {…} (when).\n\nThe city reports to the council on {…}"
        ),
        _l("Today it is like this: {…}\n\nThis matters because {…}\n\nAn example: {…}"),
    ),
    Template(
        "language",
        MotionKind.MOTION,
        _l("A service should work in more languages"),
        _l(
            "The council asks the city to offer {…} (the service) in {…} (languages) from {…} on.\n\n"
            "The city says how many people used it, once a year."
        ),
        _l(
            "People who need this service speak {…}\n\nToday children or friends translate for them.\n\nAn example: {…}"
        ),
    ),
    Template(
        "ask",
        MotionKind.QUESTION,
        _l("The city should explain something"),
        _l("1. How many {…}?\n2. Since when {…}?\n3. What does the city plan {…}?"),
        _l("The council asks because {…}"),
    ),
    Template(
        "money",
        MotionKind.BUDGET_REQUEST,
        _l("Something needs money"),
        _l("The council asks the city to put {…} euros a year into the budget for {…} (what), from {…} on."),
        _l("With this money {…}\n\nWithout it {…}"),
    ),
    Template(
        "say",
        MotionKind.STATEMENT,
        _l("The council should say what it thinks"),
        _l("The council says: {…}"),
        _l("This has happened: {…}"),
    ),
)
