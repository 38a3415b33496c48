"""What can be wrong with an audit bundle beside its archive, by code, and what each means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Part(StrEnum):
    """What can be wrong with a bundle, beside its archive."""

    FORM = "bundle_form"
    MANIFEST = "bundle_manifest"
    MISSING = "bundle_file_missing"
    EXTRA = "bundle_file_extra"
    CHANGED = "bundle_file_changed"
    UNREADABLE = "bundle_file_unreadable"
    ARCHIVE_MISSING = "bundle_archive_missing"
    ARCHIVE_OTHER = "bundle_archive_other"
    ARCHIVE_UNFINISHED = "bundle_archive_unfinished"
    ANSWERS = "bundle_answers"
    ONLINE = "bundle_online_figures"
    STATIONS = "bundle_stations_sum"
    COUNT = "bundle_count"
    SEATS = "bundle_seats"
    RULES = "bundle_rules"
    ROLL = "bundle_roll"
    TURNOUT = "bundle_turnout"
    REPLACEMENTS = "bundle_replacements"
    REVOKED = "bundle_revoked_voted"
    CHAIN = "bundle_minutes_chain"
    MINUTES = "bundle_minutes_other"


SENTENCES: Mapping[str, str] = {
    Part.FORM: "The file is not packed in the one form that an audit bundle has.",
    Part.MANIFEST: "The manifest is missing or cannot be read.",
    Part.MISSING: "A file that the manifest names is missing.",
    Part.EXTRA: "There is a file that the manifest does not name.",
    Part.CHANGED: "A file is not the one that the manifest names.",
    Part.UNREADABLE: "A file cannot be read as what it should be.",
    Part.ARCHIVE_MISSING: "People voted online, and the archive of their ballots is missing.",
    Part.ARCHIVE_OTHER: "The archive belongs to another election.",
    Part.ARCHIVE_UNFINISHED: "The archive ends before the result.",
    Part.ANSWERS: "The archive asks about others than those who were counted.",
    Part.ONLINE: "What was counted as the online vote is not what the trustees decrypted.",
    Part.STATIONS: "The stations do not add up to what was counted.",
    Part.COUNT: "Counting again gives another result.",
    Part.SEATS: "The seats are not those of the result.",
    Part.RULES: "The count kept another rule than the election's.",
    Part.ROLL: "The hashes and numbers of the roll are not those in the minutes.",
    Part.TURNOUT: "More ballots were counted than there were people on the roll.",
    Part.REPLACEMENTS: "The record of replaced and revoked codes is broken, or for another election.",
    Part.REVOKED: "A ballot was cast with a code that had been replaced or revoked, or was still a spare one.",
    Part.CHAIN: "The chain of the minutes is broken: an entry was changed, added or left out.",
    Part.MINUTES: "The minutes say something else than the files.",
}
"""Every finding by its code."""
