"""All that the voting booth says: its script has no words of its own, and nothing there is computed from a language.

What depends on a number is said here for every number that can come up, since languages differ in their plural forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elections.ballot.questions import Election, Question

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The content security policy of the booth's page: its own files and nothing else, no form, nothing inline."""

WORDS: Mapping[str, LazyString] = {
    "skip": _l("Skip to the text"),
    "booth": _l("Voting booth"),
    # stages
    "stages": _l("Steps"),
    "stage_choose": _l("Choose"),
    "stage_check": _l("Check"),
    "stage_seal": _l("Seal"),
    "stage_done": _l("Done"),
    "stage_passed": _l("done"),
    "errors": _l("This needs your attention"),
    # the code
    "code_heading": _l("Vote here"),
    "code_label": _l("Your voting code"),
    "code_hint": _l("It stands in your voting letter: 32 digits. Blanks do not matter."),
    "code_scanned": _l("Your code was read from the letter. It is no longer in the address."),
    "code_stays": _l("Your code does not leave this device."),
    "code_button": _l("Begin"),
    "practice_link": _l("Try your device in a practice first"),
    "code_empty": _l("Type the code of your voting letter."),
    "code_not_digits": _l("A code has digits only. Copy the 32 digits of your voting letter."),
    "code_length": _l("A code has 32 digits. Digits here: %(count)s."),
    "code_is_receipt_code": _l("This is a receipt code. Type the code of your voting letter."),
    "code_mistyped": _l("One digit is not right. Compare the code with your voting letter."),
    "vote_again": _l("You can vote again until then. The last vote counts."),
    # on a device in a city office
    "station_heading": _l("Choose your language"),
    "station_text": _l(
        "You vote here with the code of your letter. Nobody sees what you choose, and nothing of it stays."
    ),
    "station_scan": _l("Hold the QR code of your letter in front of the reader, or type the 32 digits."),
    "station_done": _l(
        "Print the line below or take a photo of it. With it you find your sealed vote on the public board, from any device."
    ),
    "station_returns": _l("This device goes back to the beginning by itself, for whoever comes next."),
    "station_quiet": _l("Are you still there? Everything is forgotten in half a minute."),
    "station_stay": _l("I am still here"),
    # choosing
    "choose_heading": _l("Your choice"),
    "choose_button": _l("Check my choice"),
    "statement": _l("What %(name)s says"),
    "blank_legend": _l("Or nobody"),
    "blank": _l("Blank vote"),
    "blank_hint": _l("You take part and choose nobody."),
    "blank_and_more": _l("A blank vote chooses nobody. Take the names away, or the blank vote."),
    # checking
    "review_heading": _l("Is this your choice?"),
    "nobody": _l("You choose nobody here. That is allowed."),
    "seal_button": _l("Seal my vote"),
    "change_button": _l("Change"),
    "secret_heading": _l("Nobody sees your choice"),
    "secret_text": _l("This device locks it before it leaves. All votes are counted together, still locked."),
    "coerced_text": _l(
        "Is somebody looking over your shoulder? Vote again later, alone. The last vote counts."
    ),
    # sealing
    "sealing_heading": _l("We are sealing your vote"),
    "keep_open": _l("Please keep this page open"),
    "sealing_text": _l(
        "Each name gets a sealed box with a yes or a no. So nobody can tell from the size what you chose."
    ),
    "nothing_sent": _l("Nothing has been sent yet."),
    "stop_button": _l("Stop and go back"),
    "sealed_heading": _l("Your vote is sealed"),
    "sealed_text": _l("Nothing has been sent yet. Send it now, and it is in the ballot box."),
    "send_button": _l("Send my vote"),
    # the challenge
    "challenge_title": _l("Test whether this device seals honestly"),
    "challenge_text": _l(
        "This device can open the sealed vote and show what is in it. The opened vote is never sent. You seal a new one"
        " afterwards."
    ),
    "challenge_note": _l("Write down the seal above first. The device cannot change the vote any more."),
    "seal_label": _l("Seal of your vote"),
    "open_button": _l("Open this vote"),
    "opened_heading": _l("This was in the sealed vote"),
    "opened_text": _l("This vote was opened, so it is never sent. You have not voted yet."),
    "opened_check": _l(
        "Do not take this device’s word for it. Save the vote as a file. Open this booth on another device and check the"
        " file there, or use this command:"
    ),
    "save_button": _l("Save as a file"),
    "check_title": _l("Check a vote that another device opened"),
    "check_label": _l("The file that the other device saved"),
    "check_failed": _l(
        "This file does not hold what it says. Do not vote on the other device. Speak to the election board."
    ),
    "checked_text": _l("Compare the seal with the one that the other device showed. They must be the same."),
    "again_button": _l("Go on and vote"),
    # sending
    "sending_heading": _l("We are sending your vote"),
    "waiting_heading": _l("Your vote is not sent yet"),
    "waiting_text": _l("The connection is broken. Your sealed vote waits on this page. Please keep it open."),
    "waiting_again": _l("We try again by ourselves. Your vote counts once, however often it is sent."),
    "send_again_button": _l("Send again now"),
    "refused_heading": _l("Your vote was not accepted"),
    "other_tracker": _l(
        "The city’s answer does not fit your vote. Keep this line and show it to the election board: %(tracker)s"
    ),
    "leave_button": _l("Begin again"),
    # done
    "done_heading": _l("Your vote is in the ballot box"),
    "done_text": _l("Keep the line below. With it you find your sealed vote on the public board."),
    "tracker_label": _l("Your tracker"),
    "tracker_text": _l("The tracker does not show whom you chose. You can show it to anybody."),
    "qr_text": _l("Scan this with another device to find your sealed vote on the board."),
    "board_button": _l("Find it on the board"),
    "print_button": _l("Print"),
    "nothing_stays": _l("Nothing of your choice stays on this device."),
    "next_button": _l("Finish"),
    # what goes wrong
    "broken_heading": _l("You cannot vote on this device now"),
    "broken_text": _l("Something in this page is not as it should be. Nothing was sent."),
}
"""Every sentence without a number, by its key in the booth's script. Places such as ``%(name)s`` are filled there."""


