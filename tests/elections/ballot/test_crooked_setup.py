"""Elections that are crooked from the beginning: every message follows from the others, and yet nobody should vote."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import DomainError
from elections import verify
from elections.ballot import canonical, ceremony, trustees
from elections.ballot.chain import Kind
from elections.ballot.questions import read_election
from elections.ballot.trustees import Fault, SignedMessage, Single, Threshold
from elections.verify import UNREADABLE, Check
from tests.elections.ballot import forgery
from tests.elections.ballot.stories import (
    GROUP,
    Ceremony,
    Story,
    Town,
    codes,
    found_town,
    one_or_none,
    plain,
    recertified,
    single_trustees,
    with_blank,
    written,
)

pytestmark = pytest.mark.usefixtures("remembered")


def voting(keyholders: trustees.Trustees, published: bytes | None = None) -> bytes:
    """One ballot in an election under these trustees' key."""
    town = found_town((one_or_none(), with_blank()), keyholders, {}, voters=1)
    story = replace(town.opening(), ballots=(town.cast(0, (1, 0), (0, 1, 0)),))
    return written(story if published is None else replace(story, trustees=published))


def test_an_election_without_trustees_hides_nothing_and_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bundle.bel"
    assert codes(path, voting(())) == {UNREADABLE}


def test_trustees_whose_keys_cancel_out_are_refused(tmp_path: Path) -> None:
    secret, key = trustees.make_key(GROUP)
    _, opposite = trustees.make_key(GROUP, GROUP.order - secret)
    assert codes(tmp_path / "bundle.bel", voting((Single(key), Single(opposite)))) == {Check.ELECTION_KEY}


def test_one_trustee_who_stands_there_as_two_is_refused(tmp_path: Path) -> None:
    _, (one, two) = single_trustees(2)
    assert codes(tmp_path / "bundle.bel", voting((one, two, one))) == {Fault.KEY}
    assert codes(tmp_path / "bundle.bel", voting((one, two))) == set()


def test_a_key_or_credential_that_hides_nothing_is_refused_although_its_secret_is_shown(
    tmp_path: Path,
) -> None:
    """The secret 0 belongs to the identity, and everybody knows it."""
    _, nobody = trustees.make_key(GROUP, 0)
    _, (one, _) = single_trustees(2)
    assert codes(tmp_path / "bundle.bel", voting((one, Single(nobody)))) == {Fault.KEY}
    town = found_town((one_or_none(),), (one,), {}, voters=1)
    town.voters[0] = 0
    story = replace(town.opening(), credentials=b'["1"]', ballots=(town.cast(0, (1, 0)),))
    assert codes(tmp_path / "bundle.bel", written(story)) == {Check.CREDENTIAL_OUTSIDE_GROUP}


def test_a_key_outside_the_group_is_refused_although_its_proof_holds(tmp_path: Path) -> None:
    secret = forgery.below_order()
    public = int(forgery.power(forgery.G, secret) * forgery.MINUS_ONE % forgery.P)
    shown = forgery.knowledge(secret, f"pok|{GROUP.name}|{public}", even=True)
    key = trustees.read_key(GROUP, {"pok": shown, "public_key": str(public)})
    town = found_town((one_or_none(),), (Single(key),), {}, voters=1)
    assert codes(tmp_path / "bundle.bel", written(town.opening())) == {Fault.KEY}


@pytest.mark.parametrize(
    ("version", "code"), [(2, "protocol_unsupported"), (True, "malformed"), (1.0, "malformed")]
)
def test_only_the_number_one_is_version_one(
    version: Any, code: str, singles: tuple[Town, Story], tmp_path: Path
) -> None:
    _, story = singles
    message = canonical.write(plain(story.election) | {"version": version})
    path = tmp_path / "bundle.bel"
    path.write_bytes(written(replace(story.until(Kind.SETUP), election=message)))
    (finding,) = verify.verify(path).findings
    assert finding.code == UNREADABLE
    assert code in finding.where


@pytest.mark.parametrize("name", ["administrator", "credential_authority"])
def test_who_runs_the_election_is_a_text(name: str, singles: tuple[Town, Story], tmp_path: Path) -> None:
    _, story = singles
    message = canonical.write(plain(story.election) | {name: ["The office"]})
    assert codes(tmp_path / "bundle.bel", written(replace(story.until(Kind.SETUP), election=message))) == {
        UNREADABLE
    }


def test_a_single_trustees_key_carries_nothing_that_nobody_checks(
    singles: tuple[Town, Story], tmp_path: Path
) -> None:
    _, story = singles
    message = plain(story.trustees)
    message[0][1]["signature"] = message[0][1]["pok"]
    changed = replace(story, trustees=canonical.write(message))
    assert codes(tmp_path / "bundle.bel", written(changed)) == {UNREADABLE}


# --- threshold sets ---------------------------------------------------------------------------------------------


def of(town: Town) -> Threshold:
    (found,) = town.keyholders
    assert isinstance(found, Threshold)
    return found


