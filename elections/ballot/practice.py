"""The practice election: real questions, real proofs, and a key that nobody holds, so that no practice vote can be opened.

Its key is made of a sentence, so nobody ever knew an exponent of it. Its identifier and key are its own: a ballot made for
it is none of any other election, nor the other way round, since both stand in every challenge.
"""

from __future__ import annotations

from functools import lru_cache

from elections.ballot import ballots
from elections.ballot.group import BELENIOS_2048
from elections.ballot.questions import Election, Question, make_election

IDENTIFIER = "Practice11111111111111"
NOBODY = "Answerable: the key of the practice election, which nobody holds"
ANSWERS = ("Apple", "Cherry", "Plum", "Fig", "Orange", "Pomegranate")
MOST = 3


@lru_cache(maxsize=1)
def practice_election() -> Election:
    """Up to three of six fruits, or a blank vote; the same bytes always and everywhere."""
    question = Question("Which fruit?", ANSWERS, 1, MOST, blank=True)
    key = BELENIOS_2048.hashed(NOBODY)
    return make_election(IDENTIFIER, "Practice", "Nothing here counts.", (question,), key)


def check_practice(data: bytes) -> str:
    """Whether ``data`` would be taken as a ballot, whatever code it was made with; its tracker. Nothing is kept of it.

    Raises what ``ballots.check_ballot`` raises.
    """
    return ballots.check_ballot(practice_election(), data).tracker
