"""Tiny elections shared by all tests of a worker; nobody changes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.elections.ballot import quick
from tests.elections.ballot.stories import Ceremony, Story, Town, town_of_singles, town_of_threshold


@pytest.fixture(scope="session")
def singles() -> tuple[Town, Story]:
    """Two trustees, two questions, four people: the first votes twice, the last not at all."""
    return town_of_singles()


@pytest.fixture(scope="session")
def of_three() -> tuple[Town, Story, Ceremony]:
    """Any two of three trustees; one question, two people."""
    return town_of_threshold()


@pytest.fixture(scope="module")
def remembered() -> Iterator[None]:
    """Powers that were computed once are not computed again: bundles that differ in one number are checked quickly."""
    with quick.powers():
        yield
