"""Drafting and co-signing: a private text that its author changes and members sign, word by word as they read it.

Whoever acts is looked up again inside the transaction: their seat counts on that day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Account
from core import audit, clock, languages, letters, settings
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import Localized, State
from council.models import Member
from council.queries.members import SittingMember, members_of_account, sitting_members
from motions import events
from motions.models.drafting import Cosigner, MotionText, Signature, Suggestion
from motions.models.motions import Motion
from motions.queries.commitments import text_content
from motions.queries.council_rules import rule_on
from motions.queries.parts import standing_of
from motions.rules import drafting, stages
from motions.rules.drafting import PARTS_OF_TEXT, Text
from motions.rules.stages import Act, MotionKind, Part, Stage
from motions.rules.steps import Notice
from motions.rules.topics import Topic
from motions.services.acts import Doing, Locked, lock_motion, note, perform
from motions.services.ending import leave

LANGUAGE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a member begins a draft with; it may take up a suggestion, or follow an earlier motion up."""

    kind: str
    topic: str
    language: str
    text: Text
    suggestion_id: int | None = None
    follows_id: int | None = None


def acting(
    session: Session, locked: Locked, actor: audit.Actor, reason: str = "", language: str = ""
) -> Doing:
    """``actor`` as whoever they are to this motion today."""
    standing = standing_of(session, locked.motion, session.get_one(Account, actor.account_id))
    return Doing(actor, standing.parts, standing.member_id, reason=reason, language=language)


def begin_draft(body_id: int, new: NewDraft, actor: audit.Actor) -> int:
    """Begin a draft that only its author sees; return its id. The same words sent twice are one draft.

    Raises ``seat_missing`` for whoever holds no seat of their own on this council, NotFound for a suggestion or motion of
    another one, and, all together, ``motion_kind_unknown``, ``motion_topic_unknown``, ``language_unknown``,
    ``title_missing``, ``too_long``.
    """
    today = clock.today()
    with write() as session:
        author = _seat(session, body_id, actor)
        _check_facts(new)
        _check_linked(session, body_id, new)
        text = new.text
        known = _same_draft(session, author, new)
        if known is not None:
            return known
        motion = Motion(
            body_id=body_id,
            term_id=author.term_id,
            kind=new.kind,
            topic=new.topic,
            stage=Stage.DRAFT.value,
            stage_since=today,
            author_id=author.member_id,
            language=new.language,
            title=Localized.original(new.language, text.title),
            created_on=today,
            suggestion_id=new.suggestion_id,
            follows_id=new.follows_id,
            created_at=clock.now(),
            modified_at=clock.now(),
        )
        session.add(motion)
        session.flush()
        words = {part: Localized.original(new.language, getattr(text, part)) for part in PARTS_OF_TEXT}
        session.add(_version(motion, 1, words, text))
        return motion.id


