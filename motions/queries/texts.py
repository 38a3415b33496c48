"""The words of a motion that everybody may read; what is drafted or mended is never among them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from motions.models.drafting import MotionText


def public_text(session: Session, motion_id: int) -> MotionText:
    """The newest words that everybody may read. Raises NotFound while there are none."""
    found = session.scalars(
        select(MotionText)
        .where(MotionText.motion_id == motion_id, MotionText.public_on.is_not(None))
        .order_by(MotionText.version.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        raise NotFound("text", motion_id)
    return found
