"""``replace``, ``revoke``, ``add``, ``check`` and ``destroy``, on real files and boards."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from core import clock
from core.errors import DomainError
from elections.authority import files, following
from elections.authority.registry import unseal
from elections.ballot.credentials import write_credentials
from elections.ballot.group import BELENIOS_2048, Element
from elections.ballot.replacements import Change, Reason, read_record
from elections.verify import verify
from tests.elections.authority.conftest import Office
from tests.elections.authority.offices import (
    ELECTION,
    FIRST,
    PEOPLE,
    SECOND,
    credential,
    everything,
    forms,
    listed,
    passphrases,
    printed_codes,
    run,
    write_board,
)

NUMBER = int(PEOPLE[0][0])


@pytest.fixture
def codes_of(office: Office) -> dict[int, str]:
    """The code that was printed for each number."""
    return dict(
        zip((int(row[0]) for row in PEOPLE), printed_codes(office.out, "letters-0*.pdf"), strict=True)
    )


def board(own: Path, *cast: str, **changed: object) -> Path:
    public = (own / "out" / "public-credentials.json").read_bytes()
    return write_board(own / "board.bel", public, cast, **changed)  # type: ignore[arg-type]


def words(own: Path, verb: str, number: int = NUMBER, **options: object) -> list[str]:
    given = {"number": number, "board": own / "board.bel", "out": own / "record.json"} | options
    said = [verb, str(own / "out" / "registry.sealed")]
    for name, value in given.items():
        said += [f"--{name}", str(value)]
    return [*said, *passphrases(own)]


def refused(own: Path, *said: str) -> str:
    before = everything(own)
    done = run(*said)
    assert done.exit_code == 1, done.output
    assert everything(own) == before
    return done.stderr


def test_a_lost_letter_is_replaced_and_the_public_can_follow(own: Path, codes_of: dict[int, str]) -> None:
    board(own)
    done = run(*words(own, "replace", spare=1))
    assert done.exit_code == 0, done.stderr
    (entry,) = read_record((own / "record.json").read_bytes()).entries
    (spare,) = listed(own / "out" / "public-spares.json")
    assert (entry.kind, entry.old, entry.new) == (Change.REPLACED, credential(codes_of[NUMBER]), spare)
    assert entry.day == clock.today()
    registry, _lock = unseal((own / "out" / "registry.sealed").read_bytes(), FIRST, SECOND)
    assert registry.credential(NUMBER) == spare
    assert not [name for name in everything(own) if name.startswith(".")]


def test_a_voter_on_paper_is_revoked_and_never_comes_back(own: Path) -> None:
    board(own)
    assert run(*words(own, "revoke", reason="paper")).exit_code == 0
    (entry,) = read_record((own / "record.json").read_bytes()).entries
    assert (entry.kind, entry.reason) == (Change.REVOKED, Reason.PAPER)
    for again in (words(own, "revoke", reason="struck"), words(own, "replace", spare=1)):
        assert "That is for good" in refused(own, *again)


def test_somebody_who_came_on_the_roll_later_gets_a_spare(own: Path) -> None:
    board(own)
    assert run(*words(own, "add", number=400, spare=1)).exit_code == 0
    assert [entry.kind for entry in read_record((own / "record.json").read_bytes()).entries] == [Change.ADDED]
    assert "given to somebody before" in refused(own, *words(own, "replace", spare=1))


def test_a_ballot_with_a_printed_code_is_one_of_this_election(own: Path, codes_of: dict[int, str]) -> None:
    assert verify(board(own, codes_of[NUMBER], codes_of[9])).sound
    foreign = "48210937551288401029338477652041"
    assert not verify(board(own, foreign)).sound


def test_no_later_step_writes_or_says_a_code(own: Path, codes_of: dict[int, str]) -> None:
    board(own)
    lists = ["--spares", str(own / "out" / "public-spares.json"), "--record", str(own / "record.json")]
    said = run(*words(own, "replace", spare=1)).output + run(*words(own, "revoke", 9, reason="paper")).output
    said += check(own, *lists, "--ask-code", typed=codes_of[NUMBER])
    held = {name: data for name, data in everything(own).items() if not name.endswith(".pdf")}
    held["what was said"] = said.encode()
    for code in printed_codes(own / "out"):
        for form in forms(code):
            assert [name for name, data in held.items() if form in data] == []


@pytest.mark.parametrize("verb", ["replace", "revoke"])
def test_a_credential_with_a_ballot_stays(own: Path, codes_of: dict[int, str], verb: str) -> None:
    options = {"spare": 1} if verb == "replace" else {"reason": "struck"}
    board(own, codes_of[3], codes_of[NUMBER], codes_of[3])
    assert "A ballot was cast" in refused(own, *words(own, verb, **options))
    assert run(*words(own, verb, number=9, **options)).exit_code == 0


def test_a_spare_that_counts_is_protected_by_its_ballot_too(own: Path) -> None:
    board(own)
    assert run(*words(own, "replace", spare=1)).exit_code == 0
    (code,) = printed_codes(own / "out", "letters-spares.pdf")
    board(own, code)
    assert "A ballot was cast" in refused(own, *words(own, "revoke", reason="struck"))


def test_no_board_but_the_right_one_is_believed(own: Path) -> None:
    replace = words(own, "replace", spare=1)
    board(own, election="AnotherE1ectionXXXXXXX")
    assert "another election" in refused(own, *replace)
    board(own, closed=True)
    assert "Voting is closed" in refused(own, *replace)
    write_board(own / "board.bel", write_credentials([Element(BELENIOS_2048.generator.power(7))]))
    assert "another list" in refused(own, *replace)
    sound = board(own).read_bytes()
    (own / "board.bel").write_bytes(sound[:-700] + bytes([sound[-700] ^ 1]) + sound[-699:])
    assert "board" in refused(own, *replace)
    (own / "board.bel").write_bytes(b"no board")
    assert "cannot be read" in refused(own, *replace)


def test_paper_voters_are_struck_while_there_is_no_board_yet_and_not_later_without_it(
    own: Path, codes_of: dict[int, str]
) -> None:
    def without_board(number: int) -> list[str]:
        said = words(own, "revoke", number=number, reason="paper")
        at = said.index("--board")
        return said[:at] + said[at + 2 :]

    assert run(*without_board(NUMBER)).exit_code == 0
    (entry,) = read_record((own / "record.json").read_bytes()).entries
    assert (entry.kind, entry.reason) == (Change.REVOKED, Reason.PAPER)
    board(own, codes_of[3])
    assert run(*words(own, "revoke", number=9, reason="paper")).exit_code == 0
    assert "newer board" in refused(own, *without_board(3))


def test_a_board_older_than_the_last_one_is_not_believed(own: Path, codes_of: dict[int, str]) -> None:
    older = board(own).read_bytes()
    board(own, codes_of[3])
    assert run(*words(own, "revoke", number=9, reason="paper")).exit_code == 0
    (own / "board.bel").write_bytes(older)
    assert "newer board" in refused(own, *words(own, "revoke", number=3, reason="paper"))


def test_wrong_passphrases_and_other_files_are_refused(own: Path) -> None:
    board(own)
    said = words(own, "replace", spare=1)
    wrong = passphrases(own, FIRST, "another ostrich grammar quay")
    assert "does not open" in refused(own, *said[: -len(wrong)], *wrong)
    passphrases(own)
    said[1] = str(own / "roll.csv")
    assert "not the file of two persons" in refused(own, *said)


def test_a_record_that_says_something_else_is_not_written_over(own: Path) -> None:
    board(own)
    first = (own / "out" / "registry.sealed").read_bytes()
    assert run(*words(own, "replace", spare=1)).exit_code == 0
    (own / "out" / "registry.sealed").write_bytes(first)  # an old copy
    assert "old copy" in refused(own, *words(own, "revoke", number=9, reason="struck"))
    (own / "record.json").write_text("{}", encoding="utf-8")
    assert "no record" in refused(own, *words(own, "revoke", number=9, reason="struck"))


def test_a_record_that_lags_behind_is_completed(own: Path) -> None:
    board(own)
    assert run(*words(own, "replace", spare=1)).exit_code == 0
    (own / "record.json").unlink()  # as if the machine had stopped between the two files
    assert run(*words(own, "revoke", number=9, reason="struck")).exit_code == 0
    assert len(read_record((own / "record.json").read_bytes()).entries) == 2


def test_two_at_once_lose_nothing(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both read the file before either has written, unless the second waits for the first."""
    path, out = own / "out" / "registry.sealed", own / "record.json"
    there = board(own)
    meeting = threading.Barrier(2)
    real = files.locked

    def together(file: Path) -> object:
        meeting.wait(30)
        return real(file)

    monkeypatch.setattr(following.files, "locked", together)
    failed: list[BaseException] = []

    def revoke(number: int) -> None:
        try:
            following.step(
                path,
                (FIRST, SECOND),
                there,
                out,
                lambda held: held.revoked(number, Reason.PAPER, clock.today()),
            )
        except BaseException as error:
            failed.append(error)

    both = [threading.Thread(target=revoke, args=(number,)) for number in (3, 9)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert failed == []
    assert len(read_record(out.read_bytes()).entries) == 2
    registry, _lock = unseal(path.read_bytes(), FIRST, SECOND)
    for number in (3, 9):
        with pytest.raises(DomainError, match="number_revoked"):
            registry.credential(number)


# check ---------------------------------------------------------------------------------------------------------------


def check(own: Path, *more: str, typed: str | None = None) -> str:
    done = run(
        "check", str(own / "out" / "public-credentials.json"), "--election", ELECTION, *more, typed=typed
    )
    assert done.exit_code == 0, done.stderr
    return done.output


def test_check_counts_what_is_listed(own: Path) -> None:
    spares = ["--spares", str(own / "out" / "public-spares.json")]
    assert "in the order of their digits: 6." in check(own)
    assert "Spares among them: 1." in check(own, *spares)
    board(own)
    run(*words(own, "revoke", reason="paper"))
    said = check(own, *spares, "--record", str(own / "record.json"))
    assert "each naming the one before: 1." in said
    assert "Credentials that count today: 4." in said


def test_check_tells_where_a_typed_code_stands_and_never_shows_it(
    own: Path, codes_of: dict[int, str]
) -> None:
    board(own)
    (spare,) = printed_codes(own / "out", "letters-spares.pdf")
    lists = ["--ask-code", "--spares", str(own / "out" / "public-spares.json")]
    assert "This code counts." in check(own, *lists, typed=codes_of[NUMBER])
    assert "not given to anybody yet" in check(own, *lists, typed=spare)
    run(*words(own, "replace", spare=1))
    lists += ["--record", str(own / "record.json")]
    assert "counts no longer" in check(own, *lists, typed=codes_of[NUMBER])
    said = check(own, *lists, typed=spare)
    assert "This code counts." in said
    assert spare not in said
    foreign = "48210937551288401029338477652061"
    assert "not a voting code" in run("check", str(own / "out" / "public-credentials.json"), "--election", ELECTION, "--ask-code", typed=foreign).stderr  # fmt: skip


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ([5, 5], "more than once: 1"),
        ([5, 2], "order of its digits"),
        (["outside", 5], "no members of the group: 1"),
        ([0], "no members of the group: 1"),
    ],
)
def test_check_refuses_a_list_that_is_not_sound(tmp_path: Path, elements: list[object], said: str) -> None:
    numbers = [
        "3" if each == "outside" else BELENIOS_2048.write(BELENIOS_2048.generator.power(int(str(each))))
        for each in elements
    ]
    if said != "order of its digits":
        numbers.sort()
    elif numbers == sorted(numbers):
        numbers.reverse()
    path = tmp_path / "public.json"
    path.write_text("[" + ",".join(f'"{each}"' for each in numbers) + "]", encoding="utf-8")
    done = run("check", str(path), "--election", ELECTION)
    assert done.exit_code == 1
    assert said in done.stderr


