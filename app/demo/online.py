"""Plays two elections that vote online, ballot by ballot through the urn: one to a seated council, one up to today.

Keys, codes and nonces come from the operating system's randomness and are made up anew with each city.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from accounts.rules import RoleName
from app.demo import elections, nominations, roll
from app.demo.elections import AN_HOUR, CLOSES, Event, People
from core import audit, clock
from core.codes import Kind, draw
from core.db import db
from core.localized import Localized
from council.rules import Way
from council.services.bodies import NewSeatClass
from elections.ballot import ballots, canonical, credentials, tally, trustees
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.questions import read_election
from elections.counting.rule import CountingRule, Method
from elections.models.candidates import Candidate
from elections.models.elections import Election
from elections.models.roll import RollCommit
from elections.models.urn import Urn, UrnEvent
from elections.rules.rule_sets import RuleSet
from elections.rules.stages import ActKind
from elections.sealing import seal
from elections.services.devices import enrol_device
from elections.services.roll.deletion import delete_roll
from elections.services.urn.casting import cast_ballot
from elections.services.urn.closing import multiply_ballots, take_part
from elections.services.urn.preparing import begin_urn, prepare_urn
from elections.trustee import PURPOSE, Holding

CITATION = "Satzung der Hausräte, § 3 (invented)"


@dataclass
class Secrets:
    """What trustees and voters of one election hold, for as long as the demo is played."""

    code: str
    keys: list[int] = field(default_factory=list, repr=False)
    codes: list[str] = field(default_factory=list, repr=False)
    """The voters' codes, then the spare ones."""
    left: list[str] = field(default_factory=list, repr=False)
    """Codes of people who have not voted: newcomers vote with them."""
    station: str = field(default="", repr=False)
    """The secret in the link of the house's station device."""


def rule_set(facts: Mapping[str, Any], founded: date) -> RuleSet:
    """Up to three votes for everybody who lives in the house."""
    return replace(
        elections.residents_rule_set(facts, "house-council", CITATION, founded),
        counting=CountingRule(Method.BLOCK, seats=facts["seats"], votes_per_voter=facts["votes"]),
        groups=(),
        delegated=(),
    )


def plan(
    today: date,
    online: Mapping[str, Any],
    names: Mapping[str, Any],
    people: People,
    secrets: Mapping[str, Secrets],
) -> list[Event]:
    """Everything that happens in both elections; what trustees and voters hold is kept in ``secrets`` by code."""
    events: list[Event] = []
    shared = {key: value for key, value in online.items() if key != "elections"}
    for each in online["elections"]:
        facts = {**shared, **each}
        ends = elections.election_day(facts, today)
        events += _House(facts, names, people, ends, secrets[each["code"]]).events()
    return events


@dataclass(frozen=True, slots=True)
class _House:
    """One election. Days are counted from election day; its own events come after those of the others that day."""

    facts: Mapping[str, Any]
    names: Mapping[str, Any]
    people: People
    voting_ends: date
    secrets: Secrets

    def events(self) -> list[Event]:
        events = [*self._before(), *self._nominations(), *self._vote()]
        if self.facts["finished"]:
            events += self._result()
        return events

    def _on(self, name: str) -> date:
        return self.voting_ends + timedelta(days=self.facts["days"][name])

    def _act(self, kind: ActKind, **facts: object) -> partial[None]:
        return partial(elections.act, self.facts["code"], kind, self.people, facts)

    def _before(self) -> list[Event]:
        facts, officer = self.facts, self.people[RoleName.RETURNING_OFFICER][0]
        code, founded, called = facts["code"], self._on("founded"), self._on("called")
        body = {
            **facts["body"],
            "department": facts["department"],
            "language": facts["language"],
            "term_begins": 30,
            "term_years": facts["term_years"],
        }
        name = Localized.of(facts["class"], facts["language"])
        seats = NewSeatClass("residents", Way.ELECTED, name, facts["seats"])
        register = partial(roll.import_register, code, self.names, facts["roll"], self.voting_ends, officer)
        rules = rule_set(facts, founded)
        return [
            (founded, 30, partial(elections.found_body, body, [seats], self.people[RoleName.CLERK][0])),
            (called, 30, partial(elections.prepare, facts, body, rules, self.voting_ends, officer)),
            (called, 31, self._act(ActKind.CALL)),
            (self._on("candidates_published"), 30, self._act(ActKind.PUBLISH_CANDIDATES)),
            (self._on("roll_imported"), 31, register),
            (self._on("roll_opened"), 30, self._act(ActKind.OPEN_ROLL)),
            (self._on("roll_committed"), 30, self._act(ActKind.COMMIT_ROLL)),
        ]

    def _nominations(self) -> list[Event]:
        facts = self.facts
        code, (first, second) = facts["code"], self.people[RoleName.RETURNING_OFFICER]
        source = facts["order_source"][facts["language"]]
        kept: nominations.Codes = {}
        events: list[Event] = [
            (self._on("order_announced"), 30, partial(nominations.announce_order, code, [""], source, first)),
            (self._on("drawn"), 30, partial(nominations.draw_order, code, [""], facts["seed"], first)),
        ]
        for each in facts["candidates"]:
            person = {**each, "region": ""}
            vet = partial(nominations.vet, code, person, facts["admission"], first)
            events += [
                (self._on("nominated"), 30, partial(nominations.hand_in, code, person, kept)),
                (self._on("vetted"), 30, vet),
                (self._on("vetted"), 31, partial(nominations.decide, code, person, second)),
            ]
        return events

    def _vote(self) -> list[Event]:
        facts, officer = self.facts, self.people[RoleName.RETURNING_OFFICER][0]
        return [
            (self._on("prepared"), 30, partial(make_keys, facts, self.secrets, officer)),
            (self._on("prepared"), 31, partial(enrol, facts, self.secrets, officer)),
            (self._on("voting_opened"), 30, self._act(ActKind.OPEN_VOTING)),
            (self._on("voted"), 30, partial(vote, facts, self.secrets)),
        ]

    def _result(self) -> list[Event]:
        code, officer = self.facts["code"], self.people[RoleName.RETURNING_OFFICER][0]
        approved = self._on("approved")
        closing = clock.in_the_city(self._on("voting_closed"), CLOSES) + AN_HOUR
        close = self._act(ActKind.CLOSE_VOTING)
        return [
            (self._on("voting_closed"), 30, partial(elections.at, closing, close)),
            (self._on("counted"), 30, partial(multiply_ballots, code, officer)),
            (self._on("counted"), 31, partial(decrypt, code, self.secrets, officer)),
            (self._on("counted"), 32, self._act(ActKind.COUNT)),
            (self._on("found"), 30, self._act(ActKind.FIND)),
            (approved, 30, self._act(ActKind.APPROVE, decided_on=approved.isoformat())),
            (self._on("published"), 30, self._act(ActKind.PUBLISH_RESULT)),
            (self._on("concluded"), 30, self._act(ActKind.CONCLUDE)),
            (self._on("roll_deleted"), 30, partial(delete_roll, code, audit.SYSTEM)),
        ]