@dataclass(frozen=True, slots=True)
class AskedCandidate:
    """A name to choose. ``slot`` counts the answers of the election's question from 0, the blank's place apart."""

    slot: int
    name: str
    statement: str = ""
    language: str = ""
    """Of the statement."""


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """Names under one title, such as a region; without a title the question's own stands above them."""

    candidates: Sequence[AskedCandidate]
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of the election as it is shown."""

    title: str
    groups: Sequence[AskedGroup]
    language: str = ""


@dataclass(frozen=True, slots=True)
class BoothFacts:
    """What the booth says beside questions. Sentences are in the reader's language."""

    title: str
    language: str
    """Of the title."""
    closes: str
    """Until when one can vote."""
    contact: str
    """Whom to ask, in a line."""
    stations: str = ""
    """Where a device stands for whoever cannot use their own."""
    board: str = ""
    """The address of the public board, if there is one."""
    practice_at: str = ""
    """The address where one can try a device out first."""
    practice: bool = False
    """Whether the election is only there to try a device out; every step says so."""


def say_contact(contact: str) -> str:
    """Whom to ask, for the booth and the foot of its page."""
    # Isolated, so that a telephone number keeps its order among words that run from right to left.
    whom = f"\u2068{contact.rstrip('. ')}\u2069"
    return _("Something does not work? %(contact)s. Nobody there can see your vote.", contact=whom)


def say_stations(stations: str) -> str:
    """What remains for a device that cannot vote; ``stations`` says where, if it is known."""
    general = _("You can vote on a device in a city office. Bring your voting letter: your code stays valid.")
    return f"{general} {stations}".strip()


