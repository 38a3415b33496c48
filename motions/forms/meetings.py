"""The forms of meetings, one for each verb of clerk, chair and members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from accounts.desk import OfficeForm
from core import clock
from core.errors import DomainError
from core.forms import choice, cleaned, needed
from core.widgets import Checkbox, Checkboxes, DayField, NumberField, Radios, Select, TextArea, TextInput
from motions.forms.city import EuroField
from motions.messages import meetings as words
from motions.rules.meetings import About, ItemKind
from motions.rules.stages import REASON_LENGTH
from motions.rules.votes import Abstentions, Choice, Figures, Majority, Tie, VoteRule, Way
from motions.services.council_rules import NewRule
from motions.services.meetings import MeetingFacts

_TIME = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")
_DIGITS = {
    ord(sign): str(value)
    for start in ("٠", "۰")
    for value, sign in ((n, chr(ord(start) + n)) for n in range(10))
}

Choices = Iterable[tuple[object, object]]


def choices(pairs: Choices) -> list[Any]:
    """Values with their labels, as a field takes them."""
    return [choice(str(value), label) for value, label in pairs]


class TimeField(StringField):
    """A time of day such as 18:30, in any script's digits; ``at`` is None where it is empty."""

    widget = TextInput(width=5, direction="ltr", inputmode="text")
    at: time | None = None

    def pre_validate(self, _form: Any) -> None:
        """Raises ValidationError for what is no time."""
        typed = cleaned(self.data).translate(_DIGITS)
        if not typed:
            return
        found = _TIME.fullmatch(typed)
        if found is None:
            raise ValidationError(_("Write a time such as 18:30."))
        self.at = time(int(found[1]), int(found[2]))


class MeetingForm(OfficeForm):
    """Day, time and place of a meeting."""

    beside: ClassVar = {
        "meeting_past": "day",
        "meeting_without_term": "day",
        "meeting_outside_term": "day",
        "invitation_too_late": "day",
        "meeting_same_time": "starts",
        "meeting_ends_early": "ends",
        "meeting_place_missing": "place",
    }

    day = DayField(_l("Day"), validators=[needed(_l("Write the day."))])
    starts = TimeField(_l("Begins at"), validators=[needed(_l("Write a time such as 18:30."))])
    ends = TimeField(_l("Ends at"), description=_l("You may leave this empty."))
    place = StringField(
        _l("Place"), description=_l("Street, house and room."), filters=[cleaned], widget=TextInput()
    )
    note = TextAreaField(
        _l("What members and guests should know"),
        description=_l("Such as: step-free entrance, interpreters for Arabic and Ukrainian."),
        filters=[cleaned],
        widget=TextArea(rows=3),
    )

    def facts(self) -> MeetingFacts:
        """What was typed."""
        assert self.day.data is not None
        assert self.starts.at is not None
        ends: datetime | None = None
        if self.ends.at is not None:
            ends = clock.in_the_city(self.day.data, self.ends.at)
        starts = clock.in_the_city(self.day.data, self.starts.at)
        return MeetingFacts(starts, self.place.data or "", ends, self.note.data or "")


class ReasonForm(OfficeForm):
    """A public reason."""

    beside: ClassVar = {
        "motion_reason_missing": "reason",
        "motion_reason_too_long": "reason",
        "meeting_words_too_long": "reason",
    }
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Everybody reads it."),
        filters=[cleaned],
        widget=TextArea(rows=4, limit=REASON_LENGTH),
    )


class SureForm(OfficeForm):
    """Nothing but a button."""


class ScheduleForm(OfficeForm):
    """A meeting for a motion."""

    beside: ClassVar = {
        "urgent_reason_missing": "reason",
        "meeting_act_not_now": "meeting",
    }
    meeting = RadioField(
        _l("Which meeting?"),
        validators=[needed(_l("Choose a meeting."))],
        validate_choice=True,
        widget=Radios(),
    )
    reason = TextAreaField(
        _l("Why it cannot wait"),
        description=_l("Only for a meeting that members are invited to already. Everybody reads it."),
        filters=[cleaned],
        widget=TextArea(rows=3),
    )


