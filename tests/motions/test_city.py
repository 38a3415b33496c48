"""The city's side: the very text is forwarded, steps are entered with their papers, corrected openly, carried out and checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Account, Department
from app.commands.audit import check
from core import clock
from core.db import db, write
from core.documents.stored import Checked, StoredDocument, check_upload
from core.errors import DomainError, NotFound
from core.localized import Localized
from motions.models.drafting import MotionText
from motions.models.implementation import Measure
from motions.models.motions import Motion, MotionEvent
from motions.queries import city as read
from motions.queries import motions, statistics
from motions.queries.parts import standing_of
from motions.rules.city import DecisionFacts, PositionFacts, ReportFacts, Votes
from motions.rules.stages import Act, CityDecision, Part, Stage
from motions.services import city, implementation
from motions.services.acts import Doing
from motions.services.implementation import NewMeasure
from tests.accounts.browsers import letters
from tests.city import beginning, everything, found_city, rows, staff
from tests.conftest import TODAY
from tests.core.pdfs import by_hand
from tests.motions.city import at, do, found_council_desk, stage_of, tabled
from tests.motions.meetings import MEETING_DAY, hands, invited, item_of, opened

PAPER = by_hand()
POSITION = PositionFacts("agree_with_additions", "We begin with two schools.", 1_250_050, "It is lawful.")
DECISION = DecisionFacts("partly", "City council", "Two schools, not ten.", Votes(40, 12, 3))


def found_desk() -> int:
    """A council, and an officer of the housing department beside the council's own office."""
    found_city()
    body_id = found_council_desk()
    with write() as session:
        housing = session.scalars(select(Department.id).where(Department.key == "housing")).one()
        other = session.scalars(select(Account).where(Account.handle == "0ff1ce02")).one()
        other.department_id = housing
    return body_id


@pytest.fixture
def desk(app: Flask) -> int:
    return beginning("city desk", found_desk)


def paper(content: bytes = PAPER) -> Checked:
    return check_upload("City paper.pdf", content)


def acting(motion_id: int, who: str = "other officer", **more: Any) -> Doing:
    """Who does something: ``officer`` is the council's office, ``other officer`` the housing department."""
    session = db.session()
    account = session.get_one(Account, staff(who).account_id)
    standing = standing_of(session, session.get_one(Motion, motion_id), account)
    return Doing(staff(who), standing.parts, measures=standing.measures, **{"language": "en", **more})


def forwarded(motion_id: int | None = None, **more: Any) -> int:
    motion_id = motion_id or at(Stage.ADOPTED)
    city.forward(motion_id, "housing", acting(motion_id, "officer", **more))
    return motion_id


def decided(facts: DecisionFacts = DECISION) -> int:
    motion_id = forwarded()
    city.acknowledge(motion_id, "IV-2027/88", acting(motion_id))
    city.file_position(motion_id, POSITION, acting(motion_id))
    city.decide(motion_id, facts, acting(motion_id))
    return motion_id


def planned() -> tuple[int, int]:
    motion_id = decided()
    new = NewMeasure("Train ten guides", "housing", date(2028, 9, 30), 1_200_000)
    return motion_id, implementation.plan(motion_id, new, acting(motion_id))


def claimed() -> int:
    motion_id, measure_id = planned()
    done = ReportFacts("done", "Ten guides work.")
    implementation.update(motion_id, measure_id, done, acting(motion_id), paper())
    implementation.claim_done(motion_id, "Ten guides work.", acting(motion_id), paper())
    return motion_id


def refused(act: Callable[[], object], *codes: str) -> None:
    """``act`` is refused for these reasons, and nothing is changed."""
    before = everything()
    with pytest.raises(DomainError) as error:
        act()
    assert [each.code for each in error.value.all()] == list(codes)
    assert everything() == before


def happened(motion_id: int, kind: str) -> MotionEvent:
    db.session.expire_all()
    return db.session.scalars(
        select(MotionEvent)
        .where(MotionEvent.motion_id == motion_id, MotionEvent.kind == kind)
        .order_by(MotionEvent.sequence.desc())
    ).first() or pytest.fail(f"no {kind}")


