"""The sentences of the secret ballot, its trustees and its rehearsal."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.wording import Sentence
from elections.messages.counting import METHODS

SENTENCES: Mapping[str, Sentence] = {
    # what was read
    "json_unreadable": _l("This is no JSON text."),
    "message_malformed": _l("A message has not the form that was expected: %(fields)s."),
    "element_not_canonical": _l("A number is out of range or written in an unusual way."),
    "exponent_not_canonical": _l("A number is out of range or written in an unusual way."),
    "archive_unreadable": _l("The file cannot be read as an election's archive, from byte %(at)s on."),
    "archive_incomplete": _l("The archive does not hold an election yet."),
    "event_unknown": _l("The archive holds an event of an unknown kind: %(type)s."),
    "event_out_of_order": _l("%(type)s cannot come after %(last)s."),
    "protocol_unsupported": _l(
        "The election follows version %(version)s of the protocol, which is not known here."
    ),
    "group_unsupported": _l("The election computes in the group %(group)s, which is not known here."),
    # questions and choices
    "question_unsupported": _l("Questions of the kind %(type)s cannot be checked here."),
    "question_answers": _l("A question needs from 1 to %(most)s answers."),
    "question_choices": _l("From %(least)s to %(most)s answers cannot be chosen here."),
    "question_control_characters": _l("A text holds characters that cannot be printed."),
    "question_missing": _l("An election asks at least one question."),
    "encrypted_ballot_unsupported": lambda p: _(
        "The rules count by this method: %(method)s. Such votes cannot be added up while they are encrypted, so they stay on"
        " paper.",
        method=METHODS[p["method"]],
    ),
    "choice_questions": _l("There are %(count)s questions to answer."),
    "choice_shape": _l("There are %(slots)s places to fill with 0 or 1."),
    "choice_count": _l("You chose %(chosen)s. From %(least)s to %(most)s are allowed."),
    "choice_blank_and_more": _l("A blank vote chooses nobody."),
    # ballots
    "ballot_not_canonical": _l("The ballot is not written in the one form that is allowed."),
    "ballot_other_election": _l("The ballot is for another election."),
    "ballot_other_fingerprint": _l("The ballot was made for other questions or another key."),
    "ballot_outside_group": _l("The ballot holds a number that does not belong there."),
    "ballot_individual_proof": _l("The ballot does not show that each of its answers is yes or no."),
    "ballot_overall_proof": _l("The ballot does not show that the number of its answers is allowed."),
    "ballot_blank_proof": _l("The ballot does not show that a blank vote chooses nobody."),
    "ballot_signature_hash": _l("The ballot's signature is for another ballot."),
    "ballot_signature": _l("The ballot is not signed by its credential."),
    # opened ballots
    "challenge_seal": _l("The opened ballot does not have the seal that it names."),
    "challenge_not_as_said": _l(
        "The ballot does not hold what the device said, in question %(question)s. Do not vote on this device."
        " Speak to the election board."
    ),
    # codes
    "code_is_receipt_code": _l("This is a receipt code. Type the code of your voting letter."),
    # trustees
    "ceremony_certificate": _l("The certificate of trustee %(index)s is not sound or for another ceremony."),
    "ceremony_twice": _l("Two trustees gave the same certificate."),
    "ceremony_not_yours": _l("Your certificate is not among those of the ceremony."),
    "ceremony_polynomial": _l("What trustee %(index)s sent in the second round is not sound. Speak to them."),
    "ceremony_key": _l("The key of trustee %(index)s does not follow from the ceremony."),
    "ceremony_missing": _l("Files of these trustees are missing: %(missing)s."),
    "ceremony_round": _l("Your key file is not at this step of the ceremony."),
    "channel_unreadable": _l("A message from another trustee cannot be opened."),
    "parts_missing": _l("Not enough trustees have decrypted."),
    "result_not_found": _l("The decrypted numbers are larger than the number of ballots."),
    "trustee_numbers": _l(
        "The place must lie between 1 and the number of trustees, and so must the number needed."
    ),
    "trustee_not_in_election": _l("Your key is not among the keys of this election."),
    "trustee_set_unsound": _l("The keys in the folder are not sound together: %(faults)s."),
    "bundle_unsound": _l(
        "The bundle is not sound, so nothing is decrypted. Check it, and speak to the election board."
    ),
    "bundle_not_closed": _l("The bundle does not hold an encrypted tally yet."),
    # sealed files
    "passphrase_short": _l("The passphrase needs at least %(least)s characters."),
    "passphrase_common": _l(
        "This passphrase is easy to guess. Take several words that do not belong together."
    ),
    "sealed_unreadable": _l("This is not the sealed file that is needed here."),
    "sealed_wrong_passphrase": _l("The passphrase is wrong, or the file was changed."),
    "file_exists": _l("%(file)s exists already. Nothing was overwritten."),
    # rehearsals
    "rehearsal_voters": _l("A rehearsal cannot have fewer than no voters."),
    "rehearsal_trustees": _l("The number of trustees needed must lie between 1 and the number of trustees."),
}
"""Every error of the ballot by its code."""
