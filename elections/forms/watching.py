"""The forms of those who watch an online vote: a button, and an address."""

from __future__ import annotations

from core.forms import PublicForm


class CheckForm(PublicForm):
    """A button alone: whoever presses it wants the board checked."""
