"""The key ceremony: whoever cheats is named, any subset of the threshold's size opens the tally, a smaller one cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from core.errors import DomainError
from elections.ballot import ballots, canonical, ceremony, tally, trustees
from elections.ballot.ceremony import Polynomial
from elections.ballot.trustees import SignedMessage, Threshold, TrusteeKey
from tests.elections.ballot.stories import GROUP, Ceremony, found_town, hold_ceremony, one_or_none

CHEAT = 2
"""Counted from 1, as trustees are named."""


@pytest.fixture(scope="module")
def held() -> Ceremony:
    """Any two of three."""
    return hold_ceremony(2, 3)


def named(action: Callable[[], object]) -> tuple[str, object]:
    with pytest.raises(DomainError) as caught:
        action()
    return caught.value.code, caught.value.parameters.get("index")


def signed_by(held: Ceremony, index: int, content: Any) -> SignedMessage:
    text = content if isinstance(content, str) else canonical.write_text(content)
    key = ceremony.signing_key(GROUP, held.seeds[index - 1])
    return SignedMessage(text, trustees.sign(GROUP, key, text))


def with_cheat(values: list[Any], value: Any) -> list[Any]:
    return [*values[: CHEAT - 1], value, *values[CHEAT:]]


# --- round 1 ----------------------------------------------------------------------------------------------------

CERTIFICATES: dict[str, Callable[[Ceremony], SignedMessage]] = {
    "changed after signing": lambda held: replace(
        held.certificates[1], message=held.certificates[1].message.replace('"index":2', '"index":3')
    ),
    "another's signature": lambda held: replace(
        held.certificates[1], signature=held.certificates[0].signature
    ),
    "another's certificate": lambda held: held.certificates[0],
    "for another place": lambda held: ceremony.certify(GROUP, held.seeds[1], index=3, threshold=2, size=3),
    "for another size": lambda held: ceremony.certify(GROUP, held.seeds[1], index=2, threshold=2, size=4),
    "for another threshold": lambda held: ceremony.certify(
        GROUP, held.seeds[1], index=2, threshold=3, size=3
    ),
    "of version 2.0": lambda held: signed_by(
        held, 2, {k: v for k, v in json.loads(held.certificates[1].message).items() if k != "context"}
    ),
    "no record": lambda held: signed_by(held, 2, []),
    "no JSON": lambda held: signed_by(held, 2, "{"),
    "a threshold that is no number": lambda held: signed_by(
        held,
        2,
        json.loads(held.certificates[1].message)
        | {"context": {"group": GROUP.name, "size": 3, "threshold": "2", "index": 2}},
    ),
    "a key outside the group": lambda held: signed_by(
        held, 2, json.loads(held.certificates[1].message) | {"encryption": "2"}
    ),
    "a key that is no number": lambda held: signed_by(
        held, 2, json.loads(held.certificates[1].message) | {"encryption": "x"}
    ),
}


@pytest.mark.parametrize("what", CERTIFICATES)
def test_a_bad_certificate_names_its_trustee(what: str, held: Ceremony) -> None:
    bad = with_cheat(held.certificates, CERTIFICATES[what](held))
    expected = ("ceremony_certificate", CHEAT)
    assert named(lambda: ceremony.check_certificates(GROUP, bad)) == expected
    assert named(lambda: ceremony.draw_polynomial(GROUP, held.seeds[0], bad)) == expected
    assert named(lambda: ceremony.accept_shares(GROUP, held.seeds[0], bad, held.polynomials)) == expected


def test_one_trustee_in_two_places_is_refused(held: Ceremony) -> None:
    again = ceremony.certify(GROUP, held.seeds[0], index=2, threshold=2, size=3)
    assert named(lambda: ceremony.check_certificates(GROUP, with_cheat(held.certificates, again)))[0] == (
        "ceremony_twice"
    )


def test_no_certificates_make_no_ceremony() -> None:
    with pytest.raises(DomainError):
        ceremony.draw_polynomial(GROUP, ceremony.new_seed(), [])


def test_who_gave_no_certificate_takes_no_part(held: Ceremony) -> None:
    stranger = ceremony.new_seed()
    assert (
        named(lambda: ceremony.draw_polynomial(GROUP, stranger, held.certificates))[0] == "ceremony_not_yours"
    )


# --- round 2 ----------------------------------------------------------------------------------------------------


def images_of(polynomial: Polynomial) -> list[str]:
    found: list[str] = json.loads(polynomial.images.message)["coefexps"]
    return found


def resealed(held: Ceremony, secret: str, recipient: int = 1, sender: int = CHEAT) -> str:
    """A secret sealed for one trustee by another, whatever it says."""
    opened, _ = ceremony.check_certificates(GROUP, held.certificates)
    key = ceremony.signing_key(GROUP, held.seeds[sender - 1])
    return ceremony._send(GROUP, key, opened[recipient - 1].encryption, secret)


def to_first(held: Ceremony, sealed: str) -> Polynomial:
    own = held.polynomials[CHEAT - 1]
    return replace(own, secrets=(sealed, *own.secrets[1:]))


def with_images(held: Ceremony, images: list[str], *, sign_rest: bool = True) -> Polynomial:
    own = held.polynomials[CHEAT - 1]
    message = signed_by(held, CHEAT, {"coefexps": images})
    if not sign_rest:
        return replace(own, images=message)
    statement = trustees.certificates_statement(
        GROUP, held.certificates, trustees.read_coefficients(GROUP, message)
    )
    key = ceremony.signing_key(GROUP, held.seeds[CHEAT - 1])
    return replace(own, images=message, signature=trustees.prove_exponent(GROUP, key, f"sigmsg|{statement}"))


POLYNOMIALS: dict[str, Callable[[Ceremony], Polynomial]] = {
    "images of another polynomial": lambda h: with_images(h, images_of(h.polynomials[0])),
    "one image of another polynomial": lambda h: with_images(
        h, [images_of(h.polynomials[1])[0], images_of(h.polynomials[0])[1]]
    ),
    "another's images and signature": lambda h: replace(
        h.polynomials[1], images=h.polynomials[0].images, signature=h.polynomials[0].signature
    ),
    "too few images": lambda h: with_images(h, images_of(h.polynomials[1])[:1]),
    "too many images": lambda h: with_images(h, [*images_of(h.polynomials[1]), "1"]),
    "no images": lambda h: replace(h.polynomials[1], images=signed_by(h, CHEAT, {"coefexps": []})),
    "images that are no numbers": lambda h: replace(
        h.polynomials[1], images=signed_by(h, CHEAT, {"coefexps": ["x", "y"]})
    ),
    "an image outside the group": lambda h: with_images(h, [images_of(h.polynomials[1])[0], "2"]),
    "images signed by another": lambda h: replace(
        h.polynomials[1],
        images=replace(h.polynomials[1].images, signature=h.polynomials[0].images.signature),
    ),
    "others' certificates not signed": lambda h: replace(
        h.polynomials[1], signature=h.polynomials[0].signature
    ),
    "a wrong secret": lambda h: to_first(h, resealed(h, '{"secret":"7"}')),
    "a secret out of range": lambda h: to_first(h, resealed(h, f'{{"secret":"{GROUP.order}"}}')),
    "a secret that is none": lambda h: to_first(h, resealed(h, "{}")),
    "a secret that is no JSON": lambda h: to_first(h, resealed(h, "")),
    "a secret for another": lambda h: to_first(h, h.polynomials[1].secrets[1]),
    "a secret from another": lambda h: to_first(h, h.polynomials[0].secrets[0]),
    "no sealed secret": lambda h: to_first(h, "{}"),
    "an empty secret": lambda h: to_first(h, ""),
    "a secret's seal broken": lambda h: to_first(
        h, h.polynomials[1].secrets[0].replace('"data":"', '"data":"00', 1)
    ),
    "a secret of odd letters": lambda h: to_first(
        h, h.polynomials[1].secrets[0].replace('"data":"', '"data":"zz', 1)
    ),
    "a secret missing": lambda h: replace(h.polynomials[1], secrets=h.polynomials[1].secrets[:2]),
    "a secret more": lambda h: replace(h.polynomials[1], secrets=(*h.polynomials[1].secrets, "{}")),
}


@pytest.mark.parametrize("what", POLYNOMIALS)
def test_a_bad_polynomial_names_its_trustee(what: str, held: Ceremony) -> None:
    bad = with_cheat(held.polynomials, POLYNOMIALS[what](held))
    expected = ("ceremony_polynomial", CHEAT)
    assert named(lambda: ceremony.accept_shares(GROUP, held.seeds[0], held.certificates, bad)) == expected


PUBLIC = [what for what in POLYNOMIALS if "secret" not in what and "polynomial" not in what]


@pytest.mark.parametrize("what", [*PUBLIC, "a secret missing"])
def test_what_everybody_can_see_is_also_noticed_when_the_key_is_put_together(
    what: str, held: Ceremony
) -> None:
    bad = with_cheat(held.polynomials, POLYNOMIALS[what](held))
    keys = [key for _, key in held.shares]
    assert named(lambda: ceremony.assemble(GROUP, held.certificates, bad, keys)) == (
        "ceremony_polynomial",
        CHEAT,
    )


def test_a_polynomial_missing_is_noticed(held: Ceremony) -> None:
    fewer = held.polynomials[:2]
    keys = [key for _, key in held.shares]
    for action in (
        lambda: ceremony.accept_shares(GROUP, held.seeds[0], held.certificates, fewer),
        lambda: ceremony.assemble(GROUP, held.certificates, fewer, keys),
    ):
        assert named(action) == ("ceremony_polynomial", 3)


def test_a_secret_is_opened_by_its_reader_alone(held: Ceremony) -> None:
    """Who looks at another's secret learns nothing, and the seal is different each time."""
    opened, _ = ceremony.check_certificates(GROUP, held.certificates)
    sealed = held.polynomials[0].secrets[1]
    assert "secret" in ceremony._receive(GROUP, held.seeds[1], opened[0], sealed)
    for seed in (held.seeds[0], held.seeds[2], ceremony.new_seed()):
        assert named(lambda seed=seed: ceremony._receive(GROUP, seed, opened[0], sealed))[0] == (
            "channel_unreadable"
        )
    assert resealed(held, '{"secret":"7"}') != resealed(held, '{"secret":"7"}')


