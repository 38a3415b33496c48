"""Bundles, credentials and ballots that belenios-tool made are accepted; what it says of ours is in ``test_referee``."""

from __future__ import annotations

from pathlib import Path

import pytest

from elections import verify
from elections.ballot import trustees
from elections.ballot.ballots import Fault
from elections.ballot.board import Structure
from elections.ballot.credentials import public_credential, secret_exponent
from elections.ballot.group import BELENIOS_2048
from elections.verify import UNREADABLE
from tests.elections.ballot.stories import codes

DATA = Path(__file__).parents[2] / "data" / "belenios"
BUNDLES = sorted(path.name for path in DATA.glob("*.bel"))


def test_there_are_bundles_of_both_versions_and_both_kinds_of_trustees() -> None:
    assert BUNDLES == [
        "2.0-threshold-and-single.bel",
        "2.0-two-single-trustees.bel",
        "3.0-threshold-and-single.bel",
        "3.0-two-single-trustees.bel",
    ]


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_of_others_is_sound_and_gives_their_result(name: str) -> None:
    account = verify.verify(DATA / name)
    assert account.findings == []
    assert account.result == [[1, 0, 0, 1], [0, 1]]
    assert account.board is not None
    assert (len(account.board.ballots), account.counted, account.credentials) == (3, 2, 3)


@pytest.mark.parametrize("name", [name for name in BUNDLES if "threshold" in name])
def test_both_threshold_forms_are_recognised(name: str) -> None:
    board = verify.verify(DATA / name).board
    assert board is not None
    _, committee = board.trustees
    assert isinstance(committee, trustees.Threshold)
    assert (committee.needed, len(committee.keys)) == (2, 3)
    assert (committee.signatures is not None) == name.startswith("3.0")


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_of_others_is_refused_with_one_digit_changed(name: str, tmp_path: Path) -> None:
    content = (DATA / name).read_bytes()
    for mark, expected in (
        (b'"individual_proofs":[[{"challenge":"', {Fault.INDIVIDUAL_PROOF, Fault.SIGNATURE_HASH}),
        (b'"decryption_proofs":[[{"challenge":"', {verify.Check.PART_PROOF}),
        (b'"pok":{"challenge":"', {trustees.Fault.KEY}),
        (b'{"result":[[', {verify.Check.RESULT}),
    ):
        at = content.index(mark) + len(mark)
        changed = bytearray(content)
        changed[at + (mark[-1:] == b'"')] ^= 1  # a first digit could become 0
        seen = codes(tmp_path / "altered.bel", bytes(changed))
        assert seen == {Structure.NAME, Structure.DATA, *expected}
        assert UNREADABLE not in seen


def test_a_credential_is_derived_as_version_3_derives_it() -> None:
    """What ``setup generate-credentials --derive owYSF-oAvRpQ-u88qW-9V7SVq`` of belenios-tool 3.0 prints."""
    uuid, code = "EVwb26sw2FEAGx", "owYSF-oAvRpQ-u88qW-9V7SVq"
    published = (
        "1698704257214336439471867652865220971277488728025558292445031669566284290149581263345070363999612570"
        "7984638492015087980201456679465248948785338702999175750860182104672425665996273296690074511510929476"
        "6396149983642700648131348555764953133642738993298127168188571566709130450088535125573727203163685150"
        "7084938212261260197128378600755585347107291641954766165407621261934929568496991594587002605567466491"
        "2661748963113089798092056228576818662650834637207976674380603607498638099449005284438996509634000136"
        "8829836837012451532347642607848671944616671158140371834271911686300226035344544571190631535340493963"
        "81103463719284041"
    )
    assert 0 < secret_exponent(uuid, code) < BELENIOS_2048.order
    assert str(public_credential(uuid, code)) == published
    assert published in (DATA / "3.0-threshold-and-single.bel").read_text("utf-8")
    assert str(public_credential("EVwb26sw2FEAGy", code)) != published
