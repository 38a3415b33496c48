"""``answerable credentials make``: everything for everybody, codes in the letters alone, and nothing where one row is wrong."""

from __future__ import annotations

import itertools
import json
import re
import stat
from pathlib import Path

import pypdf
import pytest

from core import codes
from elections.authority import making
from tests.elections.authority.conftest import Office
from tests.elections.authority.offices import (
    FIRST,
    HEAD,
    PEOPLE,
    SECOND,
    credential,
    everything,
    forms,
    listed,
    make_words,
    passphrases,
    printed_codes,
    run,
    write_roll,
)


def test_it_runs_without_environment_and_leaves_nothing_but_its_folder(office: Office) -> None:
    assert sorted(path.name for path in office.folder.iterdir()) == [
        "out",
        "passphrase-1",
        "passphrase-2",
        "roll.csv",
    ]
    assert sorted(path.name for path in office.out.iterdir()) == [
        "letters-0001.pdf",
        "letters-spares.pdf",
        "public-credentials.json",
        "public-spares.json",
        "registry.sealed",
    ]


def test_only_its_owner_can_look_into_the_folder(office: Office) -> None:
    assert stat.S_IMODE(office.out.stat().st_mode) == 0o700
    for name in ("letters-0001.pdf", "letters-spares.pdf", "registry.sealed"):
        assert stat.S_IMODE((office.out / name).stat().st_mode) == 0o600


def test_no_file_was_opened_for_writing_outside_its_folder_and_nobody_was_called(office: Office) -> None:
    opened = re.findall(
        r'(?:open|openat|creat)\((?:AT_FDCWD, )?"([^"]+)", [^)]*(?:O_WRONLY|O_RDWR|O_CREAT)', office.trace
    )
    assert any("letters-0001.pdf" in path for path in opened)
    elsewhere = [
        path
        for path in opened
        if not (Path(path).is_relative_to(office.folder) or path.startswith(("/dev/", "/proc/")))
    ]
    assert elsewhere == []
    assert "AF_INET" not in office.trace


def test_codes_stand_in_the_letters_and_nowhere_else(office: Office) -> None:
    found = printed_codes(office.out)
    assert len(set(found)) == len(PEOPLE) + 1
    others = {name: data for name, data in everything(office.folder).items() if not name.endswith(".pdf")}
    others["what was said"] = office.said
    assert len(others) == 7
    for code in found:
        for form in forms(code):
            assert [name for name, data in others.items() if form in data] == []


def test_a_code_that_was_written_would_be_found(office: Office) -> None:
    code = printed_codes(office.out)[0]
    assert any(form in f"for Amal: {' '.join(codes.groups(code))}".encode() for form in forms(code))


def test_every_printed_code_is_on_the_public_list_and_no_other(office: Office) -> None:
    expected = {credential(code) for code in printed_codes(office.out)}
    assert set(listed(office.out / "public-credentials.json")) == expected
    spares = {credential(code) for code in printed_codes(office.out, "letters-spares*.pdf")}
    assert set(listed(office.out / "public-spares.json")) == spares


def test_the_public_list_is_in_the_order_of_its_digits(office: Office) -> None:
    found = listed(office.out / "public-credentials.json")
    assert found == sorted(found)


def test_the_order_of_the_public_list_tells_nothing_of_the_roll(tmp_path: Path) -> None:
    """Forty people whose letters come in the roll's order: their credentials rise about as often as they fall."""
    people = [(str(n), f"Person {n}", f"Street {n}", "04109", "Lindhafen", "de") for n in range(1, 41)]
    words = make_words(write_roll(tmp_path / "roll.csv", people), tmp_path / "out")
    assert run(*words, *passphrases(tmp_path)).exit_code == 0
    found = [credential(code) for code in printed_codes(tmp_path / "out", "letters-0*.pdf")]
    rises = sum(before < after for before, after in itertools.pairwise(found))
    assert len(found) == 40
    assert 5 < rises < 34  # by chance outside once in 40 million times


