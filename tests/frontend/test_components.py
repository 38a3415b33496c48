"""The layout and the components: one page in Arabic, seen as markup."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, flash, render_template, render_template_string
from markupsafe import Markup

from core.charts import bars
from tests.frontend.built import ROOT
from tests.frontend.markup import Page

TEMPLATES = ROOT / "templates"
CODE = "48210937552611807349206588143728"


def component(app: Flask, file: str, names: str, body: str, **values: object) -> Page:
    source = f'{{% from "_components/{file}.html" import {names} %}}{body}'
    return Page(render_template_string(source, **values))


# --- layout ----------------------------------------------------------------------------------------------------


def layout(pages: dict[str, str], base: str) -> Page:
    name = f"{base}-page.html"
    pages[name] = f'{{% extends "_layout/{base}.html" %}}{{% block title %}}Home{{% endblock %}}'
    return Page(render_template(name))


@pytest.mark.usefixtures("small_app")
def test_a_page_says_its_language_direction_and_title(pages: dict[str, str]) -> None:
    page = layout(pages, "base")
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("ar", "rtl")
    assert page.one("title").text == "Home – Answerable, مدينة ليندهافن"
    assert page.one("meta", name="viewport")["content"] == "width=device-width, initial-scale=1"
    assert page.one("meta", name="description")["content"]


@pytest.mark.usefixtures("small_app")
def test_the_first_link_leads_past_the_menu(pages: dict[str, str]) -> None:
    page = layout(pages, "base")
    assert page.all("a")[0]["href"] == "#main"
    assert page.one("main")["id"] == "main"


@pytest.mark.usefixtures("small_app")
def test_every_language_is_written_in_itself(pages: dict[str, str]) -> None:
    languages = [link for link in layout(pages, "base").all("a") if link["hreflang"]]
    assert [(each["lang"], each["dir"], each.text) for each in languages] == [
        ("en", "ltr", "English"),
        ("de", "ltr", "Deutsch"),
        ("ar", "rtl", "العربية"),
    ]
    assert [each["lang"] for each in languages if each["aria-current"] == "true"] == ["ar"]


@pytest.mark.usefixtures("small_app")
def test_menu_and_foot_hold_what_the_application_gives(pages: dict[str, str]) -> None:
    page = layout(pages, "base")
    menu = [link for link in page.all("a") if "a-nav__link" in (link["class"] or "")]
    assert [(link.text, link["href"], link["aria-current"]) for link in menu] == [
        ("Consultations", "/rounds/", "page"),
        ("Find my answer", "/answer/", None),
    ]
    footer = page.one("footer")
    assert "The day is public, and so is every delay." in footer.text
    assert "Your data" in footer.text
    assert "Hafenstraße 4" in footer.text


@pytest.mark.usefixtures("small_app")
@pytest.mark.parametrize("base", ["base", "reading", "reading_lead", "narrow", "staff"])
def test_no_page_has_style_or_script_of_its_own(pages: dict[str, str], base: str) -> None:
    page = layout(pages, base)
    assert page.all("style") == []
    assert all(
        script["src"] and "defer" in script.attributes and not script.text for script in page.all("script")
    )
    for element in page.elements:
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
    assert len(page.ids) == len(set(page.ids))


def test_no_template_of_any_room_has_inline_style_or_script() -> None:
    """The policy for content forbids them, so they would silently do nothing."""
    inline = re.compile(
        r"<[^>]*\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
    )
    for path in sorted(TEMPLATES.rglob("*.html")):
        assert not inline.search(path.read_text("utf-8")), path.relative_to(ROOT)


@pytest.mark.usefixtures("small_app")
def test_the_office_side_says_who_is_signed_in_and_signs_out_by_post(pages: dict[str, str]) -> None:
    page = layout(pages, "staff")
    strip = page.one(class_="a-staffbar")
    assert "Transport Office" in strip.text
    assert "Jana Holub" in strip.text
    form = page.one("form")
    assert (form["method"], form["action"]) == ("post", "/sign-out")
    assert page.one("button", type="submit").text == "Sign out"
    assert [link.text for link in page.all("a", class_="a-nav__link")] == ["Workbench"]


@pytest.mark.usefixtures("small_app")
def test_public_pages_load_one_script_and_office_pages_two(pages: dict[str, str]) -> None:
    assert [each["src"] for each in layout(pages, "base").all("script")] == ["/static/public.js"]
    assert [each["src"] for each in layout(pages, "staff").all("script")] == [
        "/static/public.js",
        "/static/staff.js",
    ]


def test_what_a_view_flashes_stands_above_the_office_page(small_app: Flask, pages: dict[str, str]) -> None:
    flash("The round is published.", "success")
    flash("Two answers wait for you.")
    page = layout(pages, "staff")
    banners = page.all("div", class_="govuk-notification-banner")
    assert [banner["role"] for banner in banners] == ["alert", "region"]
    assert "The round is published." in banners[0].text
    assert [page.one(id=banner["aria-labelledby"] or "").text for banner in banners] == [
        "Done",
        "Please note",
    ]


# --- components ------------------------------------------------------------------------------------------------


def test_a_chip_is_picture_and_word(small_app: Flask) -> None:
    page = component(small_app, "chip", "chip", '{{ chip("partly_accepted", "Partly accepted") }}')
    chip = page.one("strong")
    assert "a-chip--partly" in (chip["class"] or "")
    assert chip.text == "Partly accepted"
    assert page.one("svg")["aria-hidden"] == "true"


def test_a_number_is_written_from_left_to_right(small_app: Flask) -> None:
    page = component(small_app, "ticket", "ticket", '{{ ticket("AS-26-0149", "/x") }}')
    assert page.one("bdi")["dir"] == "ltr"
    assert page.one("a").text == "AS-26-0149"


@pytest.mark.parametrize(
    ("share", "run"), [(0, "0"), (0.5, "135.09"), (1, "270.18"), (7, "270.18"), (-1, "0")]
)
def test_the_dial_shows_how_much_time_has_run(small_app: Flask, share: float, run: str) -> None:
    page = component(
        small_app, "clock", "clock", '{{ clock("Due", "Friday", number=31, share=share) }}', share=share
    )
    drawn = page.one("circle", class_="a-dial__run")["stroke-dasharray"] or ""
    assert float(drawn.split()[0]) == float(run)


def test_a_clock_is_a_picture_a_number_and_a_sentence(small_app: Flask) -> None:
    page = component(
        small_app,
        "clock",
        "clock",
        '{{ clock("The answer was due", "31 August", "14 days late", "+14", tone="overdue", share=1, date=day) }}',
        day=date(2027, 8, 31),
    )
    assert page.one("time")["datetime"] == "2027-08-31"
    assert page.one(class_="a-clock__text").text == "The answer was due31 August14 days late"
    assert page.one(class_="a-dial")["aria-hidden"] == "true"
    assert page.one(class_="a-dial__number").text == "+14"


def test_a_kept_promise_shows_a_tick_and_a_zero_shows_zero(small_app: Flask) -> None:
    kept = component(small_app, "clock", "clock", '{{ clock("Answered", "9 September", tone="kept") }}')
    assert kept.one(class_="a-dial__number").text == ""
    today = component(small_app, "clock", "clock", '{{ clock("Due", "today", number=0) }}')
    assert today.one(class_="a-dial__number").text == "0"


def test_a_zero_is_never_red(small_app: Flask) -> None:
    body = '{{ counter([("overdue", "overdue", 0), ("overdue", "long overdue", 3)]) }}'
    page = component(small_app, "counter", "counter", body)
    assert ["is-none" in (each["class"] or "") for each in page.all("div")] == [True, False]


def test_the_bar_is_as_long_as_the_numbers_say(small_app: Flask) -> None:
    page = component(small_app, "progress", "progress", '{{ progress("131 of 200", 200, 100, 60, 40) }}')
    bars = {
        (each["class"] or "")[7:]: (each["x"], each["width"]) for each in page.all("rect") if each["class"]
    }
    assert bars == {
        "track": (None, "100%"),
        "answered": ("0%", "50.0%"),
        "open": ("50.0%", "30.0%"),
        "overdue": ("80.0%", "20.0%"),
    }


def test_one_late_item_among_a_thousand_is_still_seen(small_app: Flask) -> None:
    page = component(small_app, "progress", "bar", "{{ bar(1000, 999, 0, 1) }}")
    late = page.one("rect", class_="a-seg--overdue")
    assert (late["x"], late["width"]) == ("98.8%", "1.2%")


def test_an_empty_ledger_draws_an_empty_bar(small_app: Flask) -> None:
    assert len(component(small_app, "progress", "bar", "{{ bar(0) }}").all("rect")) == 1


def test_a_table_of_bars_says_in_numbers_what_its_bars_show(small_app: Flask) -> None:
    rows = bars([("Amal", 1200), (Markup('<bdi lang="uk">Olena</bdi>'), 300), ("Bo", 0, "quiet")], total=2000)
    body = '{{ bars(rows, "Votes", "Candidate", "Votes", "Part of all ballots") }}'
    page = component(small_app, "bars", "bars", body, rows=rows)
    assert [each.text for each in page.all("tr")] == [
        "CandidateVotesPart of all ballots",
        "Amal1,20060%",
        "Olena30015%",
        "Bo00%",
    ]
    drawn = [each for each in page.all("rect") if each["class"] != "a-seg--track"]
    assert [each["width"] for each in drawn] == ["100.0%", "25.0%", "0.0%"]
    assert page.one("bdi")["lang"] == "uk"


def test_a_small_share_is_not_told_as_none(small_app: Flask) -> None:
    rows = bars([("many", 999), ("few", 1), ("none", 0)])
    page = component(small_app, "bars", "bars", '{{ bars(rows, "a", "b", "c", "d") }}', rows=rows)
    assert [each.text for each in page.all("span", class_="a-bars__share")] == ["100%", "below 1%", "0%"]


def test_bars_are_pictures_without_words_and_without_styles(small_app: Flask) -> None:
    rows = bars([("<b>late</b>", 3, "overdue")])
    page = component(small_app, "bars", "bars", '{{ bars(rows, "Late", "Office", "Items") }}', rows=rows)
    picture = page.one("svg")
    assert (picture["aria-hidden"], picture["focusable"], picture.text) == ("true", "false", "")
    assert not any("style" in each.attributes for each in page.elements)
    assert page.all("b") == []
    assert page.one("th", scope="row").text == "<b>late</b>"


def test_steps_say_in_words_what_their_marks_show(small_app: Flask) -> None:
    steps = [
        {"title": "Announced", "when": "2 August", "state": "done"},
        {"title": "Open", "when": "until 15 October", "state": "now"},
        {"title": "Answers", "when": "7 January", "state": "late"},
        {"title": "Concluded", "when": "when nothing is open", "state": ""},
    ]
    page = component(small_app, "steps", "steps", "{{ steps(items) }}", items=steps)
    assert [each.text for each in page.all("li")] == [
        "Done: Announced 2 August",
        "Open until 15 October",
        "Late: Answers 7 January",
        "Concluded when nothing is open",
    ]
    assert [each["aria-current"] for each in page.all("li")] == [None, "step", None, None]


def test_a_code_is_eight_groups_that_can_be_copied_as_one_line(small_app: Flask) -> None:
    page = component(small_app, "code", "code", '{{ code(digits, label="l") }}', digits=CODE)
    assert page.one(id="code-digits").text == "4821 0937 5526 1180 7349 2065 8814 3728"
    assert len(page.all("span")) == 8


def test_what_needs_script_is_hidden_until_there_is_script(small_app: Flask) -> None:
    body = "{{ code_buttons() }}{{ voting_code_warning() }}{{ print_button() }}"
    page = component(small_app, "code", "code_buttons, voting_code_warning, print_button", body)
    assert all("hidden" in button.attributes for button in page.all("button"))
    assert "hidden" in page.one("p").attributes


def test_a_receipt_holds_code_picture_and_facts(small_app: Flask) -> None:
    body = '{% call receipt("AS-26-0149", digits, qr, kept="comment-14") %}<p>due</p>{% endcall %}'
    qr = Markup('<svg role="img" aria-label="QR"></svg>')
    page = component(small_app, "receipt", "receipt", body, digits=CODE, qr=qr)
    section = page.one("section")
    assert page.one(id=section["aria-labelledby"] or "").text == "Receipt"
    assert section["data-kept-clear"] == "comment-14"
    assert page.one("figure").text == "Scan this to open your answer"
    assert page.one(class_="a-receipt__stub").text == "due"


def test_a_translation_stands_beside_the_original_each_in_its_direction(small_app: Flask) -> None:
    versions = [
        {
            "language": "ar",
            "direction": "rtl",
            "name": "العربية",
            "label": "Checked",
            "html": Markup("<p>نعم</p>"),
        },
        {
            "language": "de",
            "direction": "ltr",
            "name": "Deutsch",
            "label": "Original",
            "html": Markup("<p>Ja</p>"),
        },
    ]
    body = '{% call letter("You wrote", id="you") %}<p>Why?</p>{% endcall %}' + (
        '{% call answer("The city answers", id="city") %}{{ twin(versions) }}{% endcall %}'
    )
    page = component(small_app, "letter", "letter, answer, twin", body, versions=versions)
    first, second = (next(each for each in page.all("p") if each.text == text) for text in ("نعم", "Ja"))
    assert [each.parents[-1]["lang"] for each in (first, second)] == ["ar", "de"]
    assert [each.parents[-2]["dir"] for each in (first, second)] == ["rtl", "ltr"]
    label = next(each for each in page.all("strong") if each.text == "Original")
    assert not any(parent["lang"] for parent in label.parents), "the label is in the language of the page"
    assert [page.one(id=each["aria-labelledby"] or "").text for each in page.all("article")] == [
        "You wrote",
        "The city answers",
    ]


def test_a_table_stays_a_table_when_its_rows_become_cards(small_app: Flask) -> None:
    body = """{% call table("Comments", ["Number", "Received"], numeric=[1]) %}{% call row() %}
      {% call head() %}7{% endcall %}{% call cell("Received:", numeric=true) %}148{% endcall %}
    {% endcall %}{% endcall %}"""
    page = component(small_app, "table", "table, row, head, cell", body)
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for tag, role in roles.items():
        assert {each["role"] for each in page.all(tag)} == {role}
    assert {each["role"] for each in page.all("th")} == {"columnheader", "rowheader"}
    assert page.one("caption").text == "Comments"
    assert page.one("td")["data-label"] == "Received:"


def test_pages_are_turned_by_address_and_not_by_number(small_app: Flask) -> None:
    body = '{{ pagination("Pages", none, "/register/?after=50", "1 to 50 of 3,211") }}'
    page = component(small_app, "pagination", "pagination", body)
    assert [(each["rel"], each["href"]) for each in page.all("a")] == [("next", "/register/?after=50")]
    assert "1 to 50 of 3,211" in page.one("nav").text


def test_a_row_of_the_queue_is_chosen_by_its_title(small_app: Flask) -> None:
    body = '{{ queue_row("pick", 7, "Світло", ["Ukrainian", none], language="uk", direction="ltr") }}'
    page = component(small_app, "queue", "queue_row", body)
    assert page.one("label")["for"] == page.one("input")["id"]
    assert page.one("label")["dir"] is None, "the box is drawn at the label's start: it must not jump"
    assert page.one("span", lang="uk")["dir"] == "ltr"
    assert page.one(class_="a-queue__facts").text == "Ukrainian"


def test_the_filter_is_a_get_form_in_a_named_landmark(small_app: Flask) -> None:
    body = '{% call filter_form("/register/", "Filter the register") %}<input name="q">{% endcall %}'
    form = component(small_app, "filter", "filter_form", body).one("form")
    assert (form["method"], form["action"], form["role"], form["aria-label"]) == (
        "get",
        "/register/",
        "search",
        "Filter the register",
    )


def test_foreign_words_reach_a_component_only_as_text(small_app: Flask) -> None:
    evil = '"><script>alert(1)</script>'
    pages = [
        component(small_app, "chip", "chip", '{{ chip("noted", evil) }}', evil=evil),
        component(small_app, "ticket", "ticket", "{{ ticket(evil, evil) }}", evil=evil),
        component(
            small_app,
            "notice",
            "notice, inset, warning",
            "{{ notice(evil) }}{{ inset(evil) }}{{ warning(evil) }}",
            evil=evil,
        ),
        component(small_app, "summary", "summary_list", "{{ summary_list([(evil, evil)]) }}", evil=evil),
        component(
            small_app,
            "steps",
            "steps",
            "{{ steps([{'title': evil, 'when': evil, 'state': ''}]) }}",
            evil=evil,
        ),
    ]
    for page in pages:
        assert page.all("script") == []
        assert any(evil.replace(" ", "") in each.text.replace(" ", "") for each in page.elements)


@pytest.mark.parametrize(
    "path", sorted((TEMPLATES / "_components").glob("*.html")), ids=lambda path: path.stem
)
def test_every_component_can_be_imported(small_app: Flask, path: Path) -> None:
    assert small_app.jinja_env.get_template(f"_components/{path.name}").module
