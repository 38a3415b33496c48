"""Every stage, act, kind and part: what may be done with a motion and by whom, written by hand from the state table.

Source: ``reference/motions.md`` section 2. Whatever a table below does not list is refused.
"""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import DomainError
from motions.rules import stages
from motions.rules.deadlines import Step
from motions.rules.stages import REASON_LENGTH, Act, CityDecision, MotionKind, Part, Stage
from motions.rules.steps import owed_after

WAY = """
draft           change_text     draft
draft           invite          cosigning
draft           withdraw        withdrawn
cosigning       invite          cosigning
cosigning       change_text     cosigning
cosigning       sign            cosigning
cosigning       submit          submitted
cosigning       withdraw        withdrawn
cosigning       lapse           lapsed
submitted       admit           admissible
submitted       return          returned
submitted       refuse          inadmissible
submitted       withdraw        withdrawn
submitted       lapse           lapsed
returned        change_text     cosigning
returned        withdraw        withdrawn
returned        lapse           lapsed
inadmissible    appeal          appealed
inadmissible    withdraw        withdrawn
inadmissible    lapse           lapsed
inadmissible    close           closed
appealed        uphold_appeal   admissible
appealed        dismiss_appeal  closed
appealed        withdraw        withdrawn
appealed        lapse           lapsed
admissible      schedule        scheduled
admissible      forward         forwarded
admissible      withdraw        withdrawn
admissible      lapse           lapsed
scheduled       take_off        admissible
scheduled       adopt           adopted
scheduled       adopt_amended   adopted_amended
scheduled       reject          rejected
scheduled       refer           referred
scheduled       postpone        postponed
scheduled       withdraw        withdrawn
scheduled       lapse           lapsed
referred        schedule        scheduled
referred        withdraw        withdrawn
referred        lapse           lapsed
postponed       schedule        scheduled
postponed       withdraw        withdrawn
postponed       lapse           lapsed
adopted         forward         forwarded
adopted_amended forward         forwarded
rejected        close           closed
withdrawn       close           closed
lapsed          carry_over      admissible
lapsed          close           closed
forwarded       acknowledge     acknowledged
forwarded       extend          forwarded
acknowledged    file_position   position_filed
acknowledged    extend          acknowledged
acknowledged    close           closed
position_filed  decide          decided
position_filed  extend          position_filed
position_filed  close           closed
decided         plan            implementing
decided         extend          decided
decided         close           closed
implementing    plan            implementing
implementing    update          implementing
implementing    extend          implementing
implementing    claim_done      claimed_done
claimed_done    verify          verified
claimed_done    dispute         disputed
disputed        update          implementing
disputed        claim_done      claimed_done
verified        close           closed
closed          reopen          admissible
"""

PARTS = {
    "invite": {"author"},
    "change_text": {"author"},
    "sign": {"member"},
    "submit": {"author"},
    "admit": {"office"},
    "return": {"office"},
    "refuse": {"office"},
    "appeal": {"author"},
    "uphold_appeal": {"clerk"},
    "dismiss_appeal": {"clerk"},
    "schedule": {"chair", "clerk", "clock"},
    "take_off": {"chair", "clerk"},
    "adopt": {"clerk"},
    "adopt_amended": {"clerk"},
    "reject": {"clerk"},
    "refer": {"clerk"},
    "postpone": {"clerk"},
    "withdraw": {"author"},
    "lapse": {"clerk", "clock"},
    "carry_over": {"member", "author"},
    "forward": {"office"},
    "acknowledge": {"city", "office"},
    "file_position": {"city", "office"},
    "decide": {"city", "office"},
    "extend": {"city", "office"},
    "plan": {"city", "office"},
    "update": {"city", "office"},
    "claim_done": {"city", "office"},
    "verify": {"clerk"},
    "dispute": {"clerk"},
    "close": {"clerk"},
    "reopen": {"clerk"},
}

CARRIED = """
cosigning       submitted
submitted       submitted
returned        submitted
inadmissible    submitted
appealed        submitted
admissible      admissible
scheduled       admissible
referred        admissible
postponed       admissible
"""
"""Where a motion lapsed, and where whoever takes it over finds it."""

