"""What the links and buttons of acts say."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from motions.rules.stages import Act

ACTS: Mapping[Act, LazyString] = {
    Act.INVITE: _l("Ask members to sign"),
    Act.CHANGE_TEXT: _l("Change the text"),
    Act.SIGN: _l("Sign it"),
    Act.SUBMIT: _l("Hand it in"),
    Act.ADMIT: _l("Check whether it is admissible"),
    Act.RETURN: _l("Check whether it is admissible"),
    Act.REFUSE: _l("Check whether it is admissible"),
    Act.APPEAL: _l("Appeal to the council"),
    Act.SCHEDULE: _l("Place it on an agenda"),
    Act.TAKE_OFF: _l("Take it off the agenda"),
    Act.WITHDRAW: _l("Withdraw it"),
    Act.LAPSE: _l("Record that it was not dealt with"),
    Act.CARRY_OVER: _l("Take it over into this term"),
    Act.FORWARD: _l("Send it to the city"),
    Act.ACKNOWLEDGE: _l("Confirm that the city has it"),
    Act.FILE_POSITION: _l("Enter the city’s position"),
    Act.DECIDE: _l("Enter the city’s decision"),
    Act.EXTEND: _l("Ask for more time"),
    Act.PLAN: _l("Plan a measure"),
    Act.UPDATE: _l("Report on a measure"),
    Act.CLAIM_DONE: _l("Say that it is done"),
    Act.CLOSE: _l("Close it"),
}
