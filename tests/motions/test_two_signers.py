"""Two members sign while the author changes the text, each on a connection of its own: no signature under other words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db, write
from core.errors import DomainError
from motions.models.drafting import MotionText, Signature
from motions.models.motions import MotionEvent
from motions.queries import motions
from motions.services import drafting
from motions.services.acts import lock_motion
from tests.city import found_city
from tests.motions.city import acting_member, draft, found_council_desk, member_id

AUTHOR, FIRST, SECOND = "Bilal Saleh", "Chiara Rossi", "Elif Demir"
Elsewhere = Callable[[Callable[[], Any]], "Future[Any]"]


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[Elsewhere]:
    """Do something at the same time, on a thread and a connection of its own."""
    with ThreadPoolExecutor(4) as pool:

        def act(what: Callable[[], Any]) -> Any:
            with app.app_context():
                try:
                    return what()
                finally:
                    db.session.remove()

        yield lambda what: pool.submit(act, what)


@pytest.fixture
def motion_id(app: Flask) -> int:
    found_city()
    found_council_desk()
    motion_id = draft()
    drafting.invite(motion_id, [member_id(FIRST), member_id(SECOND)], acting_member(AUTHOR))
    return motion_id


def current(motion_id: int) -> str:
    digest = motions.words(db.session(), motion_id).digest
    db.session.rollback()
    return digest


def test_a_signature_waits_for_a_change_and_is_refused(motion_id: int, elsewhere: Elsewhere) -> None:
    read = current(motion_id)
    signer = acting_member(FIRST)
    with write() as session:
        locked = lock_motion(session, motion_id)
        words = drafting.words_of(session, locked.motion)
        signing = elsewhere(lambda: drafting.sign(motion_id, read, signer))
        drafting.add_version(
            session, locked.motion, words, drafting.Text("Interpreters", "Other words.", "Why.")
        )
    with pytest.raises(DomainError, match="text_changed"):
        signing.result(timeout=30)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Signature)) == 0


@pytest.mark.parametrize("turn", range(3))
def test_in_a_race_every_signature_stands_under_words_that_were_current(
    motion_id: int, elsewhere: Elsewhere, turn: int
) -> None:
    read, start = current(motion_id), threading.Barrier(3)
    actors = {name: acting_member(name) for name in (AUTHOR, FIRST, SECOND)}

    def sign(name: str) -> None:
        start.wait()
        drafting.sign(motion_id, read, actors[name])

    def change() -> None:
        start.wait()
        text = drafting.Text("Interpreters", f"Other words, {turn}.", "Why.")
        drafting.change_text(motion_id, 1, "schools", text, actors[AUTHOR])

    futures = [
        elsewhere(lambda: sign(FIRST)),
        elsewhere(lambda: sign(SECOND)),
        elsewhere(change),
    ]
    refused = [error for error in (future.exception(timeout=30) for future in futures) if error]
    assert {getattr(error, "code", str(error)) for error in refused} <= {"text_changed"}
    db.session.rollback()
    signatures = db.session.scalars(select(Signature.digest)).all()
    assert len(signatures) + len(refused) == 2
    assert set(signatures) <= {read}
    assert motions.signers(db.session(), motion_id, current(motion_id)) == []
    versions = db.session.scalars(select(MotionText.version).order_by(MotionText.version)).all()
    sequence = db.session.scalars(select(MotionEvent.sequence).order_by(MotionEvent.sequence)).all()
    assert versions == [1, 2]
    assert list(sequence) == list(range(1, len(sequence) + 1))


def test_two_who_hand_in_at_once_get_one_number(motion_id: int, elsewhere: Elsewhere) -> None:
    read = current(motion_id)
    for name in (FIRST, SECOND):
        drafting.sign(motion_id, read, acting_member(name))
    author = acting_member(AUTHOR)
    both = [elsewhere(lambda: drafting.submit(motion_id, read, author)) for _each in range(2)]
    assert [future.result(timeout=30) for future in both] == [1, 1]
    db.session.rollback()
    submitted = select(func.count()).select_from(MotionEvent).where(MotionEvent.kind == "submit")
    assert db.session.scalar(submitted) == 1
