"""Which answers are for whoever asked alone (``subjects.Subject.private``). Whatever publishes answers asks here first."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from followup import subjects
from followup.models import Promise

_BATCH = 500


def private_replies(session: Session, reply_ids: Collection[int]) -> set[int]:
    """Those of these replies that answer anything private; whatever else they answer, none of them is public."""
    kinds, wanted = subjects.private_kinds(), sorted(reply_ids)
    found: set[int | None] = set()
    for start in range(0, len(wanted) if kinds else 0, _BATCH):
        found |= set(
            session.scalars(
                select(Promise.reply_id)
                .where(Promise.subject_kind.in_(kinds), Promise.reply_id.in_(wanted[start : start + _BATCH]))
                .distinct()
            )
        )
    return {id for id in found if id is not None}