ONLY = {
    # act and stage: the kinds for which it is open; all others may not
    ("admissible", "forward"): {"question"},
    ("admissible", "schedule"): {"motion", "statement", "budget_request"},
    ("referred", "schedule"): {"motion", "statement", "budget_request"},
    ("postponed", "schedule"): {"motion", "statement", "budget_request"},
    ("adopted", "forward"): {"motion", "statement", "budget_request"},
    ("adopted_amended", "forward"): {"motion", "statement", "budget_request"},
    ("acknowledged", "file_position"): {"motion", "question", "budget_request"},
    ("acknowledged", "extend"): {"motion", "question", "budget_request"},
    ("acknowledged", "close"): {"statement"},
    ("position_filed", "decide"): {"motion", "statement", "budget_request"},
    ("position_filed", "extend"): {"motion", "budget_request"},
    ("position_filed", "close"): {"question"},
    ("decided", "extend"): {"motion", "budget_request"},
    ("implementing", "extend"): {"motion", "budget_request"},
}

WITH_REASON = {"return", "refuse", "appeal", "take_off", "withdraw", "extend", "dispute", "close", "reopen"}


def way() -> dict[tuple[str, str], str]:
    rows = [line.split() for line in WAY.strip().splitlines()]
    return {(stage, act): after for stage, act, after in rows}


def codes(
    stage: Stage,
    act: Act,
    kind: MotionKind = MotionKind.MOTION,
    part: Part | None = None,
    reason: str = "It must be so.",
    decision: CityDecision | None = None,
) -> set[str]:
    """What is said against an act; nothing if it may be done."""
    part = part or min(stages.DOES[act])
    try:
        stages.check_act(stage, act, kind, [part], reason=reason, decision=decision)
    except DomainError as error:
        return {each.code for each in error.all()}
    return set()


@pytest.mark.parametrize("stage", Stage)
def test_every_act_leads_where_the_table_says_and_nothing_else_leads_anywhere(stage: Stage) -> None:
    for act in Act:
        after = way().get((stage.value, act.value))
        if after is not None:
            assert stages.next_stage(stage, act).value == after
            continue
        with pytest.raises(DomainError) as refused:
            stages.next_stage(stage, act)
        assert refused.value.code == "motion_act_not_now"
        assert all("motion_act_not_now" in codes(stage, act, kind) for kind in MotionKind)


@pytest.mark.parametrize("act", Act)
def test_every_act_is_open_to_the_parts_of_the_table_alone(act: Act) -> None:
    stage = next(Stage(stage) for stage, known in way() if known == act.value)
    for part in Part:
        assert ("motion_act_not_yours" in codes(stage, act, part=part)) == (
            part.value not in PARTS[act.value]
        )


def test_what_was_not_admitted_before_it_lapsed_is_checked_anew() -> None:
    expected = dict(line.split() for line in CARRIED.strip().splitlines())
    lapses = {stage for stage, act in way() if act == "lapse"}
    assert lapses <= set(expected)
    for lapsed_in, after in expected.items():
        assert stages.carried_to(Stage(lapsed_in)).value == after
        owed = owed_after(Act.CARRY_OVER, Stage(after), MotionKind.MOTION)
        assert owed == ((Step.ADMISSIBILITY,) if after == "submitted" else ())


def test_nothing_lapses_before_its_term_has_ended() -> None:
    ends_on = date(2032, 8, 31)
    for stage in stages.UNDECIDED | {Stage.COSIGNING}:
        for today in (date(2027, 9, 1), ends_on):
            with pytest.raises(DomainError) as refused:
                stages.check_lapse(stage, ends_on, today, handed_in=True)
            assert (refused.value.code, refused.value.parameters) == ("term_not_over", {"day": ends_on})
        stages.check_lapse(stage, ends_on, date(2032, 9, 1), handed_in=True)


def test_a_draft_never_lapses() -> None:
    with pytest.raises(DomainError) as refused:
        stages.check_lapse(Stage.COSIGNING, date(2032, 8, 31), date(2032, 9, 1), handed_in=False)
    assert refused.value.code == "motion_act_not_now"


