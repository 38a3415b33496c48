"""Building the audit bundle of a published result, once for each count that was published. It is never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, outbox
from core.db import db, write
from elections.audit_bundle import form
from elections.audit_bundle.form import Listed
from elections.models.elections import Election
from elections.models.watching import AuditBundle
from elections.queries import board as boards
from elections.queries import watching
from elections.queries.results import PUBLIC, ShownCount, public_result

KIND = "elections.build_bundle"
Words = Callable[[Session, Election, ShownCount], Mapping[str, bytes]]
"""The bundle's files in words: seats with their reasons, and how to check, in every language."""


def order_bundle(session: Session, election_id: int, count_number: int) -> None:
    """Let the bundle be built once the caller's transaction, which publishes the result, is kept."""
    outbox.enqueue(
        session, KIND, {"election": election_id}, unique=f"elections.bundle:{election_id}:{count_number}"
    )


def order_lacking_bundles() -> None:
    """Let bundles be built for results that were published before there were any."""
    lacking = watching.lacking_bundles(db.session())
    with write() as session:
        for id in lacking:
            outbox.enqueue(session, KIND, {"election": id})


def build_bundle(election_id: int, words: Words) -> None:
    """Build the bundle of an election's published count. Nothing happens if it is there, or the result is not public."""
    session = db.session()
    election = session.get(Election, election_id)
    if election is None or election.stage not in PUBLIC:
        return
    _election, shown = public_result(session, election.code, election.language)
    if _known(session, election.id, shown.number):
        return
    small = {**watching.bundle_files(session, election), **words(session, election, shown)}
    archive = None
    identifier = ""
    if form.ONLINE in small:
        board = boards.find_board(session, election.code)
        identifier = board.uuid
        archive = _measure(board)
    manifest = form.list_files(election.code, identifier, watching.day_of(election), small, archive)
    with write() as writing:
        current = writing.get(Election, election_id, with_for_update=True)
        if current is None or current.stage not in PUBLIC or _known(writing, election_id, shown.number):
            return
        writing.add(
            AuditBundle(
                election_id=election_id,
                count_number=shown.number,
                manifest=manifest.write(),
                beginning=form.beginning(manifest, small),
                size=form.size_of(manifest),
                built_on=clock.today(),
            )
        )


def _measure(board: boards.Board) -> Listed:
    """Size and hash of the archive, which is read once from end to end and held nowhere."""
    hashed, size = hashlib.sha256(), 0
    with Session(db.engine) as reading:
        for number, part in enumerate(boards.archive_parts(reading, board)):
            hashed.update(part)
            size += len(part)
            if number % 1000 == 0:
                outbox.still_running()
    return Listed(f"{board.uuid}{form.ARCHIVE}", size, hashed.hexdigest())


def _known(session: Session, election_id: int, number: int) -> bool:
    found = session.scalar(
        select(AuditBundle.id).where(
            AuditBundle.election_id == election_id, AuditBundle.count_number == number
        )
    )
    return found is not None