# Forwarding ----------------------------------------------------------------------------------------------------------


def test_what_is_forwarded_is_what_the_council_adopted_by_its_fingerprint(desk: int) -> None:
    motion_id = at(Stage.ADOPTED)
    digest = db.session.scalars(select(MotionText.digest).where(MotionText.motion_id == motion_id)).one()
    with write() as session:
        session.get_one(Motion, motion_id).final_digest = digest
    forwarded(motion_id)
    side = read.city_side(db.session(), motion_id)
    assert side is not None
    assert (side.digest, happened(motion_id, "forward").facts["digest"]) == (digest, digest)
    assert db.session.get_one(Motion, motion_id).forwarded_on == TODAY


def test_what_a_recorded_vote_adopted_is_what_goes_to_the_city(desk: int) -> None:
    motion_id = at(Stage.ADMISSIBLE)
    meeting_id = invited(motions=[motion_id])
    with clock.freeze(MEETING_DAY):
        opened(meeting_id)
        hands(item_of(meeting_id, motion_id), 4, 1)
        adopted = db.session.get_one(Motion, motion_id).final_digest
        forwarded(motion_id)
    assert happened(motion_id, "forward").facts["digest"] == adopted is not None


def test_a_question_goes_to_the_city_as_it_was_handed_in(desk: int) -> None:
    motion_id = at(Stage.ADMISSIBLE, tabled(kind="question"))
    forwarded(motion_id)
    digest = db.session.scalars(select(MotionText.digest).where(MotionText.motion_id == motion_id)).one()
    assert db.session.get_one(Motion, motion_id).final_digest == digest


def test_another_text_than_the_adopted_one_is_not_forwarded(desk: int) -> None:
    motion_id = at(Stage.ADOPTED)
    with write() as session:
        session.get_one(Motion, motion_id).final_digest = "0" * 64
    refused(lambda: forwarded(motion_id), "forwarded_text_differs")


def test_the_city_cannot_forward_to_itself_and_nobody_forwards_to_nobody(desk: int) -> None:
    motion_id = at(Stage.ADOPTED)
    refused(lambda: city.forward(motion_id, "nowhere", acting(motion_id, "officer")), "department_unknown")
    refused(lambda: city.forward(motion_id, "housing", acting(motion_id)), "motion_act_not_yours")


# The city's steps ----------------------------------------------------------------------------------------------------


def test_the_department_enters_its_steps_and_everybody_reads_them(desk: int) -> None:
    motion_id = decided()
    side = read.city_side(db.session(), motion_id)
    assert side
    assert side.acknowledged
    assert side.position
    assert side.decision
    assert side.acknowledged.facts["reference"] == "IV-2027/88"
    assert side.position.text("text").best("en").text == "We begin with two schools."
    assert (side.position.facts["cents"], side.position.part) == (1_250_050, "city")
    assert (side.decision.facts["yes"], side.decision.facts["no"], side.is_decided) == (40, 12, True)
    motion = db.session.get_one(Motion, motion_id)
    assert (motion.position, motion.city_decision) == ("agree_with_additions", "partly")
    assert (motion.position_on, motion.decided_on) == (TODAY, TODAY)
    assert [result.finding for result in check(db.session())[0] if result.finding] == []


def test_the_office_enters_a_step_for_the_city_only_with_its_paper(desk: int) -> None:
    motion_id = forwarded()
    for_city = acting(motion_id, "officer")
    refused(lambda: city.acknowledge(motion_id, "IV-2027/88", for_city), "city_source_missing")
    city.acknowledge(motion_id, "IV-2027/88", for_city, paper())
    city.file_position(motion_id, POSITION, for_city, paper())
    side = read.city_side(db.session(), motion_id)
    assert side
    assert side.acknowledged
    assert side.position
    assert (side.acknowledged.part, side.position.part) == ("office", "office")
    assert side.acknowledged.document == side.position.document, "the same bytes are stored once"
    assert len(rows(StoredDocument)) == 1