def older(held: Ceremony, found: Threshold) -> Threshold:
    """The same ceremony as version 2.0 publishes it: no context, no signatures of others' certificates or of keys."""
    certificates = []
    for seed, signed in zip(held.seeds, found.certificates, strict=True):
        content = json.loads(signed.message)
        del content["context"]
        text = canonical.write_text(content)
        certificates.append(
            SignedMessage(text, trustees.sign(GROUP, ceremony.signing_key(GROUP, seed), text))
        )
    keys = tuple(replace(key, signature=None) for key in found.keys)
    return replace(found, certificates=tuple(certificates), signatures=None, keys=keys)


def published(story: Story, found: Threshold) -> bytes:
    return written(replace(story, trustees=trustees.write_trustees(GROUP, (found,))))


def test_the_form_of_version_2_is_accepted(of_three: tuple[Town, Story, Ceremony], tmp_path: Path) -> None:
    town, story, held = of_three
    assert codes(tmp_path / "bundle.bel", published(story, older(held, of(town)))) == set()


def test_signatures_cannot_be_left_out_of_the_newer_form(
    of_three: tuple[Town, Story, Ceremony], tmp_path: Path
) -> None:
    town, story, _ = of_three
    found = of(town)
    path = tmp_path / "bundle.bel"
    assert codes(path, published(story, replace(found, signatures=None))) == {Fault.SIGNATURES}
    bare = tuple(replace(key, signature=None) for key in found.keys)
    assert codes(path, published(story, replace(found, keys=bare))) == {Fault.SHARE}


def test_a_signature_in_the_older_form_must_hold_too(
    of_three: tuple[Town, Story, Ceremony], tmp_path: Path
) -> None:
    town, story, held = of_three
    found, old = of(town), older(held, of(town))
    path = tmp_path / "bundle.bel"
    crossed = tuple(
        replace(key, signature=other.signature) for key, other in zip(old.keys, found.keys[::-1], strict=True)
    )
    assert codes(path, published(story, replace(old, keys=crossed))) == {Fault.SHARE}
    assert codes(path, published(story, replace(old, signatures=found.signatures))) == {Fault.SIGNATURES}


@pytest.mark.parametrize(
    "context",
    [
        None,
        {"group": "BELENIOS-2048", "size": 3, "threshold": 2, "index": True},
        {"group": "BELENIOS-2048", "size": 3.0, "threshold": 2, "index": 1},
        {"group": "BELENIOS-2048", "size": 3, "threshold": 2, "index": float("nan")},
        {"group": "RFC-3526-2048", "size": 3, "threshold": 2, "index": 1},
        {"group": "BELENIOS-2048", "size": 4, "threshold": 2, "index": 1},
        {"group": "BELENIOS-2048", "size": 3, "threshold": 1, "index": 1},
        {"group": "BELENIOS-2048", "size": 3, "threshold": 2, "index": 2},
    ],
)
def test_a_certificate_for_something_else_is_refused_even_if_everybody_signed_it(
    context: dict[str, Any] | None, of_three: tuple[Town, Story, Ceremony], tmp_path: Path
) -> None:
    town, story, held = of_three
    content = json.loads(held.certificates[0].message)
    del content["context"]
    content = ({} if context is None else {"context": context}) | content
    changed = recertified(held, of(town), 0, json.dumps(content, separators=(",", ":")))
    assert codes(tmp_path / "bundle.bel", published(story, changed)) == {Fault.CERTIFICATE}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_polynomial_of_another_length_is_refused(
    count: int, of_three: tuple[Town, Story, Ceremony], tmp_path: Path
) -> None:
    """None at all cannot be read as a polynomial."""
    town, story, held = of_three
    found = of(town)
    images = json.loads(found.coefficients[1].message)["coefexps"]
    text = canonical.write_text({"coefexps": [*images, "1"][:count]})
    signed = SignedMessage(text, trustees.sign(GROUP, ceremony.signing_key(GROUP, held.seeds[1]), text))
    changed = replace(found, coefficients=(found.coefficients[0], signed, found.coefficients[2]))
    expected = {Fault.COEFFICIENTS} if count else {UNREADABLE}
    assert codes(tmp_path / "bundle.bel", published(story, changed)) == expected


@pytest.mark.parametrize("stray", [int(forgery.MINUS_ONE), int(forgery.of_order_three())])
def test_images_outside_the_group_are_refused(
    stray: int, of_three: tuple[Town, Story, Ceremony], tmp_path: Path
) -> None:
    town, story, held = of_three
    found = of(town)
    images = json.loads(found.coefficients[1].message)["coefexps"]
    images[1] = str(int(images[1]) * stray % int(forgery.P))
    text = canonical.write_text({"coefexps": images})
    signed = SignedMessage(text, trustees.sign(GROUP, ceremony.signing_key(GROUP, held.seeds[1]), text))
    changed = replace(found, coefficients=(found.coefficients[0], signed, found.coefficients[2]))
    assert codes(tmp_path / "bundle.bel", published(story, changed)) == {Fault.COEFFICIENTS}


def test_an_election_of_another_group_or_kind_of_question_says_so(singles: tuple[Town, Story]) -> None:
    _, story = singles
    for change, code in (
        ({"group": "Ed25519"}, "group_unsupported"),
        ({"questions": [{"type": "NonHomomorphic", "value": {}}]}, "question_unsupported"),
        ({"questions": [{"type": "Lists", "value": {}}]}, "question_unsupported"),
    ):
        with pytest.raises(DomainError) as caught:
            read_election(canonical.write(plain(story.election) | change))
        assert caught.value.code == code
