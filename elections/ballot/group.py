"""The group in which everything is computed, behind an interface, so that another group can follow.

``BELENIOS-2048`` is a subgroup of prime order q (256 bits) of the numbers modulo p (2048 bits): specification of
Belenios 2.0, section "BELENIOS-2048". Finding the exponent of a power in it is taken to be infeasible.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import NewType, Protocol

from core.errors import DomainError
from elections.ballot import randomness
from elections.ballot.arithmetic import FASTEST, Arithmetic

Element = NewType("Element", int)
"""A member of a group. To all but the group itself it is opaque: equal or not, and written by ``Group.write``."""

DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
"""The only way in which a number is written."""


class FixedBase(Protocol):
    """One element that is raised to many powers."""

    def power(self, exponent: int) -> Element:
        """The element to the ``exponent``, any whole number."""


class Group(Protocol):
    """A group of prime order, written multiplicatively."""

    name: str
    order: int
    identity: Element
    generator: FixedBase

    def read(self, text: str) -> Element:
        """The element written as ``text``. Raises DomainError ``element_not_canonical``; ask ``contains`` besides."""

    def write(self, element: Element) -> str:
        """As it stands in messages and hashes."""

    def contains(self, element: Element) -> bool:
        """Whether it belongs to the group, the identity included."""

    def power(self, element: Element, exponent: int) -> Element:
        """``element`` to the ``exponent``, any whole number; it need not belong to the group."""

    def powers(self, element: Element, exponents: Sequence[int]) -> list[Element]:
        """Several powers of one element, cheaper together. Exponents from 0 on, taken as they are."""

    def product(self, elements: Iterable[Element]) -> Element:
        """All of them multiplied; the identity for none."""

    def quotient(self, above: Element, below: Element) -> Element:
        """``above`` divided by ``below``."""

    def hashed(self, text: str) -> Element:
        """A member of the group made of ``text`` alone: of which power of the generator it is, nobody has any idea."""

    def fixed(self, element: Element) -> FixedBase:
        """Tables for ``element``: many powers of it become cheap."""


def random_exponent(group: Group) -> int:
    """An exponent from 0 to the order - 1, from the operating system's randomness."""
    return randomness.below(group.order)


def read_exponent(group: Group, text: object) -> int:
    """A number modulo the order. Raises DomainError ``exponent_not_canonical`` if it is not in range or oddly written."""
    if not isinstance(text, str) or len(text) > len(str(group.order)) or not DECIMAL.fullmatch(text):
        raise DomainError("exponent_not_canonical")
    value = int(text)
    if value >= group.order:
        raise DomainError("exponent_not_canonical")
    return value


def read_element(group: Group, text: object) -> Element:
    """An element as ``Group.read``, from what a message holds. Raises DomainError ``element_not_canonical``."""
    if not isinstance(text, str):
        raise DomainError("element_not_canonical")
    return group.read(text)