def test_members_and_strangers_enter_nothing_for_the_city(desk: int) -> None:
    motion_id = forwarded()
    stranger = Doing(staff("clerk"), frozenset({Part.CLERK, Part.MEMBER}), language="en")
    refused(lambda: city.acknowledge(motion_id, "1", stranger), "motion_act_not_yours")


@pytest.mark.parametrize("days", [-1, 1])
def test_days_out_of_order_change_nothing(desk: int, days: int) -> None:
    motion_id = forwarded()
    day = TODAY + timedelta(days=days)
    refused(lambda: city.acknowledge(motion_id, "1", acting(motion_id, day=day)), "day_of_act_wrong")


def test_steps_that_are_entered_late_one_after_the_other_keep_their_days(desk: int) -> None:
    motion_id = forwarded()
    with clock.freeze(date(2027, 12, 20)):
        city.acknowledge(motion_id, "1", acting(motion_id, day=date(2027, 9, 20)))
        city.file_position(motion_id, POSITION, acting(motion_id, day=date(2027, 10, 30)))
        city.decide(motion_id, DECISION, acting(motion_id, day=date(2027, 12, 1)))
        met = {each.step: each.debt for each in motions.owed(db.session(), motion_id) if each.met}
        assert met["position"].answered_on == date(2027, 10, 30)
        assert (met["position"].opened_on, met["position"].due_on) == (date(2027, 9, 20), date(2027, 11, 1))
        assert met["decision"].answered_on == date(2027, 12, 1)


def test_contradictory_votes_of_the_city_change_nothing(desk: int) -> None:
    motion_id = forwarded()
    city.acknowledge(motion_id, "1", acting(motion_id))
    city.file_position(motion_id, POSITION, acting(motion_id))
    wrong = DecisionFacts("noted_without_vote", "Committee", votes=Votes(3, 1))
    refused(lambda: city.decide(motion_id, wrong, acting(motion_id)), "city_votes_without_decision")


# More time, other departments ----------------------------------------------------------------------------------------


def step_of(motion_id: int, step: str) -> int:
    return next(
        each.id for each in motions.owed(db.session(), motion_id) if each.step == step and not each.met
    )


def test_a_step_gets_more_time_once_before_its_day_with_a_reason(desk: int) -> None:
    motion_id = forwarded()
    step_id, later = step_of(motion_id, "acknowledgement"), TODAY + timedelta(days=30)
    refused(lambda: city.extend(motion_id, step_id, later, acting(motion_id)), "extension_reason_missing")
    city.extend(motion_id, step_id, later, acting(motion_id, reason="The post is on strike."))
    again = acting(motion_id, reason="Still.")
    refused(lambda: city.extend(motion_id, step_id, later + timedelta(days=9), again), "extended_before")
    side = read.city_side(db.session(), motion_id)
    assert side
    assert [(each.step, each.until) for each in side.extensions] == [("acknowledgement", later)]
    assert motions.owed(db.session(), motion_id)[-1].debt.due_on == later


def test_after_its_day_no_step_gets_more_time(desk: int) -> None:
    motion_id = forwarded()
    step_id = step_of(motion_id, "acknowledgement")
    with clock.freeze(date(2027, 9, 22)):
        late = acting(motion_id, reason="Sorry.")
        refused(lambda: city.extend(motion_id, step_id, date(2027, 12, 1), late), "extension_too_late")


def test_another_department_takes_over_what_is_owed_by_the_same_days(desk: int) -> None:
    with write() as session:
        for account in session.scalars(select(Account)):
            account.password = "set"
    motion_id = forwarded()
    before = motions.owed(db.session(), motion_id)[-1].debt.due_on
    refused(lambda: city.pass_on(motion_id, "integration", acting(motion_id)), "motion_reason_missing")
    reason = acting(motion_id, reason="Schools are theirs.")
    refused(lambda: city.pass_on(motion_id, "housing", reason), "department_same")
    city.pass_on(motion_id, "integration", reason)
    debt = motions.owed(db.session(), motion_id)[-1].debt
    assert (debt.department.best("en").text, debt.due_on) == ("Integration Office", before)
    told = [letter for letter in letters() if "your department is responsible now" in letter["subject"]]
    assert [letter["recipient"] for letter in told] == ["0ff1ce01@lindhafen.example"]
    assert "Schools are theirs." in told[0]["body"]
    assert "The city’s receipt: due on" in told[0]["body"]


