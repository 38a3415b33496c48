"""What the credential authority's commands say when they refuse."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from core.wording import Sentence

SENTENCES: Mapping[str, Sentence] = {
    # the roll
    "roll_cell_empty": _l("Row %(row)s, column “%(column)s”: fill this in."),
    "roll_number_wrong": _l("Row %(row)s: the number must be a whole number from 1 to 999999999."),
    "roll_language_wrong": _l("Row %(row)s: write the language as a code, such as ar or de."),
    "roll_number_twice": _l("Row %(row)s has the same number as row %(first)s."),
    "roll_person_twice": _l(
        "Row %(row)s has the same name and address as row %(first)s. If they are two people, say --namesakes."
    ),
    "roll_without_people": _l("The table holds no people."),
    "roll_letters_missing": _l(
        "Row %(row)s: our fonts have no letters for “%(letters)s”. Put a font into a folder fonts beside the table."
    ),
    # what the letters say
    "letter_too_long": _l("A letter does not fit on one page. Shorten the title, the sender or the contact."),
    "election_identifier": _l("The identifier of the election is not one that a board can have."),
    "official_language": _l("Letters cannot be written in this official language. There are: %(known)s."),
    "voting_backwards": _l("Voting must close after it opens."),
    "voting_address": _l("The address of the voting page must begin with https:// and have no #."),
    # passphrases
    "passphrase_files": _l("Give two files with one line of text each: two persons, two passphrases."),
    "passphrases_same": _l("Both persons have the same passphrase. Each needs an own one."),
    "passphrase_weak": _l(
        "The passphrase of person %(person)s is too easy to guess. Take several words, %(length)s characters or more."
    ),
    # files
    "folder_there": _l("%(folder)s is there already. Name a new folder: nothing is written over."),
    "folder_nowhere": _l("The folder in which %(folder)s should lie is not there."),
    "file_missing": _l("There is no file %(file)s."),
    "registry_unreadable": _l("This is not the file of two persons."),
    "registry_closed": _l("The file does not open: a passphrase is wrong, or the file was changed."),
    "nothing_to_destroy": _l("In %(target)s there is nothing of ours to destroy."),
    # what became of a credential
    "number_unknown": _l("Nobody has the number %(number)s."),
    "number_known": _l("The number %(number)s has a code already. Replace it instead."),
    "number_revoked": _l("The credential of number %(number)s was revoked. That is for good."),
    "spare_unknown": _l("There is no spare %(spare)s."),
    "spare_used": _l("Spare %(spare)s was given to somebody before."),
    "credential_voted": _l("A ballot was cast with this credential. It stays."),
    "board_unreadable": _l("The board cannot be read: it is damaged, or no board."),
    "board_broken": _l("The board is not sound (%(where)s). Check it with elections verify."),
    "board_other_election": _l("This is the board of another election."),
    "board_other_list": _l("The board does not know this credential: it was set up with another list."),
    "board_older": _l("A newer board was looked at before. Fetch the one that was published last."),
    "board_closed": _l("Voting is closed. Nothing can be changed any more."),
    "record_unreadable": _l("This is no record of replaced credentials."),
    "record_broken": _l("Entry %(number)s of the record does not follow from the one before."),
    "record_impossible": _l("Entry %(number)s of the record names a credential that it cannot name."),
    "record_differs": _l(
        "The record says something else than the file of two persons. One of the two was changed or is an old copy."
    ),
    "record_other_election": _l("This is the record of another election."),
    # the public lists
    "list_unreadable": _l("This is no list of credentials."),
    "list_not_in_order": _l("The list is not in the order of its digits, or not written as it must be."),
    "list_twice": _l("Credentials that stand there more than once: %(count)s."),
    "list_outside_group": _l("Credentials that are no members of the group: %(count)s."),
    "spares_not_listed": _l("Spares that are not on the list: %(count)s."),
    "voting_code_wrong": _l("This is not a voting code. It has 32 digits: compare it with the letter."),
}
