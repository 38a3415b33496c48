"""An election from the office's side: where it stands, what may be done now, who must confirm it, and the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, granted, person, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.messages import ROLES
from accounts.permissions import confirm_acts, manage_elections, propose_acts, read_elections
from core import clock
from core.db import db
from core.errors import DomainError
from core.forms import shows_own_form
from core.i18n import language_name, show_day
from elections.forms.procedure import ActForm, ApproveForm, ExtendVotingForm
from elections.messages import acts as act_words
from elections.messages import checklists
from elections.messages import procedure as words
from elections.models.elections import Election
from elections.queries import procedure as queries
from elections.queries.procedure import MinutesEntry, WaitingAct
from elections.rules import stages
from elections.rules.deadlines import Step, read_timetable
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from elections.services.effects import checklist
from elections.staff.desk import StepShown, office_page, place_of

blueprint = Blueprint("office_elections", __name__, url_prefix="/office/elections")

NUMBERS_SHOWN = 300
"""How many unanswered numbers the desk lists; the closing gate itself names all of them."""

MAIN_WAY = (
    (Stage.CALLED, Step.NOMINATIONS_OPEN),
    (Stage.CANDIDATES, Step.CANDIDATES_PUBLISHED),
    (Stage.ROLL, Step.ROLL_OPENS),
    (Stage.READY, Step.ROLL_OBJECTIONS_CLOSE),
    (Stage.VOTING, Step.VOTING_OPENS),
    (Stage.CLOSED, Step.VOTING_CLOSES),
    (Stage.COUNTED, None),
    (Stage.FOUND, Step.FINDING),
    (Stage.APPROVED, None),
    (Stage.PUBLISHED, None),
    (Stage.CONCLUDED, None),
)
"""The stages of an election that goes well, with the day in the timetable by which each is planned."""

_REACHED_BY = {
    Stage.CALLED: ActKind.CALL,
    Stage.CANDIDATES: ActKind.PUBLISH_CANDIDATES,
    Stage.ROLL: ActKind.OPEN_ROLL,
    Stage.READY: ActKind.COMMIT_ROLL,
    Stage.VOTING: ActKind.OPEN_VOTING,
    Stage.CLOSED: ActKind.CLOSE_VOTING,
    Stage.COUNTED: ActKind.COUNT,
    Stage.FOUND: ActKind.FIND,
    Stage.APPROVED: ActKind.APPROVE,
    Stage.PUBLISHED: ActKind.PUBLISH_RESULT,
    Stage.CONCLUDED: ActKind.CONCLUDE,
}


_FORMS: Mapping[ActKind, type[ActForm]] = {
    ActKind.APPROVE: ApproveForm,
    ActKind.EXTEND_VOTING: ExtendVotingForm,
}
"""Acts that say more than a reason."""
_ELSEWHERE: Mapping[ActKind, str] = {ActKind.CHANGE_ROLL: "office_roll.correct_roll"}
"""Acts that are proposed on a page of their own: its endpoint, which takes the election's ``code``."""


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One line of a checklist, in words. ``state`` is done, missing or advised."""

    sentence: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class PossibleAct:
    """What the stage allows: what must be there before, whether this person may propose it, and who may."""

    kind: ActKind
    title: str
    checks: Sequence[CheckShown]
    mine: bool
    two_persons: bool
    proposers: Sequence[str]
    waiting: WaitingAct | None
    form: ActForm | None
    place: str
    """The page on which it is proposed, where the desk has no form for it."""

    @property
    def ready(self) -> bool:
        return all(check.state != "missing" for check in self.checks)


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """A proposal that waits: what exactly, by whom, and what this person may do about it."""

    act: WaitingAct
    title: str
    details: Sequence[str]
    own: bool
    can_confirm: bool
    can_withdraw: bool
    confirmers: Sequence[str]


@dataclass(frozen=True, slots=True)
class ElectionLine:
    """One election in the list, with what comes next in it."""

    election: Election
    next: str
    waiting: int


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """One entry of the minutes, in words."""

    entry: MinutesEntry
    sentence: str
    who: str
    details: Sequence[str]


# Reading -------------------------------------------------------------------------------------------------------------


@blueprint.get("/")
@requires(read_elections)
def list_elections() -> ResponseReturnValue:
    """Every election with its stage and what is next, and what waits for a second person anywhere."""
    waiting = queries.waiting_acts()
    found = [
        ElectionLine(each, _next_sentence(Stage(each.stage)), sum(act.code == each.code for act in waiting))
        for each in queries.list_elections()
    ]
    return office_page("elections.html", lines=found, waiting=[_waiting_shown(act) for act in waiting])


@blueprint.get("/<code>/")
@requires(read_elections)
def show_desk(code: str) -> ResponseReturnValue:
    """Where one election stands, what may be done now and what for that is missing, and what waits."""
    return _desk(queries.find_election(code))


@blueprint.get("/<code>/minutes")
@requires(read_elections)
def show_minutes(code: str) -> ResponseReturnValue:
    """Every act, in readable sentences, as the audit chain has it."""
    found = queries.find_election(code)
    lines = [_minutes_line(entry) for entry in queries.minutes(found)]
    return office_page("minutes.html", election=found, lines=lines)


@blueprint.get("/<code>/minutes.json")
@requires(read_elections)
def read_minutes(code: str) -> ResponseReturnValue:
    """The minutes for programs: each entry with its place in the chain and its hash."""
    found = queries.find_election(code)
    entries = [
        {
            "sequence": entry.sequence,
            "day": entry.day.isoformat(),
            "role": entry.role,
            "actor": entry.actor,
            "tag": entry.tag,
            "sentence": words.entry(entry.tag, entry.facts),
            "facts": entry.facts,
            "hash": entry.hash,
        }
        for entry in queries.minutes(found)
    ]
    return jsonify(election=found.code, stage=found.stage, entries=entries)


# Acts ----------------------------------------------------------------------------------------------------------------


@blueprint.route("/<code>/acts/<kind>", methods=["POST"])
@shows_own_form
@requires(propose_acts)
def propose_act(code: str, kind: str) -> ResponseReturnValue:
    """Propose an act, or do it at once where one person is enough."""
    found, wanted = queries.find_election(code), _kind(kind)
    form = _act_form(wanted, sent=True)
    if not form.validate():
        return _desk(found, form=form, kind=wanted)
    try:
        acts.propose_act(
            code,
            wanted,
            acting(propose_acts),
            person().role_names,
            reason=form.reason.data or "",
            facts=form.act_facts(),
        )
    except DomainError as error:
        if prefers_json():
            raise
        form.refuse(error)
        return _desk(found, form=form, kind=wanted, error=error)
    title = act_words.ACTS[wanted]
    if wanted in stages.ALONE:
        flash(_("Done: %(act)s", act=title), "success")
    else:
        flash(_("Proposed: %(act)s. A second person must confirm it.", act=title), "success")
    return redirect(url_for("office_elections.show_desk", code=code))


@blueprint.post("/<code>/acts/<int:act_id>/confirm")
@requires(confirm_acts)
def confirm_act(code: str, act_id: int) -> ResponseReturnValue:
    """Confirm what somebody else proposed: it is done."""
    act = queries.act_in(code, act_id)
    try:
        acts.confirm_act(act_id, acting(confirm_acts), person().role_names)
    except DomainError as error:
        return _refused(code, error)
    flash(_("Done: %(act)s", act=act_words.ACTS[act.kind]), "success")
    return redirect(url_for("office_elections.show_desk", code=code))


@blueprint.post("/<code>/acts/<int:act_id>/withdraw")
@requires(confirm_acts)
def withdraw_act(code: str, act_id: int) -> ResponseReturnValue:
    """Take one's own proposal back, or refuse somebody else's."""
    act = queries.act_in(code, act_id)
    try:
        acts.withdraw_act(act_id, acting(confirm_acts), person().role_names)
    except DomainError as error:
        return _refused(code, error)
    flash(_("Taken back or refused: %(act)s", act=act_words.ACTS[act.kind]), "success")
    return redirect(url_for("office_elections.show_desk", code=code))


# Parts of pages ------------------------------------------------------------------------------------------------------


def _kind(name: str) -> ActKind:
    try:
        return ActKind(name.replace("-", "_"))
    except ValueError:
        abort(404)


def _act_form(kind: ActKind, *, sent: bool = False) -> ActForm:
    """The form of one act: what was sent, or an empty one. Several stand on one page, so each has ids of its own."""
    made = _FORMS.get(kind, ActForm)
    form = made() if sent else made(formdata=None)
    for field in form:
        field.id = f"{kind.value}-{field.name}"
    return form


def _refused(code: str, error: DomainError) -> ResponseReturnValue:
    if prefers_json():
        raise error
    db.session.expire_all()  # what others did meanwhile is what the page must show
    return _desk(queries.find_election(code), error=error)


def _desk(
    found: Election,
    *,
    form: ActForm | None = None,
    kind: ActKind | None = None,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    waiting = queries.waiting_acts(found.id)
    stage = Stage(found.stage)
    possible = [
        _possible(found, each, waiting, form if each is kind else None) for each in stages.acts_in(stage)
    ]
    shown_by_form = form is not None and any(each.form is form for each in possible)
    return office_page(
        "desk.html",
        (status_of(error) if error else 422) if error or form else 200,
        sentences(error) if error and not shown_by_form else [],
        election=found,
        body=queries.body_of(found),
        form=form if shown_by_form else None,
        steps_shown=_steps(found),
        acts=possible,
        waiting=[_waiting_shown(act) for act in waiting],
        unanswered=queries.unanswered_numbers(found.register_id, NUMBERS_SHOWN),
        minutes=[_minutes_line(entry) for entry in queries.minutes(found)][-3:],
        opens_at=words.show_moment(found.voting_opens_at),
        closes_at=words.show_moment(found.voting_closes_at),
        languages=", ".join(language_name(code) for code in found.languages),
        preparing=stage is Stage.PREPARED and granted(manage_elections),
    )


def _possible(
    found: Election, kind: ActKind, waiting: Sequence[WaitingAct], sent: ActForm | None
) -> PossibleAct:
    already = next((act for act in waiting if act.kind is kind), None)
    mine = granted(propose_acts) and bool(stages.PROPOSES[kind].intersection(person().role_names))
    elsewhere = _ELSEWHERE.get(kind, "") if mine else ""
    form = sent or (_act_form(kind) if mine and already is None and not elsewhere else None)
    return PossibleAct(
        kind,
        str(act_words.ACTS[kind]),
        [_check_shown(found.code, check) for check in checklist(db.session(), found, kind)],
        mine,
        kind not in stages.ALONE,
        _role_names(stages.PROPOSES[kind]),
        already,
        form if already is None else None,
        url_for(elsewhere, code=found.code) if elsewhere else "",
    )


def _check_shown(code: str, check: Any) -> CheckShown:
    state = "done" if check.done else "missing" if check.needed else "advised"
    return CheckShown(checklists.line(check), state, "" if check.done else place_of(check.code, code))


def _waiting_shown(act: WaitingAct) -> WaitingShown:
    account = person()
    own = act.proposed_by == account.id
    confirms = stages.CONFIRMS.get(act.kind, frozenset())
    may = granted(confirm_acts) and bool(confirms.intersection(account.role_names))
    return WaitingShown(
        act,
        str(act_words.ACTS[act.kind]),
        words.details(act.facts),
        own,
        may and not own,
        granted(confirm_acts) and (may or own),
        _role_names(confirms),
    )


def _role_names(roles: Any) -> list[str]:
    return [str(name) for role, name in ROLES.items() if role in roles]


def _steps(found: Election) -> list[StepShown]:
    done, planned = queries.days_of(found.id), read_timetable(found.timetable)
    here = Stage(found.stage)
    places = [stage for stage, _step in MAIN_WAY]
    now = Stage.VOTING if here is Stage.INTERRUPTED else here
    reached = places.index(now) if now in places else -1
    steps = []
    for place, (stage, step) in enumerate(MAIN_WAY):
        day = done.get(_REACHED_BY[stage].value) if place <= reached or here is Stage.ABANDONED else None
        steps.append(_step_shown(stage, day, planned.get(step) if step else None, stage is now))
    return steps


def _step_shown(stage: Stage, day: date | None, planned: date | None, now: bool) -> StepShown:
    late = day is None and planned is not None and planned < clock.today()
    state = "now" if now else "done" if day else "late" if late else ""
    when = show_day(day) if day else _("planned for %(day)s", day=show_day(planned)) if planned else ""
    return StepShown(str(act_words.STAGES[stage]), when, state)


def _next_sentence(stage: Stage) -> str:
    """What usually comes next."""
    ahead = stages.acts_in(stage)
    order = (
        ActKind.CLOSE_VOTING if stage is Stage.VOTING else None,
        ActKind.FIND if stage is Stage.COUNTED else None,
        ActKind.COMMIT_ROLL if stage is Stage.ROLL else None,
        ActKind.OPEN_VOTING if stage is Stage.READY else None,
        ActKind.RESUME_VOTING if stage is Stage.INTERRUPTED else None,
        ActKind.CONCLUDE if stage is Stage.PUBLISHED else None,
    )
    kind = next((each for each in order if each), ahead[0] if ahead else None)
    return str(act_words.ACTS[kind]) if kind else ""


def _minutes_line(entry: MinutesEntry) -> MinutesLine:
    outcome: Mapping[str, Any] = entry.facts.get("outcome") or {}
    facts: Mapping[str, Any] = entry.facts.get("facts") or {}
    lines = words.details({**facts, **outcome}) if entry.tag.startswith("elections:act:") else []
    role = next((str(name) for key, name in ROLES.items() if key.value == entry.role), entry.role)
    who = f"{role}, {entry.actor}" if entry.actor else role
    return MinutesLine(entry, words.entry(entry.tag, entry.facts), who, lines)
