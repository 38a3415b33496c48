"""What belenios-tool 2.0 says of elections that our code makes, and what ours says of ballots that it makes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from elections import rehearsal, verify
from elections.ballot import ballots, canonical
from elections.ballot.questions import Question
from elections.rehearsal import Plan, invented_answers
from tests.elections.ballot import referee
from tests.elections.ballot.stories import (
    WHEN,
    found_town,
    hold_ceremony,
    one_or_none,
    single_trustees,
    town_of_singles,
    town_of_threshold,
    with_blank,
    written,
)

TWO = (Question("Q?", ("a", "b"), 0, 1),)
ODD_NAMES = Question(
    'Wen — "من" wählen \\ wir? 🌻 </script>',
    (
        "Zoë Ünlü",
        "ليلى العربي",
        'O"Brien \\ Söhne',
        "👩🏽‍🚒 🌻",
        "ẞ\u00a0\u200fx",
        "\\u00e9 \\n",
        "'; DROP--",
        "e\u0301",
    ),
    1,
    3,
    blank=True,
)

PLANS: dict[str, Plan] = {
    **{f"{count} trustees": Plan(3, TWO, count) for count in range(1, 6)},
    **{
        f"{needed} of {count} trustees": Plan(2, TWO, count, needed)
        for needed, count in ((1, 1), (1, 3), (2, 2), (2, 3), (3, 5), (5, 5))
    },
    "sixty candidates": Plan(2, (Question("Q?", invented_answers(60), 0, 5),), 1),
    "names of all kinds": Plan(5, (ODD_NAMES,), 2, name='Wahl "مجلس" \\ é 🌻', description="a\\b\"c' / é"),
    "exactly one": Plan(3, (Question("Q?", ("a", "b", "c"), 1, 1),), 1),
    "exactly all": Plan(3, (Question("Q?", ("a", "b", "c"), 3, 3),), 1),
    "none to all": Plan(4, (Question("Q?", ("a", "b", "c"), 0, 3),), 1),
    "one to two": Plan(4, (Question("Q?", ("a", "b", "c"), 1, 2),), 1),
    "blank and none": Plan(4, (Question("Q?", ("a", "b"), 0, 2, blank=True),), 1),
    "blank and at least one": Plan(4, (Question("Q?", ("a", "b"), 1, 2, blank=True),), 1),
    "blank and exactly two": Plan(4, (Question("Q?", ("a", "b", "c"), 2, 2, blank=True),), 1),
    "one answer": Plan(3, (Question("Q?", ("yes",), 0, 1),), 1),
    "one answer or blank": Plan(3, (Question("Q?", ("yes",), 1, 1, blank=True),), 1),
    "several questions": Plan(3, (one_or_none(), with_blank(), *TWO), 2),
    "no voters": Plan(0, TWO, 2),
    "no voters, threshold": Plan(0, TWO, 3, 2),
    "repeated votes": Plan(14, TWO, 1, seed="again"),
}


@pytest.mark.parametrize("plan", PLANS)
def test_the_referee_accepts_a_rehearsal_and_so_do_we(plan: str, tmp_path: Path) -> None:
    done = rehearsal.rehearse(PLANS[plan], tmp_path, WHEN)
    assert done.result == done.expected
    account = verify.verify(done.bundle)
    assert account.findings == []
    assert account.result == done.expected
    assert referee.accepts(done.bundle)


def test_repeated_votes_are_repeated(tmp_path: Path) -> None:
    done = rehearsal.rehearse(PLANS["repeated votes"], tmp_path, WHEN)
    account = verify.verify(done.bundle)
    assert done.ballots > account.counted


@pytest.mark.parametrize("choice", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1)])
def test_the_referee_accepts_every_allowed_choice(choice: tuple[int, ...], tmp_path: Path) -> None:
    secrets, keys = single_trustees(1)
    town = found_town((with_blank(),), keys, secrets, voters=1)
    story = town.counted(replace(town.opening(), ballots=(town.cast(0, choice),)))
    (tmp_path / "one.bel").write_bytes(written(story))
    assert referee.accepts(tmp_path / "one.bel")
    assert verify.verify(tmp_path / "one.bel").result == [list(choice)]


def test_the_referee_accepts_the_elections_that_the_tests_alter(tmp_path: Path) -> None:
    for name, story in (("singles", town_of_singles()[1]), ("threshold", town_of_threshold()[1])):
        bundle = tmp_path / f"{name}.bel"
        bundle.write_bytes(written(story))
        assert referee.accepts(bundle)


def test_single_and_threshold_trustees_go_together(tmp_path: Path) -> None:
    singles, one = single_trustees(1)
    held = hold_ceremony(2, 3)
    secrets = {1: singles[1], 3: held.shares[1][0], 4: held.shares[2][0]}
    town = found_town(TWO, (*one, held.assembled), secrets, voters=2)
    story = town.counted(replace(town.opening(), ballots=(town.cast(0, (0, 1)), town.cast(1, (0, 1)))))
    (tmp_path / "mixed.bel").write_bytes(written(story))
    assert verify.verify(tmp_path / "mixed.bel").result == [[0, 2]]
    assert referee.accepts(tmp_path / "mixed.bel")


def test_the_referee_refuses_an_altered_rehearsal(tmp_path: Path) -> None:
    """Else its word above would mean nothing."""
    _, story = town_of_singles()
    result = json.loads(story.result or b"")["result"]
    result[0].reverse()
    bundle = tmp_path / "altered.bel"
    bundle.write_bytes(
        written(replace(story, result=json.dumps({"result": result}).replace(" ", "").encode()))
    )
    assert not referee.accepts(bundle)


def test_ballots_that_the_referee_makes_are_accepted(tmp_path: Path) -> None:
    """With credentials that it made, in an election of ours."""
    secrets, keys = single_trustees(2)
    town = found_town((one_or_none(), with_blank()), keys, secrets, voters=0)
    uuid = town.election.uuid
    group = ("--uuid", uuid, "--group", "BELENIOS-2048")
    referee.run("setup", "generate-credentials", *group, "--count", "2", folder=tmp_path)
    (private,) = tmp_path.glob("*.privcreds")
    (public,) = tmp_path.glob("*.pubcreds")
    # In its file the weight and the person's number stand behind each; they are not published.
    listed = [line.partition(",")[0] for line in json.loads(public.read_text())]
    story = replace(town.opening(), credentials=canonical.write(listed))
    (tmp_path / "election.json").write_bytes(story.election)
    (tmp_path / "trustees.json").write_bytes(story.trustees)
    public.rename(tmp_path / "public_creds.json")
    referee.run("archive", "init", "--dir", ".", folder=tmp_path)
    made = []
    for line, choices in zip(
        private.read_text().splitlines(), ([[1, 0], [0, 1, 1]], [[0, 0], [1, 0, 0]]), strict=True
    ):
        (tmp_path / "code").write_text(line.split()[1])
        (tmp_path / "choices.json").write_text(json.dumps(choices))
        ballot = referee.run(
            "election", "generate-ballot", "--dir", ".", "--privcred", "code", "--ballot", "choices.json",
            folder=tmp_path,
        )  # fmt: skip
        made.append(ballot[: ballot.rindex("}") + 1].splitlines()[0].encode())
    for ballot in made:
        ballots.check_ballot(town.election, ballot)
    bundle = tmp_path / "ours.bel"
    bundle.write_bytes(written(town.counted(replace(story, ballots=tuple(made)))))
    account = verify.verify(bundle)
    assert account.findings == []
    assert account.result == [[1, 0], [1, 1, 1]]
    assert referee.accepts(bundle)
