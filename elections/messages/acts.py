"""Words for the stages and acts of an election, and the sentences for what their rules refuse."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.wording import Sentence
from elections.rules.stages import ActKind, Stage

Parameters = Mapping[str, object]

STAGES: Mapping[str, LazyString] = {
    Stage.PREPARED: _l("Not public yet"),
    Stage.CALLED: _l("Called"),
    Stage.CANDIDATES: _l("Candidates published"),
    Stage.ROLL: _l("Roll open for inspection"),
    Stage.READY: _l("Roll committed, voting not open yet"),
    Stage.VOTING: _l("Voting is open"),
    Stage.INTERRUPTED: _l("Voting is interrupted"),
    Stage.CLOSED: _l("Voting is closed"),
    Stage.COUNTED: _l("Counted"),
    Stage.FOUND: _l("Result found by the election board"),
    Stage.APPROVED: _l("Result approved by the city council"),
    Stage.PUBLISHED: _l("Result published"),
    Stage.CONCLUDED: _l("Concluded"),
    Stage.ABANDONED: _l("Abandoned"),
}

ACTS: Mapping[str, LazyString] = {
    ActKind.CALL: _l("Call the election"),
    ActKind.PUBLISH_CANDIDATES: _l("Publish the candidates"),
    ActKind.OPEN_ROLL: _l("Open the roll for inspection"),
    ActKind.CHANGE_ROLL: _l("Change the roll"),
    ActKind.COMMIT_ROLL: _l("Commit the roll"),
    ActKind.OPEN_VOTING: _l("Open voting"),
    ActKind.INTERRUPT_VOTING: _l("Interrupt voting"),
    ActKind.RESUME_VOTING: _l("Resume voting"),
    ActKind.EXTEND_VOTING: _l("Extend voting"),
    ActKind.CLOSE_VOTING: _l("Close voting"),
    ActKind.COUNT: _l("Count the votes"),
    ActKind.FIND: _l("Find the result"),
    ActKind.APPROVE: _l("Approve the result"),
    ActKind.SEND_BACK: _l("Send the result back to be counted anew"),
    ActKind.PUBLISH_RESULT: _l("Publish the result and seat the council"),
    ActKind.CONCLUDE: _l("Conclude the election"),
    ActKind.ABANDON: _l("Abandon the election"),
}


def _act_not_now(parameters: Parameters) -> str:
    return _(
        "“%(act)s” cannot be done while the election stands at “%(stage)s”.",
        act=ACTS[str(parameters["act"])],
        stage=STAGES[str(parameters["stage"])],
    )


def _act_not_yours(parameters: Parameters) -> str:
    return _("Your role may not do this: “%(act)s”.", act=ACTS[str(parameters["act"])])


def _act_waiting(parameters: Parameters) -> str:
    return _("“%(act)s” already waits for a second person.", act=ACTS[str(parameters["act"])])


def _act_settled(parameters: Parameters) -> str:
    return _("“%(act)s” was settled by somebody else meanwhile.", act=ACTS[str(parameters["act"])])


CONFLICTS: frozenset[str] = frozenset({"act_not_now", "act_waiting", "act_settled", "already_called"})
"""Refusals because others were faster, or something is not over yet."""

SENTENCES: Mapping[str, Sentence] = {
    "act_not_now": _act_not_now,
    "act_not_yours": _act_not_yours,
    "act_reason_missing": _l("Give a reason. It is public."),
    "act_reason_too_long": _l("The reason is too long. There is room for %(limit)s characters."),
    "act_second_person": _l("You proposed this yourself. A second person must confirm it."),
    "act_waiting": _act_waiting,
    "act_settled": _act_settled,
    "already_called": _l("The election was called on %(day)s. It keeps its rules and days."),
    "body_unknown": _l("There is no council called “%(body)s”."),
    "moments_order": _l("Voting must close after it opens."),
    "term_order": _l("The term must end after it begins."),
}
