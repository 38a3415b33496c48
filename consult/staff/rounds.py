"""Setting rounds up: texts, draft and its translations, timetable; publishing and concluding."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import acting, person, requires
from accounts.desk import prefers_json, sentences, status_of
from accounts.permissions import manage_rounds, read_workbench
from consult.forms.rounds import LABELS, DraftForm, TimetableForm, TranslationForm, round_form, texts_form
from consult.queries import office_rounds, workbench
from consult.queries.office_rounds import OfficeDraft, OfficeRound
from consult.rules import drafts as draft_rules
from consult.rules import rounds as rules
from consult.rules.drafts import ParsedDraft, ParsedUnit
from consult.services import drafts, rounds
from consult.staff.desk import office_page
from core import clock, settings
from core.errors import DomainError
from core.forms import shows_own_form
from core.i18n import language_name
from core.localized import Localized, State
from core.texts import fold

blueprint = Blueprint("office_rounds", __name__, url_prefix="/office/rounds")

ESSENTIAL = ("decided", "not_decided", "use_of_input", "who_decides")
NUMBERS_SHOWN = 300
"""How many missing numbers a page lists; the API names all of them."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One line of an import's preview."""

    unit: ParsedUnit
    department: Localized | None
    original: Localized | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list before publishing. What is ``needed`` keeps a round from being published."""

    done: bool
    needed: bool
    sentence: str
    url: str


# Rounds -------------------------------------------------------------------------------------------------------------


@blueprint.get("/")
@requires(read_workbench)
def list_rounds() -> ResponseReturnValue:
    """Every round, also those that are not public yet."""
    found = office_rounds.list_rounds()
    counted = {each.code: workbench.counts(each.register_id) for each in found}
    return office_page("rounds.html", rounds=found, counts=counted)


@blueprint.route("/new", methods=["GET", "POST"])
@shows_own_form
@requires(manage_rounds)
def create_round() -> ResponseReturnValue:
    city = settings.current()
    form = round_form(
        city.languages,
        office_rounds.departments(),
        city.official_language,
        city.answer_weeks,
        person().department_id,
    )
    if form.is_submitted() and form.validate():
        try:
            code = rounds.create_round(form.facts(), acting(manage_rounds))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("The round %(code)s is created. Import its draft next.", code=code), "success")
            return redirect(url_for("office_rounds.import_draft", code=code))
    return office_page("new_round.html", form=form, codes=city.languages)


@blueprint.get("/<code>/set-up")
@requires(read_workbench)
def show_round(code: str) -> ResponseReturnValue:
    """Everything about one round that is not an answer, and what is missing before it can be published."""
    return _set_up(office_rounds.find_round(code))


@blueprint.route("/<code>/describe", methods=["GET", "POST"])
@shows_own_form
@requires(manage_rounds)
def describe_round(code: str) -> ResponseReturnValue:
    found = office_rounds.find_round(code)
    form = texts_form((found.language, *found.languages, *settings.current().languages), found.language)
    if not form.is_submitted():
        form.fill_from(found.title, found.texts)
    elif form.validate():
        try:
            title = form.written("title", found.language)
            rounds.describe_round(code, title, form.texts(found.language), acting(manage_rounds))
        except DomainError as error:
            form.refuse(error)
            return office_page("describe.html", status_of(error), round=found, form=form)
        flash(_("The texts are saved."), "success")
        return redirect(url_for("office_rounds.show_round", code=code))
    return office_page("describe.html", round=found, form=form)


@blueprint.route("/<code>/retime", methods=["GET", "POST"])
@shows_own_form
@requires(manage_rounds)
def retime_round(code: str) -> ResponseReturnValue:
    found = office_rounds.find_round(code)
    form = TimetableForm()
    if not form.is_submitted():
        form.opens_on.data, form.closes_on.data = found.opens_on, found.closes_on
        form.answers_due_on.data = found.answers_due_on
        form.short_reason.data = found.timetable.short_reason
    elif form.validate():
        try:
            rounds.retime_round(
                code, form.timetable(), found.language, form.reason.data or "", acting(manage_rounds)
            )
        except DomainError as error:
            form.refuse(error)
            return office_page("retime.html", status_of(error), round=found, form=form)
        flash(_("The days are changed."), "success")
        return redirect(url_for("office_rounds.show_round", code=code))
    return office_page("retime.html", round=found, form=form)


@blueprint.post("/<code>/publish")
@requires(manage_rounds)
def publish_round(code: str) -> ResponseReturnValue:
    found = office_rounds.find_round(code)
    try:
        rounds.publish_round(code, acting(manage_rounds))
    except DomainError as error:
        if prefers_json():
            raise
        return _set_up(found, error)
    flash(_("The round is public now."), "success")
    return redirect(url_for("office_rounds.show_round", code=code))


@blueprint.get("/<code>/conclude")
@requires(manage_rounds)
def show_conclusion(code: str) -> ResponseReturnValue:
    """The closing gate: what is missing, by number, and the button."""
    return _gate(office_rounds.find_round(code))


@blueprint.post("/<code>/conclude")
@requires(manage_rounds)
def conclude_round(code: str) -> ResponseReturnValue:
    found = office_rounds.find_round(code)
    try:
        rounds.conclude_round(code, acting(manage_rounds))
    except DomainError as error:
        if prefers_json():
            raise
        return _gate(found, error)
    if prefers_json():
        return jsonify(round=code, concluded_on=clock.today().isoformat())
    flash(_("The round is concluded. Every comment has its answer."), "success")
    return redirect(url_for("office_rounds.show_round", code=code))


# Drafts -------------------------------------------------------------------------------------------------------------


@blueprint.route("/<code>/import-draft", methods=["GET", "POST"])
@shows_own_form
@requires(manage_rounds)
def import_draft(code: str) -> ResponseReturnValue:
    """Read a draft from Markdown: show what was understood first, save it then."""
    found = office_rounds.find_round(code)
    form = DraftForm()
    understood: ParsedDraft | None = None
    if form.is_submitted():
        try:
            markdown = form.markdown()  # first of all, so that nothing that was sent is lost
            if form.validate():
                understood = draft_rules.parse(markdown)
                if form.is_confirmed(markdown):
                    drafts.import_draft(code, markdown, acting(manage_rounds))
                    flash(_("The draft is saved."), "success")
                    return redirect(url_for("office_rounds.show_round", code=code))
                form.show_preview_of(markdown)
        except DomainError as error:
            form.refuse(error)
    return office_page(
        "import_draft.html",
        round=found,
        form=form,
        draft=office_rounds.find_draft(found.id),
        understood=understood,
        lines=_understood(understood) if understood else [],
    )


@blueprint.route("/<code>/import-translation", methods=["GET", "POST"])
@shows_own_form
@requires(manage_rounds)
def import_translation(code: str) -> ResponseReturnValue:
    """Read a draft's translation: beside the original first, saved then."""
    found = office_rounds.find_round(code)
    draft = office_rounds.find_draft(found.id)
    form = TranslationForm()
    codes = dict.fromkeys((*found.languages, *settings.current().languages))
    form.offer(other for other in codes if other != found.language)
    understood: ParsedDraft | None = None
    if form.is_submitted():
        try:
            markdown = form.markdown()
            if form.validate():
                if draft is None:
                    raise DomainError("draft_missing")
                parsed = draft_rules.parse(markdown)
                numbers = [str(unit.number) for unit in parsed.measures]
                draft_rules.check_translation(draft.numbers, numbers)
                if form.is_confirmed(markdown):
                    drafts.import_translation(
                        code, form.language.data, markdown, acting(manage_rounds), State(form.state.data)
                    )
                    name = language_name(form.language.data)
                    flash(_("The translation into %(language)s is saved.", language=name), "success")
                    return redirect(url_for("office_rounds.show_round", code=code))
                form.show_preview_of(markdown)
                understood = parsed
        except DomainError as error:
            form.refuse(error)
    return office_page(
        "import_translation.html",
        round=found,
        form=form,
        draft=draft,
        understood=understood,
        lines=_understood(understood, draft) if understood else [],
    )


