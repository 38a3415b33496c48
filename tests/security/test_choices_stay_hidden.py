"""Before voting closes no page, export, header or size tells anything about what was chosen."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from elections.ballot import ballots, canonical
from elections.queries.board import find_board, list_ballots
from tests.city import db, put_back, taken
from tests.elections.city import CODE
from tests.elections.voters import VOTING, Town, at, open_town
from tests.security.walk import all_pages

VOTERS = 6
ALL_ALIKE: Sequence[tuple[int, ...]] = [(1,)] * (VOTERS + 1)
ALL_KINDS: Sequence[tuple[int, ...]] = [(), (4,), (1, 2, 3), (2, 3), (), (3, 4), (1,)]
"""What six voters choose, and what the first one chooses when voting again; blank for nothing."""
DRAWN_ANEW = re.compile(
    rb'(name="[a-z_]*(?:csrf_token|form_key|key)"[^>]*value=|value=)"[^"]{20,}"|nonce-[\w+/=-]+'
    rb"|\b(?:\d{4} ){7}\d{4}\b|(?<=/practice/vote/#)\d{32}",
    re.ASCII,
)
"""Tokens of forms and codes to practise with: of each request's own."""
HASH = re.compile(rb"[0-9a-f]{64}|(?<![\w+/])[A-Za-z0-9+/]{43}(?![\w+/])", re.ASCII)
COOKIES_AND_SIZE = {"set-cookie", "content-length", "etag"}

Told = tuple[int, list[tuple[str, str]], bytes]


def told(answer: TestResponse) -> Told:
    """What somebody sees of an answer: status, headers and content, apart from hashes of ciphertexts."""
    headers = [
        (name, HASH.sub(b"#", value.encode()).decode())
        for name, value in answer.headers
        if name.lower() not in COOKIES_AND_SIZE
    ]
    return answer.status_code, headers, HASH.sub(b"#", _plain(answer.data))


def _plain(page: bytes) -> bytes:
    """Hashes in one piece, as whoever copies them has them, and nothing that every request draws anew."""
    return DRAWN_ANEW.sub(b"", page).replace(b"<wbr>", b"").replace(b"&#43;", b"+")


def vote_and_look(app: Flask, town: Town, choices: Sequence[tuple[int, ...]]) -> dict[str, Told]:
    """Everybody votes, the first one twice; then every page that there is, with the answers to the ballots themselves."""
    client = app.test_client()
    seen = {}
    with at(VOTING):
        for turn, chosen in enumerate(choices):
            sent = client.post(
                f"/en/elections/{CODE}/ballots",
                data=town.ballot(turn % VOTERS, *chosen),
                content_type="application/json",
            )
            assert sent.status_code == 200
            seen[f"the answer to ballot {turn}"] = told(sent)
        pages = dict(all_pages(app, "en"))
        pages.pop("/elections/practice/", None)  # which draws an invented code each time
        board = find_board(db.session(), CODE)
        for line in list_ballots(db.session(), board):
            pages[f"ballot {line.height}"] = client.get(f"/en/elections/{CODE}/board/{line.digest}.json")
    return seen | {path: told(page) for path, page in pages.items()}


def without_numbers(seen: Told) -> Told:
    """The same with all digits of numbers, zeros behind the last member, and sizes of members taken out."""
    status, headers, data = seen
    return status, headers, re.sub(rb"[0-9]+|\0+", b"0", data)


@pytest.mark.slow
def test_two_elections_of_the_same_voters_look_the_same_whatever_they_choose(sqlite_app: Flask) -> None:
    town = open_town(VOTERS)
    beginning = taken()
    first = vote_and_look(sqlite_app, town, ALL_ALIKE)
    put_back(beginning)
    second = vote_and_look(sqlite_app, town, ALL_KINDS)
    assert first.keys() == second.keys()
    ciphertexts = {f"/elections/{CODE}/board.bel", *(f"ballot {height}" for height in range(1, VOTERS + 2))}
    assert ciphertexts < first.keys()
    looked_at = [path for path, (status, _headers, _data) in first.items() if status == 200]
    assert {f"/elections/{CODE}/board/", f"/office/elections/{CODE}/urn/", *ciphertexts} < set(looked_at)
    for path in first:
        if path in ciphertexts:
            assert without_numbers(first[path]) == without_numbers(second[path]), path
        else:
            assert first[path] == second[path], path


def test_ballots_differ_in_their_digits_alone_and_their_sizes_do_not_depend_on_the_choice(
    sqlite_app: Flask,
) -> None:
    """Numbers are as long as chance makes them: a ballot is some digits shorter or longer, whatever it holds."""
    town = open_town(1)
    election = town.election
    slots = election.questions[0].slots
    kinds = [[1] + [0] * (slots - 1), [0, 1] + [0] * (slots - 2), [0] + [1] * 3 + [0] * (slots - 4)]
    made = [[ballots.make_ballot(election, 7, [kind]) for _ in range(50)] for kind in kinds]
    shapes = {re.sub(rb'"(?:[0-9]+|[\w+/]{43})"', b'"0"', ballot) for each in made for ballot in each}
    assert len(shapes) == 1
    sizes = [[len(ballot) for ballot in each] for each in made]
    numbers = next(iter(shapes)).count(b'"0"')
    assert max(map(max, sizes)) - min(map(min, sizes)) < numbers
    for one, other in ((0, 1), (0, 2), (1, 2)):
        apart = statistics.mean(sizes[one]) - statistics.mean(sizes[other])
        spread = (statistics.variance(sizes[one]) + statistics.variance(sizes[other])) / 50
        assert abs(apart) < 6 * max(spread, 0.01) ** 0.5, "no guess from sizes is better than chance"
    assert canonical.is_canonical(made[0][0], canonical.read(made[0][0]))
