"""What anybody can watch of an online vote: its audit bundle, checks of its board, and the heads that were sent out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import keys
from core.errors import NotFound
from elections.audit_bundle import form
from elections.ballot.board import credential_key
from elections.ballot.replacements import read_record
from elections.counting import published
from elections.models.elections import Election
from elections.models.roll import RollCommit, RollCorrection
from elections.models.urn import Urn, UrnCredential
from elections.models.watching import AuditBundle, BoardCheck, BoardHead, Observer
from elections.queries import board as boards
from elections.queries import results
from elections.queries.board import Board
from elections.queries.results import PUBLIC, ShownCount
from elections.rules.urn import CredentialState, UrnState
from followup.queries.chain_file import chain_file

# Files of the bundle ---------------------------------------------------------------------------------------------------


def result_file(session: Session, code: str, language: str) -> tuple[Election, ShownCount, bytes]:
    """The published count as ``result.json``: what was counted, lots and result, and what the minutes committed with.

    Raises NotFound before the result is published.
    """
    election, shown = results.public_result(session, code, language)
    _election, counted = results.public_input(session, code)
    _election, stations = results.public_stations(session, code)
    facts = {
        "election": election.code,
        "count": shown.number,
        "input": shown.digest,
        "salt": shown.salt,
        **published.to_plain(counted.rule, counted.tally, counted.tie_lots),
        "names": dict(shown.names),
        "result": shown.result.to_plain(),
        "stations": [
            {"stations": list(each.keys), **each.figures.to_plain(), "salts": list(each.salts)}
            for each in stations
        ],
    }
    return election, shown, write(facts)


def write(facts: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, so that the same facts are the same bytes."""
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def bundle_files(session: Session, election: Election) -> dict[str, bytes]:
    """The files of the audit bundle that programs read, but for seats and archive."""
    _election, _shown, result = result_file(session, election.code, election.language)
    files = {
        form.RESULT: result,
        form.RULES: write(election.rule_set),
        form.ROLL: write(_roll(session, election)),
        form.MINUTES: "".join(chain_file(session, f"register:{election.code}", {})).encode(),
    }
    urn = session.scalars(
        select(Urn).where(Urn.election_id == election.id, Urn.head.is_not(None))
    ).one_or_none()
    if urn is not None:
        files[form.ONLINE] = write(_online(session, urn))
        if urn.replacements:
            files[form.REPLACEMENTS] = urn.replacements
    return files


def _roll(session: Session, election: Election) -> dict[str, Any]:
    """Every commitment to the roll, and every correction by number, with how many there were of each kind."""
    commits = session.scalars(
        select(RollCommit).where(RollCommit.election_id == election.id).order_by(RollCommit.number)
    )
    corrections = session.scalars(
        select(RollCorrection)
        .where(RollCorrection.election_id == election.id)
        .order_by(RollCorrection.number)
    ).all()
    counts: dict[str, int] = {}
    for each in corrections:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    return {
        "commits": [
            {"number": each.number, "day": each.committed_on.isoformat(), "hash": each.roll_hash}
            | {"people": each.people}
            for each in commits
        ],
        "counts": counts,
        "corrections": [
            {"number": each.number, "day": each.made_on.isoformat(), "roll_number": each.roll_number}
            | {"kind": each.kind, "ground": each.ground}
            for each in corrections
        ],
    }


def _online(session: Session, urn: Urn) -> dict[str, Any]:
    """Whom the places on a ballot stand for, which credentials are spare ones, and what became of how many."""
    entries = read_record(urn.replacements).entries if urn.replacements else ()
    given = {credential_key(each.new.encode()) for each in entries if each.new}
    waiting = session.scalars(
        select(UrnCredential.key).where(
            UrnCredential.urn_id == urn.id, UrnCredential.state == CredentialState.SPARE.value
        )
    )
    counts: dict[str, int] = {}
    for each in entries:
        counts[each.kind.value] = counts.get(each.kind.value, 0) + 1
    return {
        "identifier": urn.uuid,
        "options": list(urn.options),
        "spares": sorted(key.hex() for key in {*waiting, *given}),
        "counts": counts,
    }


def day_of(election: Election) -> int:
    """The one time in an audit bundle: midnight of the day on which the result was published."""
    assert election.published_on is not None
    return int(datetime.combine(election.published_on, time(), UTC).timestamp())