class SchnorrGroup:
    """The powers of ``g``, of prime order ``q``, among the numbers modulo the prime ``p``."""

    def __init__(self, name: str, p: int, q: int, g: int, arithmetic: Arithmetic = FASTEST) -> None:
        self.name = name
        self.order = q
        self.arithmetic = arithmetic
        self.identity = Element(arithmetic.number(1))
        self._p = arithmetic.number(p)
        self._digits = len(str(p))
        self._bits = q.bit_length()
        self.generator = self.fixed(Element(arithmetic.number(g)))

    def read(self, text: str) -> Element:
        if len(text) > self._digits or not DECIMAL.fullmatch(text):
            raise DomainError("element_not_canonical")
        value = self.arithmetic.number(text)
        if not 0 < value < self._p:
            raise DomainError("element_not_canonical")
        return Element(value)

    def write(self, element: Element) -> str:
        return str(element)

    def contains(self, element: Element) -> bool:
        return self.arithmetic.power(element, self.order, self._p) == 1

    def power(self, element: Element, exponent: int) -> Element:
        return Element(self.arithmetic.power(element, exponent % self.order, self._p))

    def powers(self, element: Element, exponents: Sequence[int]) -> list[Element]:
        """Yao's method: one chain of squarings serves all exponents, read four bits at a time from the right.

        Each power of the chain is multiplied into the bucket of its digit; at the end bucket d counts d times.
        """
        p = self._p
        count = (max([self._bits, *map(int.bit_length, exponents)]) + 3) // 4
        digits = [format(exponent, f"0{count}x")[::-1] for exponent in exponents]
        buckets: list[dict[str, int]] = [{} for _ in exponents]
        square: int = element
        for place in zip(*digits, strict=True):
            for digit, bucket in zip(place, buckets, strict=True):
                held = bucket.get(digit)
                bucket[digit] = square if held is None else held * square % p
            square = square * square % p
            square = square * square % p
            square = square * square % p
            square = square * square % p
        return [self._weighed(bucket) for bucket in buckets]

    def _weighed(self, bucket: dict[str, int]) -> Element:
        """Bucket f fifteen times, bucket e fourteen times, …, bucket 0 not at all: by adding up from the top."""
        p = self._p
        above: int = self.identity
        total: int = self.identity
        for digit in "fedcba987654321":
            held = bucket.get(digit)
            if held is not None:
                above = above * held % p
            total = total * above % p
        return Element(total)

    def product(self, elements: Iterable[Element]) -> Element:
        total: int = self.identity
        for element in elements:
            total = total * element % self._p
        return Element(total)

    def quotient(self, above: Element, below: Element) -> Element:
        return Element(above * self.arithmetic.inverse(below, self._p) % self._p)

    def hashed(self, text: str) -> Element:
        """A member of the group made of ``text`` alone: of which power of the generator it is, nobody has any idea."""
        number = int.from_bytes(hashlib.shake_256(text.encode("utf-8")).digest(2 * len(str(self._p))), "big")
        cofactor = (int(self._p) - 1) // self.order
        (element,) = self.powers(Element(self.arithmetic.number(number) % self._p), [cofactor])
        return element

    def fixed(self, element: Element) -> FixedBase:
        return _Tables(element, self.identity, self._p, self.order)


class _Tables:
    """The element to d * 1024^k for every digit d and place k: a power is then a product of 26 of them.

    The tables are made when first asked: 26,000 multiplications, about 7 MB.
    """

    WINDOW = 10

    def __init__(self, element: Element, identity: Element, p: int, order: int) -> None:
        self._element = element
        self._identity = identity
        self._p = p
        self._order = order
        self._rows: list[list[int]] = []

    def _fill(self) -> None:
        p = self._p
        rows = []
        base: int = self._element
        for _ in range(-(-self._order.bit_length() // self.WINDOW)):
            row: list[int] = [self._identity]
            for _ in range((1 << self.WINDOW) - 1):
                row.append(row[-1] * base % p)
            rows.append(row)
            base = row[-1] * base % p
        self._rows = rows

    def power(self, exponent: int) -> Element:
        if not self._rows:
            self._fill()
        p = self._p
        exponent %= self._order
        mask = (1 << self.WINDOW) - 1
        total = self._rows[0][exponent & mask]
        for row in self._rows[1:]:
            exponent >>= self.WINDOW
            digit = exponent & mask
            if digit:
                total = total * row[digit] % p
        return Element(total)


_P = int(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433"
    "8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049"
    "0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019"
    "1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366"
    "8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201"
    "3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031"
    "25680162072880719"
)
_G = int(
    "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678"
    "7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274"
    "0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065"
    "8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982"
    "6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751"
    "7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668"
    "0037745308460627"
)
_Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441


def belenios_2048(arithmetic: Arithmetic = FASTEST) -> SchnorrGroup:
    """The group of our elections, over the given numbers."""
    return SchnorrGroup("BELENIOS-2048", _P, _Q, _G, arithmetic)


BELENIOS_2048 = belenios_2048()
"""The group of our elections, with the quickest numbers of this machine."""
