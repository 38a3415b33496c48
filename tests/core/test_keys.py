"""Secrets beside the database: made once, readable by nobody else, the same for every process."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from core import keys, settings
from core.settings import Settings
from tests.properties import few


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a city that has no keys yet."""
    settings.configure(Settings(folder=tmp_path / "var"))
    return tmp_path / "var" / "keys"


def test_a_key_is_made_on_first_use_and_stays(folder: Path) -> None:
    first = keys.key("receipt")
    assert len(first) == 32
    assert keys.key("receipt") == first
    assert bytes.fromhex((folder / "receipt").read_text()) == first


def test_another_process_reads_the_same_key(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "contact").write_text("ab" * 32 + "\n")
    assert keys.key("contact") == b"\xab" * 32


def test_names_and_cities_have_keys_of_their_own(folder: Path, tmp_path: Path) -> None:
    one = keys.key("receipt")
    assert keys.key("contact") != one
    settings.configure(Settings(folder=tmp_path / "other"))
    assert keys.key("receipt") != one


def test_only_its_owner_can_read_a_key(folder: Path) -> None:
    keys.key("receipt")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "receipt").stat().st_mode) == 0o600


def test_many_who_ask_at_once_get_the_same_key_and_leave_nothing_behind(folder: Path) -> None:
    found: list[bytes] = []
    start = threading.Barrier(16)

    def ask() -> None:
        start.wait(20)
        found.append(keys.key("mail"))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 16
    assert len(set(found)) == 1
    assert [path.name for path in folder.iterdir()] == ["mail"]


def test_a_damaged_key_is_not_silently_replaced(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "receipt").write_text("not a key")
    with pytest.raises(ValueError, match="hex"):
        keys.key("receipt")
    assert (folder / "receipt").read_text() == "not a key"


@few
@given(st.text())
def test_what_is_sealed_is_read_back(folder: Path, text: str) -> None:
    assert keys.decrypt("contact", keys.encrypt("contact", text)) == text


def test_a_seal_hides_the_text_and_never_looks_the_same(folder: Path) -> None:
    one, other = keys.encrypt("contact", "amal@example.org"), keys.encrypt("contact", "amal@example.org")
    assert b"amal" not in one
    assert one != other


def test_another_key_or_a_changed_byte_opens_no_seal(folder: Path) -> None:
    sealed = keys.encrypt("contact", "amal@example.org")
    with pytest.raises(InvalidToken):
        keys.decrypt("mail", sealed)
    with pytest.raises(InvalidToken):
        keys.decrypt("contact", sealed[:-4] + b"AAA=")


def test_a_mac_depends_on_key_and_message(folder: Path) -> None:
    mac = keys.mac("receipt", b"message")
    assert len(mac) == 32
    assert mac == keys.mac("receipt", b"message")
    assert mac != keys.mac("receipt", b"other message")
    assert mac != keys.mac("contact", b"message")


def test_a_destroyed_key_is_gone_and_nothing_remembers_it(folder: Path) -> None:
    before = keys.unremembered("passing")
    assert keys.unremembered("passing") == before
    assert keys.exists("passing")
    keys.destroy("passing")
    keys.destroy("passing")  # twice does no harm
    assert not (folder / "passing").exists()
    assert keys.unremembered("passing") != before
