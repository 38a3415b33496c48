"""Members at their desk: drafting, asking others to sign, signing, handing in, taking back; and what residents suggest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.access import acting, person, requires
from accounts.desk import office_page, sentences, status_of
from accounts.permissions import read_motions_desk, use_members_desk
from core import settings
from core.db import LARGEST_ID, db, find
from core.errors import DomainError
from core.forms import choice, shows_own_form
from core.i18n import localized
from core.localized import Localized
from council.models import Body
from motions.forms.drafting import (
    ActForm,
    ChangeForm,
    DraftForm,
    InviteForm,
    ReasonForm,
    SignForm,
    TextForm,
    TranslationForm,
    language_choices,
)
from motions.messages import drafting as messages
from motions.messages.guide import TEMPLATES
from motions.queries import drafting as queries
from motions.queries.changes import Change, changes
from motions.queries.motions import MotionHead, Words, find_motion, words
from motions.rules.drafting import GAP, PARTS_OF_TEXT, check_text, own_text
from motions.rules.stages import MotionKind, Part
from motions.services import drafting as service
from motions.staff.desk import Page, handle, open_motion

blueprint = Blueprint("office_drafting", __name__, url_prefix="/office/motions")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(drafting_words=messages))
MOTION = "/<int(max=2147483647):motion_id>"


@blueprint.route("/new", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def begin_draft() -> ResponseReturnValue:
    """Begin a draft; with ``suggestion`` it quotes what a resident wrote, with ``follows`` it follows a motion up.

    ``template`` is the key of a beginning to start from (``messages.guide``), in the language in which the council decides.
    """
    session = db.session()
    seats = queries.seats_of(session, person().id)
    suggestion, follows = _number("suggestion"), _number("follows")
    body_id = _number("body") or (seats[0].body_id if seats else 0)
    if suggestion is not None:
        quoted = next(
            (
                each
                for each in queries.suggestions(session, [seat.body_id for seat in seats])
                if each.id == suggestion
            ),
            None,
        )
        if quoted is None:
            abort(404)
        body_id = quoted.body_id
    earlier = find_motion(session, follows) if follows is not None else None
    if earlier is not None:
        if earlier.number is None:
            abort(404)
        body_id = earlier.body_id
    form = DraftForm()
    council = find(session, Body, body_id)
    binding = council.language if council else settings.current().official_language
    form.offer_languages(binding)
    if not form.is_submitted() and suggestion is not None and quoted is not None and quoted.text:
        form.topic.data, form.language.data = quoted.topic, quoted.language
        form.text.data = "\n".join(f"> {line}".rstrip() for line in quoted.text.splitlines())
    template = next((each for each in TEMPLATES if each.key == request.args.get("template")), None)
    if not form.is_submitted() and template is not None:
        with force_locale(binding):
            form.kind.data, form.language.data = template.kind.value, binding
            form.text.data, form.reasons.data = str(template.text), str(template.reasons)

    def act() -> str:
        new = service.NewDraft(
            form.kind.data or "",
            form.topic.data or "",
            form.language.data or "",
            form.words,
            suggestion,
            follows,
        )
        motion_id = service.begin_draft(body_id, new, acting(use_members_desk))
        return url_for("office_motions.show_motion", motion_id=motion_id)

    facts: tuple[tuple[str, object], ...] = ()
    if suggestion is not None and quoted is not None:
        facts = ((_("From a suggestion"), quoted.number),)
    if earlier is not None:
        facts = ((_("It follows up"), f"{earlier.number} {localized(earlier.title).text}"),)
    lead = _("Only you can read it, until you ask others to sign.")
    if template is not None:
        lead = f"{lead} {_('Put your own words in place of each %(gap)s.', gap=GAP)}"
    page = Page(
        _("A new draft"),
        _("Keep the draft"),
        url_for("office_motions.show_motion", motion_id=earlier.id)
        if earlier
        else url_for("motions_desk.show_desk"),
        lead,
        facts=facts,
    )
    return _write(form, page, act, _("The draft is kept."), form.language.data or "")


@blueprint.route(f"{MOTION}/change-text", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def change_text(motion_id: int) -> ResponseReturnValue:
    """Change the words. What was signed under the others counts no longer."""
    head, current = _draft(motion_id)
    own = own_text(current, head.language)
    form = ChangeForm(data={"revision": str(head.text_version), "topic": head.topic, **asdict(own)})

    def act() -> str:
        revision = form.revision.data or ""
        number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
        if service.change_text(
            motion_id, number, form.topic.data or "", form.words, acting(use_members_desk)
        ):
            flash(_("The text is changed."), "success")
        else:
            flash(_("Nothing was changed."))
        return _desk(motion_id)

    circle = queries.circle(db.session(), head, current.digest)
    page = Page(
        _("Change the text"),
        _("Keep the change"),
        _desk(motion_id),
        warning=_("Who signed must sign again. We write to them.") if circle.signed else "",
    )
    moved = form.is_submitted() and form.revision.data != str(head.text_version)
    differing = changes(head.language, own, form.words) if moved else []
    return _write(form, page, act, "", head.language, differing, newest=str(head.text_version))


@blueprint.route(f"{MOTION}/translate", methods=["GET", "POST"])
@shows_own_form
@requires(read_motions_desk)
def translate(motion_id: int) -> ResponseReturnValue:
    """Add a translation, or bring one up to date."""
    head, standing = open_motion(motion_id)
    inside = queries.reads_draft(db.session(), motion_id, standing)
    current = words(db.session(), motion_id)
    if current.public_on is None and not inside:
        abort(404)
    if not {Part.AUTHOR, Part.OFFICE} & standing.parts:
        abort(404)
    choices = language_choices(without=head.language)
    wanted = request.args.get("language", "")
    known = {part: getattr(current, part).get(wanted) for part in PARTS_OF_TEXT}
    form = TranslationForm(
        data={
            "digest": current.digest,
            "language": wanted,
            **{part: version.text for part, version in known.items() if version},
        }
    )
    form.language.choices = choices

    def act() -> str:
        service.translate(
            motion_id,
            form.digest.data or "",
            form.language.data or "",
            form.words,
            acting(read_motions_desk),
            machine=form.made.data == "machine",
        )
        return _desk(motion_id)

    page = Page(
        _("Translate the motion"),
        _("Keep the translation"),
        _desk(motion_id),
        _("The text in its own language stays binding. Signatures stay valid."),
    )
    return _write(form, page, act, _("The translation is kept."), form.language.data or "", source=current)


@blueprint.route(f"{MOTION}/invite", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def invite(motion_id: int) -> ResponseReturnValue:
    """Ask members to sign."""
    head, current = _draft(motion_id)
    form = InviteForm()
    form.members.choices = [
        choice(str(each.member_id), each.name) for each in queries.may_be_asked(db.session(), head)
    ]

    def act() -> str:
        service.invite(motion_id, form.members.data or [], acting(use_members_desk))
        return _desk(motion_id)

    needed = queries.circle(db.session(), head, current.digest).needed
    page = Page(
        _("Ask members to sign"),
        _("Ask them"),
        _desk(motion_id),
        _("They can then read the draft. We write to each of them."),
        facts=((_("Signatures needed"), str(needed)),),
        missing=_missing(head, current),
        mend=url_for("office_drafting.change_text", motion_id=motion_id),
    )
    return handle(form, page, act, _("They are asked to sign."))


@blueprint.route(f"{MOTION}/invitations/<int(max=2147483647):member_id>/withdraw", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def withdraw_invitation(motion_id: int, member_id: int) -> ResponseReturnValue:
    """Ask a member no longer."""
    head, current = _draft(motion_id)
    circle = queries.circle(db.session(), head, current.digest)
    name = next((each.name for each in circle.asked if each.member_id == member_id), None)
    if name is None:
        abort(404)

    def act() -> str:
        service.withdraw_invitation(motion_id, member_id, acting(use_members_desk))
        return _desk(motion_id)

    page = Page(
        _("Ask this member no longer"),
        _("Withdraw the invitation"),
        _desk(motion_id),
        _("The draft can then no longer be read by this member."),
        facts=((_("Member"), name),),
    )
    return handle(ActForm(), page, act, _("The invitation is withdrawn."))


@blueprint.route(f"{MOTION}/sign", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def sign(motion_id: int) -> ResponseReturnValue:
    """Read the words, and sign these words and no others."""
    head, current = _asked(motion_id)
    form, read = _to_read(current)

    def act() -> str:
        service.sign(motion_id, read, acting(use_members_desk))
        return _desk(motion_id)

    page = Page(
        _("Sign this motion"),
        _("Sign exactly these words"),
        _desk(motion_id),
        _("Your signature counts for these words alone. If they change, you are asked again."),
    )
    return handle(form, page, act, _("You signed."), "motions/staff/read.html", motion=head, words=current)


@blueprint.route(f"{MOTION}/decline", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def decline(motion_id: int) -> ResponseReturnValue:
    """Somebody who was asked does not sign, or no longer."""
    head, current = _asked(motion_id)
    standing = open_motion(motion_id)[1]
    signing = queries.circle(db.session(), head, current.digest)
    signed = signing.state_of(standing.member_id) == "signed"

    def act() -> str:
        service.decline(motion_id, acting(use_members_desk))
        return _desk(motion_id)

    page = Page(
        _("Take my signature back") if signed else _("Do not sign"),
        _("Take it back") if signed else _("I do not sign"),
        _desk(motion_id),
        _("The author sees it. You can still sign later, until it is handed in."),
    )
    done = _("Your signature is taken back.") if signed else _("You do not sign.")
    return handle(ActForm(), page, act, done)


@blueprint.route(f"{MOTION}/submit", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def submit(motion_id: int) -> ResponseReturnValue:
    """Hand the words in, signed by enough members."""
    head, current = _draft(motion_id)
    form, read = _to_read(current)

    def act() -> str:
        service.submit(motion_id, read, acting(use_members_desk))
        return _desk(motion_id)

    circle = queries.circle(db.session(), head, current.digest)
    page = Page(
        _("Hand the motion in"),
        _("Hand it in"),
        _desk(motion_id),
        warning=_("From then on everybody can read it. It cannot be made private again."),
        facts=((_("Signatures"), messages.signatures(circle.signed, circle.needed)),),
        missing=_missing(head, current),
        mend=url_for("office_drafting.change_text", motion_id=motion_id),
    )
    done = _("The motion is handed in and public.")
    return handle(form, page, act, done, "motions/staff/read.html", motion=head, words=current)


@blueprint.route(f"{MOTION}/withdraw", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def withdraw(motion_id: int) -> ResponseReturnValue:
    """The author takes the motion back."""
    head, _current = _draft(motion_id)
    form = ReasonForm()

    def act() -> str:
        service.withdraw(motion_id, form.reason.data or "", acting(use_members_desk))
        return _desk(motion_id)

    said = (
        _("Everybody reads the reason.")
        if head.is_public
        else _("Only you and who was asked read the reason.")
    )
    page = Page(
        _("Withdraw the motion"),
        _("Withdraw it"),
        _desk(motion_id),
        warning=_("A withdrawn motion cannot be taken up again.") + " " + said,
    )
    return handle(form, page, act, _("The motion is withdrawn."))


@blueprint.route(f"{MOTION}/appeal", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def appeal(motion_id: int) -> ResponseReturnValue:
    """The author asks the council to overrule a refusal."""
    _draft(motion_id)
    form = ReasonForm()

    def act() -> str:
        service.appeal(motion_id, form.reason.data or "", acting(use_members_desk))
        return _desk(motion_id)

    page = Page(
        _("Appeal to the council"),
        _("Appeal"),
        _desk(motion_id),
        _("The council votes on whether the motion is admissible. Everybody reads your reason."),
    )
    return handle(form, page, act, _("The council will decide."))


@blueprint.route(f"{MOTION}/carry-over", methods=["GET", "POST"])
@shows_own_form
@requires(use_members_desk)
def carry_over(motion_id: int) -> ResponseReturnValue:
    """A member of the new term takes a lapsed motion over."""
    open_motion(motion_id)

    def act() -> str:
        service.carry_over(motion_id, acting(use_members_desk))
        return _desk(motion_id)

    page = Page(
        _("Take the motion over"),
        _("Take it over"),
        _desk(motion_id),
        _("It becomes your motion, with the same words. Its number stays.")
        + " "
        + _("If nobody found it admissible before, the office checks it anew."),
    )
    return handle(ActForm(), page, act, _("The motion is yours now."))


@blueprint.get("/suggestions/")
@requires(use_members_desk)
def list_suggestions() -> ResponseReturnValue:
    """What residents suggested to the councils on which this member sits."""
    session = db.session()
    seats = queries.seats_of(session, person().id)
    found = queries.suggestions(session, [each.body_id for each in seats])
    return office_page("motions/staff/suggestions.html", suggestions=found)


def _desk(motion_id: int) -> str:
    return url_for("office_motions.show_motion", motion_id=motion_id)


def _draft(motion_id: int) -> tuple[MotionHead, Words]:
    """A motion for its author; for all others there is nothing to write here (404)."""
    head, standing = open_motion(motion_id)
    if Part.AUTHOR not in standing.parts:
        abort(404)
    return head, words(db.session(), motion_id)


def _asked(motion_id: int) -> tuple[MotionHead, Words]:
    """A motion for the members who were asked to sign it, and for its author; for all others 404."""
    head, standing = open_motion(motion_id)
    if not queries.reads_draft(db.session(), motion_id, standing):
        abort(404)
    return head, words(db.session(), motion_id)


def _missing(head: MotionHead, current: Words) -> list[str]:
    """What the text must still say before it can be signed and handed in."""
    try:
        check_text(own_text(current, head.language), MotionKind(head.kind))
    except DomainError as error:
        return sentences(error)
    return []


def _number(name: str) -> int | None:
    """A number in the address. Raises 404 for anything else."""
    given = request.args.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 11 and 0 < int(given) <= LARGEST_ID):
        abort(404)
    return int(given)


def _write(
    form: TextForm,
    page: Page,
    act: Callable[[], str],
    done: str,
    language: str,
    differing: list[Change] | None = None,
    newest: str = "",
    source: Words | None = None,
) -> ResponseReturnValue:
    """Show words to be written; ``preview`` shows how they look and keeps nothing.

    ``act`` returns where one goes on; without ``done`` it has said itself what became of it.
    """
    preview = form.is_submitted() and "preview" in request.form
    status = 200
    if form.is_submitted() and not preview:
        status = 422
        if form.validate():
            try:
                where = act()
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                if done:
                    flash(done, "success")
                return redirect(where)
    if newest:
        form["revision"].data = newest
    shown = {part: Localized.original(language or "en", getattr(form.words, part)) for part in PARTS_OF_TEXT}
    return office_page(
        "motions/staff/draft.html",
        status,
        form=form,
        page=page,
        preview=shown if preview else None,
        changes=differing or [],
        source=source,
    )


def _to_read(current: Words) -> tuple[SignForm, str]:
    """A form under the words that are shown now, and the digest of the words that were shown when it was sent."""
    form = SignForm(data={"digest": current.digest})
    read = form.digest.data or ""
    form.digest.data = current.digest
    return form, read
