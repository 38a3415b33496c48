"""Forms of consultation rounds.

``public`` and ``submission`` for residents; ``rounds``, ``answers``, ``moderation`` for the office.
"""
