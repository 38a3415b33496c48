"""Long numbers: by gmpy2 where it is installed, else by Python itself, about eight times slower and equal to the digit.

The numbers of gmpy2 take part in ``*``, ``%``, ``==`` and ``hash`` like Python's own, so only what differs stands here.
"""

from __future__ import annotations

from typing import Protocol, cast

try:
    import gmpy2
except ImportError:  # no wheel for this machine: everything still works
    gmpy2 = None


class Arithmetic(Protocol):
    """What a group needs of long numbers."""

    name: str

    def number(self, value: int | str) -> int:
        """A whole number from another or from decimal digits."""

    def power(self, base: int, exponent: int, modulus: int) -> int:
        """``base`` to the ``exponent``, which is not negative, modulo ``modulus``."""

    def inverse(self, value: int, modulus: int) -> int:
        """The number that gives 1 with ``value`` modulo ``modulus``. Raises ZeroDivisionError or ValueError if none."""


class PlainArithmetic:
    """Python's own numbers."""

    name = "Python"

    def number(self, value: int | str) -> int:
        return int(value)

    def power(self, base: int, exponent: int, modulus: int) -> int:
        return pow(base, exponent, modulus)

    def inverse(self, value: int, modulus: int) -> int:
        return pow(value, -1, modulus)


class FastArithmetic:
    """Numbers of gmpy2, passed around as if they were Python's."""

    name = "gmpy2"

    def number(self, value: int | str) -> int:
        return cast(int, gmpy2.mpz(value))

    def power(self, base: int, exponent: int, modulus: int) -> int:
        return cast(int, gmpy2.powmod(base, exponent, modulus))

    def inverse(self, value: int, modulus: int) -> int:
        return cast(int, gmpy2.invert(value, modulus))


PLAIN: Arithmetic = PlainArithmetic()
FASTEST: Arithmetic = PLAIN if gmpy2 is None else FastArithmetic()
