"""Who votes on paper while most vote online: asked for in time, struck before opening, and never fewer than ten."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from core import clock
from core.audit import AuditEntry
from core.db import write
from core.errors import Conflict
from elections.ballot.replacements import Change, Record
from elections.models.roll import PaperVoter, Roll, RollEntry
from elections.models.urn import UrnEvent
from elections.rules import paper as rules
from elections.rules.stages import ActKind, Stage
from elections.services.roll.deletion import delete_roll
from elections.services.roll.paper import ask_for_paper, take_back_paper
from elections.services.urn.following import follow_replacements
from tests.city import refused, rows, staff
from tests.elections.city import CODE, act, bring_to, election
from tests.elections.voters import VOTING, Town, at, ready_town
from tests.office import Desk, text_of

PAPER = f"/office/elections/{CODE}/paper/"
DAY = date(2028, 3, 11)
OPENS = datetime(2028, 3, 12, 8, tzinfo=UTC)


def on_the_roll(count: int) -> None:
    found = election()
    with write() as session:
        session.add(Roll(election_id=found.id, imported_on=clock.today()))
        for number in range(1, count + 1):
            session.add(
                RollEntry(
                    election_id=found.id,
                    number=number,
                    sealed=b"",
                    person_digest=bytes([number]),
                    verdict="met",
                    method="register",
                    checked_on=clock.today(),
                )
            )


def town_on_paper(people: int, voters: int = 12) -> Town:
    """Everything is prepared, and so many of the first on the roll asked for paper."""
    town = ready_town(voters)
    town.prepare()
    on_the_roll(voters)
    for number in range(1, people + 1):
        ask_for_paper(CODE, number, staff("returning_officer"))
    return town


def struck(town: Town, people: int) -> bytes:
    """The authority's record that revokes the codes of so many for paper."""
    record = Record(town.uuid)
    for place in range(people):
        record = record.added(DAY, Change.REVOKED, old=town.numbers[place], reason="paper")
    return record.write()


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("late", [False, True])
def test_one_asks_for_paper_while_the_roll_is_open_or_committed_and_before_voting(
    stage: Stage, late: bool
) -> None:
    now = OPENS if late else OPENS.replace(hour=7)
    if stage in (Stage.ROLL, Stage.READY) and not late:
        rules.check_asking(stage, now, OPENS)
    else:
        with pytest.raises(Conflict, match="paper_stage"):
            rules.check_asking(stage, now, OPENS)


@pytest.mark.parametrize(
    ("asked", "struck", "missing"),
    [
        (0, 0, []),
        (1, 0, ["paper_enough", "paper_struck"]),
        (9, 9, ["paper_enough"]),
        (10, 9, ["paper_struck"]),
        (10, 10, []),
        (10, 11, ["paper_struck"]),
        (0, 1, ["paper_struck"]),
    ],
)
def test_voting_opens_on_paper_voters_who_are_all_struck_and_enough(
    asked: int, struck: int, missing: list[str]
) -> None:
    assert [check.code for check in rules.opening(struck, asked, 10) if not check.done] == missing


def test_ten_paper_voters_are_struck_before_opening_and_their_codes_cast_nothing(app: Flask) -> None:
    town = town_on_paper(10)
    with at(VOTING), refused("missing_paper_struck"):
        act(ActKind.OPEN_VOTING)
    with refused("paper_not_asked"):
        follow_replacements(CODE, struck(town, 11), staff("returning_officer"))
    follow_replacements(CODE, struck(town, 10), staff("returning_officer"))
    with refused("paper_revoked"):
        take_back_paper(CODE, staff("returning_officer"), 3)
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
        town.vote(11, 1)
        with refused("credential_revoked"):
            town.vote(0, 1)
        with refused("paper_opened"):
            follow_replacements(CODE, struck(town, 11), staff("returning_officer"))
    assert sum(row.kind == "Ballot" for row in rows(UrnEvent)) == 1


def test_nine_are_too_few_and_vote_with_their_codes_on_a_station_device(app: Flask) -> None:
    town = town_on_paper(9)
    with refused("paper_few"):
        follow_replacements(CODE, struck(town, 9), staff("returning_officer"))
    with at(VOTING), refused("missing_paper_enough", "missing_paper_struck"):
        act(ActKind.OPEN_VOTING)
    desk = Desk(app, "returning_officer")
    assert "They are too few for paper." in desk.read(PAPER)
    sent = desk.send(f"{PAPER}send-to-device", page=PAPER)
    assert "They keep their codes and vote on a station device." in text_of(desk.browser.get(sent.location))
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
        town.vote(0, 1)
    assert rows(PaperVoter) == []


def test_nobody_asks_twice_or_without_being_on_the_roll_or_once_voting_is_open(app: Flask) -> None:
    town_on_paper(1, voters=3)
    officer = staff("returning_officer")
    with refused("paper_asked"):
        ask_for_paper(CODE, 1, officer)
    with refused("roll_number_unknown"):
        ask_for_paper(CODE, 4, officer)
    with refused("paper_unknown"):
        take_back_paper(CODE, officer, 2)
    with at(VOTING), refused("paper_stage"):
        ask_for_paper(CODE, 2, officer)
    assert [row.roll_number for row in rows(PaperVoter)] == [1]


def test_minutes_say_how_many_vote_on_paper_and_only_who_keeps_the_roll_reads_who(app: Flask) -> None:
    town_on_paper(3, voters=5)
    entries = [row for row in rows(AuditEntry) if row.tag.startswith("elections:paper:")]
    assert [json.loads(entry.facts) for entry in entries] == [{"people": count} for count in (1, 2, 3)]
    assert "1, 2, 3" in Desk(app, "returning_officer").read(PAPER)
    assert "1, 2, 3" not in Desk(app, "observer").read(PAPER)


def test_more_paper_ballots_than_people_who_asked_are_noticed_before_counting() -> None:
    assert [check.done for check in rules.counting(10, 10)] == [True]
    (check,) = rules.counting(11, 10)
    assert (check.done, check.needed) == (False, False)


def test_the_wish_for_paper_goes_with_the_roll(app: Flask) -> None:
    town_on_paper(2, voters=3)
    bring_to(Stage.PUBLISHED)
    with clock.freeze(date(2028, 8, 1)):
        delete_roll(CODE, staff("returning_officer"))
    assert rows(PaperVoter) == []
    assert rows(RollEntry) == []
