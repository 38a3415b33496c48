"""An election that votes online, to test with: trustees, credential authority and voters who do not exist."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from accounts.rules import RoleName
from core import clock, keys, outbox
from core.codes import Kind, draw
from core.db import db
from core.localized import Localized
from elections.authority import letters, making, registry
from elections.authority.letters import Facts, Letter
from elections.authority.roll import read_roll
from elections.ballot import ballots, credentials, tally, trustees
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.questions import Election, read_election
from elections.models.urn import Urn
from elections.queries.board import archive_parts, find_board
from elections.rules.roll import Change, Ground
from elections.rules.stages import ActKind, Stage
from elections.rules.stations import Figures
from elections.services.acts import confirm_act
from elections.services.roll.imports import import_roll
from elections.services.roll.letters import export_for_letters
from elections.services.roll.registrations import propose_change
from elections.services.roll.seals import key_name
from elections.services.urn.casting import Cast, cast_ballot
from elections.services.urn.closing import multiply_ballots, take_part
from elections.services.urn.preparing import begin_urn, prepare_urn
from tests.city import beginning, found_city, rows, staff
from tests.elections.boxes import enter_everywhere, ids, open_stations, stand
from tests.elections.city import CODE, act, bring_to, found_council, prepare_election
from tests.elections.registers import mapping, person, table

VOTING = datetime(2028, 3, 14, 12, tzinfo=UTC)
AFTER = datetime(2028, 3, 19, 17, 30, tzinfo=UTC)
CANDIDATES = 4


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """A moment of the election, and everything as it was before afterwards."""
    with patch.object(clock, "now", lambda: moment):
        yield


class Town:
    """Who takes part: three trustees, all needed, and voters with codes."""

    def __init__(self, voters: int = 3, spares: int = 1) -> None:
        self.uuid = begin_urn(CODE, staff("returning_officer"))
        self.secrets = []
        keys = []
        for _ in range(3):
            secret, key = trustees.make_key(GROUP)
            self.secrets.append(secret)
            keys.append(trustees.Single(key))
        self.keys = trustees.write_trustees(GROUP, tuple(keys))
        self.codes = [draw(Kind.VOTING) for _ in range(voters + spares)]
        public = [credentials.public_credential(self.uuid, code) for code in self.codes]
        self.listed = credentials.write_credentials(public)
        self.numbers = [GROUP.write(each) for each in public]
        self.spares = self.numbers[voters:]

    def prepare(self) -> None:
        """Hand trustees and credentials to the election board's desk."""
        prepare_urn(CODE, self.keys, self.listed, self.spares, staff("returning_officer"))

    @property
    def election(self) -> Election:
        (urn,) = rows(Urn)
        assert urn.election is not None
        return read_election(urn.election)

    def ballot(self, voter: int, *chosen: int) -> bytes:
        """The ballot of a voter for the candidates with these numbers, from 1; blank for none."""
        slots = [0] * (CANDIDATES + 1)
        for number in chosen or (0,):
            slots[number] = 1
        secret = credentials.secret_exponent(self.uuid, self.codes[voter])
        return ballots.make_ballot(self.election, secret, [slots])

    def vote(self, voter: int, *chosen: int) -> Cast:
        return cast_ballot(self.uuid, self.ballot(voter, *chosen))

    def parts(self) -> list[tuple[int, bytes]]:
        """What the trustees decrypt of the board's encrypted tally."""
        from elections.models.urn import UrnEvent

        (table,) = [row.before for row in rows(UrnEvent) if row.kind == "EncryptedTally"]
        assert table is not None
        read = tally.read_table(self.election, table)
        return [
            (owner, tally.decrypt_part(self.election, read, secret))
            for owner, secret in enumerate(self.secrets, 1)
        ]


FACTS = Facts(
    title=Localized.original("en", "Migrant council 2028"),
    official="en",
    languages=frozenset({"en"}),
    sender=("City of Lindhafen",),
    returns="City of Lindhafen, 04109 Lindhafen",
    contact=("0341 123 456",),
    opens=datetime(2028, 3, 12, 8),  # noqa: DTZ001
    closes=datetime(2028, 3, 19, 18),  # noqa: DTZ001
    address="https://vote.lindhafen.example/",
)
"""What the authority's letters say."""