class ItemForm(OfficeForm):
    """An item that is about no motion."""

    beside: ClassVar = {"item_title_missing": "item_title", "urgent_reason_missing": "reason"}
    kind = RadioField(
        _l("What kind of item?"),
        choices=choices(
            (kind, words.ITEM_KINDS[kind]) for kind in (ItemKind.REPORT, ItemKind.OTHER, ItemKind.MINUTES)
        ),
        default=ItemKind.REPORT.value,
        widget=Radios(),
    )
    item_title = StringField(_l("What it is about"), filters=[cleaned], widget=TextInput())
    closed = BooleanField(
        _l("Not public"),
        description=_l("Everybody sees that there is an item, and nothing of it."),
        widget=Checkbox(),
    )
    reason = TextAreaField(
        _l("Why it cannot wait"),
        description=_l("Only after members were invited. Everybody reads it."),
        filters=[cleaned],
        widget=TextArea(rows=3),
    )


class OrderForm(OfficeForm):
    """Another order of an agenda: a number beside each item."""

    @classmethod
    def of(cls, items: Sequence[tuple[int, str]]) -> OrderForm:
        """A form for these items, by id and title, in their order."""
        fields = {
            f"item_{id}": NumberField(
                title, default=place, validators=[InputRequired(_l("Write a whole number."))]
            )
            for place, (id, title) in enumerate(items, start=1)
        }
        form: OrderForm = type("ItemOrderForm", (cls,), fields)()
        return form

    def order(self, ids: Iterable[int]) -> list[int]:
        """The items in the order of their numbers; equal ones stay as they were."""
        return sorted(ids, key=lambda id: self[f"item_{id}"].data or 0)


HERE, AWAY, EXCUSED = "here", "away", "excused"


class PresenceForm(OfficeForm):
    """Who is there: one line for each member and deputy."""

    @classmethod
    def of(cls, people: Sequence[tuple[int, str]], now: Mapping[int, str]) -> PresenceForm:
        """A form for these people, by id and name, each as ``now`` says."""
        labels = [(HERE, _("Is there")), (AWAY, _("Is not there")), (EXCUSED, _("Is excused"))]
        fields = {
            f"member_{id}": RadioField(
                name,
                choices=choices(labels),
                default=now.get(id, AWAY),
                widget=Radios(inline=True, small=True),
            )
            for id, name in people
        }
        form: PresenceForm = type("PeoplePresenceForm", (cls,), fields)()
        return form

    def those(self, state: str) -> list[int]:
        """Whoever was marked like this."""
        return [
            int(field.name.removeprefix("member_"))
            for field in self
            if field.name.startswith("member_") and field.data == state
        ]


class ConflictForm(OfficeForm):
    """Who has an interest of their own in an item."""

    members = SelectMultipleField(
        _l("Who has an interest of their own in this item?"),
        description=_l("They have no vote here, and do not count for the quorum."),
        widget=Checkboxes(small=True),
    )

    def chosen(self) -> list[int]:
        """Their ids."""
        return [int(each) for each in self.members.data or []]


class NoteForm(OfficeForm):
    """What was said."""

    beside: ClassVar = {"meeting_words_too_long": "text"}
    text = TextAreaField(
        _l("What was said"),
        description=_l("It goes into the minutes. Name nobody who is not a member."),
        filters=[cleaned],
        widget=TextArea(rows=8),
    )


class ChooseVoteForm(OfficeForm):
    """On what, and how, the council votes."""

    about = RadioField(_l("What is voted on?"), widget=Radios())
    way = RadioField(
        _l("How do members vote?"),
        choices=choices(words.WAYS.items()),
        default=Way.SHOW_OF_HANDS.value,
        widget=Radios(),
    )


