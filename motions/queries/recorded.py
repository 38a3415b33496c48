"""What the audit chain holds of votes and minutes: written by the verbs, compared by the audit check."""

from __future__ import annotations

from collections.abc import Mapping

from core.texts import digest
from motions.models.meetings import Minutes, Vote


def in_chain(vote: Vote, names: Mapping[int, str]) -> dict[str, object]:
    """What everybody reads of a vote in the chain: all of it, or, under an item that is not public, only that there was one."""
    facts = recorded(vote, names)
    if vote.salt is None:
        return facts
    return {name: facts[name] for name in ("item", "sequence", "day", "corrects") if name in facts}


def recorded(vote: Vote, names: Mapping[int, str]) -> dict[str, object]:
    """What is recorded of a vote: all that its outcome follows from. Nothing of a question's words."""
    facts: dict[str, object] = {
        "item": vote.agenda_item_id,
        "sequence": vote.sequence,
        "about": vote.about,
        "way": vote.way,
        "rule": dict(vote.rule),
        "seats": vote.seats,
        "quorum": vote.quorum,
        "present": list(vote.present),
        "excluded": list(vote.excluded),
        "figures": [vote.yes, vote.no, vote.abstain, vote.invalid],
        "adopted": vote.adopted,
        "day": vote.taken_on.isoformat(),
    }
    for name in ("motion_id", "corrects_id", "text_digest", "chair_choice"):
        if getattr(vote, name) is not None:
            facts[name.removesuffix("_id")] = getattr(vote, name)
    if names:
        facts["names"] = {str(member_id): names[member_id] for member_id in sorted(names)}
    return facts


def digest_of(minutes: Minutes) -> str:
    """SHA-256 of the words: what the chain knows of them."""
    source = minutes.text.source
    return digest(source.text if source else "")