# Corrections ---------------------------------------------------------------------------------------------------------


def test_what_was_entered_wrongly_is_set_right_by_a_new_event_and_stays_readable(desk: int) -> None:
    motion_id = decided()
    wrong = happened(motion_id, "file_position")
    right = city.position_facts(PositionFacts("reject", "We cannot pay."), "en")
    refused(lambda: city.correct(motion_id, wrong.id, right, acting(motion_id)), "motion_reason_missing")
    city.correct(motion_id, wrong.id, right, acting(motion_id, reason="A slip of the mouse."))
    side = read.city_side(db.session(), motion_id)
    assert side
    assert side.position
    assert side.position.facts["position"] == db.session.get_one(Motion, motion_id).position == "reject"
    assert (side.position.corrected_on, side.position.day) == (TODAY, TODAY)
    assert happened(motion_id, "file_position").facts["position"] == "agree_with_additions"
    again = acting(motion_id, reason="Once more.")
    refused(lambda: city.correct(motion_id, wrong.id, right, again), "correction_twice")
    city.correct(motion_id, side.position.event_id, right, again)
    assert [each.corrected_by is not None for each in motions.history(db.session(), motion_id)].count(
        True
    ) == 2


def test_a_correction_never_sends_the_motion_another_way(desk: int) -> None:
    motion_id = decided()
    event = happened(motion_id, "decide")
    reason = acting(motion_id, reason="It was only noted.")
    noted = city.decision_facts(DecisionFacts("noted_without_vote", "Committee"), "en")
    refused(lambda: city.correct(motion_id, event.id, noted, reason), "correction_moves")
    adopted = city.decision_facts(DecisionFacts("adopted", "City council"), "en")
    city.correct(motion_id, event.id, adopted, reason)
    assert db.session.get_one(Motion, motion_id).city_decision == "adopted"


def test_only_the_city_s_own_steps_of_this_motion_are_corrected(desk: int) -> None:
    motion_id, other = decided(), forwarded()
    reason = acting(motion_id, reason="Wrong.")
    adoption = happened(motion_id, "adopt").id
    refused(lambda: city.correct(motion_id, adoption, {}, reason), "correction_not_possible")
    before = everything()
    with pytest.raises(NotFound):
        city.correct(motion_id, happened(other, "forward").id, {}, reason)
    assert everything() == before


# Implementation ------------------------------------------------------------------------------------------------------


def test_measures_are_planned_reported_on_delayed_and_shown(desk: int) -> None:
    motion_id, measure_id = planned()
    assert {each.step for each in motions.owed(db.session(), motion_id) if not each.met} == {"update"}
    with clock.freeze(date(2027, 12, 1)):
        late = ReportFacts("delayed", "Nobody applied.", date(2029, 1, 31))
        implementation.update(motion_id, measure_id, late, acting(motion_id))
        side = read.city_side(db.session(), motion_id)
        assert side
        (measure,) = side.measures
        assert (measure.state, measure.due_on, measure.stalled) == ("delayed", date(2029, 1, 31), False)
        assert measure.next_report
        assert measure.next_report.due_on == date(2028, 3, 1)
        (report,) = measure.reports
        assert (report.from_day, report.due_on) == (date(2028, 9, 30), date(2029, 1, 31))
    with clock.freeze(date(2028, 6, 2)):
        assert (read.city_side(db.session(), motion_id) or pytest.fail("none")).measures[0].stalled