def test_what_it_says_names_the_next_steps(office: Office) -> None:
    said = office.said.decode("utf-8")
    assert "Letters: 5, spares: 1, PDF files: 2" in said
    for word in (
        "printer",
        "destroy",
        "public-credentials.json",
        "election board",
        "registry.sealed",
        "Delete the roll",
    ):
        assert word in said


@pytest.mark.parametrize(
    ("people", "percent", "spares"),
    [(1, 3, 1), (5, 3, 1), (33, 3, 1), (34, 3, 2), (100, 3, 3), (101, 3, 4), (1000, 3, 30), (75_000, 3, 2250), (10, 100, 10), (101, 1, 2)],
)  # fmt: skip
def test_spares_are_rounded_up_and_one_at_least(people: int, percent: int, spares: int) -> None:
    assert making.spare_count(people, percent) == spares


def test_a_thousand_letters_make_a_file_and_the_next_begins_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "BATCH", 2)
    words = make_words(write_roll(tmp_path / "roll.csv", PEOPLE), tmp_path / "out", spares="60")
    assert run(*words, *passphrases(tmp_path)).exit_code == 0
    pages = {path.name: len(pypdf.PdfReader(path).pages) for path in sorted((tmp_path / "out").glob("*.pdf"))}
    assert pages == {
        "letters-0001.pdf": 2,
        "letters-0002.pdf": 2,
        "letters-0003.pdf": 1,
        "letters-spares.pdf": 2,
        "letters-spares-2.pdf": 1,
    }
    assert len(listed(tmp_path / "out" / "public-credentials.json")) == 8


# Refusals ------------------------------------------------------------------------------------------------------------


def refused(folder: Path, *words: str) -> list[str]:
    """The sentences of a refusal that left nothing behind."""
    before = everything(folder)
    done = run(*words)
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    assert everything(folder) == before
    assert not [path for path in folder.iterdir() if path.is_dir()]
    return done.stderr.splitlines()


def made_of(folder: Path, people: list[tuple[str, ...]], **changed: str) -> list[str]:
    words = make_words(write_roll(folder / "roll.csv", people), folder / "out", **changed)
    return [*words, *passphrases(folder)]


def test_every_wrong_row_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    people: list[tuple[str, ...]] = [
        PEOPLE[0],
        ("0", "Ana", "Weg 1", "04109", "Lindhafen", "de"),
        ("x", "Ben", "Weg 1", "04109", "Lindhafen", "de"),
        ("21", "", "Weg 1", "04109", "Lindhafen", "de"),
        ("22", "Cem", "", "04109", "", "de"),
        ("17", "Dana", "Weg 4", "04109", "Lindhafen", "de"),
        ("23", "amal  HADDAD", "Hafenstr. 4", "04177", "Lindhafen", "de"),
        ("24", "Eva", "Weg 5", "04109", "Lindhafen", "Deutsch!"),
        ("25", "F" * 71, "Weg 6", "04109", "Lindhafen", ""),
        ("26", "Gia", "Weg 7", "04109", "Lindhafen"),
    ]
    found = refused(tmp_path, *made_of(tmp_path, people))
    assert [re.findall(r"[Rr]ow (\d+)", line)[0] for line in found] == [
        "3",
        "4",
        "5",
        "6",
        "6",
        "7",
        "8",
        "9",
        "10",
        "11",
    ]
    assert "same number as row 2" in found[5]
    assert "same name and address as row 2" in found[6]


def test_namesakes_at_one_address_are_let_through_if_one_says_so(tmp_path: Path) -> None:
    twice = [PEOPLE[0], ("18", *PEOPLE[0][1:])]
    assert refused(tmp_path, *made_of(tmp_path, twice))
    assert run(*made_of(tmp_path, twice), "--namesakes").exit_code == 0
    assert len(printed_codes(tmp_path / "out")) == 3


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    roll = write_roll(tmp_path / "roll.csv", [each[:5] for each in PEOPLE], HEAD[:5])
    found = refused(tmp_path, *make_words(roll, tmp_path / "out"), *passphrases(tmp_path))
    assert found == ["The file has no column “language”."]