def say_places(places: Sequence[tuple[str, str, str]]) -> str:
    """Where and when, each place by its name, address and hours; each in its own direction."""
    return " ".join(f"\u2068{name}, {place}: {hours}\u2069." for name, place, hours in places)


def say_booth(
    election: Election,
    questions: Sequence[AskedQuestion],
    facts: BoothFacts,
    *,
    language: str,
    direction: str,
    languages: Mapping[str, str],
) -> dict[str, Any]:
    """``booth.json``: everything that the booth shows, in the language now in force.

    ``languages`` are the addresses of this message in every language, by code.
    """
    boxes = sum(question.slots for question in election.questions)
    return {
        "language": language,
        "direction": direction,
        "languages": [{"code": code, "address": address} for code, address in languages.items()],
        "title": facts.title,
        "lang": facts.language,
        "closes": _("You can vote until %(moment)s.", moment=facts.closes),
        "board": facts.board,
        "practice": facts.practice_at,
        "notice": _("This is a practice. Nothing here counts.") if facts.practice else "",
        "words": {
            **{key: str(word) for key, word in WORDS.items()},
            "contact": say_contact(facts.contact),
            "stations": say_stations(facts.stations),
        },
        "progress": [_say_boxes(done, boxes) for done in range(boxes + 1)],
        "questions": [
            {
                "title": asked.title,
                "lang": asked.language,
                "rule": say_rule(question),
                **_by_number(question),
                "groups": [_plain_group(group) for group in asked.groups],
            }
            for question, asked in zip(election.questions, questions, strict=True)
        ],
    }


def _plain_group(group: AskedGroup) -> dict[str, Any]:
    return {
        "title": group.title,
        "lang": group.language,
        "candidates": [
            {"slot": each.slot, "name": each.name, "statement": each.statement, "lang": each.language}
            for each in group.candidates
        ],
    }


def say_rule(question: Question) -> str:
    """How many may be chosen, as a request."""
    if question.least == question.most:
        return ngettext("Choose %(num)d name", "Choose %(num)d names", question.most)
    if question.least == 0:
        return ngettext("Choose up to %(num)d name", "Choose up to %(num)d names", question.most)
    return ngettext(
        "Choose at least %(least)s and at most %(num)d name",
        "Choose at least %(least)s and at most %(num)d names",
        question.most,
        least=question.least,
    )


def _by_number(question: Question) -> dict[str, list[str]]:
    numbers = range(len(question.answers) + 1)
    return {
        "says": [_("%(chosen)s of %(most)s chosen", chosen=number, most=question.most) for number in numbers],
        "wrong": [_say_wrong(question, number) for number in numbers],
        "left": [_say_left(question, number) for number in numbers],
    }


def _say_wrong(question: Question, chosen: int) -> str:
    if chosen > question.most:
        return ngettext(
            "You chose %(chosen)s. Take %(num)d name away.",
            "You chose %(chosen)s. Take %(num)d names away.",
            chosen - question.most,
            chosen=chosen,
        )
    if chosen >= question.least:
        return ""
    if question.blank and not chosen:
        return _("Nothing is chosen yet. Choose names, or the blank vote.")
    return ngettext(
        "You chose %(chosen)s. Choose %(num)d more name.",
        "You chose %(chosen)s. Choose %(num)d more names.",
        question.least - chosen,
        chosen=chosen,
    )


def _say_left(question: Question, chosen: int) -> str:
    if not question.least <= chosen < question.most:
        return ""
    return ngettext(
        "You may choose %(num)d more name. You need not.",
        "You may choose %(num)d more names. You need not.",
        question.most - chosen,
    )


def _say_boxes(done: int, boxes: int) -> str:
    return ngettext("%(done)s of %(num)d box sealed", "%(done)s of %(num)d boxes sealed", boxes, done=done)
