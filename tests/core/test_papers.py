"""Papers in three languages: complete, tagged, the same bytes each time, and deaf to whatever people write."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from core import settings
from core.documents import apart, papers, parts
from core.documents.stored import check_upload
from core.errors import DomainError
from core.localized import Localized
from core.settings import Settings
from tests.core.notices import NOTICES

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTILE = [
    '#read("/etc/passwd")',
    "#import sys: inputs",
    "*bold* _it_ `code` $x^2$ = Heading",
    "\\ \\u{41} // comment /* more */ @label <label>",
    '"] #panic("no") #[',
    "{{ data }} %} ${HOME}",
]


@pytest.fixture(autouse=True)
def _city(tmp_path: Path) -> Iterator[None]:
    """A city whose templates are ours and one of the tests'."""
    before = settings._current
    name = Localized.of({"en": "City of Lindhafen", "de": "Stadt Lindhafen", "ar": "مدينة ليندهافن"}, "de")
    settings.configure(Settings(folder=tmp_path / "var", city=name))
    shutil.copytree(ROOT / "templates" / "_papers", tmp_path / "templates" / "_papers")
    shutil.copytree(ROOT / "tests" / "data" / "papers", tmp_path / "templates" / "test" / "papers")
    papers.init_papers(tmp_path / "templates")
    yield
    papers.init_papers(ROOT / "templates")
    settings._current = before


def notice(language: str = "en", **changed: Any) -> bytes:
    return papers.render("test/notice", language, {**NOTICES[language], **changed})


def pdf(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf(data).pages).split())


def test_a_paper_of_ours_may_be_handed_over_to_us_again() -> None:
    assert check_upload("Notice.pdf", notice("ar")).media_type == "application/pdf"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_paper_holds_every_word_of_its_data(language: str) -> None:
    text = text_of(notice(language))
    data = NOTICES[language]
    for words in (
        data["title"],
        data["lead"],
        data["heading"],
        *data["head"],
        *(cell for row in data["rows"] for cell in row),
    ):
        assert words in text
    assert "4821 0937 5512 8840 1029 3384 7765 2041" in text


def test_blanks_around_emphasis_stay() -> None:
    text = text_of(notice())
    assert "You need one code. It is in your letter." in text
    assert "3. Choose up to three people." in text


def test_an_arabic_paper_keeps_numbers_names_and_letters() -> None:
    text = text_of(notice("ar"))
    for part in ("2027", "ML-27", "Olena Kovalenko", "4821 0937 5512 8840 1029 3384 7765 2041"):
        assert part in text
    assert set(NOTICES["ar"]["title"]) - {" "} <= set(text)


@pytest.mark.parametrize("language", sorted(NOTICES))
def test_a_paper_is_tagged_and_says_its_language_title_and_author(language: str) -> None:
    found = pdf(notice(language))
    root: Any = found.trailer["/Root"]
    assert root["/Lang"].split("-")[0] == language
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert found.metadata is not None
    assert found.metadata.title == NOTICES[language]["title"]
    assert found.metadata.author == settings.current().city.best(language).text


def test_only_our_own_letters_are_in_a_paper() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in pdf(notice("ar")).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all(name.startswith("NotoSans") for name in fonts)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert notice("ar") == notice("ar")
    assert notice("ar") != notice("de")
    assert pdf(notice()).metadata.creation_date is None  # type: ignore[union-attr]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_write_is_printed_as_they_wrote_it(words: str) -> None:
    written = notice(title=words, lead=parts.run(words, "en"))
    assert pdf(written).metadata.title == words  # type: ignore[union-attr]
    assert " ".join(words.split()) in text_of(written)


def test_markdown_brings_no_code_no_picture_and_no_foreign_address() -> None:
    body = (
        '#read("/etc/passwd")\n\n![x](/etc/passwd) <b>html</b>\n\n'
        "[run](javascript:alert) [file](file:///etc/passwd) [site](https://example.org/)"
    )
    written = notice(body=parts.markdown(body, "en"))
    assert '#read("/etc/passwd")' in text_of(written)
    links = [
        str(link.get_object()["/A"]["/URI"])
        for page in pdf(written).pages
        for link in page.get("/Annots", [])
        if "/A" in link.get_object()
    ]
    assert links == ["https://example.org/"]


def test_every_block_of_markdown_is_set() -> None:
    body = "# One\n\n> quoted\n\n```\ncode  here\n```\n\n---\n\n4. four\n5. *five* `six`\n\n- a\n  - b\n\nline\\\nend"
    text = text_of(notice(body=parts.markdown(body, "en")))
    for word in ("One", "quoted", "code here", "4. four", "5. five six", "• a", "b", "line end"):
        assert word in text


def test_invisible_signs_and_lone_surrogates_are_taken_out() -> None:
    assert "Sami ra" in text_of(notice(lead="\ud800Sami\u202e ra\0\u2066"))


def test_letters_that_no_font_has_are_refused_by_name() -> None:
    with pytest.raises(DomainError) as caught:
        notice(lead="Amal 移民")
    assert caught.value.code == "paper_letters_missing"
    assert str(caught.value.parameters["letters"]) in "移民"


def test_a_city_s_own_folder_of_fonts_may_be_empty(tmp_path: Path) -> None:
    own = tmp_path / "var" / papers.OWN_FONTS
    own.mkdir(parents=True)
    papers.init_papers(tmp_path / "templates")
    assert "Everybody who lives here" in text_of(notice())


def test_a_family_that_is_not_there_is_a_fault_and_no_other_letter(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "test" / "papers" / "notice.typ"
    template.write_text(template.read_text("utf-8") + '\n#text(font: "Comic Sans")[x]\n', "utf-8")
    with pytest.raises(RuntimeError, match="unknown font family"):
        notice()


def test_a_template_reads_nothing_outside_the_templates(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    template = tmp_path / "templates" / "test" / "papers" / "notice.typ"
    template.write_text('#read("../../../secret.txt")', "utf-8")
    with pytest.raises(RuntimeError):
        notice()


def test_long_papers_number_their_pages_and_repeat_the_head_of_a_table() -> None:
    written = notice(rows=[[f"Step {number}", "soon"] for number in range(120)])
    pages = [page.extract_text() for page in pdf(written).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in page
    assert sum("Until when" in page for page in pages) >= 3


def test_pictures_show_the_same_pages() -> None:
    found = papers.pictures("test/notice", "ar", NOTICES["ar"], ppi=20)
    assert [picture[:4] for picture in found] == [b"\x89PNG"]


def test_a_process_of_its_own_prints_the_same_bytes() -> None:
    assert apart.render_apart("test/notice", "ar", NOTICES["ar"]) == notice("ar")


def test_what_a_process_of_its_own_cannot_print_is_a_fault_that_says_nothing_of_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(RuntimeError, match=r"test/notice could not be printed \(exit code 1\)"):
        apart.render_apart("test/notice", "en", {**NOTICES["en"], "lead": "Amal 移民"})
    assert capfd.readouterr() == ("", "")