# --- round 3 ----------------------------------------------------------------------------------------------------


def _own(held: Ceremony) -> TrusteeKey:
    return held.shares[CHEAT - 1][1]


KEYS: dict[str, Callable[[Ceremony], TrusteeKey]] = {
    "another's key": lambda h: h.shares[0][1],
    "a fresh key": lambda h: trustees.make_key(GROUP)[1],
    "no proof of its secret": lambda h: replace(_own(h), proof=h.shares[0][1].proof),
    "not signed": lambda h: replace(_own(h), signature=None),
    "signed by another": lambda h: replace(_own(h), signature=h.shares[0][1].signature),
}


@pytest.mark.parametrize("what", KEYS)
def test_a_bad_share_key_names_its_trustee(what: str, held: Ceremony) -> None:
    keys = with_cheat([key for _, key in held.shares], KEYS[what](held))
    assert named(lambda: ceremony.assemble(GROUP, held.certificates, held.polynomials, keys)) == (
        "ceremony_key",
        CHEAT,
    )


def test_a_share_key_missing_is_noticed(held: Ceremony) -> None:
    keys = [key for _, key in held.shares][:2]
    assert named(lambda: ceremony.assemble(GROUP, held.certificates, held.polynomials, keys)) == (
        "ceremony_key",
        3,
    )


