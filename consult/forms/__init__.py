"""Forms of consultation rounds.

``submission`` for residents; ``rounds``, ``answers``, ``moderation`` for the office.
"""
