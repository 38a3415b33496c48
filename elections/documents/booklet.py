"""The booklet: every candidate with their statement, to print and lay out, in one language of the election."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from core.documents import papers, parts
from core.i18n import language_name, show_day
from core.localized import Localized, State
from core.showing import STATES
from elections.models.elections import Election
from elections.queries.nominations import Section, Standing


def booklet(election: Election, sections: Sequence[Section], language: str) -> bytes:
    """The booklet as PDF/UA for a reader of ``language``. Who withdrew is left out."""
    with force_locale(language):
        data = {
            "title": parts.localized(election.title, language),
            "heading": _("The candidates"),
            "lead": _(
                "Voting ends on %(day)s. The order was drawn by lot.",
                day=show_day(election.election_day, "full"),
            ),
            "sections": [
                {
                    "title": parts.localized(section.title, language) if section.title else "",
                    "candidates": [
                        _entry(each, language) for each in section.candidates if each.withdrawn_on is None
                    ],
                }
                for section in sections
            ],
        }
    return papers.render("elections/booklet", language, data)


def _entry(candidate: Standing, language: str) -> dict[str, object]:
    shown = candidate.statement.best(language)
    return {
        "place": str(candidate.place or ""),
        "name": candidate.name,
        "statement": parts.run(shown.text, shown.language),
        "note": _note(candidate.statement, language),
    }


def _note(statement: Localized, language: str) -> str:
    """What a reader should know about the language that a statement stands in."""
    shown = statement.best(language)
    if shown.language != language:
        return str(_("Original, in %(language)s", language=language_name(shown.language, language)))
    return "" if shown.state in (State.ORIGINAL, State.CHECKED) else str(STATES[shown.state])