# The bundle ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bundle:
    """The audit bundle of the published result."""

    id: int
    manifest: form.Manifest
    size: int

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.manifest.folder}.tar"


def find_bundle(session: Session, code: str) -> Bundle | None:
    """The audit bundle of the election called ``code``; None while there is none. Raises NotFound before the result."""
    election, shown = results.public_result(session, code, "en")
    found = session.scalars(
        select(AuditBundle).where(
            AuditBundle.election_id == election.id, AuditBundle.count_number == shown.number
        )
    ).one_or_none()
    if found is None:
        return None
    return Bundle(found.id, form.read_manifest(found.manifest), found.size)


def bundle_if_public(session: Session, code: str) -> Bundle | None:
    """As ``find_bundle``, and None as well before the result is published."""
    try:
        return find_bundle(session, code)
    except NotFound:
        return None


def bundle_parts(session: Session, bundle: Bundle) -> Iterator[bytes]:
    """The whole bundle, piece by piece: what is stored, and the archive from the board."""
    yield session.scalars(select(AuditBundle.beginning).where(AuditBundle.id == bundle.id)).one()
    if bundle.manifest.identifier:
        yield from boards.archive_parts(session, boards.find_board(session, bundle.manifest.election))
    yield form.ending(bundle.manifest)


def lacking_bundles(session: Session) -> list[int]:
    """The elections whose result is published and whose audit bundle is not built."""
    found = session.scalars(select(Election).where(Election.stage.in_([each.value for each in PUBLIC])))
    return [each.id for each in found if find_bundle(session, each.code) is None]


# Checks ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checks:
    """What is known of a board's checks: the one that is under way, and the last that came to its end."""

    under_way: BoardCheck | None
    last: BoardCheck | None
    told: BoardCheck | None
    """The last one with an account; ``last`` may have been given up since."""
    current: bool
    """Whether the last one looked at the board as it is now."""


def find_checks(session: Session, board: Board, bundle: Bundle | None) -> Checks:
    """The checks of a board, and of its audit bundle once there is one."""
    under_way = session.scalars(
        select(BoardCheck).where(BoardCheck.urn_id == board.id, BoardCheck.state.in_(("waiting", "running")))
    ).one_or_none()
    ended = (
        select(BoardCheck)
        .where(BoardCheck.urn_id == board.id)
        .order_by(BoardCheck.height.desc(), BoardCheck.id.desc())
        .limit(1)
    )
    last = session.scalars(ended.where(BoardCheck.state.in_(("done", "failed")))).one_or_none()
    told = session.scalars(ended.where(BoardCheck.state == "done")).one_or_none()
    subject = (board.head, bundle.manifest.digest if bundle else "")
    current = last is not None and last.state == "done" and (last.head, last.bundle) == subject
    return Checks(under_way, last, told, current)


def board_at(session: Session, urn_id: int, height: int) -> Board:
    """The board of an urn as it was at ``height``."""
    return replace(boards.find_board(session, code_of(session, urn_id)), height=height)


def code_of(session: Session, urn_id: int) -> str:
    """The code of the election that has this urn."""
    return session.scalars(
        select(Election.code).join(Urn, Urn.election_id == Election.id).where(Urn.id == urn_id)
    ).one()


# Heads -----------------------------------------------------------------------------------------------------------------


def heads_of(session: Session, board: Board, limit: int = 100) -> Sequence[BoardHead]:
    """The heads that were sent out, the newest first."""
    return session.scalars(
        select(BoardHead).where(BoardHead.urn_id == board.id).order_by(BoardHead.id.desc()).limit(limit)
    ).all()


def open_urns(session: Session) -> Sequence[int]:
    """The urns that take ballots, or will again."""
    states = (UrnState.OPEN.value, UrnState.INTERRUPTED.value)
    return session.scalars(select(Urn.id).where(Urn.state.in_(states)).order_by(Urn.id)).all()


def observes(session: Session, code: str, token: str) -> bool | None:
    """Whether the holder of ``token`` confirmed; None for a token that nobody has, or of another election."""
    mac = keys.mac("observer", f"token:{token}".encode("utf-8", "replace"))
    found = session.execute(
        select(Observer.confirmed_on)
        .join(Urn, Urn.id == Observer.urn_id)
        .join(Election, Election.id == Urn.election_id)
        .where(Observer.token_mac == mac, Election.code == code)
    ).one_or_none()
    return None if found is None else found.confirmed_on is not None
