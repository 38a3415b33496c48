"""Those who hold the election's key: each alone and all required, or any ``threshold`` of several.

Specification of Belenios 2.0, "Verification keys", "Threshold parameters", "Trustees"; the form of 3.0 adds signatures,
and both versions accept it. Sets that 2.0 made, without these signatures, can be read and checked too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from elections.ballot import canonical
from elections.ballot.group import Element, Group, random_exponent, read_element
from elections.ballot.proofs import (
    Proof,
    plain_proofs,
    prove_exponent,
    read_proof,
    read_proofs,
    shows_exponent,
)

FINGERPRINT_DIGITS = 30
"""Nobody finds a second key with the same 99 bits, and they are read out in any language."""


@dataclass(frozen=True, slots=True)
class TrusteeKey:
    """A trustee's public key, the proof that its exponent is known and, for a threshold, its owner's signature."""

    public_key: Element
    proof: Proof
    signature: Proof | None = None

    def plain(self, group: Group) -> dict[str, Any]:
        """As it stands in messages."""
        signature = {} if self.signature is None else {"signature": self.signature.plain()}
        return {"pok": self.proof.plain(), "public_key": group.write(self.public_key), **signature}


def make_key(group: Group, secret: int | None = None) -> tuple[int, TrusteeKey]:
    """A trustee's secret exponent, fresh if none is given, and what may be published of it."""
    secret = random_exponent(group) if secret is None else secret
    public = group.generator.power(secret)
    return secret, TrusteeKey(public, prove_exponent(group, secret, _statement(group, public)))


def key_holds(group: Group, key: TrusteeKey) -> bool:
    """Whether the key is a proper member of the group whose exponent somebody knows."""
    return (
        key.public_key != group.identity
        and group.contains(key.public_key)
        and shows_exponent(group, key.public_key, _statement(group, key.public_key), key.proof)
    )


def fingerprint(group: Group, key: TrusteeKey) -> str:
    """Thirty digits that stand for a key when people compare it by word of mouth: SHA-256 of the key, modulo 10^30."""
    found = canonical.challenge(10**FINGERPRINT_DIGITS, group.write(key.public_key))
    return f"{found:0{FINGERPRINT_DIGITS}d}"


def _statement(group: Group, public: Element) -> str:
    return f"pok|{group.name}|{group.write(public)}"


def read_key(group: Group, value: object) -> TrusteeKey:
    """A trustee's key from a message. Raises what ``canonical.fields`` and the readers of numbers raise."""
    found = canonical.fields(value, ("pok", "public_key", "signature"), optional=("signature",))
    return TrusteeKey(
        read_element(group, found["public_key"]),
        read_proof(group, found["pok"]),
        read_proof(group, found["signature"]) if "signature" in found else None,
    )


# Signed messages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A text signed by a trustee during the key ceremony."""

    message: str
    signature: Proof

    def plain(self) -> dict[str, Any]:
        """As it stands in messages."""
        return {"message": self.message, "signature": self.signature.plain()}


def sign(group: Group, signing_key: int, message: str) -> Proof:
    """The signature of ``message``."""
    return prove_exponent(group, signing_key, f"sigmsg|{message}")


def is_signed(group: Group, verification: Element, message: str, signature: Proof) -> bool:
    """Whether the holder of the key that belongs to ``verification`` signed ``message``."""
    return shows_exponent(group, verification, f"sigmsg|{message}", signature)


def read_signed(group: Group, value: object) -> SignedMessage:
    """A signed message, whatever it says and whether the signature holds or not."""
    found = canonical.fields(value, ("message", "signature"))
    return SignedMessage(canonical.text(found["message"]), read_proof(group, found["signature"]))


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a trustee's certificate says: two public keys and, since 3.0, for which ceremony."""

    verification: Element
    encryption: Element
    context: Mapping[str, Any] | None


def read_certificate(group: Group, signed: SignedMessage) -> Certificate:
    """The content of a certificate, in either form."""
    names = ("context", "verification", "encryption")
    found = canonical.fields(canonical.read(signed.message), names, optional=("context",))
    context = None
    if "context" in found:
        context = canonical.fields(found["context"], ("group", "size", "threshold", "index"))
    return Certificate(
        read_element(group, found["verification"]), read_element(group, found["encryption"]), context
    )


