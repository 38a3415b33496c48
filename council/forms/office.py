"""The forms of clerks, one for each verb. Lists of people are typed as lines with semicolons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from accounts.desk import OfficeForm
from core import clock
from core.forms import at_most, choice, cleaned, needed
from core.localized import Localized
from core.widgets import Checkbox, DayField, NumberField, Radios, Select, TextArea, TextInput
from council import rules
from council.messages import FILLINGS, GROUNDS, OFFICES, REMOVAL_GROUNDS, WAYS
from council.queries.bodies import SuccessorLine
from council.rules import Filling, Ground, Office, RemovalGround, Votes, Way
from council.services.bodies import BodyFacts, NewSeatClass
from council.services.calls import CallFacts
from council.services.seating import NewMember, NewSuccessor
from council.services.vacancies import Seated

LINES = 500
"""How many lines a list of people or seats may have."""


class SplitLines(TextAreaField):
    """Lines of ``parts`` with semicolons between them. ``data`` stays as typed, ``rows`` are its parts.

    ``least`` parts must be there, the others may be left out.
    """

    def __init__(self, label: object, parts: int, least: int, **arguments: Any) -> None:
        super().__init__(label, **arguments)  # type: ignore[arg-type]
        self.parts, self.least = parts, least
        self.rows: list[list[str]] = []

    def pre_validate(self, _form: Any) -> None:
        """Split the lines. Raises ValidationError with the first line that has too few or too many parts."""
        lines = [line for line in (self.data or "").splitlines() if line.strip()]
        if len(lines) > LINES:
            raise ValidationError(_("Write at most %(limit)s lines.", limit=LINES))
        self.rows = []
        for number, line in enumerate(lines, start=1):
            parts = [cleaned(part) for part in line.split(";")]
            if not self.least <= len(parts) <= self.parts:
                raise ValidationError(
                    _("Line %(number)s cannot be read. Put semicolons between its parts.", number=number)
                )
            self.rows.append(parts + [""] * (self.parts - len(parts)))

    def number(self, line: int, part: int) -> int:
        """A whole number in a line (from 0). Raises ValueError."""
        text = self.rows[line][part]
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError(_("Line %(number)s must have a whole number there.", number=line + 1))
        return int(text)


class BodyForm(OfficeForm):
    """Founding a council."""

    beside: ClassVar = {
        "title_missing": "name",
        "body_key_form": "key",
        "body_key_taken": "key",
        "register_code_form": "register_code",
        "register_code_taken": "register_code",
        "department_unknown": "department",
        "language_unknown": "language",
        "quorum_share_range": "quorum_share",
        "seat_classes_missing": "seat_classes",
        "seat_class_twice": "seat_classes",
        "seat_number_range": "seat_classes",
    }

    name = StringField(
        _l("Name of the council"),
        filters=[cleaned],
        validators=[needed(_l("Write a name."))],
        widget=TextInput(),
    )
    about = TextAreaField(
        _l("What it is for"),
        filters=[cleaned],
        validators=[at_most(rules.TEXT_LENGTH)],
        widget=TextArea(rows=5),
    )
    key = StringField(
        _l("Its address on this site"),
        description=_l("Small letters, digits and hyphens, such as migrant-council."),
        filters=[cleaned],
        widget=TextInput(direction="ltr"),
    )
    register_code = StringField(
        _l("Code of its register"),
        description=_l("It begins every number, such as MC."),
        filters=[cleaned],
        widget=TextInput(width=10, direction="ltr"),
    )
    department = SelectField(_l("Department that answers"), validate_choice=False, widget=Select())
    language = SelectField(_l("Language of these texts"), validate_choice=False, widget=Select())
    quorum_share = NumberField(
        _l("Quorum, in thousandths of the seats"),
        description=_l("500 is half of the seats. It is rounded up."),
        default=500,
    )
    seats_from = DayField(_l("Seats count from"), default=clock.today)
    seat_classes = SplitLines(
        _l("Kinds of seats"),
        4,
        4,
        description=_l(
            "One line for each: key; elected, delegated, appointed or organisation; number of seats; name."
        ),
        validators=[needed(_l("Write at least one line."))],
        widget=TextArea(rows=8),
    )

    def facts(self) -> BodyFacts | None:
        """What was typed; None, with the field saying why, when a line makes no sense."""
        language = self.language.data or ""
        classes = []
        for line, (key, way, _seats, name) in enumerate(self.seat_classes.rows):
            try:
                seats = self.seat_classes.number(line, 2)
                classes.append(NewSeatClass(key, Way(way), Localized.original(language, name), seats))
            except ValueError as error:
                known = way in WAYS
                self.seat_classes.errors = [
                    str(error) if known else _("Line %(number)s names no kind of seat.", number=line + 1)
                ]
                return None
        return BodyFacts(
            key=self.key.data or "",
            register_code=self.register_code.data or "",
            department=self.department.data or "",
            language=language,
            name=Localized.original(language, self.name.data or ""),
            about=Localized.original(language, self.about.data or ""),
            seat_classes=classes,
            seats_from=self.seats_from.data or clock.today(),
            quorum_share=self.quorum_share.data or 0,
        )


class SeatsForm(OfficeForm):
    """Another number of seats from a day on."""

    beside: ClassVar = {
        "seat_class_unknown": "seat_class",
        "seat_number_range": "seats",
        "seats_unchanged": "seats",
        "seats_set_before": "from_on",
        "day_passed": "from_on",
        "reason_missing": "reason",
        "words_too_long": "reason",
    }

    seat_class = SelectField(_l("Kind of seat"), validate_choice=False, widget=Select())
    seats = NumberField(_l("Number of seats"))
    from_on = DayField(_l("From this day on"))
    reason = TextAreaField(_l("Reason, in public"), filters=[cleaned], widget=TextArea(rows=4))

    def check_filled(self) -> bool:
        """Whether both number and day are there; else their fields say so."""
        return _filled(self, "seats", "from_on")


class TermForm(OfficeForm):
    """Beginning a term with its members and successors."""

    beside: ClassVar = {
        "term_order": "ends_on",
        "term_too_long": "ends_on",
        "term_before_last": "begins_on",
        "seat_class_unknown": "members",
        "too_many_members": "members",
        "name_missing": "members",
        "rank_range": "successors",
    }

    begins_on = DayField(_l("The term begins on"))
    ends_on = DayField(_l("Its last day"))
    members = SplitLines(
        _l("Members"),
        3,
        2,
        description=_l("One line for each: key of the kind of seat; name; faction or organisation."),
        widget=TextArea(rows=10),
    )
    successors = SplitLines(
        _l("Successors, in the order of the result"),
        4,
        3,
        description=_l(
            "One line for each: key of the kind of seat; rank; name; votes. Equals have one rank."
        ),
        widget=TextArea(rows=8),
    )
    sure = BooleanField(
        _l("I have checked every name. The term before ends with this."),
        validators=[needed(_l("Check the list, then tick this box."))],
        widget=Checkbox(),
    )

    def check_filled(self) -> bool:
        return _filled(self, "begins_on", "ends_on")

    def new_members(self) -> list[NewMember]:
        return [NewMember(key, name, organisation or None) for key, name, organisation in self.members.rows]

    def new_successors(self) -> list[NewSuccessor] | None:
        """Who comes next; None, with the field saying why, when a line has no number where one must be."""
        found = []
        try:
            for line, (key, _rank, name, votes) in enumerate(self.successors.rows):
                rank = self.successors.number(line, 1)
                found.append(
                    NewSuccessor(key, rank, name, self.successors.number(line, 3) if votes else None)
                )
        except ValueError as error:
            self.successors.errors = [str(error)]
            return None
        places = [(each.seat_class_key, each.rank) for each in found]
        return [
            NewSuccessor(
                e.seat_class_key, e.rank, e.name, e.votes, places.count((e.seat_class_key, e.rank)) > 1
            )
            for e in found
        ]


class LeaveForm(OfficeForm):
    """A member leaves."""

    beside: ClassVar = {
        "ground_not_for_class": "ground",
        "ground_needs_vote": "ground",
        "day_outside_term": "day",
    }

    ground = RadioField(_l("Why"), validators=[needed(_l("Choose why."))], widget=Radios())
    day = DayField(_l("First day without the seat"))

    def __init__(self, way: Way, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ground.choices = [choice(each, GROUNDS[each]) for each in Ground if each in rules.LEAVING[way]]

    def check_filled(self) -> bool:
        return _filled(self, "day")

    def chosen(self) -> Ground:
        return Ground(self.ground.data)


class RemoveForm(OfficeForm):
    """A member is voted out."""

    beside: ClassVar = {
        "removal_ground_missing": "ground",
        "reason_missing": "reason",
        "words_too_long": "reason",
        "votes_too_many": "yes",
        "recorded_votes_negative": "yes",
        "votes_below_quorum": "yes",
        "votes_no_majority": "yes",
        "day_outside_term": "day",
    }

    ground = RadioField(
        _l("Ground in the rules"),
        choices=[choice(each, REMOVAL_GROUNDS[each]) for each in RemovalGround],
        validate_choice=False,
        widget=Radios(),
    )
    reason = TextAreaField(_l("Reason, in public"), filters=[cleaned], widget=TextArea(rows=4))
    day = DayField(_l("First day without the seat"))
    yes = NumberField(_l("Votes for the removal"))
    no = NumberField(_l("Votes against it"))
    abstain = NumberField(_l("Abstained"))
    sure = BooleanField(
        _l("The council has voted like this. This cannot be undone."),
        validators=[needed(_l("Check the minutes, then tick this box."))],
        widget=Checkbox(),
    )

    def check_filled(self) -> bool:
        return _filled(self, "day", "yes", "no", "abstain")

    def chosen(self) -> RemovalGround | None:
        known = set(RemovalGround)
        return RemovalGround(self.ground.data) if self.ground.data in known else None

    def votes(self) -> Votes:
        return Votes(_bounded(self.yes.data), _bounded(self.no.data), _bounded(self.abstain.data))


class FillForm(OfficeForm):
    """Somebody takes a vacant seat."""

    beside: ClassVar = {
        "filling_not_for_class": "filling",
        "successor_left": "filling",
        "successor_none_left": "filling",
        "name_missing": "name",
        "words_too_long": "name",
        "lot_needed": "drawn",
        "lot_not_needed": "drawn",
        "lot_among_others": "drawn",
        "lot_unexplained": "lot",
        "day_outside_term": "since_on",
    }

    filling = RadioField(
        _l("How the seat is filled"), validators=[needed(_l("Choose how."))], widget=Radios()
    )
    name = StringField(
        _l("Name (not for a successor)"), filters=[cleaned], widget=TextInput(autocomplete="off")
    )
    organisation = StringField(
        _l("Faction or organisation"),
        filters=[cleaned],
        validators=[at_most(rules.NAME_LENGTH)],
        widget=TextInput(),
    )
    drawn = SelectField(_l("Whom the lot has drawn"), validate_choice=False, widget=Select())
    lot = TextAreaField(
        _l("How the lot was drawn, and who saw it"), filters=[cleaned], widget=TextArea(rows=3)
    )
    since_on = DayField(_l("First day on the seat"))

    def __init__(self, way: Way, equals: Sequence[SuccessorLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filling.choices = [
            choice(each, FILLINGS[each]) for each in Filling if each in rules.FILLINGS[way]
        ]
        if equals:
            named = [choice(str(each.id), each.name) for each in equals]
            self.drawn.choices = [choice("", _("No lot was drawn")), *named]
        else:
            del self.drawn
            del self.lot
        if way is Way.ELECTED:
            del self.organisation

    def check_filled(self) -> bool:
        return _filled(self, "since_on")

    def seated(self) -> Seated:
        drawn = self.drawn.data if "drawn" in self else ""
        return Seated(
            Filling(self.filling.data),
            name=self.name.data or "",
            organisation=(self.organisation.data or "") if "organisation" in self else "",
            drawn_id=int(drawn)
            if drawn and drawn.isascii() and drawn.isdigit() and len(drawn) < 10
            else None,
            lot=(self.lot.data or "") if "lot" in self else "",
        )


class DeclineForm(OfficeForm):
    """A successor declines."""

    beside: ClassVar = {"day_ahead": "day"}

    day = DayField(_l("Declined on"))

    def check_filled(self) -> bool:
        return _filled(self, "day")


class DeputyForm(OfficeForm):
    """A member's personal deputy."""

    beside: ClassVar = {"name_missing": "name", "words_too_long": "name", "day_outside_term": "since_on"}

    name = StringField(_l("Name of the deputy"), filters=[cleaned], widget=TextInput(autocomplete="off"))
    since_on = DayField(_l("Deputy from"))

    def check_filled(self) -> bool:
        return _filled(self, "since_on")


