"""The code of an election. Pure."""

from __future__ import annotations

import re

CODE = re.compile(r"[A-Z][A-Z0-9]{0,5}-[0-9]{2}(-[0-9]{1,2})?")
"""Such as ``MB-27``: it begins every register number of the election."""