def read_coefficients(group: Group, signed: SignedMessage) -> list[Element]:
    """The public images of a trustee's polynomial."""
    found = canonical.fields(canonical.read(signed.message), ("coefexps",))
    return [read_element(group, each) for each in _some(found["coefexps"])]


def _some(value: object) -> list[Any]:
    found = canonical.items(value)
    return found or canonical.items(found, 1)  # none at all is as wrong as no list


def certificates_statement(
    group: Group, certificates: Sequence[SignedMessage], coefficients: Sequence[Element]
) -> str:
    """What each trustee signs since 3.0: all certificates and the own images."""
    content = {
        "certs": [each.plain() for each in certificates],
        "coefexps": [group.write(each) for each in coefficients],
    }
    return f"certs_sig|{canonical.write_text(content)}"


# Sets of trustees ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Single:
    """A trustee without whom nothing is opened."""

    key: TrusteeKey

    @property
    def keys(self) -> tuple[TrusteeKey, ...]:
        return (self.key,)

    @property
    def needed(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Threshold:
    """Several trustees, any ``needed`` of whom suffice; what they exchanged can be checked by everybody."""

    needed: int
    certificates: tuple[SignedMessage, ...]
    coefficients: tuple[SignedMessage, ...]
    signatures: tuple[Proof, ...] | None
    keys: tuple[TrusteeKey, ...]


Trustees = tuple[Single | Threshold, ...]
"""All of these together hold the key. Owners of partial decryptions are counted through it, from 1."""


def write_trustees(group: Group, trustees: Trustees) -> bytes:
    """As published."""
    return canonical.write([_plain(group, each) for each in trustees])


def _plain(group: Group, trustees: Single | Threshold) -> list[Any]:
    if isinstance(trustees, Single):
        return ["Single", trustees.key.plain(group)]
    signatures = {} if trustees.signatures is None else {"signatures": plain_proofs(trustees.signatures)}
    return [
        "Pedersen",
        {
            "threshold": trustees.needed,
            "certs": [each.plain() for each in trustees.certificates],
            "coefexps": [each.plain() for each in trustees.coefficients],
            **signatures,
            "verification_keys": [each.plain(group) for each in trustees.keys],
        },
    ]


def read_trustees(group: Group, data: bytes) -> Trustees:
    """From what is published, in either form, whether it holds or not.

    Raises DomainError ``json_unreadable``, ``message_malformed`` or what the readers of numbers raise.
    """
    return tuple(_read(group, each) for each in _some(canonical.read(data)))


def _read(group: Group, value: object) -> Single | Threshold:
    kind, content = canonical.items(value, 2)
    if kind == "Single":
        return Single(read_key(group, canonical.fields(content, ("pok", "public_key"))))
    if kind != "Pedersen":
        canonical.fields(None, ("Single", "Pedersen"))
    names = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
    found = canonical.fields(content, names, optional=("signatures",))
    certificates = canonical.items(found["certs"])
    count = len(certificates)
    return Threshold(
        canonical.whole(found["threshold"], 1),
        tuple(read_signed(group, each) for each in certificates),
        tuple(read_signed(group, each) for each in canonical.items(found["coefexps"], count)),
        read_proofs(group, found["signatures"], count) if "signatures" in found else None,
        tuple(read_key(group, each) for each in canonical.items(found["verification_keys"], count)),
    )


def owners(trustees: Trustees) -> dict[int, TrusteeKey]:
    """Every trustee's key by the number under which partial decryptions are filed, from 1."""
    return dict(enumerate((key for each in trustees for key in each.keys), 1))


def public_key(group: Group, trustees: Trustees) -> Element:
    """The key under which voters encrypt: the product over all required parts. Raises what the readers raise."""
    parts = []
    for each in trustees:
        if isinstance(each, Single):
            parts.append(each.key.public_key)
        else:
            parts += [read_coefficients(group, signed)[0] for signed in each.coefficients]
    return group.product(parts)


class Fault(StrEnum):
    """What can be wrong with a set of trustees that can be read."""

    KEY = "trustee_key"
    """A key is no member of the group, nobody showed that its exponent is known, or two trustees have the same."""
    CERTIFICATE = "trustee_certificate"
    """A certificate is not signed by its own key, or is for another ceremony."""
    COEFFICIENTS = "trustee_coefficients"
    """The images of a polynomial are not signed by their maker, too many or too few, or outside the group."""
    SIGNATURES = "trustee_signatures"
    """A trustee did not sign what the others published (form of 3.0)."""
    SHARE = "trustee_share"
    """A key is not the one that follows from the polynomials, or not signed by its owner."""
    THRESHOLD = "trustee_threshold"
    """The threshold is not between 1 and the number of trustees."""


def faults(group: Group, trustees: Trustees) -> Iterator[Fault]:
    """Everything that is wrong with ``trustees``; nothing for a sound set. Raises what the readers of contents raise."""
    seen: set[Element] = set()
    for each in trustees:
        own = {key.public_key for key in each.keys}
        if own & seen or not all(key_holds(group, key) for key in each.keys):
            yield Fault.KEY
        seen |= own
        if isinstance(each, Threshold):
            yield from _threshold_faults(group, each)


def _threshold_faults(group: Group, trustees: Threshold) -> Iterator[Fault]:
    count = len(trustees.keys)
    if not 1 <= trustees.needed <= count:
        yield Fault.THRESHOLD
        return
    certificates = [read_certificate(group, signed) for signed in trustees.certificates]
    # One form for all: else what 3.0 signs could be left out, and the rest would pass as made by 2.0.
    newer = any(certificate.context is not None for certificate in certificates)
    if not all(
        certificate_holds(group, signed, trustees.needed, count, at)
        and (certificate.context is not None) == newer
        for at, (certificate, signed) in enumerate(zip(certificates, trustees.certificates, strict=True), 1)
    ):
        yield Fault.CERTIFICATE
    coefficients = [read_coefficients(group, signed) for signed in trustees.coefficients]
    if not all(
        coefficients_hold(group, certificate, signed, trustees.needed)
        for certificate, signed in zip(certificates, trustees.coefficients, strict=True)
    ):
        yield Fault.COEFFICIENTS
        return
    if (trustees.signatures is None and newer) or not all(
        is_signed(
            group,
            certificate.verification,
            certificates_statement(group, trustees.certificates, own),
            signature,
        )
        for certificate, own, signature in zip(
            certificates, coefficients, trustees.signatures or (), strict=False
        )
    ):
        yield Fault.SIGNATURES
    for at, (certificate, key) in enumerate(zip(certificates, trustees.keys, strict=True), 1):
        message = group.write(key.public_key)
        signed = (
            not newer
            if key.signature is None
            else is_signed(group, certificate.verification, message, key.signature)
        )
        if key.public_key != share_image(group, coefficients, at) or not signed:
            yield Fault.SHARE
            return


def certificate_holds(group: Group, signed: SignedMessage, threshold: int, count: int, index: int) -> bool:
    """Whether a certificate is signed by its own key and, where it says so, made for this ceremony and place."""
    certificate = read_certificate(group, signed)
    expected = {"group": group.name, "size": count, "threshold": threshold, "index": index}
    return (
        group.contains(certificate.verification)
        and group.contains(certificate.encryption)
        and (
            certificate.context is None
            or canonical.is_canonical(canonical.write(expected), certificate.context)
        )
        and is_signed(group, certificate.verification, signed.message, signed.signature)
    )


def coefficients_hold(group: Group, certificate: Certificate, signed: SignedMessage, threshold: int) -> bool:
    """Whether the images are as many as the threshold, members of the group, and signed by the certificate's owner."""
    images = read_coefficients(group, signed)
    return (
        len(images) == threshold
        and all(group.contains(image) for image in images)
        and is_signed(group, certificate.verification, signed.message, signed.signature)
    )


def share_image(group: Group, coefficients: Sequence[Sequence[Element]], index: int) -> Element:
    """The public key that belongs to the share of the trustee at ``index``, from the images of all polynomials."""
    return group.product(
        group.power(image, pow(index, degree, group.order))
        for images in coefficients
        for degree, image in enumerate(images)
    )


def lagrange(order: int, indices: Sequence[int]) -> dict[int, int]:
    """The exponent for each of ``indices``, so that any ``threshold`` shares together make the key."""
    found = {}
    for own in indices:
        above = below = 1
        for other in indices:
            if other != own:
                above = above * other % order
                below = below * (other - own) % order
        found[own] = above * pow(below, -1, order) % order
    return found