@pytest.mark.parametrize("kind", MotionKind)
def test_each_kind_of_motion_has_its_own_way(kind: MotionKind) -> None:
    for stage, act in way():
        decision = CityDecision.REJECTED if act == "close" else CityDecision.ADOPTED
        allowed = kind.value in ONLY.get((stage, act), {kind.value})
        said = codes(Stage(stage), Act(act), kind, decision=decision)
        assert said == (set() if allowed else {"act_not_for_kind"}), (stage, act)


@pytest.mark.parametrize("act", Act)
def test_what_takes_something_away_is_done_with_a_public_reason(act: Act) -> None:
    stage = next(Stage(stage) for stage, known in way() if known == act.value)
    assert ("motion_reason_missing" in codes(stage, act, reason=" ")) == (act.value in WITH_REASON)
    assert "motion_reason_too_long" in codes(stage, act, reason="x" * (REASON_LENGTH + 1))


@pytest.mark.parametrize("decision", [*CityDecision, None])
def test_the_city_owes_measures_for_what_it_adopted_and_nothing_else_is_implemented(
    decision: CityDecision | None,
) -> None:
    owed = decision in (CityDecision.ADOPTED, CityDecision.AMENDED, CityDecision.PARTLY)
    assert codes(Stage.DECIDED, Act.PLAN, decision=decision) == (set() if owed else {"nothing_to_implement"})
    assert codes(Stage.DECIDED, Act.CLOSE, decision=decision) == ({"implementation_owed"} if owed else set())


def test_noted_and_settled_never_count_as_decided() -> None:
    assert {decision.value for decision in stages.REALLY_DECIDED} == {
        "adopted",
        "amended",
        "partly",
        "rejected",
    }


def test_the_city_and_the_office_neither_verify_nor_close() -> None:
    for act in (Act.VERIFY, Act.DISPUTE, Act.CLOSE, Act.REOPEN):
        assert stages.DOES[act] == {Part.CLERK}
    assert {Act.VERIFY, Act.DISPUTE, Act.REOPEN} <= stages.VOTED


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert codes(Stage.CLOSED, Act.CLOSE, part=Part.CITY, reason="") == {
        "motion_act_not_now",
        "motion_act_not_yours",
        "motion_reason_missing",
    }


@pytest.mark.parametrize("act", Act)
def test_referring_and_postponing_need_a_day_to_come(act: Act) -> None:
    today = date(2028, 3, 1)
    stages.check_return_day(act, date(2028, 3, 2), today)
    for day, code in ((None, "return_day_missing"), (today, "return_day_past")):
        if act in (Act.REFER, Act.POSTPONE):
            with pytest.raises(DomainError) as refused:
                stages.check_return_day(act, day, today)
            assert refused.value.code == code
        else:
            stages.check_return_day(act, day, today)


def ends_by(done_by: set[str]) -> set[Stage]:
    """From where a motion comes to its end by acts that one of these parts does."""
    open_to = {act for act, parts in PARTS.items() if parts & done_by}
    ends = {Stage.CLOSED}
    while True:
        more = {
            Stage(stage) for (stage, act), after in way().items() if Stage(after) in ends and act in open_to
        }
        if more <= ends:
            return ends
        ends |= more


def test_from_every_stage_some_way_leads_to_the_end() -> None:
    assert ends_by({part.value for part in Part}) == set(Stage)


def test_what_was_handed_in_comes_to_its_end_without_its_author_once_the_term_has_ended() -> None:
    """Nothing that was handed in is a draft again; what is being mended is in ``cosigning``."""
    assert ends_by({"clerk"}) >= stages.UNDECIDED | {Stage.COSIGNING, Stage.LAPSED}
    assert ends_by({"clerk", "office", "city"}) == set(Stage) - {Stage.DRAFT}


def test_the_list_of_acts_is_what_may_be_done() -> None:
    offered = stages.acts_in(Stage.ADMISSIBLE, MotionKind.QUESTION)
    assert offered == [Act.WITHDRAW, Act.LAPSE, Act.FORWARD]
    assert Act.PLAN not in stages.acts_in(Stage.DECIDED, MotionKind.MOTION, CityDecision.NOTED_WITHOUT_VOTE)