def make_keys(facts: Mapping[str, Any], secrets: Secrets, officer: audit.Actor) -> None:
    """The trustees make their keys, the authority makes a code for everybody on the roll, and all is fixed."""
    code = facts["code"]
    uuid = begin_urn(code, officer)
    made = [trustees.make_key(GROUP) for _ in range(facts["trustees"])]
    secrets.keys = [secret for secret, _key in made]
    people = _people_on_the_roll(code)
    secrets.codes = [draw(Kind.VOTING) for _ in range(people + facts["spares"])]
    public = [credentials.public_credential(uuid, each) for each in secrets.codes]
    prepare_urn(
        code,
        trustees.write_trustees(GROUP, tuple(trustees.Single(key) for _secret, key in made)),
        credentials.write_credentials(public),
        [GROUP.write(each) for each in public[people:]],
        officer,
    )


def sealed_keys(secrets: Secrets, passphrase: str) -> list[bytes]:
    """The trustees' key files, as ``answerable trustee keygen`` writes them."""
    size = len(secrets.keys)
    return [
        seal(canonical.write(asdict(Holding(index, size, 0, secret=str(key)))), PURPOSE, [passphrase])
        for index, key in enumerate(secrets.keys, start=1)
    ]


def enrol(facts: Mapping[str, Any], secrets: Secrets, officer: audit.Actor) -> None:
    """A device in the house is enrolled."""
    device = facts["device"]
    secrets.station = enrol_device(
        facts["code"], device["name"], device["place"], device["hours"], officer
    ).token


def vote(facts: Mapping[str, Any], secrets: Secrets) -> None:
    """Those who vote do so, the first of them twice; the codes that are left are kept for newcomers."""
    urn = _urn(facts["code"])
    assert urn.election is not None
    asked = read_election(urn.election)
    slots = {option: slot for slot, option in enumerate(urn.options, start=1)}
    chosen = [slots[each] for each in _ids(facts)]
    votes = [*enumerate(facts["ballots"]), (0, facts["again"])]
    for voter, names in votes:
        choice = [0] * asked.questions[0].slots
        for place in [chosen[name - 1] for name in names] or [0]:
            choice[place] = 1
        secret = credentials.secret_exponent(urn.uuid, secrets.codes[voter])
        cast_ballot(urn.uuid, ballots.make_ballot(asked, secret, [choice]))
    voted = len(facts["ballots"])
    secrets.left = secrets.codes[voted : voted + facts.get("left", 0)]


def decrypt(code: str, secrets: Secrets, officer: audit.Actor) -> None:
    """Each trustee decrypts a part of the product."""
    urn = _urn(code)
    assert urn.election is not None
    asked = read_election(urn.election)
    message = db.session.scalars(
        select(UrnEvent.before).where(UrnEvent.urn_id == urn.id, UrnEvent.kind == "EncryptedTally")
    ).one()
    assert message is not None
    table = tally.read_table(asked, message)
    for owner, secret in enumerate(secrets.keys, start=1):
        take_part(code, owner, tally.decrypt_part(asked, table, secret), officer)


def _urn(code: str) -> Urn:
    return db.session.scalars(
        select(Urn).join(Election, Election.id == Urn.election_id).where(Election.code == code)
    ).one()


def _people_on_the_roll(code: str) -> int:
    return db.session.scalars(
        select(RollCommit.people)
        .join(Election, Election.id == RollCommit.election_id)
        .where(Election.code == code)
    ).one()


def _ids(facts: Mapping[str, Any]) -> Sequence[str]:
    """The candidates' ids, in the order of the file, as the urn calls them."""
    rows = dict(
        db.session.execute(
            select(Candidate.name, Candidate.id)
            .join(Election, Election.id == Candidate.election_id)
            .where(Election.code == facts["code"])
        ).all()
    )
    return [str(rows[each["name"]]) for each in facts["candidates"]]