class VoteForm(OfficeForm):
    """What was counted. What is not asked for is taken out of the form before it is shown."""

    beside: ClassVar = {
        "vote_question_missing": "question",
        "return_day_missing": "returns_on",
        "return_day_past": "returns_on",
        "amendment_missing": "amendment",
        "teller_missing": "teller",
        "teller_not_present": "teller",
        "chair_must_decide": "chair_choice",
        "chair_abstains": "chair_choice",
        "motion_reason_missing": "reason",
        "figures_missing": "yes",
        "votes_more_than_present": "yes",
        "votes_fewer_than_present": "fewer",
    }
    seen = HiddenField()
    question = StringField(_l("What was voted on"), filters=[cleaned], widget=TextInput())
    amendment = RadioField(
        _l("Which change?"), validators=[Optional()], validate_choice=False, widget=Radios()
    )
    objection = RadioField(
        _l("On what?"), validators=[needed(_l("Choose what was voted on."))], widget=Radios()
    )
    yes = NumberField(_l("Yes"))
    no = NumberField(_l("No"))
    abstain = NumberField(_l("Abstentions"))
    invalid = NumberField(_l("Invalid papers"))
    fewer = BooleanField(_l("Some who were there took no part in the vote"), widget=Checkbox())
    teller = SelectField(_l("Who counted?"), validate_choice=False, widget=Select())
    chair_choice = RadioField(
        _l("Only in a tie: how did the chair decide?"),
        choices=choices(((Choice.YES, _l("Yes")), (Choice.NO, _l("No")))),
        validators=[Optional()],
        validate_choice=False,
        widget=Radios(inline=True, small=True),
    )
    returns_on = DayField(_l("Until when? On this day it comes back by itself"))
    reason = TextAreaField(
        _l("Reason"), description=_l("Everybody reads it."), filters=[cleaned], widget=TextArea(rows=3)
    )

    @classmethod
    def of(cls, wanted: Iterable[str], named: Sequence[tuple[int, str]] = ()) -> VoteForm:
        """A form with the ``wanted`` fields; one line for each of ``named`` in a vote by name."""
        lines: dict[str, Any] = {
            f"member_{id}": RadioField(
                name,
                choices=choices(words.CHOICES.items()),
                validate_choice=False,
                validators=[Optional()],
                widget=Radios(inline=True, small=True),
            )
            for id, name in named
        }
        form: VoteForm = type("NamedVoteForm", (cls,), lines)()
        keep = {*wanted, *lines, "seen", "csrf_token"}
        for name in [field.name for field in form]:
            if name not in keep:
                delattr(form, name)
        return form

    def offer(self, name: str, lines: Sequence[tuple[object, object, str]]) -> None:
        """Offer in the list ``name`` these values, labels and the words below each; a single one is chosen already."""
        field = self[name]
        field.choices = choices((value, label) for value, label, _words in lines)
        field.widget = Radios(hints={str(value): words for value, _label, words in lines})
        if len(lines) == 1 and not self.is_submitted():
            field.data = str(lines[0][0])

    def figures(self) -> Figures | None:
        """What was counted; an empty box is nothing, three of them are no count."""
        typed = [self._typed(name) for name in ("yes", "no", "abstain")]
        if typed == [None, None, None]:
            return None
        yes, no, abstain = (each or 0 for each in typed)
        return Figures(yes, no, abstain, self._typed("invalid") or 0)

    def check_all_voted(self, voting: int) -> None:
        """Of ``voting`` members who may vote, all did, or somebody says that some took no part.

        Raises ``votes_fewer_than_present`` (``have``, ``limit``): most often a figure is missing.
        """
        figures = self.figures()
        if figures is not None and figures.cast < voting and "fewer" in self and not self.fewer.data:
            raise DomainError("votes_fewer_than_present", have=figures.cast, limit=voting)

    def names(self) -> dict[int, Choice]:
        """Who voted what."""
        known = {choice.value for choice in Choice}
        return {
            int(field.name.removeprefix("member_")): Choice(field.data)
            for field in self
            if field.name.startswith("member_") and field.data in known
        }

    def chosen(self, name: str) -> int | None:
        """The id that was chosen in a list; None for none."""
        data = self[name].data if name in self else None
        return int(data) if data and str(data).isdigit() and len(str(data)) < 10 else None

    def chair(self) -> Choice | None:
        """How the chair decided a tie."""
        data = self["chair_choice"].data if "chair_choice" in self else None
        return Choice(data) if data in (Choice.YES.value, Choice.NO.value) else None

    def about_words(self, name: str) -> str:
        """What was typed in a field of words that may not be there."""
        return (self[name].data or "") if name in self else ""

    def _typed(self, name: str) -> int | None:
        found: Field | None = self._fields.get(name)
        return found.data if found is not None else None


