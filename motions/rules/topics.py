"""What a motion or a suggestion is about: one topic, so that people find it."""

from __future__ import annotations

from enum import StrEnum

SUGGESTION_LENGTH = 5_000
"""Characters of a suggestion."""
NAME_LENGTH = 120


class Topic(StrEnum):
    """The fields that migrant councils work in."""

    HOUSING = "housing"
    SCHOOLS = "schools"
    LANGUAGE = "language"
    WORK = "work"
    HEALTH = "health"
    OFFICES = "offices"
    """Residence, naturalisation, and how offices treat people."""
    DISCRIMINATION = "discrimination"
    CULTURE = "culture"
    TRANSPORT = "transport"
    PARTICIPATION = "participation"
    OTHER = "other"