def both_measures() -> tuple[int, int, int]:
    """A motion of the housing department, a measure of its own, and one of the council's own office."""
    motion_id, ours = planned()
    new = NewMeasure("Translate ten forms", "integration", date(2028, 9, 30))
    return motion_id, ours, implementation.plan(motion_id, new, acting(motion_id))


def test_who_carries_out_one_measure_reports_on_it_and_enters_nothing_else_for_the_city(desk: int) -> None:
    motion_id, ours, theirs = both_measures()
    office = acting(motion_id, "officer", reason="It must be so.")
    assert office.parts == {Part.OFFICE}
    new = NewMeasure("Print ten forms", "housing", date(2028, 9, 30))
    refused(lambda: implementation.plan(motion_id, new, office), "city_source_missing")
    stopped = ReportFacts("stopped", "Nobody wants it.")
    refused(lambda: implementation.update(motion_id, ours, stopped, office), "city_source_missing")
    for kind, facts in (
        ("file_position", city.position_facts(POSITION, "en")),
        ("decide", city.decision_facts(DECISION, "en")),
    ):
        event = happened(motion_id, kind).id
        refused(
            lambda event=event, facts=facts: city.correct(motion_id, event, facts, office),  # type: ignore[misc]
            "city_source_missing",
        )
    steps = {each.measure_id: each.id for each in motions.owed(db.session(), motion_id) if not each.met}
    later = TODAY + timedelta(days=200)
    refused(lambda: city.extend(motion_id, steps[ours], later, office), "city_source_missing")
    city.extend(motion_id, steps[theirs], later, office)
    assert happened(motion_id, "extend").part == "city"
    implementation.update(motion_id, theirs, ReportFacts("running", "Three are done."), office)
    assert happened(motion_id, "update").part == "city"
    implementation.update(motion_id, ours, stopped, office, paper())
    assert happened(motion_id, "update").part == "office"


def test_another_department_with_a_measure_does_nothing_but_report_on_it(desk: int) -> None:
    motion_id, ours, theirs = both_measures()
    with write() as session:
        session.get_one(Motion, motion_id).department_id = None
        culture = Department(key="culture", name=Localized.original("en", "Culture Office"))
        session.add(culture)
        session.flush()
        session.get_one(Measure, theirs).department_id = culture.id
        session.get_one(Account, staff("other officer").account_id).department_id = culture.id
    who = acting(motion_id, reason="It must be so.")
    assert (who.parts, who.measures) == (frozenset(), {theirs})
    event = happened(motion_id, "file_position").id
    position = city.position_facts(POSITION, "en")
    new = NewMeasure("Print ten forms", "culture", date(2028, 9, 30))
    report = ReportFacts("running", "Three are done.")
    owed = {each.measure_id: each.id for each in motions.owed(db.session(), motion_id) if not each.met}
    for act in (
        lambda: implementation.plan(motion_id, new, who, paper()),
        lambda: implementation.update(motion_id, ours, report, who, paper()),
        lambda: city.extend(motion_id, owed[ours], TODAY + timedelta(days=200), who, paper()),
        lambda: city.correct(motion_id, event, position, who, paper()),
        lambda: city.pass_on(motion_id, "culture", who),
    ):
        refused(act, "motion_act_not_yours")
    implementation.update(motion_id, theirs, report, who)
    assert happened(motion_id, "update").part == "city"


def test_the_city_claims_with_evidence_and_only_once_every_measure_is_done(desk: int) -> None:
    motion_id, measure_id = planned()
    refused(
        lambda: implementation.claim_done(motion_id, "All done.", acting(motion_id), paper()),
        "measures_unfinished",
    )
    done = ReportFacts("done", "Ten guides work.")
    refused(
        lambda: implementation.update(motion_id, measure_id, done, acting(motion_id)),
        "city_evidence_missing",
    )
    implementation.update(motion_id, measure_id, done, acting(motion_id), paper())
    refused(
        lambda: implementation.claim_done(motion_id, "All done.", acting(motion_id)), "city_evidence_missing"
    )
    implementation.claim_done(motion_id, "All done.", acting(motion_id), paper())
    (claim,) = read.to_verify(db.session())
    assert (claim.motion_id, claim.meetings_left) == (motion_id, 2)


