"""The sentences of the ballot box of an encrypted election."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.wording import Sentence
from elections.messages.procedure import at_moment
from elections.rules.urn import UrnState

STATES: Mapping[str, LazyString] = {
    UrnState.BEGUN: _l("Begun: keys and credentials are being made"),
    UrnState.PREPARED: _l("Prepared: voting can open"),
    UrnState.OPEN: _l("Open"),
    UrnState.INTERRUPTED: _l("Interrupted"),
    UrnState.CLOSED: _l("Closed: the ballots can be multiplied"),
    UrnState.MULTIPLIED: _l("Multiplied: the trustees decrypt"),
    UrnState.OPENED: _l("Decrypted"),
}

CONFLICTS: frozenset[str] = frozenset(
    {
        "urn_begun",
        "urn_state",
        "urn_not_open",
        "urn_interrupted",
        "urn_closed",
        "part_twice",
        "keys_fixed",
        "key_there",
        "observing_over",
    }
)

SENTENCES: Mapping[str, Sentence] = {
    "urn_stage": _l("This can be done once the candidates are published, and before voting opens."),
    "urn_begun": _l("The online vote was begun before. Its identifier stays."),
    "urn_missing": _l("Nobody votes online in this election."),
    "urn_unprepared": _l("Trustees or credentials of the online vote are still missing."),
    "urn_state": _l("The ballot box is not at this step."),
    "urn_not_open": _l("Voting has not begun yet."),
    "urn_interrupted": _l(
        "Voting is interrupted. Try again later; the election's page says when it goes on."
    ),
    "urn_closed": at_moment(_l("Voting closed on %(moment)s. No ballot is taken any more.")),
    "ballot_too_long": _l("This is too long to be a ballot of this election."),
    "credential_unknown": _l("This code is not for this election."),
    "credential_spare": _l("This code is a spare one and has not been given to anybody."),
    "credential_revoked": _l("This code was replaced by another one and cannot vote any more."),
    "credentials_wrong": _l("Credentials that are not sound: %(count)s."),
    "credentials_twice": _l("A credential stands on the list twice."),
    "replacements_other": _l("This record is for another election, or does not go on from the one before."),
    "replacement_voted": _l("A ballot was cast with a credential that entry %(number)s takes away."),
    "keys_fixed": _l("The trustees and their keys are fixed. Take a key away first."),
    "trustees_number": _l("There are from 1 to %(most)s trustees."),
    "trustee_name_long": _l("What is written about trustee %(number)s is longer than %(most)s characters."),
    "trustee_keyed": _l("Trustee %(number)s has handed in a key. Take it away first."),
    "trustee_unknown": _l("There is no trustee with this number."),
    "trustee_code": _l(
        "The address of this page is not good for a key any more. Ask the election board for a new one, or bring the"
        " file with the public key."
    ),
    "trustees_unnamed": _l("Say who the trustees are, or hand in trustees.json."),
    "trustee_keys_missing": _l("The keys of these trustees are missing: %(missing)s."),
    "key_there": _l(
        "Trustee %(number)s has handed in another key before. The election board can take it away."
    ),
    "key_wrong": _l("This key is not sound, or nothing shows that its owner knows the secret."),
    "key_twice": _l("Another trustee handed in the same key."),
    "part_other_election": _l("This part was made for another election."),
    "observing_over": _l("The result stands on the board, so no further head is sent."),
    "part_owner": _l("This election has no such trustee."),
    "part_twice": _l("This trustee's part was taken before."),
    "part_wrong": _l("This part was not computed from the encrypted tally with the trustee's key."),
}
"""Every error of the urn by its code."""
