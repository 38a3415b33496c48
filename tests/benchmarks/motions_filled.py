"""Thousands of motions at once: two councils, four terms, twelve departments, texts in seven languages, all stages."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select, text, update

from accounts.models import Department
from core import clock
from core.db import db, write
from core.localized import Localized, State
from core.texts import fold
from council.models import Body, Member, SeatClass, Term
from followup.models import Promise, Register
from motions.models.drafting import MotionText, Signature
from motions.models.motions import Motion, MotionEvent, MotionStep
from motions.models.register import FoldedText, Sponsor
from motions.rules.deadlines import Step, due_on
from motions.rules.register import place_of

DEPARTMENTS, TERMS, SEATS, YEARS = 12, 4, 22, 4
TOPICS = [
    "housing",
    "schools",
    "language",
    "work",
    "health",
    "offices",
    "discrimination",
    "culture",
    "transport",
    "participation",
    "other",
]
KINDS = ["motion"] * 14 + ["question"] * 4 + ["statement", "budget_request"]
WORDS = {
    "en": "school interpreter bus stop office hours waiting room child parents course evening garden street light rent"
    " flat doctor letter form counter advice centre library bench crossing noise playground teacher ticket desk",
    "de": "Schule Dolmetscher Haltestelle Sprechstunde Wartezimmer Kinder Eltern Abendkurs Garten Laterne Miete Wohnung"
    " Ärztin Brief Formular Schalter Beratung Bücherei Bank Kreuzung Lärm Spielplatz Lehrerin Fahrkarte Amt",
    "ar": "مدرسة مترجم موقف حافلة مكتب غرفة انتظار أطفال آباء دورة مسائية حديقة شارع إيجار شقة طبيبة رسالة استمارة",
    "fa": "مدرسه مترجم ایستگاه اداره اتاق کودکان والدین کلاس باغ خیابان اجاره آپارتمان پزشک نامه فرم",
    "uk": "школа перекладач зупинка кабінет діти батьки курс сад вулиця оренда квартира лікарка лист бланк",
    "tr": "okul çevirmen durak daire bekleme odası çocuklar veliler kurs bahçe sokak kira ev doktor mektup form",
    "zh": "学校总是需要口译员 家长晚会 公交车站 办公时间 候诊室 儿童课程 花园街道 租金公寓 医生来信",
}
WAY = (
    ("submit", "submitted"),
    ("admit", "admissible"),
    ("schedule", "scheduled"),
    ("adopt", "adopted"),
    ("forward", "forwarded"),
    ("acknowledge", "acknowledged"),
    ("file_position", "position_filed"),
    ("decide", "decided"),
    ("plan", "implementing"),
    ("claim_done", "claimed_done"),
    ("verify", "verified"),
    ("close", "closed"),
)
ENDS = {"rejected": ("reject", 3), "withdrawn": ("withdraw", 2), "postponed": ("postpone", 3)}
OWED = {"submit": [Step.ADMISSIBILITY], "forward": [Step.ACKNOWLEDGEMENT], "decide": [Step.PLAN]}
OWED["acknowledge"] = [Step.POSITION, Step.DECISION]
MET = {
    Step.ADMISSIBILITY: "admit",
    Step.ACKNOWLEDGEMENT: "acknowledge",
    Step.POSITION: "file_position",
    Step.DECISION: "decide",
    Step.PLAN: "plan",
}
RARE = 40
"""So many motions have a word that no other has, and as many are late, however many there are: both sizes fill a page."""
DECISIONS = ("adopted", "partly", "rejected", "noted_without_vote", "settled_by_office")


def fill(size: int, today: date) -> None:
    """Put ``size`` motions into an empty city, the newest of them tabled lately."""
    chance = random.Random(6)
    _found(today)
    session = db.session()
    terms = session.execute(select(Term.id, Term.body_id, Term.begins_on).order_by(Term.begins_on)).all()
    members: dict[int, list[int]] = {}
    for id, term_id in session.execute(select(Member.id, Member.term_id).order_by(Member.id)):
        members.setdefault(term_id, []).append(id)
    first = terms[0].begins_on
    numbers: dict[int, int] = {}
    rows: dict[Any, list[dict[str, Any]]] = {}
    for n in range(1, size + 1):
        day = first + timedelta(days=(today - first).days * n // (size + 1))
        term = [each for each in terms if each.begins_on <= day][-1]
        _motion(chance, n, day, today, term, members[term.id], numbers, rows, size)
    answered = [{"id": row["id"], "answered": row.pop("answered_on")} for row in rows[Promise]]
    with write() as session:
        for register_id, number in numbers.items():
            session.execute(update(Register).where(Register.id == register_id).values(last_number=number))
        for table in (Motion, MotionText, Signature, MotionEvent, MotionStep, Promise, FoldedText, Sponsor):
            for start in range(0, len(rows[table]), 5_000):
                session.execute(insert(table), rows[table][start : start + 5_000])
        met = [{"key": row["id"], "day": row["answered"]} for row in answered if row["answered"]]
        if met:  # a promise opens unanswered
            session.connection().execute(
                update(Promise.__table__)  # type: ignore[arg-type]
                .where(Promise.__table__.c.id == bindparam("key"))
                .values(answered_on=bindparam("day")),
                met,
            )
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("INSERT INTO motions_search (motions_search) VALUES ('rebuild')"))
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _found(today: date) -> None:
    """A council, its terms with members, and the departments of the city."""
    with write() as session:
        for n in range(1, DEPARTMENTS + 1):
            session.add(Department(key=f"office-{n:02d}", name=Localized.original("de", f"Amt {n}")))
        register = Register(code="MC", kind="council", last_number=0)
        session.add(register)
        session.flush()
        body = Body(
            key="migrant-council",
            register_id=register.id,
            department_id=1,
            language="de",
            name=Localized.of({"de": "Migrationsbeirat", "en": "Migrant Council"}, "de"),
            about=Localized(),
            created_on=today,
        )
        session.add(body)
        session.flush()
        seats = SeatClass(
            body_id=body.id,
            key="elected",
            way="elected",
            name=Localized.original("de", "Gewählte"),
            position=1,
        )
        session.add(seats)
        session.flush()
        for n in range(TERMS):
            begins = date(today.year - YEARS * (TERMS - n) + 1, 1, 1)
            term = Term(
                body_id=body.id, number=n + 1, begins_on=begins, ends_on=date(begins.year + YEARS - 1, 12, 31)
            )
            session.add(term)
            session.flush()
            session.add_all(
                Member(
                    term_id=term.id, seat_class_id=seats.id, name=f"Member {n + 1}-{seat}", since_on=begins
                )
                for seat in range(SEATS)
            )


def _motion(
    chance: random.Random,
    n: int,
    day: date,
    today: date,
    term: Any,
    members: list[int],
    numbers: dict[int, int],
    rows: dict[Any, list[dict[str, Any]]],
    size: int,
) -> None:
    def add(table: Any, **values: Any) -> int:
        found = rows.setdefault(table, [])
        found.append({"id": len(found) + 1, **values})
        return len(found)

    def number() -> int:
        numbers[1] = numbers.get(1, 0) + 1
        return numbers[1]

    late = n % (size // RARE) == 1
    ended = chance.choice(list(ENDS)) if chance.random() < 0.2 and not late else None
    far = ENDS[ended][1] if ended else min(chance.randint(0, 14), len(WAY) - 1)
    if late:
        far = [act for act, _stage in WAY].index("forward")
    way = [*WAY[:far], (ENDS[ended][0], ended)] if ended else list(WAY[: far + 1])
    acts = {act: day + timedelta(days=14 * place) for place, (act, _stage) in enumerate(way)}
    acts = {act: min(when, today) for act, when in acts.items()}
    decision = chance.choice(DECISIONS) if "decide" in acts else None
    if "plan" in acts:
        decision = chance.choice(DECISIONS[:2])
    author = chance.choice(members)
    department = chance.randint(2, DEPARTMENTS) if "forward" in acts else None
    moment = datetime.combine(acts[way[-1][0]], time(), ZoneInfo("UTC"))
    words = _words(chance)
    rare = n % (size // RARE) == 0
    if rare:
        words["reasons"] = Localized.original("en", "The old lighthouse.")
    own = number()
    digest = f"{n:064x}"
    add(
        Motion,
        body_id=1,
        term_id=term.id,
        number=own,
        kind=chance.choice(KINDS) if far < 4 else "motion",
        topic="housing" if rare else chance.choice(TOPICS),
        stage=way[-1][1],
        stage_since=acts[way[-1][0]],
        author_id=author,
        language=words["title"].versions[0].language,
        department_id=department,
        text_version=1,
        title=words["title"],
        created_on=day,
        submitted_on=day,
        dealt_on=acts.get("adopt") or acts.get("reject"),
        returns_on=today + timedelta(days=30) if ended == "postponed" else None,
        final_digest=digest if "adopt" in acts else None,
        forwarded_on=acts.get("forward"),
        position="agree" if "file_position" in acts else None,
        position_on=acts.get("file_position"),
        city_decision=decision,
        decided_on=acts.get("decide"),
        closed_on=acts.get("close"),
        suggestion_id=None,
        follows_id=None,
        created_at=moment,
        modified_at=moment,
    )
    add(MotionText, motion_id=n, version=1, digest=digest, salt=b"1", written_on=day, public_on=day, **words)
    signers = chance.sample([each for each in members if each != author], 2)
    for member in signers:
        add(Signature, motion_id=n, member_id=member, digest=digest, signed_on=day)
    facts = {"file_position": {"position": "agree"}, "decide": {"decision": decision or ""}}
    happened = {
        act: _event(add, n, place, act, stage, acts, author, facts.get(act, {}))
        for place, (act, stage) in enumerate(way)
    }
    for act, owed in OWED.items():
        if act in acts and (act != "decide" or decision in DECISIONS[:2]):
            for step in owed:
                _step(
                    add, n, step, acts, act, happened, own if act == "submit" else number(), department, late
                )
    folded = " ".join(
        dict.fromkeys(fold(" ".join(each.text for part in words.values() for each in part.versions)).split())
    )
    place = place_of(day, n)
    rows.setdefault(FoldedText, []).append({"motion_id": n, "place": place, "folded": folded})
    rows.setdefault(Sponsor, []).extend(
        {"member_id": member, "place": place, "motion_id": n} for member in (author, *signers)
    )


def _event(
    add: Callable[..., int],
    n: int,
    place: int,
    act: str,
    stage: str,
    acts: dict[str, date],
    author: int,
    facts: dict[str, str],
) -> int:
    return add(
        MotionEvent,
        motion_id=n,
        sequence=place + 1,
        kind=act,
        stage=stage,
        day=acts[act],
        entered_on=acts[act],
        public=True,
        part="author" if act == "submit" else "office",
        role="member" if act == "submit" else "officer",
        handle="0ff1ce01",
        member_id=author if act == "submit" else None,
        reason=Localized(),
        facts=facts,
        vote_id=None,
        measure_id=None,
        document_id=None,
        corrects_id=None,
    )


def _step(
    add: Callable[..., int],
    n: int,
    step: Step,
    acts: dict[str, date],
    act: str,
    happened: dict[str, int],
    number: int,
    department: int | None,
    late: bool,
) -> None:
    met = MET[step]
    over = [each for each in ("withdraw", "close", "verify") if each in acts]
    ended = met if met in acts else (over[0] if over else None)
    if ended is None and not late and acts[act] < clock.today() - timedelta(days=150):
        ended = list(acts)[-1]  # what is old and open is rare: only lately forwarded motions are late
    id = add(
        MotionStep,
        motion_id=n,
        step=step.value,
        measure_id=None,
        number=number,
        opened_by_id=happened[act],
        met_by_id=happened[ended] if ended else None,
    )
    add(
        Promise,
        register_id=1,
        number=number,
        kind="step",
        subject_kind="motions.step",
        subject_id=id,
        department_id=department or 1,
        opened_on=acts[act],
        due_on=max(due_on(step, acts[act], ()), acts[act]),
        answered_on=acts[ended] if ended else None,
        reply_id=None,
        extended_from=None,
        extended_on=None,
        extension_reason=Localized(),
    )


def _words(chance: random.Random) -> dict[str, Localized]:
    """Title, text and reasons in one language, every third motion with a translation."""
    language = chance.choice(("de", "de", "de", "en", "en", *WORDS))
    other = chance.choice([each for each in WORDS if each != language]) if chance.random() < 0.34 else None

    def part(length: int) -> Localized:
        found = Localized.original(language, _sentence(chance, language, length))
        return found.with_version(other, _sentence(chance, other, length), State.MACHINE) if other else found

    return {
        "title": part(5),
        "text": part(chance.randint(40, 160)),
        "reasons": part(chance.randint(20, 80)),
        "costs": Localized(),
    }


def _sentence(chance: random.Random, language: str, length: int) -> str:
    known = WORDS[language].split()
    weights = [1 / (place + 1) for place in range(len(known))]
    found = chance.choices(known, weights, k=length)
    # Names and compounds that few texts share, as real ones have.
    found += [
        f"{chance.choice(known)}{chance.choice(known)}{chance.randint(1, 400)}" for _ in range(length // 8)
    ]
    if chance.random() < 0.05:
        found.append("wheelchair")
    chance.shuffle(found)
    return " ".join(found)