# destroy -------------------------------------------------------------------------------------------------------------


def test_letters_are_destroyed_once_they_are_printed(own: Path) -> None:
    done = run("destroy", str(own / "out"), "--letters", "--yes")
    assert done.exit_code == 0
    assert "Files overwritten and deleted: 2." in done.stdout
    assert sorted(everything(own / "out")) == [
        "public-credentials.json",
        "public-spares.json",
        "registry.sealed",
    ]


def test_what_is_destroyed_was_overwritten_before(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own / "out" / "registry.sealed"
    before = path.read_bytes()
    left: list[bytes] = []
    monkeypatch.setattr(Path, "unlink", lambda self, **_: left.append(self.read_bytes()))
    files.destroy(path)
    assert len(left[0]) == len(before)
    assert left[0][:200] != before[:200]


def test_only_what_is_secret_is_destroyed_and_it_says_what_it_cannot_do(own: Path) -> None:
    (own / "out" / "letters-notes.pdf").write_text("not a letter", encoding="utf-8")
    done = run("destroy", str(own / "out"), typed="y\n")
    assert done.exit_code == 0
    assert "Files overwritten and deleted: 3. A disk may keep copies" in done.stdout
    assert sorted(everything(own / "out")) == [
        "letters-notes.pdf",
        "public-credentials.json",
        "public-spares.json",
    ]
    assert "nothing of ours" in run("destroy", str(own / "out"), "--yes").stderr


def test_nothing_is_destroyed_without_a_yes(own: Path) -> None:
    before = everything(own)
    assert run("destroy", str(own / "out"), typed="n\n").exit_code == 1
    assert everything(own) == before


def test_a_link_does_not_lead_destruction_elsewhere(own: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes((own / "out" / "registry.sealed").read_bytes())
    (own / "out" / "registry.sealed").unlink()
    (own / "out" / "registry.sealed").symlink_to(elsewhere)
    assert run("destroy", str(own / "out"), "--yes").exit_code == 0
    assert elsewhere.exists()
