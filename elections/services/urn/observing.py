"""Sending the board's head to whoever watches: what many people keep, nobody can change unseen.

A head is noted when voting opens, each night while it is open, when it closes, and with the result. It goes into the feed,
and by mail to those who asked and confirmed. Their addresses are sealed, serve nothing else, and are deleted
``contact_kept_days`` after the result; an address that nobody confirmed, after a week.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from core import clock, keys, letters, outbox, settings
from core.db import write
from core.errors import Conflict, NotFound
from core.i18n import nearest
from core.localized import Localized
from core.traces import clear_traces
from elections.models.elections import Election
from elections.models.urn import Urn
from elections.models.watching import BoardHead, Observer
from elections.queries.results import PUBLIC
from elections.rules.stages import Stage
from elections.rules.urn import UrnState
from elections.services.urn.board import lock_urn

SEND_HEAD, SEND_TO_ONE = "elections.send_head", "elections.send_head_to"
UNCONFIRMED = timedelta(days=7)
"""How long an address is kept that nobody confirms."""


def note_head(session: Session, urn: Urn, occasion: str) -> None:
    """Publish the head of the locked ``urn`` apart from the board, inside the caller's transaction; once for each head."""
    known = select(BoardHead.id).where(
        BoardHead.urn_id == urn.id, BoardHead.height == urn.height, BoardHead.occasion == occasion
    )
    if urn.head is None or session.scalar(known) is not None:
        return
    row = BoardHead(
        urn_id=urn.id, occasion=occasion, head=urn.head, height=urn.height, noted_on=clock.today()
    )
    session.add(row)
    session.flush()
    outbox.enqueue(session, SEND_HEAD, {"head": row.id}, unique=f"{SEND_HEAD}:{row.id}")
    if occasion == "result":
        last = clock.today() + timedelta(days=settings.current().contact_kept_days)
        session.execute(update(Observer).where(Observer.urn_id == urn.id).values(delete_on=last))


def note_daily_heads(session: Session, urn_ids: Sequence[int]) -> None:
    """Note the heads of these urns as far as they are open and have grown since the last one."""
    session.rollback()
    for id in urn_ids:
        with write() as writing:
            urn = lock_urn(writing, id)
            last = writing.scalar(
                select(BoardHead.height).where(BoardHead.urn_id == id).order_by(BoardHead.id.desc()).limit(1)
            )
            if UrnState(urn.state) in (UrnState.OPEN, UrnState.INTERRUPTED) and last != urn.height:
                note_head(writing, urn, "daily")


def send_head(head_id: int) -> None:
    """Begin to send one head: a piece of work for each observer."""
    with write() as session:
        head = session.get(BoardHead, head_id)
        if head is None:
            return
        observers = session.scalars(
            select(Observer.id).where(Observer.urn_id == head.urn_id, Observer.confirmed_on.is_not(None))
        )
        for id in observers:
            pair = {"head": head.id, "observer": id}
            outbox.enqueue(session, SEND_TO_ONE, pair, unique=f"{SEND_TO_ONE}:{head.id}:{id}")


def send_head_to(head_id: int, observer_id: int) -> None:
    """Send one head to one observer who still wants it."""
    with write() as session:
        head = session.get(BoardHead, head_id)
        observer = session.get(Observer, observer_id, with_for_update=True)
        if head is None or observer is None or observer.confirmed_on is None:
            return
        code, title, uuid = _about(session, head.urn_id)
        _send(
            session,
            observer,
            "elections/head",
            code=code,
            title=title.best(observer.language).text,
            uuid=uuid,
            head=head.head,
            occasion=head.occasion,
            day=head.noted_on,
        )


