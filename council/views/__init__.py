"""Public pages: ``bodies`` and who sits on them, calls and ``applications``; ``subjects`` is for the reply desk."""
