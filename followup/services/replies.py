"""Writing, checking, approving, publishing and correcting replies.

A reply's text moves only along ``rules.REPLY_WAY``. Two editors of one version: the second is told (``Conflict``)
and nothing of either text is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from accounts.queries import handles
from core import audit, clock, outbox, settings, texts
from core.db import find, write
from core.errors import Conflict, NotFound
from core.localized import Localized, clean
from followup import events, rules, subjects
from followup.models import Contact, Promise, Reply, ReplyVersion
from followup.queries.commitments import content, people_of, signed
from followup.queries.private import private_replies
from followup.rules import ReplyEvent, ReplyState, ReplyText
from followup.services.promises import lock_register, locked_promises


def write_answer(
    register_id: int, numbers: Sequence[int], text: ReplyText, actor: audit.Actor, *, submit: bool = False
) -> int:
    """Draft one answer for exactly the promises with these numbers, or for none; return the reply's id.

    ``submit`` sends it to be checked at once. Raises ``selection_empty``, ``selection_changed``, what
    ``rules.check_reply`` raises, or ``decided_apart``, as all verbs of this module that work on an answer do: where an
    answer tells a decision, the decision is what is prepared, taken back and released.
    """
    with write() as session:
        lock_register(session, register_id)
        promises = locked_promises(session, register_id, numbers)
        subjects.check_desk(session, [(each.subject_kind, each.subject_id) for each in promises])
        return write_within(session, register_id, numbers, text, actor, submit=submit)


def write_within(
    session: Session,
    register_id: int,
    numbers: Sequence[int],
    text: ReplyText,
    actor: audit.Actor,
    *,
    submit: bool = False,
) -> int:
    """``write_answer`` inside the caller's transaction, with the register locked.

    Raises ``step_not_written`` and ``private_alone``, too.
    """
    rules.check_reply(text, version=1, complete=submit)
    promises = locked_promises(session, register_id, numbers)
    rules.check_written({promise.number: promise.kind for promise in promises})
    rules.check_private_alone({p.number: p.subject_kind for p in promises}, subjects.private_kinds())
    free = [promise.id for promise in promises if promise.reply_id is None]
    rules.check_selection([p.id for p in promises], free, {p.id: p.number for p in promises})
    reply = Reply(register_id=register_id, department_id=promises[0].department_id)
    session.add(reply)
    session.flush()
    version = ReplyVersion(
        reply_id=reply.id,
        version=1,
        state=ReplyState.DRAFT.value,
        salt=audit.new_salt(),
        written_by=actor.account_id,
        editors=[actor.account_id],
    )
    _fill(version, text)
    session.add(version)
    if submit:
        _move(version, ReplyEvent.SUBMIT)
    for start in range(0, len(free), 500):
        session.execute(
            update(Promise).where(Promise.id.in_(free[start : start + 500])).values(reply_id=reply.id)
        )
    return reply.id


def edit_answer(
    reply_id: int, revision: int, text: ReplyText, actor: audit.Actor, *, submit: bool = False
) -> None:
    """Change the unpublished version of a reply that the editor saw at ``revision``.

    Raises ``Conflict`` ``reply_changed`` when somebody saved in between (the caller still has the new text), or
    ``reply_state`` when it can no longer be edited.
    """
    with write() as session:
        version = _working_version(session, reply_id)
        _check_desk(session, reply_id)
        if version.revision != revision:
            raise Conflict("reply_changed", reply=reply_id, revision=version.revision)
        rules.check_reply(text, version=version.version, complete=submit)
        _move(version, ReplyEvent.EDIT)
        _fill(version, text)
        version.revision += 1
        version.editors = sorted({*version.editors, actor.account_id})
        version.note_back = None
        if submit:
            _move(version, ReplyEvent.SUBMIT)


def discard_answer(reply_id: int, revision: int, actor: audit.Actor) -> None:
    """Throw a draft away; its promises are unanswered again, a published version stays as it was.

    The reply's row remains, so that its id never comes to mean another answer to somebody whose page is still open.
    """
    with write() as session:
        version = _working_version(session, reply_id)
        _check_desk(session, reply_id)
        if version.revision != revision:
            raise Conflict("reply_changed", reply=reply_id, revision=version.revision)
        rules.next_reply_state(ReplyState(version.state), ReplyEvent.DISCARD)
        if version.version == 1:
            session.execute(update(Promise).where(Promise.reply_id == reply_id).values(reply_id=None))
        session.delete(version)


def approve_answers(replies: Sequence[tuple[int, int]], actor: audit.Actor) -> None:
    """Approve, as the second person, exactly these (reply, revision seen) or none.

    Raises ``second_person``, ``reply_changed`` or ``reply_state``; ``private_alone`` for one that was begun for several
    numbers before answers of a kind were private.
    """
    with write() as session:
        for reply_id, revision in replies:
            version = _working_version(session, reply_id)
            _check_desk(session, reply_id)
            if version.version == 1:  # what was published may be corrected, whomever it answers
                _check_alone(session, reply_id)
            if version.revision != revision:
                raise Conflict("reply_changed", reply=reply_id, revision=version.revision)
            _approve(version, actor)


def release_within(session: Session, reply_id: int, actor: audit.Actor) -> list[audit.Entry]:
    """Approve one answer as the second person and release it at once, for a decision that takes effect with it.

    Inside the caller's transaction, with the register locked; the caller appends the entries, last. An answer that was
    approved before is only released. Raises NotFound, ``second_person`` or ``reply_state``.
    """
    version = _working_version(session, reply_id)
    if version.state == ReplyState.APPROVED.value:
        rules.check_second_person({version.written_by, *version.editors}, actor.account_id)
    else:
        _approve(version, actor)
    session.flush()
    _answered, entries = _publish(session, [(session.get_one(Reply, reply_id), version)])
    return entries


def take_back_within(session: Session, reply_id: int) -> None:
    """Throw away an answer that was never published, inside the caller's transaction; its promises are owed again.

    Raises NotFound, or ``reply_state`` for one that is published.
    """
    version = _working_version(session, reply_id)
    if version.state != ReplyState.DRAFT.value:
        _move(version, ReplyEvent.SEND_BACK)
    rules.next_reply_state(ReplyState(version.state), ReplyEvent.DISCARD)
    session.execute(update(Promise).where(Promise.reply_id == reply_id).values(reply_id=None))
    session.delete(version)
    session.flush()


def send_back_answer(reply_id: int, revision: int, note: str, actor: audit.Actor) -> None:
    """Return a version to its writer with a note on what to mend."""
    with write() as session:
        version = _working_version(session, reply_id)
        _check_desk(session, reply_id)
        if version.revision != revision:
            raise Conflict("reply_changed", reply=reply_id, revision=version.revision)
        _move(version, ReplyEvent.SEND_BACK)
        version.approved_by = None
        version.note_back = clean(note)[: rules.NOTE_LENGTH]


def correct_reply(reply_id: int, actor: audit.Actor) -> None:
    """Begin a new version of a published reply; the old one stays public until the new one is released."""
    with write() as session:
        reply = find(session, Reply, reply_id)
        if reply is None:
            raise NotFound("reply", reply_id)
        lock_register(session, reply.register_id)
        published = session.scalars(
            select(ReplyVersion).where(
                ReplyVersion.reply_id == reply_id, ReplyVersion.version == reply.published_version
            )
        ).one_or_none()
        if published is None:
            raise NotFound("published_reply", reply_id)
        newest = session.scalars(
            select(ReplyVersion.version)
            .where(ReplyVersion.reply_id == reply_id)
            .order_by(ReplyVersion.version.desc())
        ).first()
        if newest != reply.published_version:
            raise Conflict("correction_begun", reply=reply_id)
        session.add(
            ReplyVersion(
                reply_id=reply_id,
                version=reply.published_version + 1,
                state=ReplyState.DRAFT.value,
                outcome=published.outcome,
                reason=published.reason,
                change=published.change,
                correction_note=Localized(),
                digest=published.digest,
                salt=audit.new_salt(),
                written_by=actor.account_id,
                editors=[actor.account_id],
            )
        )


def publish_replies(register_id: int, actor: audit.Actor) -> int:
    """Release every approved version of the register together; return how many promises they answer.

    The audit entry of each names who wrote it and who approved it, by handle. That of a private one says no outcome.

    Whoever left an address is told, and the address is then due for deletion.
    """
    with write() as session:
        register = lock_register(session, register_id)
        approved = session.execute(
            select(Reply, ReplyVersion)
            .join(ReplyVersion, ReplyVersion.reply_id == Reply.id)
            .where(Reply.register_id == register_id, ReplyVersion.state == ReplyState.APPROVED.value)
            .order_by(Reply.id)
            .with_for_update()
        ).all()
        answered, entries = _publish(session, [(reply, version) for reply, version in approved])
        if entries:
            audit.append(session, register.chain, entries, actor)
        return answered


def _approve(version: ReplyVersion, actor: audit.Actor) -> None:
    rules.check_second_person({version.written_by, *version.editors}, actor.account_id)
    _move(version, ReplyEvent.APPROVE)
    version.approved_by = actor.account_id


def _publish(
    session: Session, approved: Sequence[tuple[Reply, ReplyVersion]]
) -> tuple[int, list[audit.Entry]]:
    """Put approved versions in force; how many promises they answer, and their entries for the register's chain."""
    entries = []
    for reply, version in approved:
        _move(version, ReplyEvent.PUBLISH)
        version.published_on = clock.today()
        reply.published_version = version.version
    session.flush()
    reply_ids = [reply.id for reply, _version in approved]
    answered = _mark_answered(session, reply_ids)
    numbers = _numbers(session, reply_ids)
    people = handles(session, {id for _reply, version in approved for id in people_of(version)})
    private = private_replies(session, reply_ids)
    for reply, version in approved:
        facts = {
            "numbers": numbers.get(reply.id, []),
            **({} if reply.id in private else {"outcome": version.outcome}),
            "version": version.version,
            **signed(version, people),
        }
        tag = events.REPLY_PUBLISH if version.version == 1 else events.REPLY_CORRECT
        commitment = audit.commit_to(version.salt, content(version))
        entries.append(audit.Entry(tag, events.REPLY_VERSION, version.id, facts, commitment))
    _tell_authors(session, reply_ids)
    return answered, entries


