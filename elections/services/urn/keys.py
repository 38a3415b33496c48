"""The key ceremony: who the trustees are, and their public keys, one after the other.

A key comes in at the desk as a file, or from the trustee's own page. That page is open to everybody, so a key from there
is taken only with the code of its place, which the desk gives to its trustee: a stranger can hand in nothing, and so
keep nobody out. The code is derived from a pepper and kept nowhere; it is good for one key. It does not say that the key
is the right one: for that the trustee reads its fingerprint out, and everybody compares it with the public one.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import audit, keys
from core.db import write
from core.errors import Conflict, DomainError
from elections import events
from elections.ballot import canonical, trustees
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.models.elections import Election
from elections.models.urn import Urn, UrnTrustee
from elections.rules.urn import UrnState, check_ceremony, check_trustees
from elections.services.elections import lock_election
from elections.services.urn.board import lock_urn

TRUSTEE = audit.Actor("trustee")
"""Whoever hands in from the trustees' page."""
_PEPPER = "trustee"
_CODE_BYTES = 16


def name_trustees(code: str, names: Sequence[str], actor: audit.Actor) -> None:
    """Say who the trustees are, in the order of their numbers; everybody reads it. Keys stay at their places.

    Raises NotFound, ``urn_missing``, Conflict ``keys_fixed``, or what ``check_trustees`` raises.
    """
    with write() as session:
        chain, urn = _lock(session, code)
        known = _trustees(session, urn)
        check_trustees(names, [number for number, each in known.items() if each.key is not None])
        if [each.name for each in known.values()] == list(names):
            return
        if len(names) != len(known) and UrnState(urn.state) is not UrnState.BEGUN:
            raise Conflict("keys_fixed")
        session.execute(delete(UrnTrustee).where(UrnTrustee.urn_id == urn.id, UrnTrustee.number > len(names)))
        for number, name in enumerate(names, 1):
            if number in known:
                known[number].name = name
            else:
                session.add(UrnTrustee(urn_id=urn.id, number=number, name=name, turn=1))
        _record(session, chain, urn, events.URN_NAME_TRUSTEES, {"trustees": len(names)}, actor)


def hand_in_key(code: str, number: int, data: bytes, actor: audit.Actor) -> str:
    """Take the public key of the trustee at place ``number``; return its fingerprint. The same key again changes nothing.

    Raises NotFound, ``urn_missing``, Conflict ``keys_fixed``, ``trustee_unknown``, Conflict ``key_there``, ``key_wrong``,
    ``key_twice``, or what the readers of keys raise.
    """
    return _take(code, number, data, None, actor)


def hand_in_key_by_code(code: str, number: int, given: str, data: bytes) -> str:
    """As ``hand_in_key``, from the trustee's page, with the code of the place. Raises ``trustee_code`` besides."""
    return _take(code, number, data, given, TRUSTEE)


def _take(code: str, number: int, data: bytes, given: str | None, actor: audit.Actor) -> str:
    key = read_key(data)
    written = canonical.write(key.plain(GROUP))
    fingerprint = trustees.fingerprint(GROUP, key)
    if not trustees.key_holds(GROUP, key):
        raise DomainError("key_wrong")
    with write() as session:
        chain, urn = _lock(session, code)
        known = _trustees(session, urn)
        place = known.get(number)
        if given is not None and (place is None or not _is_code(urn, place, given)):
            raise DomainError("trustee_code")
        if place is None:
            raise DomainError("trustee_unknown")
        if place.key == written:
            return fingerprint
        if place.key is not None:
            raise Conflict("key_there", number=number)
        others = [read_key(each.key).public_key for each in known.values() if each.key is not None]
        if key.public_key in others:
            raise DomainError("key_twice")
        if UrnState(urn.state) is not UrnState.BEGUN:
            raise Conflict("keys_fixed")
        place.key = written
        _record(
            session, chain, urn, events.KEY_HAND_IN, {"trustee": number, "fingerprint": fingerprint}, actor
        )
        return fingerprint


def take_key_away(code: str, number: int, actor: audit.Actor) -> None:
    """Free the place ``number`` for another key, under a new code. What was fixed with the old one is fixed no longer.

    Raises NotFound, ``urn_missing``, Conflict ``keys_fixed``, ``trustee_unknown``.
    """
    with write() as session:
        chain, urn = _lock(session, code)
        place = _trustees(session, urn).get(number)
        if place is None:
            raise DomainError("trustee_unknown")
        if place.key is None:
            return
        place.key = None
        place.turn += 1
        urn.state = UrnState.BEGUN.value
        urn.election = urn.trustees = urn.credentials = None
        _record(session, chain, urn, events.KEY_TAKE_AWAY, {"trustee": number}, actor)


def assemble_keys(session: Session, urn: Urn) -> bytes:
    """The set of trustees, all of them needed, from the keys handed in.

    Raises DomainError ``trustees_unnamed``, or ``trustee_keys_missing`` (``missing``: whose).
    """
    known = _trustees(session, urn)
    if not known:
        raise DomainError("trustees_unnamed")
    missing = [number for number, each in known.items() if each.key is None]
    if missing:
        raise DomainError("trustee_keys_missing", missing=", ".join(map(str, missing)))
    made = tuple(trustees.Single(read_key(each.key)) for each in known.values() if each.key is not None)
    return trustees.write_trustees(GROUP, made)


def place_code(uuid: str, number: int, turn: int) -> str:
    """The code with which the next key is handed in at a place."""
    return keys.mac(_PEPPER, f"{uuid}|{number}|{turn}".encode())[:_CODE_BYTES].hex()


def _is_code(urn: Urn, place: UrnTrustee, given: str) -> bool:
    return hmac.compare_digest(place_code(urn.uuid, place.number, place.turn).encode(), given.encode())


def read_key(data: bytes) -> trustees.TrusteeKey:
    """A trustee's public key as ``answerable trustee keygen`` and the trustees' page write it.

    Raises DomainError ``json_unreadable``, ``message_malformed`` or what the readers of numbers raise.
    """
    return trustees.read_key(GROUP, canonical.fields(canonical.read(data), ("pok", "public_key")))


def _trustees(session: Session, urn: Urn) -> dict[int, UrnTrustee]:
    rows = session.scalars(select(UrnTrustee).where(UrnTrustee.urn_id == urn.id).order_by(UrnTrustee.number))
    return {each.number: each for each in rows}


def _lock(session: Session, code: str) -> tuple[str, Urn]:
    """The name of the election's chain and its urn, locked, while keys may change."""
    election, register = lock_election(session, code)
    urn = lock_urn(session, _urn_id(session, election))
    check_ceremony(UrnState(urn.state))
    return register.chain, urn


def _urn_id(session: Session, election: Election) -> int:
    found = session.scalar(select(Urn.id).where(Urn.election_id == election.id))
    if found is None:
        raise DomainError("urn_missing")
    return found


def _record(
    session: Session, chain: str, urn: Urn, tag: str, facts: dict[str, object], actor: audit.Actor
) -> None:
    audit.append(session, chain, [audit.Entry(tag, events.URN, urn.id, facts)], actor)
