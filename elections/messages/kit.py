"""What others can pass on about an election: short messages, an e-mail, the text of a sign, and the words of its papers.

Everything is said in the language now in force, in whole sentences that fit whoever reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from core.i18n import localized, show_day
from elections.messages.counting_rules import SaidCriterion, say_criteria
from elections.queries.elections import ElectionLine
from elections.rules.deadlines import Step


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to pass on, and the address that follows it, apart: it is read from left to right in every language."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Kit:
    """Texts to pass on. ``messages`` are short enough for a text message."""

    title: str
    messages: tuple[tuple[str, Passage], ...]
    """When to send it, and the message."""
    subject: str
    mail: tuple[Passage, ...]
    """Paragraphs."""
    sign: tuple[Passage, ...]
    """Lines of a sign at a door or a counter."""


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What a poster or flyer says beside the title."""

    eyebrow: str
    days: tuple[tuple[str, str], ...]
    who: str
    criteria: tuple[SaidCriterion, ...]
    how: str
    how_text: str
    more: str
    scan: str


def say_kit(election: ElectionLine, link: str) -> Kit:
    """The texts about ``election``, whose page is ``link``."""
    title = localized(election.title).text
    body = localized(election.body).text
    opens, closes = show_day(election.opens_at.date(), "full"), show_day(election.closes_at.date(), "full")
    nominations = show_day(election.timetable[Step.NOMINATIONS_CLOSE], "full")
    applications = show_day(election.timetable[Step.ROLL_APPLICATIONS_CLOSE], "full")
    vote = (
        _("%(title)s: you can vote on %(day)s.", title=title, day=closes)
        if opens == closes
        else _("%(title)s: you can vote from %(first)s to %(last)s.", title=title, first=opens, last=closes)
    )
    may = _("Check in two minutes whether you may vote:")
    roll = _("If you get no letter about it, apply for the roll by %(day)s.", day=applications)
    stand = _("You can stand for election, or nominate somebody, until %(day)s.", day=nominations)
    seats = ngettext(
        "%(num)d person is elected to the council: %(body)s.",
        "%(num)d people are elected to the council: %(body)s.",
        election.rules.counting.seats,
        body=body,
    )
    return Kit(
        title=title,
        messages=(
            (_("Until %(day)s", day=nominations), Passage(f"{title}: {stand}", link)),
            (_("Until %(day)s", day=applications), Passage(f"{title}: {roll}", link)),
            (_("While voting is open"), Passage(vote, link)),
        ),
        subject=vote,
        mail=(
            Passage(_("Hello,")),
            Passage(seats),
            Passage(vote),
            Passage(may, link),
            Passage(roll),
            Passage(stand),
            Passage(_("What you answer there is not stored. Please pass this on.")),
        ),
        sign=(Passage(title), Passage(vote), Passage(_("Ask us here, or look at:"), link)),
    )


def say_papers(election: ElectionLine) -> PaperWords:
    """The words of the poster and the flyer."""
    opens, closes = show_day(election.opens_at.date(), "full"), show_day(election.closes_at.date(), "full")
    criteria = say_criteria(election.rules, election.timetable, election.today, voting=True)
    if len(criteria) > 1 and criteria[0].depth == 0 and all(line.depth for line in criteria[1:]):
        criteria = [SaidCriterion(line.text, line.depth - 1) for line in criteria[1:]]
    days = election.timetable
    voting = closes if opens == closes else _("%(first)s to %(last)s", first=opens, last=closes)
    return PaperWords(
        eyebrow=ngettext(
            "%(num)d seat is elected.", "%(num)d seats are elected.", election.rules.counting.seats
        ),
        days=(
            (_("Voting"), voting),
            (_("Nominate until"), show_day(days[Step.NOMINATIONS_CLOSE], "full")),
            (_("Apply for the roll until"), show_day(days[Step.ROLL_APPLICATIONS_CLOSE], "full")),
        ),
        who=_("You may vote if all of this is so:"),
        criteria=tuple(criteria),
        how=_("How to vote"),
        how_text=localized(election.how_to_vote).text
        or _("How and where you vote stands on the page of the election."),
        more=_("Everything about the election, in your language:"),
        scan=_("QR code: opens the page of the election"),
    )
