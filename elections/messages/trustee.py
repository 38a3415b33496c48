"""All that the trustees' page says: its script has no words of its own, like the booth's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elections.messages.urn import STATES
from elections.queries.urn import Ceremony
from elections.sealing import SHORTEST

WORDS: Mapping[str, LazyString] = {
    "skip": _l("Skip to the text"),
    "page": _l("For trustees"),
    "errors": _l("This needs your attention"),
    "back_button": _l("Go back"),
    "finish_button": _l("Finish"),
    # the beginning
    "start_heading": _l("Your part as a trustee"),
    "start_text": _l(
        "You make a key before voting. After voting you decrypt the result with it, together with the other trustees."
        " You do both here, on your own device."
    ),
    "make_title": _l("1. Before voting: make my key"),
    "make_text": _l("It takes a few minutes. You need a place for a file, such as two USB sticks."),
    "make_button": _l("Make my key"),
    "decrypt_title": _l("2. After voting: decrypt my part"),
    "decrypt_text": _l("You need the file with your private key and its passphrase."),
    "decrypt_button": _l("Decrypt my part"),
    "all_trustees": _l("All trustees and their keys"),
    "nobody_named": _l("The election board has not said yet who the trustees are."),
    "about_title": _l("What this page does, and what it does not do"),
    "about_offline": _l(
        "Once it is loaded, this page works without the network. You can switch it off before you begin."
    ),
    "about_key": _l(
        "Your private key and passphrase never leave this device, and nothing of them stays in the browser."
    ),
    "about_tally": _l(
        "Before it decrypts, this page reads the whole board, checks its chain of hashes, and multiplies anew the ballots"
        " that count. It decrypts only that product."
    ),
    "about_proofs": _l(
        "It checks the proofs in every ballot only if you tell it to, since that takes long. The program for the command"
        " line always checks them. All trustees are needed: if one of you checks them before decrypting, nobody can have"
        " a single vote opened."
    ),
    "about_page": _l(
        "This page comes from the city’s server and is as honest as the server. The hashes of its files are published."
    ),
    "about_threshold": _l("Where some of the trustees suffice, all use the command line."),
    # making a key
    "making_heading": _l("Make your key"),
    "place_label": _l("Which trustee are you?"),
    "place_missing": _l("Choose which trustee you are."),
    "place_taken": _l("key handed in"),
    "passphrase_new": _l("A new passphrase"),
    "passphrase_again": _l("The same passphrase once more"),
    "passphrase_differs": _l("The two passphrases are not the same."),
    "passphrase_common": _l(
        "This passphrase is easy to guess. Take several words that do not belong together."
    ),
    "passphrase_show": _l("Show what I type"),
    "working_heading": _l("Please wait a moment"),
    "working_text": _l("Please keep this page open."),
    "made_heading": _l("Your key is made"),
    "made_steps": _l("Now do these things, one after the other."),
    "save_title": _l("Keep your private key"),
    "save_text": _l(
        "Save the file and copy it to a second place. Keep the passphrase apart from it. Without the file and the"
        " passphrase nobody can count the votes."
    ),
    "save_button": _l("Save my private key"),
    "saved_label": _l("Choose the saved file once more, to see that it is there"),
    "saved_same": _l("The file is there and whole."),
    "saved_other": _l("This is not the file that holds your key. Save it again."),
    "hand_title": _l("Hand in your public key"),
    "hand_text": _l("It holds no secret."),
    "hand_link": _l(
        "This page came from the address that the election board gave you, so it can hand the key in."
    ),
    "hand_file": _l("Save the file and give it to the election board."),
    "hand_button": _l("Hand in my public key"),
    "hand_save_button": _l("Save my public key"),
    "hand_first": _l("Save your private key first."),
    "hand_done": _l("The election board has your public key."),
    "hand_unreachable": _l("The site cannot be reached. Save the file and give it to the election board."),
    "fingerprint_title": _l("Compare the fingerprint"),
    "fingerprint_text": _l(
        "Read these digits out at the key ceremony. They must be the same on the public page of trustees."
    ),
    "fingerprint_label": _l("Fingerprint of your key"),
    # decrypting
    "open_heading": _l("Decrypt your part"),
    "key_label": _l("The file with your private key"),
    "key_hint": _l("Its name begins with private-key."),
    "key_missing": _l("Choose the file with your private key."),
    "passphrase_label": _l("Its passphrase"),
    "passphrase_missing": _l("Type the passphrase."),
    "board_label": _l("The board as a file, if you have no network"),
    "board_hint": _l(
        "Leave this empty, and the page loads the board from this site. The file’s name ends in .bel."
    ),
    "proofs_label": _l("Check the proofs in every ballot, too"),
    "proofs_hint": _l(
        "For 100 ballots it takes about a minute or two. At least one trustee should do it, here or with the command line."
    ),
    "check_button": _l("Check the board"),
    "checking_heading": _l("We are checking the board"),
    "loading_text": _l("The board is being loaded."),
    "read_text": _l("%(done)s of %(all)s megabytes read"),
    "stop_button": _l("Stop and go back"),
    "checked_heading": _l("Is this the election?"),
    "checked_text": _l(
        "The chain of the board is whole. This page multiplied the ballots itself, and its product is the encrypted"
        " tally on the board."
    ),
    "election_label": _l("Election"),
    "owner_label": _l("You are trustee"),
    "owner_text": _l("%(owner)s of %(all)s"),
    "ballots_label": _l("Ballots that count"),
    "fingerprint_election": _l("Fingerprint of the election"),
    "tally_label": _l("Hash of the encrypted tally"),
    "tally_same": _l("It is the one that the public page of trustees shows."),
    "tally_compare": _l("Compare it with the one that the public page of trustees shows."),
    "proofs_checked": _l(
        "The proofs in every ballot were checked: each keeps the rules and was signed by a listed code."
    ),
    "proofs_not_checked": _l(
        "The proofs in each ballot were not checked. At least one trustee should check them before decrypting, here or"
        " with the command line: then nobody can have a single vote opened."
    ),
    "few_ballots": _l(
        "These are very few ballots. What you open together can show how single people voted. Speak to the election"
        " board if you expected more."
    ),
    "already": _l("Your part is on the board already. You need not do this again."),
    "go_button": _l("Decrypt the result"),
    "decrypted_heading": _l("Your part is ready"),
    "decrypted_text": _l("It holds no secret. It is published, and its proofs show that it is right."),
    "part_button": _l("Hand it in now"),
    "part_save_button": _l("Save as a file"),
    "part_done": _l("The election board has your part. You are done. Thank you."),
    "part_last": _l(
        "The election board has your part. It was the last one: the result is decrypted. Thank you."
    ),
    "part_unreachable": _l("The site cannot be reached. Save the file and give it to the election board."),
    # what goes wrong
    "fault_sealed": _l("This is not the file with your private key."),
    "fault_command_line": _l(
        "This key was made with the command line and is sealed for it. Decrypt with: answerable trustee decrypt"
    ),
    "fault_passphrase": _l("The passphrase is wrong, or the file was changed."),
    "fault_unreachable": _l("The board cannot be loaded. Download it elsewhere, and choose it as a file."),
    "fault_archive": _l(
        "The board is damaged, or it is no board. Do not decrypt. Speak to the election board."
    ),
    "fault_chain": _l(
        "The chain of the board is broken: something was changed. Do not decrypt. Speak to the election board."
    ),
    "fault_threshold": _l("In this election some of the trustees suffice. Use the command line."),
    "fault_trustees": _l(
        "The keys of the trustees are not sound, or the election’s key is not theirs. Do not decrypt. Speak to the"
        " election board."
    ),
    "fault_not_yours": _l("Your key is not among the keys of this election."),
    "fault_not_closed": _l(
        "The ballots are not multiplied yet. Come back when the election board calls you."
    ),
    "fault_ballot": _l("A ballot on the board cannot be right. Do not decrypt. Speak to the election board."),
    "fault_proofs": _l(
        "A ballot does not show that it keeps the rules. Do not decrypt. Speak to the election board."
    ),
    "fault_product": _l(
        "The encrypted tally is not the product of the ballots that count. Do not decrypt. Speak to the election board."
    ),
    "fault_other_tally": _l(
        "This file holds another encrypted tally than the public board. Do not decrypt. Speak to the election board."
    ),
    "fault_broken": _l(
        "Something in this page is not as it should be. Load it again, or use the command line."
    ),
}
"""Every sentence without a number, by its key in the script."""


@dataclass(frozen=True, slots=True)
class TrusteeFacts:
    """What the page says beside its words."""

    title: str
    language: str
    """Of the title."""
    contact: str
    """Whom to ask, in a line."""


def in_fives(digits: str) -> str:
    """A key's fingerprint as it is read out: six groups of five digits."""
    return " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))


