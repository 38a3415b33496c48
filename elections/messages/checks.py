"""Checking an election: what a verifier found, in words, and what lies in the audit bundle.

The verifier itself speaks English on a terminal and knows no catalogue; the same sentences stand here to be translated.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from elections.audit_bundle import form
from elections.ballot.chain import Kind

FINDINGS: Mapping[str, LazyString] = {
    # the archive
    "archive_header": _l("The file does not begin as an archive of version 1 with its time as a string."),
    "archive_form": _l("A member is not packed as the format prescribes."),
    "archive_time": _l("A member carries another time than the archive."),
    "archive_name": _l("A member is not named by the hash of what it holds."),
    "archive_data": _l("What stands before an event is not exactly what the event refers to."),
    "archive_not_canonical": _l("A message is not written in the one form that is allowed."),
    "event_parent": _l("An event does not name the one before it: something was changed, added or left out."),
    "event_height": _l("The events are not numbered one after the other."),
    "event_order": _l("An event comes where it cannot come."),
    "ballot_twice": _l("The same ballot stands there twice."),
    "head_missing": _l(
        "A head that was written down earlier is not in this chain: the board was changed since."
    ),
    "unreadable": _l("The file cannot be read as an election's archive."),
    # trustees and credentials
    "trustee_key": _l(
        "A trustee's key is not sound or another's too, or nobody showed that its secret is known."
    ),
    "trustee_certificate": _l(
        "A trustee's certificate is not signed by itself, or was made for another ceremony."
    ),
    "trustee_coefficients": _l("What a trustee published in the key ceremony is not sound or not signed."),
    "trustee_signatures": _l("A trustee did not sign what the others published in the key ceremony."),
    "trustee_share": _l("A trustee's key does not follow from the key ceremony."),
    "trustee_threshold": _l("The number of trustees needed cannot be."),
    "election_key": _l("The election's key is not the one that its trustees hold."),
    "election_question": _l("A question contradicts itself."),
    "credential_outside_group": _l("A credential is no member of the group."),
    "credential_twice": _l("A credential stands on the list twice."),
    # ballots
    "ballot_unreadable": _l("A ballot cannot be read as one of this election."),
    "ballot_credential": _l("A ballot was cast with a credential that is not on the list."),
    "ballot_not_canonical": _l("A ballot is not written in the one form that is allowed."),
    "ballot_other_election": _l("A ballot names another election."),
    "ballot_other_fingerprint": _l("A ballot was made for other questions or another key."),
    "ballot_outside_group": _l("A ballot holds a number outside the group."),
    "ballot_individual_proof": _l("A ballot does not show that each of its answers is 0 or 1."),
    "ballot_overall_proof": _l("A ballot does not show that the number of its answers is allowed."),
    "ballot_blank_proof": _l("A ballot does not show that a blank excludes answers."),
    "ballot_signature_hash": _l("A ballot's signature is for another ballot."),
    "ballot_signature": _l("A ballot is not signed by its credential."),
    # tally and result
    "tally_value": _l("The encrypted tally is not the product of the ballots that count."),
    "tally_count": _l("The number of ballots counted is not the number of ballots that count."),
    "tally_weight": _l("The weight of the ballots counted is not theirs."),
    "part_owner": _l("A partial decryption names a trustee whom nobody knows."),
    "part_twice": _l("A trustee gave two partial decryptions."),
    "part_outside_group": _l("A partial decryption holds a number outside the group."),
    "part_proof": _l(
        "A partial decryption was not computed from the encrypted tally with the trustee's key."
    ),
    "parts_missing": _l("A result was published without enough trustees."),
    "result_wrong": _l("The result is not what the partial decryptions give."),
    # the audit bundle
    "bundle_form": _l("The file is not packed in the one form that an audit bundle has."),
    "bundle_manifest": _l("The manifest is missing or cannot be read."),
    "bundle_file_missing": _l("A file that the manifest names is missing."),
    "bundle_file_extra": _l("There is a file that the manifest does not name."),
    "bundle_file_changed": _l("A file is not the one that the manifest names."),
    "bundle_file_unreadable": _l("A file cannot be read as what it should be."),
    "bundle_archive_missing": _l("People voted online, and the archive of their ballots is missing."),
    "bundle_archive_other": _l("The archive belongs to another election."),
    "bundle_archive_unfinished": _l("The archive ends before the result."),
    "bundle_answers": _l("The archive asks about others than those who were counted."),
    "bundle_online_figures": _l("What was counted as the online vote is not what the trustees decrypted."),
    "bundle_stations_sum": _l("The stations do not add up to what was counted."),
    "bundle_count": _l("Counting again gives another result."),
    "bundle_seats": _l("The seats are not those of the result."),
    "bundle_rules": _l("The count kept another rule than the election's."),
    "bundle_roll": _l("The hashes and numbers of the roll are not those in the minutes."),
    "bundle_turnout": _l("More ballots were counted than there were people on the roll."),
    "bundle_replacements": _l("The record of replaced and revoked codes is broken, or for another election."),
    "bundle_revoked_voted": _l(
        "A ballot was cast with a code that had been replaced or revoked, or was still a spare one."
    ),
    "bundle_minutes_chain": _l(
        "The chain of the minutes is broken: an entry was changed, added or left out."
    ),
    "bundle_minutes_other": _l("The minutes say something else than the files."),
}
"""Every finding by its code."""

LAST: Mapping[str, LazyString] = {
    Kind.SETUP: _l("Voting may begin; no ballot yet."),
    Kind.BALLOT: _l("Voting is open, as far as this file goes."),
    Kind.END_BALLOTS: _l("Voting is closed; nothing is counted yet."),
    Kind.ENCRYPTED_TALLY: _l("The ballots are multiplied; no trustee has decrypted yet."),
    Kind.PARTIAL_DECRYPTION: _l("Trustees are decrypting; there is no result yet."),
    Kind.RESULT: _l("The result is published."),
}
"""How far an archive goes, by its last event."""

STEPS: Mapping[str, LazyString] = {
    "": _l("It begins in a moment."),
    "copy": _l("The board is being copied."),
    "credentials": _l("The public credentials are being checked."),
    "ballots": _l("The ballots are being checked, one after the other."),
}
"""What a check is at."""

FILES: Mapping[str, LazyString] = {
    form.MANIFEST: _l("The name, size and hash of every file."),
    form.ARCHIVE: _l("The archive of the encrypted vote: keys, ballots, decryption, result."),
    form.RULES: _l("The rules of the election, with their date."),
    form.ROLL: _l("The hash of the roll and the number of people on it, each time; and every correction."),
    form.ONLINE: _l("Whom the places on a ballot stand for, and which codes were spare ones."),
    form.REPLACEMENTS: _l("Which codes were replaced, revoked or given out later."),
    form.RESULT: _l("What was counted, station by station, with all lots and the result."),
    form.SEATS: _l("Who has which seat, with every reason in words."),
    form.MINUTES: _l("The minutes: everything that was done, as a chain of hashes."),
}
"""What lies in an audit bundle."""

OCCASIONS: Mapping[str, LazyString] = {
    "opened": _l("Voting opened"),
    "daily": _l("Head of the day"),
    "closed": _l("Voting closed"),
    "result": _l("The result stands on the board"),
}
"""When a head was published apart from the board."""