def test_the_city_and_the_office_neither_verify_nor_close(desk: int) -> None:
    motion_id = claimed()
    for who in ("officer", "other officer"):
        refused(lambda who=who: do(motion_id, Act.VERIFY, who), "motion_act_not_yours")  # type: ignore[misc]
        closing = acting(motion_id, who, reason="Done.")
        refused(
            lambda doing=closing: city.close(motion_id, doing), "motion_act_not_now", "motion_act_not_yours"
        )  # type: ignore[misc]


def test_a_dispute_opens_it_again_and_the_city_owes_reports(desk: int) -> None:
    motion_id = claimed()
    assert not [each for each in motions.owed(db.session(), motion_id) if not each.met]
    do(motion_id, Act.DISPUTE, "clerk", reason="Two schools have nobody.")
    assert stage_of(motion_id) is Stage.DISPUTED
    (measure,) = rows(Measure)
    assert measure.state == "running"
    assert [each.step for each in motions.owed(db.session(), motion_id) if not each.met] == ["update"]
    assert read.to_verify(db.session()) == []
    done = ReportFacts("done", "Now they do.")
    implementation.update(motion_id, measure.id, done, acting(motion_id), paper())
    implementation.claim_done(motion_id, "Now all is done.", acting(motion_id), paper())
    do(motion_id, Act.VERIFY, "clerk")
    follow_up = tabled()
    number = db.session.get_one(Motion, follow_up).number
    own = db.session.get_one(Motion, motion_id).number
    closing = Doing(staff("clerk"), frozenset({Part.CLERK}), language="en", reason="The rest comes next.")
    refused(lambda: city.close(motion_id, closing, own), "follow_up_unknown")
    city.close(motion_id, closing, number)
    assert db.session.get_one(Motion, follow_up).follows_id == motion_id
    assert stage_of(motion_id) is Stage.CLOSED


# Statistics and the desk ---------------------------------------------------------------------------------------------


def test_what_was_noted_stays_out_of_the_decided(desk: int) -> None:
    decided()
    noted = decided(DecisionFacts("noted_without_vote", "Committee for schools"))
    with clock.freeze(TODAY + timedelta(days=10)):
        rejected = forwarded()
    with clock.freeze(TODAY + timedelta(days=40)):
        city.acknowledge(rejected, "7", acting(rejected))
        city.file_position(rejected, POSITION, acting(rejected))
    with clock.freeze(TODAY + timedelta(days=60)):
        city.decide(rejected, DecisionFacts("rejected", "City council"), acting(rejected))
    side = read.city_side(db.session(), noted)
    assert side
    assert not side.is_decided
    (housing,) = statistics.by_department(db.session(), desk)
    found = housing.figures
    assert housing.name.best("en").text == "Housing Office"
    assert (found.forwarded, found.ended, found.decided, found.noted) == (3, 3, 2, 1)
    assert (found.median_to_position, found.median_to_decision) == (0, 25)
    assert (found.share_decided, found.share_not_decided) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_a_department_sees_what_it_owes_and_the_council_s_office_what_all_owe(desk: int) -> None:
    motion_id = forwarded()
    tabled()  # its check is the office's own, and no matter of the city
    departments = {each.key: each.id for each in rows(Department)}
    for key in ("housing", "integration"):
        lines = read.owed_by(db.session(), departments[key])
        assert [(each.motion_id, each.step) for each in lines] == [(motion_id, "acknowledgement")]
    city.acknowledge(motion_id, "1", acting(motion_id))
    lines = read.owed_by(db.session(), departments["housing"])
    assert [each.step for each in lines] == ["position", "decision"], "the first due day first"


def test_every_outcome_of_the_city_can_be_entered(desk: int) -> None:
    for decision in CityDecision:
        motion_id = decided(DecisionFacts(decision.value, "City council", "In these words."))
        assert db.session.get_one(Motion, motion_id).city_decision == decision.value
