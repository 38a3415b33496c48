"""Checking whether a motion is admissible: the office's checklist, and the chair who releases it."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, person, requires
from accounts.permissions import check_motions, read_motions_desk, use_members_desk
from core.db import LARGEST_ID, db
from core.forms import shows_own_form
from core.i18n import language, localized
from motions.forms.admissibility import CheckForm
from motions.forms.drafting import ActForm
from motions.messages import admissibility as messages
from motions.queries import admissibility as queries
from motions.queries.motions import words
from motions.queries.parts import Standing, releases
from motions.rules.admissibility import Finding
from motions.services import admissibility as service
from motions.staff.desk import Page, handle, open_motion

blueprint = Blueprint("office_admissibility", __name__, url_prefix="/office/motions")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(admissibility_words=messages))
MOTION = "/<int(max=2147483647):motion_id>"


@blueprint.route(f"{MOTION}/check", methods=["GET", "POST"])
@shows_own_form
@requires(check_motions)
def check(motion_id: int) -> ResponseReturnValue:
    """The checklist, beside earlier motions that are alike, and the proposal for the chair."""
    head, _standing = open_motion(motion_id)
    session = db.session()
    form = CheckForm()

    def act() -> str:
        earlier = form.earlier.data
        new = service.NewFinding(
            form.act.data or "",
            form.findings,
            form.reason.data or "",
            language(),
            earlier if earlier and 0 < earlier <= LARGEST_ID else None,
        )
        service.propose_finding(motion_id, new, acting(check_motions))
        return url_for("office_motions.show_motion", motion_id=motion_id)

    page = Page(
        _("Check whether it is admissible"),
        _("Propose it to the chair"),
        url_for("office_motions.show_motion", motion_id=motion_id),
        _("Nothing is public before the chair, another person, has released it."),
        facts=((_("Motion"), f"{head.number} {localized(head.title).text}"),),
    )
    return handle(
        form,
        page,
        act,
        _("It is proposed to the chair."),
        "motions/staff/check.html",
        motion=head,
        words=words(session, motion_id, public=True),
        alike=queries.alike_motions(session, motion_id),
        proposed=queries.open_finding(session, motion_id),
    )


@blueprint.route(f"{MOTION}/release", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def release(motion_id: int) -> ResponseReturnValue:
    """The chair lets the office's proposal count."""
    finding, standing = _proposed(motion_id)
    if not releases(standing):
        abort(404)

    def act() -> str:
        service.release_finding(finding.id, acting(use_members_desk))
        return url_for("office_motions.show_motion", motion_id=motion_id)

    page = Page(
        _("Release the check"),
        _("Release it"),
        url_for("office_motions.show_motion", motion_id=motion_id),
        warning=_("Ground and reason become public. The author may appeal to the council."),
        facts=_facts(finding),
    )
    return handle(ActForm(), page, act, _("The check is released."))


@blueprint.route(f"{MOTION}/take-back", methods=["GET", "POST"])
@shows_own_form
@requires(read_motions_desk)
def take_back(motion_id: int) -> ResponseReturnValue:
    """The chair does not follow the proposal, or who made it takes it back."""
    finding, standing = _proposed(motion_id)
    if not releases(standing) and finding.proposed_by != person().id:
        abort(404)

    def act() -> str:
        service.take_back_finding(finding.id, acting(read_motions_desk))
        return url_for("office_motions.show_motion", motion_id=motion_id)

    page = Page(
        _("Take the proposal back"),
        _("Take it back"),
        url_for("office_motions.show_motion", motion_id=motion_id),
        _("The office checks the motion again. Its day does not move."),
        facts=_facts(finding),
    )
    return handle(ActForm(), page, act, _("The proposal is taken back."))


def _proposed(motion_id: int) -> tuple[queries.ProposedFinding, Standing]:
    _head, standing = open_motion(motion_id)
    finding = queries.open_finding(db.session(), motion_id)
    if finding is None:
        abort(404)
    return finding, standing


def _facts(finding: queries.ProposedFinding) -> tuple[tuple[str, object], ...]:
    unmet = [name for name, value in finding.findings.items() if value == Finding.NOT_MET]
    facts: list[tuple[str, object]] = [
        (_("Proposed"), messages.PROPOSALS[finding.act]),
        (_("Proposed by"), finding.proposer),
    ]
    facts += [(_("Not met"), messages.GROUNDS[name]) for name in unmet]
    if finding.earlier:
        facts.append((_("It repeats"), finding.earlier))
    if finding.reason:
        facts.append((_("Reason"), localized(finding.reason).text))
    return tuple(facts)