# Parts of pages -----------------------------------------------------------------------------------------------------


def _set_up(found: OfficeRound, error: DomainError | None = None) -> ResponseReturnValue:
    draft = office_rounds.find_draft(found.id)
    return office_page(
        "set_up.html",
        status_of(error) if error else 200,
        sentences(error) if error else [],
        round=found,
        draft=draft,
        counts=workbench.counts(found.register_id),
        checks=_checks(found, draft) if found.published_on is None else [],
        departments={id: name for id, _key, name in office_rounds.departments()},
        labels={name: label for name, (label, _hint) in LABELS.items()},
    )


def _checks(found: OfficeRound, draft: OfficeDraft | None) -> list[Check]:
    """What must be there before a round is published, and what should be."""
    code = found.code
    describe = url_for("office_rounds.describe_round", code=code)
    translate = url_for("office_rounds.import_translation", code=code)
    title = found.title.get(found.language)
    measures = len(draft.numbers) if draft else 0
    checks = [
        Check(bool(title), True, _("A title in the language of the original"), describe),
        Check(
            measures > 0, True, _("A draft with measures"), url_for("office_rounds.import_draft", code=code)
        ),
        Check(
            all(found.texts[name].get(found.language) for name in ESSENTIAL),
            False,
            _("What is decided and what is not, what happens with comments, and who decides"),
            describe,
        ),
    ]
    for other in found.languages:
        if other == found.language:
            continue
        name = language_name(other)
        named = all(text.get(other) for text in (found.title, *found.texts.values()) if text)
        read = draft is not None and draft.parts_in(other) == len(draft.units)
        checks.append(Check(named, False, _("Title and texts in %(language)s", language=name), describe))
        checks.append(Check(read, False, _("The draft in %(language)s", language=name), translate))
    checks.append(
        Check(
            found.opens_on >= clock.today(),
            False,
            _("A first day for comments that is still to come"),
            url_for("office_rounds.retime_round", code=code),
        )
    )
    return checks


def _gate(found: OfficeRound, error: DomainError | None = None) -> ResponseReturnValue:
    obstacles = rules.conclusion_obstacles(found.published_on, found.closes_on, clock.today())
    return office_page(
        "conclude.html",
        status_of(error) if error else 200,
        sentences(error) if error else [],
        round=found,
        obstacles=[sentence for obstacle in obstacles for sentence in sentences(obstacle)],
        missing=office_rounds.unanswered_numbers(found.register_id, NUMBERS_SHOWN),
        counts=workbench.counts(found.register_id),
    )


def _understood(parsed: ParsedDraft, draft: OfficeDraft | None = None) -> list[Understood]:
    """Each part that was read, with the department that its "Responsible" means, or the original it translates."""
    offices = office_rounds.departments_by_name()
    titles = {unit.number: unit.title for unit in draft.units if unit.number} if draft else {}
    chapters = iter([unit.title for unit in draft.units if not unit.number] if draft else [])
    return [
        Understood(
            unit,
            offices.get(fold(unit.facts.get("responsible", ""))),
            titles.get(unit.number) if unit.number else next(chapters, None),
        )
        for unit in parsed.units
    ]