def _mark_answered(session: Session, reply_ids: Sequence[int]) -> int:
    answered = 0
    for start in range(0, len(reply_ids), 500):
        result = session.execute(
            update(Promise)
            .where(Promise.reply_id.in_(reply_ids[start : start + 500]), Promise.answered_on.is_(None))
            .values(answered_on=clock.today())
            .execution_options(synchronize_session=False)
        )
        answered += cast("CursorResult[Any]", result).rowcount
    return answered


def _numbers(session: Session, reply_ids: Sequence[int]) -> dict[int, list[int]]:
    numbers: dict[int, list[int]] = {}
    for start in range(0, len(reply_ids), 500):
        rows = session.execute(
            select(Promise.reply_id, Promise.number)
            .where(Promise.reply_id.in_(reply_ids[start : start + 500]))
            .order_by(Promise.number)
        )
        for reply_id, number in rows:
            numbers.setdefault(cast(int, reply_id), []).append(number)
    return numbers


def _tell_authors(session: Session, reply_ids: Sequence[int]) -> None:
    delete_on = clock.today() + timedelta(days=settings.current().contact_kept_days)
    for start in range(0, len(reply_ids), 500):
        contacts = session.scalars(
            select(Contact)
            .join(Promise, Promise.id == Contact.promise_id)
            .where(Promise.reply_id.in_(reply_ids[start : start + 500]))
        ).all()
        for contact in contacts:
            contact.delete_on = delete_on
            outbox.enqueue(session, "followup.tell_author", {"promise_id": contact.promise_id})


