"""Which comments somebody chose in a list, on its way through the forms that do something with them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.queries import workbench
from consult.queries.office_rounds import OfficeRound
from consult.staff.desk import Place, read_place, unpack_place
from followup.number_fields import SELECTION_LIMIT, spread, too_many, whole_number


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen register numbers, the list they were chosen in, and what was wrong with the choice, if anything."""

    numbers: list[int]
    place: Place
    problem: str = ""


def read_selection(found: OfficeRound) -> Selection:
    """The selection of this request.

    A list sends ``pick`` (one row's box), ``all`` (everything that matches) or ``numbers`` (as ``1-17,20``); a form
    carries ``numbers`` and, as ``back``, the list.
    """
    if request.method == "POST":
        try:
            return Selection(spread(request.form.get("numbers", "")), unpack_place(request.form.get("back")))
        except ValueError as error:
            return Selection([], unpack_place(request.form.get("back")), str(error))
    place = read_place(request.args)
    try:
        numbers = set(spread(request.args.get("numbers", "")))
    except ValueError as error:
        return Selection([], place, str(error))
    numbers |= {whole_number(pick) for pick in request.args.getlist("pick")} - {0}
    if request.args.get("all"):
        numbers |= set(workbench.matching_numbers(found, place.queue, place.chosen, SELECTION_LIMIT + 1))
    if len(numbers) > SELECTION_LIMIT:
        return Selection([], place, too_many())
    return Selection(workbench.known_numbers(found.register_id, numbers), place)


def nothing_chosen(found: OfficeRound, chosen: Selection) -> ResponseReturnValue:
    """Back to the list, with a word on what to do."""
    flash(chosen.problem or _("Choose at least one comment in the list first."))
    return redirect(chosen.place.url(found.code))
