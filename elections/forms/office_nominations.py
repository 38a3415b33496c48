"""The office's forms for nominations and lots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from accounts.desk import OfficeForm
from core.forms import choice
from core.widgets import Radios, Select, TextArea, TextInput
from elections.eligibility.checklists import Verdict
from elections.messages.eligibility import VERDICTS
from elections.messages.lots import WAYS
from elections.messages.nominations import GROUNDS, METHODS
from elections.rules import lots as lot_rules
from elections.rules import nominations as rules
from elections.rules.nominations import Decision, Method
from elections.services.nominations.vetting import Found

RESULT, METHOD = "result_", "method_"


class CheckForm(OfficeForm):
    """What an officer found, line by line. Made by ``check_form`` for the lines of one checklist."""

    keys: ClassVar[Sequence[str]] = ()

    @property
    def found(self) -> dict[str, Found]:
        """The lines for which a result was chosen."""
        return {
            key: Found(self[RESULT + key].data, self[METHOD + key].data)
            for key in self.keys
            if self[RESULT + key].data
        }


class MendingForm(OfficeForm):
    """What is missing."""

    beside: ClassVar = {"deficiencies_missing": "deficiencies", "note_too_long": "deficiencies"}

    deficiencies = TextAreaField(
        _l("What is missing, and how it can be mended"),
        description=_l("Whoever holds the code reads it. It is not public."),
        widget=TextArea(rows=4, limit=rules.NOTE_LENGTH),
    )


class DecisionForm(OfficeForm):
    """A decision that a second person has to release."""

    beside: ClassVar = {
        "decision_unknown": "decision",
        "vetting_incomplete": "decision",
        "ground_missing": "ground",
        "refusal_reason_missing": "reason",
        "note_too_long": "reason",
    }

    decision = RadioField(
        _l("Decision"),
        choices=[choice(Decision.ADMIT, _l("Admit")), choice(Decision.REFUSE, _l("Refuse"))],
        validate_choice=False,
        widget=Radios(),
    )
    ground = SelectField(
        _l("Ground, if you refuse"),
        choices=[choice("", _l("None")), *(choice(key, word) for key, word in GROUNDS.items())],
        validate_choice=False,
        widget=Select(),
    )
    reason = TextAreaField(
        _l("Reason, if you refuse"),
        description=_l("It is published. Write what can be done, and nothing about the person’s papers."),
        widget=TextArea(rows=5, limit=rules.NOTE_LENGTH),
    )


class AnnounceForm(OfficeForm):
    """How a lot will be drawn."""

    beside: ClassVar = {
        "lot_way_unknown": "way",
        "lot_source_missing": "source",
        "lot_source_too_long": "source",
    }

    way = RadioField(
        _l("How is the lot drawn?"),
        choices=[choice(key, word) for key, word in WAYS.items()],
        validate_choice=False,
        widget=Radios(),
    )
    source = TextAreaField(
        _l("Where does the seed come from and when, or who draws where?"),
        description=_l("It is published at once, and cannot be changed."),
        widget=TextArea(rows=3, limit=lot_rules.SOURCE_LENGTH),
    )


class DrawForm(OfficeForm):
    """What came out of a lot: a seed, or an order with its witnesses."""

    beside: ClassVar = {
        "lot_seed_missing": "seed",
        "lot_seed_too_long": "seed",
        "lot_order_differs": "order",
        "lot_witnesses_missing": "witnesses",
    }

    seed = StringField(_l("The seed, exactly as it was published"), widget=TextInput(direction="ltr"))
    order = TextAreaField(
        _l("The order, if hands drew it"),
        description=_l("The numbers from the list above, the first drawn first, each in a line of its own."),
        widget=TextArea(rows=4, direction="ltr"),
    )
    witnesses = TextAreaField(_l("Who drew, and who watched"), widget=TextArea(rows=2))

    @property
    def drawn(self) -> list[str]:
        """The order as it was typed."""
        return (self.order.data or "").split()


def check_form(keys: Sequence[str], **given: Any) -> CheckForm:
    """The form for these lines of a checklist."""
    fields: dict[str, Any] = {"keys": tuple(keys)}
    results = [choice("", "–"), *(choice(verdict, VERDICTS[verdict]) for verdict in Verdict)]
    methods = [choice(key, word) for key, word in METHODS.items() if key != Method.COUNTED]
    for key in keys:
        fields[RESULT + key] = SelectField(
            _l("Result"), choices=results, validate_choice=False, widget=Select()
        )
        fields[METHOD + key] = SelectField(
            _l("How you know"), choices=methods, validate_choice=False, widget=Select()
        )
    made: CheckForm = type("CheckForm", (CheckForm,), fields)(**given)
    return made