def test_an_honest_ceremony_makes_a_sound_set(held: Ceremony) -> None:
    assert list(trustees.faults(GROUP, (held.assembled,))) == []
    assert (held.assembled.needed, len(held.assembled.keys)) == (2, 3)


# --- opening ----------------------------------------------------------------------------------------------------


def test_every_three_of_five_open_the_tally_and_no_two_do() -> None:
    held = hold_ceremony(3, 5)
    town = found_town((one_or_none(),), (held.assembled,), {}, voters=3)
    product = tally.Tally(town.election)
    for voter, choice in enumerate(((1, 0), (1, 0), (0, 1))):
        product.add(tally_ballot(town, voter, choice))
    table = product.table
    parts = {
        owner: tally.read_part(town.election, tally.decrypt_part(town.election, table, secret))
        for owner, (secret, _) in enumerate(held.shares, 1)
    }
    keys = trustees.owners(town.keyholders)
    assert all(tally.part_holds(town.election, table, keys[owner], part) for owner, part in parts.items())

    def result(present: tuple[int, ...]) -> list[list[int]]:
        chosen = {owner: parts[owner] for owner in present}
        factors = tally.combine(GROUP, town.keyholders, chosen)
        return tally.numbers(GROUP, tally.opened(GROUP, table, factors), 3)

    for size in (3, 4, 5):
        for present in combinations(range(1, 6), size):
            assert result(present) == [[2, 1]], present
    for size in (0, 1, 2):
        for present in combinations(range(1, 6), size):
            assert named(lambda present=present: result(present))[0] == "parts_missing"


def tally_ballot(town: Any, voter: int, choice: tuple[int, ...]) -> Any:
    return ballots.read_ballot(town.election, town.cast(voter, choice))


def test_two_shares_of_three_needed_do_not_give_the_key_either() -> None:
    """Not only the code refuses: put together as if two were enough, they open something else."""
    held = hold_ceremony(3, 4)
    key = trustees.public_key(GROUP, (held.assembled,))
    for size, fits in ((2, False), (3, True)):
        for present in combinations(range(1, 5), size):
            weights = trustees.lagrange(GROUP.order, present)
            secret = sum(held.shares[owner - 1][0] * weights[owner] for owner in present)
            assert (GROUP.generator.power(secret) == key) == fits


def test_a_wrong_share_is_refused_by_its_proof(held: Ceremony) -> None:
    town = found_town((one_or_none(),), (held.assembled,), {}, voters=1)
    product = tally.Tally(town.election)
    product.add(tally_ballot(town, 0, (1, 0)))
    keys = trustees.owners(town.keyholders)
    for secret in (held.shares[0][0], held.shares[1][0] + 1, 7):
        part = tally.read_part(town.election, tally.decrypt_part(town.election, product.table, secret))
        assert not tally.part_holds(town.election, product.table, keys[2], part)


def test_the_set_as_published_is_read_back_the_same(held: Ceremony) -> None:
    published = trustees.write_trustees(GROUP, (held.assembled,))
    (back,) = trustees.read_trustees(GROUP, published)
    assert isinstance(back, Threshold)
    assert back == held.assembled
