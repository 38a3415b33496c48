"""The verbs of a consultation round: ``rounds``, ``drafts``, ``submissions``, ``moderation``, ``imports``."""