def change_text(motion_id: int, revision: int, topic: str, text: Text, actor: audit.Actor) -> bool:
    """Keep changed words as a new version; void what was signed under others, and tell those signers. False: no change.

    ``revision`` is the version that the author had read. Raises Conflict ``motion_changed_meanwhile``, and, all together,
    ``motion_topic_unknown``, ``title_missing``, ``too_long``; what ``rules.stages.check_act`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion, doing = locked.motion, acting(session, locked, actor)
        _may(motion, Act.CHANGE_TEXT, doing)
        _take_along(session, motion, doing)
        if revision != motion.text_version:
            raise Conflict("motion_changed_meanwhile")
        errors = [] if topic in set(Topic) else [DomainError("motion_topic_unknown")]
        try:
            drafting.check_draft(text)
        except DomainError as error:
            errors += error.all()
        raise_all(errors)
        current = words_of(session, motion)
        same = drafting.digest(text) == current.digest
        if same and topic == motion.topic:
            return False
        motion.topic = topic
        if not same:
            _replace(session, locked, current, text)
        _event, entries = perform(session, locked, Act.CHANGE_TEXT, doing)
        audit.append(session, locked.register.chain, entries, actor)
        return True


def translate(
    motion_id: int, digest: str, language: str, text: Text, actor: audit.Actor, *, machine: bool = False
) -> None:
    """Keep a translation of the words with ``digest``, checked or by a machine; it changes no digest and voids nothing.

    By the author, and by the office once everybody may read the text. Raises ``motion_act_not_yours``, Conflict
    ``text_changed``, and, all together, ``translation_language`` and what ``check_translation`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion, doing = locked.motion, acting(session, locked, actor)
        current = words_of(session, motion)
        may = {Part.AUTHOR, Part.OFFICE} if current.public_on else {Part.AUTHOR}
        if may.isdisjoint(doing.parts):
            raise DomainError("motion_act_not_yours", act=Notice.TRANSLATE.value)
        if digest != current.digest:
            raise Conflict("text_changed")
        errors = []
        if language == motion.language or language not in languages.OFFERED:
            errors.append(DomainError("translation_language"))
        try:
            drafting.check_translation(text, plain(motion, current))
        except DomainError as error:
            errors += error.all()
        raise_all(errors)
        state = State.MACHINE if machine else State.CHECKED
        before = {part: getattr(current, part) for part in PARTS_OF_TEXT}
        after = {
            part: known.with_version(language, getattr(text, part), state) for part, known in before.items()
        }
        if after == before:
            return
        for part, translated in after.items():
            setattr(current, part, translated)
        if motion.number is None or current.public_on:
            motion.title = current.title
        as_part = next(each for each in (Part.AUTHOR, Part.OFFICE) if each in may and each in doing.parts)
        doing = Doing(
            doing.actor, doing.parts, doing.member_id, facts={"language": language, "state": state.value}
        )
        if current.public_on:
            _event, entries = note(session, locked, Notice.TRANSLATE, doing, as_part)
            audit.append(session, locked.register.chain, entries, actor)
        motion.modified_at = clock.now()


def invite(motion_id: int, member_ids: Collection[int], actor: audit.Actor) -> int:
    """Ask members of the same council to sign, by mail; return how many were asked who had not been.

    Raises, all together, ``cosigners_chosen_none``, ``foreign_cosigner``, ``own_motion``, and what ``check_text`` and
    ``rules.stages.check_act`` raise: nobody is asked to sign what is not complete.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion, doing = locked.motion, acting(session, locked, actor)
        _may(motion, Act.INVITE, doing)
        _take_along(session, motion, doing)
        sitting = _voting(session, motion.body_id)
        errors = [] if member_ids else [DomainError("cosigners_chosen_none")]
        if motion.author_id in member_ids:
            errors.append(DomainError("own_motion"))
        if not set(member_ids) - {motion.author_id} <= sitting:
            errors.append(DomainError("foreign_cosigner"))
        current = words_of(session, motion)
        try:
            drafting.check_text(plain(motion, current), MotionKind(motion.kind))
        except DomainError as error:
            errors += error.all()
        raise_all(errors)
        asked = 0
        for member_id in sorted(set(member_ids)):
            row = session.get(Cosigner, (motion.id, member_id))
            if row is None:
                session.add(Cosigner(motion_id=motion.id, member_id=member_id, invited_on=clock.today()))
            elif row.declined_on is None:
                continue
            else:
                row.invited_on, row.declined_on = clock.today(), None
            asked += 1
            _write_to(session, member_id, "motions/invited", locked)
        session.flush()
        if asked:
            _event, entries = perform(session, locked, Act.INVITE, doing)
            audit.append(session, locked.register.chain, entries, actor)
        return asked


def withdraw_invitation(motion_id: int, member_id: int, actor: audit.Actor) -> None:
    """Ask a member no longer, who then sees the draft no longer.

    Raises ``motion_act_not_yours``, ``motion_act_not_now``, NotFound, and ``signed_before`` for whoever has signed any of
    its versions: what somebody signed, they may go on reading.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        _may(locked.motion, Act.INVITE, acting(session, locked, actor))
        row = session.get(Cosigner, (motion_id, member_id)) if member_id else None
        if row is None:
            raise NotFound("invitation", member_id)
        signed = select(Signature.id).where(
            Signature.motion_id == motion_id, Signature.member_id == member_id
        )
        if session.scalars(signed).first() is not None:
            raise DomainError("signed_before")
        session.delete(row)


def sign(motion_id: int, read: str, actor: audit.Actor) -> bool:
    """Sign the words with the digest ``read``, and no others. False: they were signed before, and nothing changes.

    Raises ``own_motion``, ``not_invited``, Conflict ``text_changed``, and what ``rules.stages.check_act`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion, doing = locked.motion, acting(session, locked, actor)
        row = session.get(Cosigner, (motion_id, doing.member_id)) if doing.member_id else None
        current = words_of(session, motion)
        invited = [row.member_id] if row else []
        drafting.check_signature(doing.member_id or 0, motion.author_id, invited, read, current.digest)
        assert row is not None  # who was not invited was refused
        _may(motion, Act.SIGN, doing)
        known = session.scalars(
            select(Signature.id).where(
                Signature.motion_id == motion_id,
                Signature.member_id == row.member_id,
                Signature.digest == read,
            )
        ).first()
        if known is not None and row.declined_on is None:
            return False
        row.declined_on = None
        if known is None:
            session.add(
                Signature(motion_id=motion_id, member_id=row.member_id, digest=read, signed_on=clock.today())
            )
        session.flush()
        _event, entries = perform(session, locked, Act.SIGN, doing)
        audit.append(session, locked.register.chain, entries, actor)
        return True


