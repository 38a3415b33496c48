"""The letters, read back: one page each, what they must say, in whose language, and where the code stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from app.commands.alone import bare_application
from core import settings
from core.localized import Localized
from core.settings import Settings
from elections.authority import letters
from elections.authority.letters import Facts, Letter
from elections.authority.roll import Person
from tests.elections.authority.conftest import Office
from tests.elections.authority.offices import PEOPLE, PRINTED, URL

CODE = "48210937551288401029338477652041"
SAID = {
    "de": (
        "Wahl des Migrationsbeirats 2028",
        "Sie stehen im Wählerverzeichnis. Ihre Nummer dort ist 17.",
        "von Montag, 6. März 2028, 08:00 Uhr, bis Sonntag, 19. März 2028, 18:00 Uhr",
        "Ihr Wahlcode",
        "Scannen Sie den QR-Code",
        "Nur Ihr letzter Stimmzettel zählt.",
        "Niemand wird Sie je danach fragen",
        "Brief verloren",
        "Sie bekommen einen neuen Code",
        "Brauchen Sie Hilfe",
    ),
    "en": (
        "You are on the roll of voters. Your number there is 17.",
        "from Monday, 6 March 2028, 08:00, until Sunday, 19 March 2028, 18:00",
        "Your voting code",
        "Scan the QR code",
        "Only your last ballot counts.",
        "Nobody will ever ask you for it",
        "Letter lost",
        "You get a new code",
        "Do you need help",
    ),
}
ARABIC = (
    "انتخاب مجلس الهجرة 2028",
    "أنت مسجّل في سجل الناخبين. رقمك فيه 17.",
    "يمكنك التصويت من الاثنين، 6 مارس 2028، الساعة 08:00، حتى الأحد، 19 مارس 2028، الساعة 18:00.",
    "رمز التصويت الخاص بك",
    "لن يسألك أحد عنه أبدًا: لا بالهاتف ولا بالبريد الإلكتروني ولا عند الباب.",
    "هل ضاعت الرسالة أو رأى أحد الرمز؟",
    "تحصل على رمز جديد ما دام لم يصوّت أحد بالرمز القديم.",
)


@pytest.fixture(autouse=True)
def _speaking(tmp_path: Path) -> Iterator[None]:
    with bare_application().app_context():
        settings.configure(Settings(folder=tmp_path, city=Localized.original("de", "Stadt Lindhafen")))
        yield


def facts(**changed: Any) -> Facts:
    told: dict[str, Any] = {
        "title": Localized.of(
            {"de": "Wahl des Migrationsbeirats 2028", "ar": "انتخاب مجلس الهجرة 2028"}, "de"
        ),
        "official": "de",
        "languages": frozenset({"de", "en", "ar"}),
        "sender": ("Stadt Lindhafen", "Wahlamt"),
        "returns": "Stadt Lindhafen, Rathausplatz 1, 04109 Lindhafen",
        "contact": ("Wahlamt, Rathausplatz 1", "0341 123 456"),
        "opens": datetime(2028, 3, 6, 8),  # noqa: DTZ001
        "closes": datetime(2028, 3, 19, 18),  # noqa: DTZ001
        "address": URL,
    }
    return Facts(**told | changed)


def person(language: str, name: str = "Amal Haddad") -> Person:
    return Person(2, 17, name, "Hafenstr. 4", "04177", "Lindhafen", language)


def letter(language: str, name: str = "Amal Haddad") -> Letter:
    return Letter(17, CODE, language, person(language, name))


def pages(*given: Letter, **changed: Any) -> list[str]:
    made = letters.render(facts(**changed), given)
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def test_a_german_letter_says_everything_once() -> None:
    (text,) = pages(letter("de"))
    for words in SAID["de"]:
        assert text.count(words) == 1


def test_an_english_letter_says_everything_in_both_languages() -> None:
    (text,) = pages(letter("en"))
    for language in ("de", "en"):
        for words in SAID[language]:
            assert words in text


def test_an_arabic_letter_says_everything_in_both_languages() -> None:
    (text,) = pages(letter("ar"))
    for words in SAID["de"]:
        assert words in text
    told = str(letters._data(facts(), [letter("ar")]))
    for words in ARABIC:
        assert words in told
    signs = {sign for words in ARABIC for sign in words if sign.isalnum()}
    assert len(signs - set(text)) <= 2  # pypdf gives Arabic back in pieces and loses a ligature or two


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_the_code_stands_in_groups_from_left_to_right_in_every_language(language: str) -> None:
    (text,) = pages(letter(language))
    assert "4821 0937 5512 8840 1029 3384 7765 2041" in text
    assert len(PRINTED.findall(text)) == 1


@pytest.mark.parametrize("language", ["uk", "zh-Hant", "fr"])
def test_a_language_that_we_have_no_words_in_gets_the_official_letter(language: str) -> None:
    assert pages(letter(language)) == pages(letter("de"))


@pytest.mark.parametrize("language", ["de-CH", "ar-SY"])
def test_a_language_of_one_country_is_that_language(language: str) -> None:
    assert pages(letter(language)) == pages(letter(language[:2]))


def test_the_qr_code_carries_the_code_behind_the_hash_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = letters.parts.qr_code

    def watched(content: str, label: str) -> dict[str, Any]:
        drawn.append(content)
        return real(content, label)

    monkeypatch.setattr(letters.parts, "qr_code", watched)
    (text,) = pages(letter("ar"))
    assert drawn == [f"{URL}#{CODE}"]
    assert URL in text
    assert f"#{CODE}" not in text


@pytest.mark.parametrize("name", ["Amal Haddad", "سميرة حداد", "Олена Коваленко"])
def test_the_address_is_the_post_s_in_every_language(name: str) -> None:
    for language in ("de", "ar"):
        (text,) = pages(letter(language, name))
        assert "Hafenstr. 4 04177 Lindhafen" in text
        assert set(name) - {" "} <= set(text)


def places(made: bytes) -> dict[str, tuple[float, float]]:
    """Where words stand on the first page, in millimetres from the left and from the top."""
    found: dict[str, tuple[float, float]] = {}

    def visit(text: str, matrix: list[float], inner: list[float], _font: Any, _size: float) -> None:
        x = inner[4] * matrix[0] + matrix[4]
        y = inner[5] * matrix[3] + matrix[5]
        if text.strip():
            found.setdefault(text.strip(), (x / 72 * 25.4, 297 - y / 72 * 25.4))

    pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_window_shows_the_address_and_never_the_code(language: str) -> None:
    found = places(letters.render(facts(), [letter(language)]))

    def in_window(place: tuple[float, float]) -> bool:
        return 20 <= place[0] <= 105 and 45 <= place[1] <= 90

    assert in_window(found["Amal Haddad"])
    assert in_window(found["Stadt Lindhafen, Rathausplatz 1, 04109 Lindhafen"])
    shown = [words for words, place in found.items() if in_window(place)]
    assert not [words for words in shown if "4821" in words or "2041" in words]
    (code,) = (place for words, place in found.items() if words.startswith("4821"))
    assert 105 < code[1] < 210  # between the folds


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_a_spare_has_a_number_and_no_name(language: str) -> None:
    (text,) = pages(Letter(2, CODE, language))
    assert "Das ist der Ersatzbrief 2." in text
    assert "Wählerverzeichnis" not in text
    assert "Haddad" not in text
    assert "4821 0937 5512 8840" in text


def test_every_letter_is_one_page_however_many_there_are() -> None:
    many = [letter(language) for language in ("de", "ar", "en", "fa")] * 5
    many += [Letter(1, CODE, language) for language in ("de", "ar", "en")]
    assert len(pages(*many)) == len(many)


@pytest.mark.parametrize("official", ["de", "en"])
def test_a_long_title_still_fits_every_letter_and_spare(official: str) -> None:
    title = {
        "de": "Wahl des Beirats für Migration und Integration der Stadt Lindhafen 2028",
        "en": "Election of the council for migration and integration of Lindhafen 2028",
        "ar": "انتخاب مجلس الهجرة والاندماج في مدينة ليندهافن في آذار 2028",
    }
    told = facts(title=Localized.of(title, official), official=official)
    letters.check(told, [person(language) for language in ("de", "en", "ar", "uk")])


def test_real_letters_are_in_the_roll_s_order_one_page_each(office: Office) -> None:
    read = pypdf.PdfReader(office.out / "letters-0001.pdf").pages
    assert len(read) == len(PEOPLE)
    for page, row in zip(read, PEOPLE, strict=True):
        assert row[2] in page.extract_text()
        assert f"Ihre Nummer dort ist {row[0]}." in " ".join(page.extract_text().split())


def test_spares_speak_as_the_people_do() -> None:
    people = [person(language) for language in ("de",) * 60 + ("ar",) * 30 + ("fa",) * 10]
    assert letters.spare_languages(people, 10) == ["ar"] * 3 + ["de"] * 6 + ["fa"]
    assert letters.spare_languages(people, 1) == ["de"]
    assert letters.spare_languages(people[:1], 3) == ["de"] * 3


def test_letters_are_tagged_and_hold_our_own_fonts_alone() -> None:
    made = pypdf.PdfReader(io.BytesIO(letters.render(facts(), [letter("ar")])))
    root: Any = made.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert made.metadata is not None
    assert made.metadata.creation_date is None
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for font in made.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert all(name.startswith("NotoSans") for name in fonts)


def test_letters_and_people_do_not_print_themselves() -> None:
    assert repr(letter("de")) == "Letter(withheld)"
    assert repr(person("de")) == "Person(withheld)"