def _working_version(session: Session, reply_id: int) -> ReplyVersion:
    """The newest version of a reply, with the register locked; raises ``reply_state`` later if it is published."""
    reply = find(session, Reply, reply_id)
    if reply is None:
        raise NotFound("reply", reply_id)
    lock_register(session, reply.register_id)
    version = session.scalars(
        select(ReplyVersion)
        .where(ReplyVersion.reply_id == reply_id)
        .order_by(ReplyVersion.version.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if version is None:
        raise NotFound("reply", reply_id)
    return version


def _check_desk(session: Session, reply_id: int) -> None:
    answered = session.execute(
        select(Promise.subject_kind, Promise.subject_id).where(Promise.reply_id == reply_id)
    )
    subjects.check_desk(session, [(kind, id) for kind, id in answered])


def _check_alone(session: Session, reply_id: int) -> None:
    answered = session.execute(
        select(Promise.number, Promise.subject_kind).where(Promise.reply_id == reply_id)
    )
    rules.check_private_alone(dict(answered.all()), subjects.private_kinds())


def _move(version: ReplyVersion, event: ReplyEvent) -> None:
    state = rules.next_reply_state(ReplyState(version.state), event)
    assert state is not None  # discarding deletes and never comes here
    version.state = state.value


def _fill(version: ReplyVersion, text: ReplyText) -> None:
    version.outcome = text.outcome or None
    version.reason = Localized.of(text.reasons, text.language)
    version.change = Localized.of({**text.changes, text.language: text.change}, text.language)
    version.correction_note = Localized.of({**text.notes, text.language: text.correction_note}, text.language)
    original = version.reason.get(text.language)
    version.digest = texts.digest(original.text) if original else None