def ask_to_observe(code: str, address: str, language: str) -> None:
    """Write to ``address`` for a confirmation, without which nothing is ever sent there. Asked again, a new link counts.

    An address that is confirmed gets nothing: nobody learns here who observes. Raises NotFound, Conflict
    ``observing_over`` once the result stands on the board, or DomainError ``mail_recipient_invalid``.
    """
    with write() as session:
        urn = session.scalars(
            select(Urn).join(Election, Election.id == Urn.election_id).where(Election.code == code)
        ).one_or_none()
        if urn is None or urn.head is None:
            raise NotFound("board", code)
        if UrnState(urn.state) is UrnState.OPENED:
            raise Conflict("observing_over")
        mac = keys.mac("observer", f"{urn.id}:{address.casefold()}".encode())
        observer = session.scalars(
            select(Observer).where(Observer.urn_id == urn.id, Observer.address_mac == mac).with_for_update()
        ).one_or_none()
        if observer is not None and observer.confirmed_on is not None:
            return
        if observer is None:
            observer = Observer(urn_id=urn.id, address_mac=mac)
            session.add(observer)
        token = secrets.token_hex(16)
        observer.token_mac = _token_mac(token)
        observer.sealed = keys.encrypt("contact", json.dumps({"address": address, "token": token}))
        observer.language, observer.asked_on = nearest(language), clock.today()
        observer.delete_on = clock.today() + UNCONFIRMED
        session.flush()
        found, title, _uuid = _about(session, urn.id)
        _send(session, observer, "elections/observe", code=found, title=title.best(observer.language).text)


def confirm_observing(token: str) -> None:
    """Send heads to the address to which ``token`` was sent, from now on. Raises NotFound."""
    with write() as session:
        observer = _observer(session, token)
        if observer.confirmed_on is None:
            observer.confirmed_on, observer.delete_on = clock.today(), None


def stop_observing(token: str) -> None:
    """Delete the address to which ``token`` was sent, at once. Raises NotFound."""
    with write() as session:
        session.delete(_observer(session, token))
    clear_traces()


def forget_observers() -> int:
    """Delete the addresses whose day has come, or whose election is over without a result; return how many."""
    over = select(Urn.id).join(Election, Election.id == Urn.election_id)
    abandoned = over.where(Election.stage == Stage.ABANDONED.value)
    published = over.where(Election.stage.in_([each.value for each in PUBLIC]))
    with write() as session:
        last = clock.today() + timedelta(days=settings.current().contact_kept_days)
        session.execute(
            update(Observer)
            .where(Observer.delete_on.is_(None), Observer.urn_id.in_(published))
            .values(delete_on=last),
            execution_options={"synchronize_session": False},
        )
        gone = session.scalars(
            select(Observer.id).where(
                or_(Observer.delete_on <= clock.today(), Observer.urn_id.in_(abandoned))
            )
        ).all()
        session.execute(
            delete(Observer).where(Observer.id.in_(gone)), execution_options={"synchronize_session": False}
        )
    if gone:
        clear_traces()
    return len(gone)


def _observer(session: Session, token: str) -> Observer:
    found = session.scalars(
        select(Observer).where(Observer.token_mac == _token_mac(token)).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("observer", "")
    return found


def _token_mac(token: str) -> bytes:
    return keys.mac("observer", f"token:{token}".encode("utf-8", "replace"))


def _about(session: Session, urn_id: int) -> tuple[str, Localized, str]:
    row = session.execute(
        select(Election.code, Election.title, Urn.uuid)
        .join(Urn, Urn.election_id == Election.id)
        .where(Urn.id == urn_id)
    ).one()
    return row.code, row.title, row.uuid


def _send(session: Session, observer: Observer, template: str, *, code: str, **context: object) -> None:
    sealed = json.loads(keys.decrypt("contact", observer.sealed))
    base = f"{settings.current().base_url}/{observer.language}/elections/{code}"
    letters.send(
        session,
        "email",
        str(sealed["address"]),
        observer.language,
        template,
        code=code,
        link=f"{base}/observe/{sealed['token']}/",
        check=f"{base}/check/",
        board=f"{base}/board/",
        **context,
    )
