"""Forms of station results: stations, figures, turnout, delegates, lots of ties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from accounts.desk import OfficeForm
from core.codes import western
from core.errors import DomainError
from core.forms import at_most, choice, cleaned, needed
from core.widgets import Select, TextArea, TextInput
from elections.counting import blt
from elections.messages.lots import WAYS
from elections.rules.lots import SEED_LENGTH, SOURCE_LENGTH
from elections.rules.stations import NAME_LENGTH, Figures

VOTES = "votes_"
BLT_LENGTH = 2_000_000


class FigureField(StringField):
    """A whole number in any script's digits. What is left empty is missing, never zero."""

    def __init__(self, label: Any, **more: Any) -> None:
        widget = TextInput(width=5, direction="ltr", inputmode="numeric")
        super().__init__(label, widget=widget, filters=[cleaned], **more)

    @property
    def number(self) -> int:
        """What was written; only after the form was validated."""
        return int(western(self.data or "").strip())

    def pre_validate(self, form: Any) -> None:
        typed = western(self.data or "").strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 8):
            raise ValidationError(_("Write a whole number, 0 or more."))


class StationForm(OfficeForm):
    """A new station."""

    beside = {"station_key": "key", "station_taken": "key", "station_name_missing": "name"}

    name = StringField(
        _l("Name of the station"),
        widget=TextInput(),
        filters=[cleaned],
        validators=[needed(_l("Write the name of the station.")), at_most(NAME_LENGTH)],
    )
    key = StringField(
        _l("Short name for addresses"),
        description=_l("Small letters, digits and hyphens, such as town-hall."),
        widget=TextInput(width=20, direction="ltr"),
        filters=[cleaned],
    )
    place = StringField(
        _l("Address"), widget=TextInput(), filters=[cleaned], validators=[at_most(NAME_LENGTH)]
    )


class TurnoutForm(OfficeForm):
    """How many ballots a station has so far."""

    beside = {"turnout_falls": "ballots", "station_range": "ballots"}

    ballots = FigureField(_l("Ballots so far"))


class FiguresForm(OfficeForm):
    """One person's figures of a station; ``figures_form`` adds a field for each candidate or list."""

    beside = {
        "station_few_ballots": "ballots",
        "station_invalid_over": "invalid",
        "station_blank_over": "blank",
    }

    ballots = FigureField(_l("Ballots in the box"))
    invalid = FigureField(_l("Invalid ballots among them"))
    blank = FigureField(_l("Valid ballots without a vote among them"))

    def vote_fields(self) -> list[Any]:
        """The fields of the candidates or lists, in the order of the ballot."""
        return [field for field in self if field.name.startswith(VOTES)]

    def figures(self) -> Figures:
        """What was typed; only after the form was validated."""
        votes = {field.name.removeprefix(VOTES): field.number for field in self.vote_fields()}
        return Figures(votes, self.ballots.number, self.invalid.number, self.blank.number)


class RankingsForm(FiguresForm):
    """Figures of a station whose ballots rank candidates: they come as a BLT file."""

    beside = {**FiguresForm.beside, "station_rankings_sum": "rankings"}

    rankings = TextAreaField(
        _l("Ballots as a BLT file"),
        description=_l("Candidates are numbered in the order of the ballot."),
        widget=TextArea(rows=10),
        validators=[needed(_l("Put the ballots in.")), at_most(BLT_LENGTH)],
    )
    options: Mapping[str, str] = {}

    def figures(self) -> Figures:
        """What was typed. Raises ``station_ballots_differ`` or what reading the file raises."""
        file = blt.read(self.rankings.data or "")
        if list(file.names) != list(self.options.values()):
            raise DomainError("station_ballots_differ")
        keys = list(self.options)
        votes: dict[str, int] = {}
        for preferences, number in file.ballots:
            if not preferences:
                continue
            ranking = " ".join(keys[place - 1] for place in preferences)
            votes[ranking] = votes.get(ranking, 0) + number
        return Figures(votes, self.ballots.number, self.invalid.number, self.blank.number)


def figures_form(options: Mapping[str, str], own: Figures | None, *, ranked: bool) -> FiguresForm:
    """The form for one station, filled with what this person entered before."""
    given: dict[str, Any] = {}
    if own is not None:
        given = {"ballots": str(own.ballots), "invalid": str(own.invalid), "blank": str(own.blank)}
        given |= {f"{VOTES}{key}": str(own.votes.get(key, "")) for key in options}
    if ranked:
        form = RankingsForm(data=given)
        form.options = options
        return form
    fields = {f"{VOTES}{key}": FigureField(name) for key, name in options.items()}
    return type("StationFiguresForm", (FiguresForm,), fields)(data=given)


class DelegateForm(OfficeForm):
    """Whom a faction sends."""

    beside = {
        "delegate_organisation_missing": "organisation",
        "delegate_name_missing": "person",
        "seat_class_not_delegated": "seat_class",
    }

    seat_class = SelectField(_l("Seats"), widget=Select(), validate_choice=False)
    organisation = StringField(
        _l("Faction"),
        widget=TextInput(),
        filters=[cleaned],
        validators=[needed(_l("Write the name of the faction.")), at_most(NAME_LENGTH)],
    )
    person = StringField(
        _l("Person whom it sends"),
        widget=TextInput(),
        filters=[cleaned],
        validators=[needed(_l("Write the name of the person.")), at_most(NAME_LENGTH)],
    )


class AnnounceTieForm(OfficeForm):
    """How the lot for a tie will be drawn; said before it is."""

    way = SelectField(
        _l("How the lot is drawn"),
        choices=lambda: [choice(way, words) for way, words in WAYS.items()],
        widget=Select(),
    )
    source = TextAreaField(
        _l("Where the seed will come from and when, or who draws where"),
        widget=TextArea(rows=2),
        filters=[cleaned],
        validators=[at_most(SOURCE_LENGTH)],
    )


class DrawTieForm(OfficeForm):
    """What came out: the seed, or the order and who watched."""

    seed = StringField(
        _l("Seed, exactly as its source published it"),
        widget=TextInput(direction="ltr"),
        validators=[at_most(SEED_LENGTH)],
    )
    order = StringField(
        _l("Order drawn by hand: the numbers, the first drawn first"),
        widget=TextInput(direction="ltr"),
        filters=[cleaned],
    )
    witnesses = TextAreaField(
        _l("Who drew and who watched"),
        widget=TextArea(rows=2),
        filters=[cleaned],
        validators=[at_most(SOURCE_LENGTH)],
    )

    def items(self) -> list[str]:
        """The order that was typed, as ids."""
        return western(self.order.data or "").replace(",", " ").split()