def town_on_the_roll(folder: Path) -> tuple[Town, list[int]]:
    """The town of a roll that was imported: the authority makes the codes, nothing is printed.

    Returns the numbers of the roll too, in the order of the town's codes.
    """
    town = Town(voters=0, spares=0)
    printed: dict[int, str] = {}

    def print_letters(_facts: Facts, batch: Sequence[Letter]) -> bytes:
        printed.update({letter.number: letter.code for letter in batch if letter.person})
        return b"%PDF"

    export_for_letters(CODE, folder / "roll.csv", staff("returning_officer"))
    people = read_roll(folder / "roll.csv", "en")
    lock = registry.new_lock("turnip lantern cobalt fjord", "velvet ostrich grammar quay")
    with patch.object(letters, "render_apart", print_letters):
        making.make(town.uuid, people, FACTS, 3, folder / "authority", lock)
    town.listed = (folder / "authority" / making.PUBLIC).read_bytes()
    town.spares = json.loads((folder / "authority" / making.SPARES).read_bytes())
    numbers = sorted(printed)
    town.codes = [printed[number] for number in numbers]
    return town, numbers


def ready_town(voters: int = 3, people: int = 0) -> Town:
    """Four candidates, the roll committed, the urn prepared; nobody votes yet. With ``people`` the roll is a real one.

    The tables must be empty.
    """
    if people:  # its key lies in a file, which is not put back
        return _ready_town(voters, people)
    return deepcopy(beginning(f"ready town {voters}", lambda: _ready_town(voters)))


def _ready_town(voters: int, people: int = 0) -> Town:
    found_city()
    found_council()
    prepare_election()
    stand(CANDIDATES)
    if people:
        fill_roll(people)
    bring_to(Stage.READY)
    return Town(voters)


def fill_roll(people: int) -> None:
    """So many people on a roll that is committed, and of whom one is struck afterwards."""
    keys.destroy(key_name(CODE))
    bring_to(Stage.CANDIDATES)
    import_roll(
        CODE,
        table([person(n) for n in range(1, people + 1)]),
        "register.csv",
        mapping(),
        staff("returning_officer"),
    )
    act(ActKind.OPEN_ROLL)
    act(ActKind.COMMIT_ROLL)
    struck = [Change(strike=1, ground=Ground.MOVED_AWAY)]
    proposed = propose_change(
        CODE, struck, "Moved.", staff("returning_officer"), [RoleName.RETURNING_OFFICER]
    )
    confirm_act(proposed, staff("election_board"), [RoleName.ELECTION_BOARD])


def open_town(voters: int = 3, stations: tuple[str, ...] = (), people: int = 0) -> Town:
    """As ``ready_town``, and voting is open, also at ``stations``."""
    if people:
        return _open_town(voters, stations, people)
    return deepcopy(beginning(f"open town {voters} {stations}", lambda: _open_town(voters, stations)))


def _open_town(voters: int, stations: tuple[str, ...], people: int = 0) -> Town:
    town = _ready_town(voters, people)
    town.prepare()
    open_stations(stations)
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
    return town


def publish(town: Town, paper: Mapping[str, tuple[int, int]] | None = None) -> None:
    """Close, multiply, decrypt, count, find, approve and publish; ``paper`` are votes for the first two at stations."""
    officer = staff("returning_officer")
    people = ids()
    boxes = {
        key: Figures(
            {who: (votes[place] if place < 2 else 0) for place, who in enumerate(people)}, max(votes)
        )
        for key, votes in (paper or {}).items()
    }
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
        multiply_ballots(CODE, officer)
        for owner, part in town.parts():
            take_part(CODE, owner, part, officer)
        enter_everywhere(boxes)
        act(ActKind.COUNT)
        act(ActKind.FIND)
        act(ActKind.APPROVE, decided_on=clock.today().isoformat())
        act(ActKind.PUBLISH_RESULT)
        work()


def work() -> None:
    """Do the background work that is due now, and what follows from it; mail waits where a test can open it."""
    while claimed := outbox.claim(1000):
        for item_id in claimed:
            item = db.session.get_one(outbox.OutboxItem, item_id)
            if item.kind != "mail.send":
                outbox.run_one(item_id)


def archive() -> bytes:
    """The live archive as anybody downloads it."""
    session = db.session()
    return b"".join(archive_parts(session, find_board(session, CODE)))