def decline(motion_id: int, actor: audit.Actor) -> None:
    """A member who was asked does not sign, or no longer; until it is handed in. Raises ``not_invited``,
    ``motion_act_not_now``."""
    with write() as session:
        locked = lock_motion(session, motion_id)
        doing = acting(session, locked, actor)
        row = session.get(Cosigner, (motion_id, doing.member_id)) if doing.member_id else None
        if row is None:
            raise DomainError("not_invited")
        stages.next_stage(Stage(locked.motion.stage), Act.SIGN)
        row.declined_on = row.declined_on or clock.today()


def submit(motion_id: int, read: str, actor: audit.Actor) -> int:
    """Hand in the words with the digest ``read``: they are public from now on, committed to, and owed a check.

    Returns the motion's number; the same form sent twice changes nothing. Raises Conflict ``text_changed``,
    ``cosigners_missing`` (``have``, ``need``), and what ``check_text`` and ``rules.stages.check_act`` raise.
    """
    today = clock.today()
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion, doing = locked.motion, acting(session, locked, actor)
        words = words_of(session, motion)
        if motion.stage == Stage.SUBMITTED and Part.AUTHOR in doing.parts and read == words.digest:
            return motion.number or 0
        _may(motion, Act.SUBMIT, doing)
        _take_along(session, motion, doing)
        if read != words.digest:
            raise Conflict("text_changed")
        drafting.check_text(plain(motion, words), MotionKind(motion.kind))
        signed = standing_signatures(session, motion_id)
        fewest = rule_on(session, motion.body_id, today).cosigners
        drafting.check_submission(signed, words.digest, _voting(session, motion.body_id), fewest)
        words.public_on, motion.title = today, words.title
        _event, entries = perform(session, locked, Act.SUBMIT, doing)
        audit.append(session, locked.register.chain, [*entries, publish(words)], actor)
        return motion.number or 0