def say_keys(ceremony: Ceremony) -> str:
    """How far the key ceremony is."""
    return ngettext(
        "%(done)s of %(num)d key handed in",
        "%(done)s of %(num)d keys handed in",
        len(ceremony.trustees),
        done=ceremony.keys,
    )


def say_parts(ceremony: Ceremony) -> str:
    """How far decrypting is."""
    return ngettext(
        "%(done)s of %(num)d part handed in",
        "%(done)s of %(num)d parts handed in",
        ceremony.needed,
        done=ceremony.parts,
    )


def say_state(ceremony: Ceremony) -> str:
    """Where the election is, as far as it concerns trustees."""
    if ceremony.trustees and not ceremony.fixed:
        return say_keys(ceremony)
    if ceremony.tally:
        return say_parts(ceremony)
    return _("Where the online vote stands: %(state)s", state=STATES[ceremony.state])


def say_passphrase(least: int = SHORTEST) -> str:
    """What a passphrase must be."""
    return ngettext(
        "At least %(num)d character. Take several words that do not belong together.",
        "At least %(num)d characters. Take several words that do not belong together.",
        least,
    )


def say_trustee_contact(contact: str) -> str:
    """Whom to ask, for the foot of the page."""
    return _("Something does not work? %(contact)s", contact=f"\u2068{contact}\u2069")


def say_trustee_page(
    ceremony: Ceremony, facts: TrusteeFacts, *, language: str, direction: str, languages: Mapping[str, str]
) -> dict[str, Any]:
    """``trustee.json``: everything that the page shows, in the language now in force, and where the ceremony stands.

    ``languages`` are the addresses of this message in every language, by code.
    """
    return {
        "language": language,
        "direction": direction,
        "languages": [{"code": code, "address": address} for code, address in languages.items()],
        "title": facts.title,
        "lang": facts.language,
        "state": say_state(ceremony),
        "makes": not ceremony.fixed,
        "decrypts": bool(ceremony.tally),
        "tally": ceremony.tally,
        "shortest": SHORTEST,
        "words": {
            **{key: str(word) for key, word in WORDS.items()},
            "passphrase_hint": say_passphrase(),
            "contact": say_trustee_contact(facts.contact),
        },
        "trustees": [
            {"number": each.number, "name": each.name, "keyed": bool(each.fingerprint)}
            for each in ceremony.trustees
        ],
    }
