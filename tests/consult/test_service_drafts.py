"""Importing a draft and its translations: versions, stable units, and submissions that keep what they saw."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Department
from consult import events
from consult.models import Draft, Round, Submission, Unit
from consult.services import drafts, rounds
from consult.services.submissions import receive
from core import audit, clock
from core.db import db, write
from core.localized import Localized, State, Version
from tests.city import (
    AFTER_CLOSING,
    CODE,
    DRAFT,
    at_once,
    comment,
    entries,
    found_city,
    on_one_database,
    open_city,
    open_round,
    promise,
    refused,
    rows,
    staff,
    submission,
    submit_comment,
    unit_id,
)

CHANGED = """# Arrive and stay, second version

### 1. A room for the first week

### 4. A new measure

- Responsible: integration
"""

GERMAN = """# Ankommen und bleiben

Was die Stadt plant.

## Wohnen

### 1. Ein Zimmer für die erste Nacht

Niemand schläft auf der Straße.

- Zuständig: Amt für Wohnen

### 2. Dolmetschen bei Besichtigungen

## Sprache

### Maßnahme 3: Abendkurse
"""


@pytest.fixture
def founded(app: Flask) -> None:
    """A city without rounds."""
    found_city()


@pytest.fixture
def opened(app: Flask) -> None:
    """A city with an open round."""
    open_city()


def import_draft(markdown: str = CHANGED, code: str = CODE) -> int:
    return drafts.import_draft(code, markdown, staff("officer"))


def translate(markdown: str = GERMAN, language: str = "de", state: State = State.CHECKED) -> None:
    drafts.import_translation(CODE, language, markdown, staff("officer"), state)


def units(version: int = 1) -> list[Unit]:
    """The units of a version of the draft, in their order."""
    draft = next(d for d in rows(Draft) if d.version == version)
    return sorted((u for u in rows(Unit) if u.draft_id == draft.id), key=lambda u: u.position)


# Versions ----------------------------------------------------------------------------------------------------


def test_a_draft_becomes_chapters_and_measures_in_their_order(opened: None) -> None:
    assert [(u.position, u.kind, u.number, u.title.best("en").text) for u in units()] == [
        (1, "chapter", None, "Housing"),
        (2, "measure", "1", "A room for the first night"),
        (3, "measure", "2", "A tenants' interpreter"),
        (4, "chapter", None, "Language"),
        (5, "measure", "3", "Evening courses"),
    ]
    assert units()[1].deadline == Localized.original("en", "end of 2028")
    draft = rows(Draft)[0]
    assert (draft.version, draft.created_on) == (1, clock.today())
    assert draft.title == Localized.original("en", "Arrive and stay")
    assert draft.introduction.best("en").text == "What the city plans for people who are new here."


def test_a_measure_belongs_to_the_department_it_names(founded: None) -> None:
    open_round(
        markdown="# T\n\n### 1. A\n- Responsible: HOUSING  óffice\n\n### 2. B\n- Responsible: Nobody\n"
    )
    housing = db.session.scalars(select(Department.id).where(Department.key == "housing")).one()
    assert [u.department_id for u in units()] == [housing, None]
    assert units()[1].responsible.best("en").text == "Nobody"


def test_before_publication_a_new_import_replaces_the_draft(founded: None) -> None:
    open_round(publish=False)
    assert import_draft() == 1
    assert [u.number for u in units()] == ["1", "4"]
    assert len(rows(Draft)) == 1


def test_after_publication_it_becomes_the_next_version_and_the_old_one_stays(opened: None) -> None:
    assert import_draft() == 2
    assert [u.number for u in units(1) if u.number] == ["1", "2", "3"]
    assert [u.number for u in units(2)] == ["1", "4"]


def test_a_comment_keeps_the_version_and_unit_that_it_saw(opened: None) -> None:
    seen = unit_id("2")
    first = submit_comment("On the old measure", "2")
    import_draft()
    second = submit_comment("On the new one", "4")
    third = submit_comment("On the whole", "")
    old, new = (draft.id for draft in rows(Draft))
    assert [
        (s.draft_id, s.unit_id) for s in map(submission, (first.number, second.number, third.number))
    ] == [
        (old, seen),
        (new, unit_id("4")),
        (new, None),
    ]


def test_a_form_opened_before_the_new_version_is_still_taken(opened: None) -> None:
    opened_before = comment("Written slowly", "2")
    import_draft()
    with write() as session:
        found, register = rounds.lock_round(session, CODE)
        receive(session, found, register, [opened_before], audit.RESIDENT)
    assert submission(1).unit_id == opened_before.unit_id


def test_comments_that_came_in_before_publication_keep_their_unit(founded: None) -> None:
    open_round(publish=False)
    with write() as session:
        found, register = rounds.lock_round(session, CODE)
        receive(session, found, register, [comment("From an earlier survey", "2")], audit.SYSTEM)
    seen = unit_id("2")
    assert import_draft() == 2
    assert submission(1).unit_id == seen
    assert [u.number for u in units(1) if u.number] == ["1", "2", "3"]


def test_each_import_is_recorded_with_a_hash_of_its_text(opened: None) -> None:
    import_draft()
    first, second = entries(events.DRAFT_IMPORT)
    assert first.facts == audit.canonical(
        {"version": 1, "language": "en", "measures": 3, "sha256": audit.commit_to(b"", DRAFT.strip())}
    )
    assert '"version":2' in second.facts
    assert [first.subject_id, second.subject_id] == [d.id for d in rows(Draft)]
    assert (second.role, second.actor) == ("officer", staff("officer").handle)


def test_two_who_import_at_once_make_two_versions(opened: None, app: Flask) -> None:
    assert sorted(at_once(app, [import_draft] * 3)) == [2, 3, 4]  # type: ignore[type-var]
    assert [d.version for d in rows(Draft)] == [1, 2, 3, 4]
    assert all(len(units(version)) == 2 for version in (2, 3, 4))


@on_one_database
@pytest.mark.parametrize(
    ("markdown", "codes"),
    [
        ("", ["draft_empty"]),
        ("# T\n\n## Chapter", ["no_measures"]),
        ("# T\n### 1. A\n### 1. B", ["number_twice"]),
        ("\0\ud800\u202e", ["draft_empty"]),
        ("# T\n### 1. A\n" + "x" * 10_000_000, ["file_too_large"]),
    ],
    ids=["empty", "no measures", "number twice", "hostile", "ten megabytes"],
)
def test_a_draft_that_is_not_understood_changes_nothing(
    opened: None, markdown: str, codes: list[str]
) -> None:
    with refused(*codes):
        import_draft(markdown)
    with refused(*codes):
        translate(markdown)


def test_hostile_characters_in_a_draft_are_taken_out(opened: None) -> None:
    import_draft("# T\u202e\n\n### 1. A\0\ud800\n\nb\u2066c\n- Goal: d\u200fe\n")
    unit = units(2)[0]
    assert (unit.title.best("en").text, unit.body.best("en").text, unit.goal.best("en").text) == (
        "A",
        "bc",
        "de",
    )


def test_a_concluded_round_s_draft_stands(opened: None) -> None:
    with clock.freeze(AFTER_CLOSING):
        rounds.conclude_round(CODE, staff("officer"))
        with refused("round_concluded"):
            import_draft()


# Translations ------------------------------------------------------------------------------------------------


def test_a_translation_is_matched_by_number_and_order_of_chapters(opened: None) -> None:
    translate()
    draft = rows(Draft)[0]
    assert draft.title.get("de") == Version("de", "Ankommen und bleiben", State.CHECKED)
    assert draft.title.get("en") == Version("en", "Arrive and stay", State.ORIGINAL)
    assert [u.title.best("de").text for u in units()] == [
        "Wohnen",
        "Ein Zimmer für die erste Nacht",
        "Dolmetschen bei Besichtigungen",
        "Sprache",
        "Abendkurse",
    ]
    assert units()[1].responsible.best("de").text == "Amt für Wohnen"
    assert rows(Round)[0].languages == ["en", "de"]


def test_a_machine_s_translation_says_so(opened: None) -> None:
    translate(state=State.MACHINE)
    assert {v.state for u in units() for v in u.title.versions if v.language == "de"} == {State.MACHINE}


def test_a_translation_is_recorded_and_leaves_the_version_as_it_is(opened: None) -> None:
    translate()
    assert '"language":"de"' in entries(events.DRAFT_IMPORT)[-1].facts
    assert [d.version for d in rows(Draft)] == [1]


def test_a_translation_imported_again_replaces_the_first(opened: None) -> None:
    translate()
    translate(GERMAN.replace("Abendkurse", "Kurse am Abend"))
    assert units()[4].title.get("de") == Version("de", "Kurse am Abend", State.CHECKED)
    assert rows(Round)[0].languages == ["en", "de"]


@on_one_database
@pytest.mark.parametrize(
    ("change", "missing", "extra"),
    [
        (("### 2.", "### 9."), ["2"], ["9"]),
        (("### 2. Dolmetschen bei Besichtigungen", ""), ["2"], []),
        (("## Sprache", "## Sprache\n\n### 7. Mehr"), [], ["7"]),
    ],
)
def test_a_translation_with_other_measures_is_refused(
    opened: None, change: tuple[str, str], missing: list[str], extra: list[str]
) -> None:
    with refused("translation_measures_differ") as errors:
        translate(GERMAN.replace(*change))
    assert errors[0].parameters == {"missing": missing, "extra": extra}


def test_measures_numbered_in_arabic_digits_are_matched(opened: None) -> None:
    translate("# الوصول\n\n### ١. غرفة\n\n### ٢. مترجم\n\n### ٣. دورات\n", "ar")
    assert [u.title.best("ar").text for u in units() if u.number] == ["غرفة", "مترجم", "دورات"]


def test_what_people_saw_is_not_changed_by_a_translation_into_its_own_language(opened: None) -> None:
    with refused("translation_is_original"):
        translate(DRAFT.replace("first night", "last night"), "en")


def test_a_translation_is_into_a_language(opened: None) -> None:
    for language in ("", "german", "d e", "de\0", "\ud800", "../de"):
        with refused("language_unknown"):
            translate(language=language)


def test_a_translation_needs_a_draft(founded: None) -> None:
    with write() as session:
        assert session.scalars(select(Draft)).first() is None
    open_round(publish=False)
    translate()
    rounds.create_round(rounds.RoundFacts(**_facts()), staff("officer"))
    with refused("draft_missing"):
        drafts.import_translation("WS-27", "de", GERMAN, staff("officer"))


def _facts() -> dict[str, object]:
    found = rows(Round)[0]
    return {
        "title": found.title, "opens_on": found.opens_on, "closes_on": found.closes_on, "language": "en",
        "department": "housing", "code": "WS-27",
    }  # fmt: skip


def test_the_next_version_begins_untranslated(opened: None) -> None:
    translate()
    import_draft()
    assert all(u.title.get("de") is None for u in units(2))
    assert units(1)[0].title.get("de") is not None


# Counting ----------------------------------------------------------------------------------------------------


def test_each_measure_counts_what_it_received(opened: None, app: Flask) -> None:
    submit_comment("One", "1")
    submit_comment("Two", "3")
    submit_comment("Three", "3")
    submit_comment("On the whole", "")
    assert [u.received for u in units() if u.number] == [1, 0, 2]
    at_once(app, [lambda n=n: submit_comment(f"Comment {n}", "2") for n in range(6)])
    assert [u.received for u in units() if u.number] == [1, 6, 2]
    assert len(rows(Submission)) == 10


def test_a_measure_s_department_owes_its_answers_and_else_the_round_s(opened: None) -> None:
    submit_comment("One", "1")
    submit_comment("Two", "2")
    submit_comment("Three", "")
    names = {d.id: d.key for d in rows(Department)}
    assert [names[promise(n).department_id] for n in (1, 2, 3)] == ["housing", "integration", "integration"]