class ElectForm(OfficeForm):
    """A member is elected to an office, or gives it up."""

    office = RadioField(_l("Function"), widget=Radios())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [choice(each, OFFICES[each]) for each in Office]
        self.office.choices = [*named, choice("none", _("No office"))]

    def chosen(self) -> Office | None:
        return None if self.office.data == "none" else Office(self.office.data)


class TrainingForm(OfficeForm):
    """A day of training."""

    beside: ClassVar = {"title_missing": "title", "day_outside_term": "held_on"}

    title = StringField(
        _l("What it is about"), filters=[cleaned], validators=[at_most(rules.NAME_LENGTH)], widget=TextInput()
    )
    held_on = DayField(_l("Day"))
    place = StringField(
        _l("Place (you can leave this empty)"),
        filters=[cleaned],
        validators=[at_most(rules.NAME_LENGTH)],
        widget=TextInput(),
    )

    def check_filled(self) -> bool:
        return _filled(self, "held_on")


class CallForm(OfficeForm):
    """A public call for seats."""

    beside: ClassVar = {
        "seat_class_unknown": "seat_class",
        "call_not_for_class": "seat_class",
        "title_missing": "title",
        "words_missing": "about",
        "words_too_long": "about",
        "day_passed": "closes_on",
        "call_answers_late": "answers_due_on",
    }

    seat_class = SelectField(_l("Kind of seat"), validate_choice=False, widget=Select())
    title = StringField(
        _l("Title"), filters=[cleaned], validators=[at_most(rules.NAME_LENGTH)], widget=TextInput()
    )
    about = TextAreaField(
        _l("What the seat is, and whom you look for"), filters=[cleaned], widget=TextArea(rows=6)
    )
    closes_on = DayField(_l("Last day for applications"))
    answers_due_on = DayField(_l("Everybody has an answer by"))

    def check_filled(self) -> bool:
        return _filled(self, "closes_on", "answers_due_on")

    def facts(self, language: str) -> CallFacts:
        return CallFacts(
            self.seat_class.data or "",
            Localized.original(language, self.title.data or ""),
            Localized.original(language, self.about.data or ""),
            self.closes_on.data or date.min,
            self.answers_due_on.data or date.min,
        )


class ConfirmForm(OfficeForm):
    """A page that asks before something is done."""


def _filled(form: OfficeForm, *names: str) -> bool:
    """Whether the fields ``names`` (days and numbers) hold something; else they say so."""
    missing = [form[name] for name in names if form[name].data is None]
    for field in missing:
        if not field.errors:
            sentence = _("Write the day.") if isinstance(field, DayField) else _("Write a whole number.")
            field.errors = [sentence]
    return not missing


def _bounded(number: int | None) -> int:
    """A number that every column can hold; far too many votes stay far too many."""
    return max(-1, min(number or 0, rules.MOST_SEATS + 1))


def named(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Choices of a list, by value and label."""
    return [choice(value, label) for value, label in pairs]