def fields_of(about: About, way: Way, tie: Tie) -> list[str]:
    """The fields that such a vote needs, in order."""
    wanted = []
    if about is About.PROCEDURE:
        wanted.append("question")
    if about is About.AMENDMENT:
        wanted.append("amendment")
    if about is About.MINUTES:
        wanted.append("objection")
    if way is not Way.BY_NAME:
        wanted += ["yes", "no", "abstain"]
    if way is Way.ON_PAPER:
        wanted += ["invalid", "teller"]
    if way is not Way.BY_NAME:
        wanted.append("fewer")
    if tie is Tie.CHAIR_DECIDES:
        wanted.append("chair_choice")
    if about in (About.REFERRAL, About.POSTPONEMENT):
        wanted.append("returns_on")
    if about in (About.VERIFICATION, About.REOPENING, About.MINUTES):
        wanted.append("reason")
    return wanted


class MinutesForm(OfficeForm):
    """The minutes."""

    beside: ClassVar = {"minutes_empty": "text", "meeting_words_too_long": "text"}
    text = TextAreaField(
        _l("Minutes"),
        description=_l("Markdown. The first draft is made of what was recorded."),
        filters=[cleaned],
        widget=TextArea(rows=30),
    )


class ObjectionForm(OfficeForm):
    """What is wrong in the minutes."""

    beside: ClassVar = {"objection_empty": "text", "meeting_words_too_long": "text"}
    text = TextAreaField(_l("What is wrong?"), filters=[cleaned], widget=TextArea(rows=5))


class RequestForm(OfficeForm):
    """What a member needs to take part."""

    beside: ClassVar = {
        "request_kind_unknown": "kind",
        "request_text_missing": "text",
        "request_too_long": "text",
        "request_cents_missing": "amount",
        "request_cents_needless": "amount",
    }
    kind = RadioField(
        _l("What do you need?"),
        choices=choices(words.REQUESTS.items()),
        validators=[needed(_l("Choose what you need."))],
        validate_choice=False,
        widget=Radios(),
    )
    text = TextAreaField(
        _l("What exactly?"),
        description=_l("For example: Ukrainian; two children, 3 and 5 years old; bus ticket."),
        filters=[cleaned],
        widget=TextArea(rows=3),
    )
    amount = EuroField(_l("How much did you pay, in euros?"), description=_l("Only for expenses."))


class RulesForm(OfficeForm):
    """How a council works from a day on."""

    beside: ClassVar = {
        "rules_day_passed": "from_on",
        "rules_set_before": "from_on",
        "cosigners_range": "cosigners",
        "invitation_days_range": "invitation_days",
    }
    from_on = DayField(_l("From this day on"), validators=[needed(_l("Write the day."))])
    majority = RadioField(
        _l("What does a motion need?"), choices=choices(words.MAJORITIES.items()), widget=Radios()
    )
    abstentions = RadioField(
        _l("What does an abstention do?"), choices=choices(words.ABSTENTIONS.items()), widget=Radios()
    )
    tie = RadioField(_l("What does a tie do?"), choices=choices(words.TIES.items()), widget=Radios())
    cosigners = NumberField(
        _l("How many members must sign a motion besides its author?"),
        validators=[InputRequired(_l("Write a whole number."))],
    )
    invitation_days = NumberField(
        _l("How many days before a meeting are members invited?"),
        validators=[InputRequired(_l("Write a whole number."))],
    )

    def rule(self) -> NewRule:
        """What was chosen."""
        assert self.from_on.data is not None
        vote = VoteRule(Majority(self.majority.data), Abstentions(self.abstentions.data), Tie(self.tie.data))
        return NewRule(self.from_on.data, vote, self.cosigners.data or 0, self.invitation_days.data or 0)