def withdraw(motion_id: int, reason: str, actor: audit.Actor) -> None:
    """The author takes it back, with a reason. What the office had proposed is taken back, too, and what was being mended.

    Raises what ``rules.stages.check_act`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        doing = acting(session, locked, actor, reason)
        _event, entries = perform(session, locked, Act.WITHDRAW, doing)
        entries += leave(session, locked)
        audit.append(session, locked.register.chain, entries, actor)


def appeal(motion_id: int, reason: str, actor: audit.Actor) -> None:
    """The author asks the council to overrule a refusal. Raises what ``rules.stages.check_act`` raises."""
    with write() as session:
        locked = lock_motion(session, motion_id)
        doing = acting(session, locked, actor, reason)
        _event, entries = perform(session, locked, Act.APPEAL, doing)
        audit.append(session, locked.register.chain, entries, actor)


def carry_over(motion_id: int, actor: audit.Actor) -> None:
    """A member of a later term takes over what lapsed: it is theirs, and of their term; checked anew if it was not admitted.

    Raises ``carry_over_same_term``, ``seat_missing``, and what ``rules.stages.check_act`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion = locked.motion
        doing = acting(session, locked, actor)
        _may(motion, Act.CARRY_OVER, doing)
        seat = _seat(session, motion.body_id, actor)
        if seat.term_id == motion.term_id:
            raise DomainError("carry_over_same_term")
        _event, entries = perform(session, locked, Act.CARRY_OVER, doing)
        motion.author_id, motion.term_id = seat.member_id, seat.term_id
        audit.append(session, locked.register.chain, entries, actor)


def words_of(session: Session, motion: Motion) -> MotionText:
    """The version of the words that counts now."""
    return session.scalars(
        select(MotionText).where(MotionText.motion_id == motion.id, MotionText.version == motion.text_version)
    ).one()


def plain(motion: Motion, words: MotionText) -> Text:
    """The words in the motion's own language."""
    return drafting.own_text(words, motion.language)


def publish(words: MotionText) -> audit.Entry:
    """The audit entry that commits to words which everybody may read from now on."""
    facts: dict[str, object] = {"motion": words.motion_id, "version": words.version, "digest": words.digest}
    commitment = audit.commit_to(words.salt, text_content(words))
    return audit.Entry(events.TEXT_PUBLISH, events.TEXT, words.id, facts, commitment)


def add_version(session: Session, motion: Motion, current: MotionText, text: Text) -> MotionText:
    """Another version of the words: what changed in the motion's language makes its translations outdated, what
    is gone there is gone in all of them."""
    parts = {}
    for part in PARTS_OF_TEXT:
        known: Localized = getattr(current, part)
        written = known.with_version(motion.language, getattr(text, part), State.ORIGINAL)
        parts[part] = written if written.get(motion.language) else Localized()
    last = session.scalars(
        select(func.max(MotionText.version)).where(MotionText.motion_id == motion.id)
    ).one()
    words = _version(motion, (last or 0) + 1, parts, text)
    session.add(words)
    motion.text_version = words.version
    session.flush()
    return words


def standing_signatures(session: Session, motion_id: int) -> list[drafting.Signature]:
    """What was signed, whichever words, by members who were asked and have not declined since."""
    rows = session.scalars(
        select(Signature)
        .join(
            Cosigner,
            (Cosigner.motion_id == Signature.motion_id) & (Cosigner.member_id == Signature.member_id),
        )
        .where(Signature.motion_id == motion_id, Cosigner.declined_on.is_(None))
        .order_by(Signature.id)
    )
    return [drafting.Signature(row.member_id, row.digest, row.signed_on) for row in rows]


def _replace(session: Session, locked: Locked, current: MotionText, text: Text) -> None:
    motion, before = locked.motion, current.digest
    words = add_version(session, motion, current, text)
    if motion.number is None:
        motion.title = words.title
    signed = standing_signatures(session, motion.id)
    stood, _void = drafting.standing(signed, before)
    stands, _void = drafting.standing(signed, words.digest)
    for member_id in sorted(set(stood) - set(stands)):
        _write_to(session, member_id, "motions/void", locked)


def _write_to(session: Session, member_id: int, letter: str, locked: Locked) -> None:
    """Write to a member who signs in; others hear of it in the council."""
    account = session.scalars(
        select(Account)
        .join(Member, Member.account_id == Account.id)
        .where(Member.id == member_id, Account.active)
    ).one_or_none()
    if account is None:
        return
    motion = locked.motion
    letters.send(
        session,
        "email",
        account.email,
        account.language,
        letter,
        title=words_of(session, motion).title.best(account.language).text,
        author=session.get_one(Member, motion.author_id).name,
        body=locked.body.name.best(account.language).text,
        link=f"{settings.current().base_url}/{account.language}/office/motions/{motion.id}/sign",
    )


def _version(motion: Motion, number: int, parts: dict[str, Localized], text: Text) -> MotionText:
    return MotionText(
        motion_id=motion.id,
        version=number,
        **parts,
        digest=drafting.digest(text),
        salt=audit.new_salt(),
        written_on=clock.today(),
    )


def _take_along(session: Session, motion: Motion, doing: Doing) -> None:
    """An author who was elected again goes on drafting on their new seat, in its term."""
    if doing.member_id is not None and doing.member_id != motion.author_id:
        seat = session.get_one(Member, doing.member_id)
        motion.author_id, motion.term_id = seat.id, seat.term_id


def _may(motion: Motion, act: Act, doing: Doing) -> None:
    stages.check_act(Stage(motion.stage), act, MotionKind(motion.kind), doing.parts, reason=doing.reason)


def _same_draft(session: Session, author: SittingMember, new: NewDraft) -> int | None:
    """A draft of this author that says the same and that nobody was asked to sign yet: the form was sent twice."""
    return session.scalars(
        select(Motion.id)
        .join(MotionText, (MotionText.motion_id == Motion.id) & (MotionText.version == Motion.text_version))
        .where(
            Motion.author_id == author.member_id,
            Motion.stage == Stage.DRAFT.value,
            Motion.kind == new.kind,
            Motion.topic == new.topic,
            Motion.language == new.language,
            Motion.suggestion_id.is_not_distinct_from(new.suggestion_id),
            Motion.follows_id.is_not_distinct_from(new.follows_id),
            MotionText.digest == drafting.digest(new.text),
        )
        .order_by(Motion.id)
    ).first()


def _seat(session: Session, body_id: int, actor: audit.Actor) -> SittingMember:
    seats = members_of_account(session, actor.account_id, clock.today())
    seat = next((each for each in seats if each.body_id == body_id and each.voting), None)
    if seat is None:
        raise DomainError("seat_missing")
    return seat


def _voting(session: Session, body_id: int) -> set[int]:
    return {each.member_id for each in sitting_members(session, body_id, clock.today()) if each.voting}


def _check_facts(new: NewDraft) -> None:
    errors = []
    if new.kind not in set(MotionKind):
        errors.append(DomainError("motion_kind_unknown"))
    if new.topic not in set(Topic):
        errors.append(DomainError("motion_topic_unknown"))
    if new.language not in languages.OFFERED:
        errors.append(DomainError("language_unknown", language=new.language[:LANGUAGE_LENGTH]))
    try:
        drafting.check_draft(new.text)
    except DomainError as error:
        errors += error.all()
    raise_all(errors)


def _check_linked(session: Session, body_id: int, new: NewDraft) -> None:
    if new.suggestion_id is not None:
        suggestion = find(session, Suggestion, new.suggestion_id)
        if suggestion is None or suggestion.body_id != body_id:
            raise NotFound("suggestion", new.suggestion_id)
    if new.follows_id is not None:
        earlier = find(session, Motion, new.follows_id)
        if earlier is None or earlier.body_id != body_id or earlier.number is None:
            raise NotFound("motion", new.follows_id)