def test_a_roll_of_nobody_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, *made_of(tmp_path, [])) == ["The table holds no people."]


def test_signs_that_no_font_has_are_named_with_their_rows(tmp_path: Path) -> None:
    people = [
        *PEOPLE,
        ("30", "陳大文", "Weg 1", "04109", "Lindhafen", "zh"),
        ("31", "Ana ፊደል", "Weg 2", "04109", "Lindhafen", "ti"),
    ]
    found = refused(tmp_path, *made_of(tmp_path, people))
    assert [re.findall(r"Row (\d+)", line) for line in found] == [["7"], ["8"]]
    assert set("陳大文") & set(found[0])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": "http://vote.example/"}, "https://"),
        ({"url": "https://vote.example/#x"}, "https://"),
        ({"url": "https://vote.example/ x"}, "https://"),
        ({"election": "MC-28"}, "identifier"),
        ({"official": "hr"}, "official language"),
        ({"closes": "2028-03-06T08:00"}, "close"),
        ({"title": "Wahl des Beirats " * 30}, "one page"),
    ],
)
def test_what_letters_cannot_say_is_refused(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    (found,) = refused(tmp_path, *made_of(tmp_path, PEOPLE, **changed))
    assert said in found


def test_nothing_is_written_over(office: Office, own: Path) -> None:
    before = everything(own)
    done = run(*make_words(own / "roll.csv", own / "out"), *passphrases(own))
    assert done.exit_code == 1
    assert "is there already" in done.stderr
    assert everything(own) == before


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("password1234", SECOND, "person 1 is too easy"),
        (FIRST, "short", "person 2 is too easy"),
        (FIRST, "kitchen-41-door", "person 2 is too easy"),  # an account may have it
        (FIRST, FIRST, "same passphrase"),
    ],
)
def test_weak_and_shared_passphrases_are_refused(tmp_path: Path, first: str, second: str, said: str) -> None:
    words = make_words(write_roll(tmp_path / "roll.csv", PEOPLE), tmp_path / "out")
    (found,) = refused(tmp_path, *words, *passphrases(tmp_path, first, second))
    assert said in found


def test_one_passphrase_is_not_enough(tmp_path: Path) -> None:
    words = make_words(write_roll(tmp_path / "roll.csv", PEOPLE), tmp_path / "out")
    (found,) = refused(tmp_path, *words, *passphrases(tmp_path)[:2])
    assert "two persons" in found


def test_passphrases_are_typed_unseen_and_a_weak_one_is_asked_again(tmp_path: Path) -> None:
    words = make_words(write_roll(tmp_path / "roll.csv", PEOPLE), tmp_path / "out")
    typed = "\n".join(["password1234"] * 2 + [FIRST] * 2 + [SECOND] * 2) + "\n"
    done = run(*words, typed=typed)
    assert done.exit_code == 0, done.stderr
    assert "Too easy to guess" in done.stderr
    assert FIRST not in done.output
    assert SECOND not in done.output


def test_what_went_wrong_while_printing_leaves_no_letter_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> bytes:
        raise OSError("no room on the disk")

    monkeypatch.setattr(making, "seal", broken)
    words = made_of(tmp_path, PEOPLE)
    before = everything(tmp_path)
    assert isinstance(run(*words).exception, OSError)
    assert everything(tmp_path) == before
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_the_lists_are_those_that_a_board_takes(office: Office) -> None:
    for name in ("public-credentials.json", "public-spares.json"):
        data = (office.out / name).read_bytes()
        assert json.dumps(json.loads(data), separators=(",", ":")).encode() == data
