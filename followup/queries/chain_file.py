"""A register's audit chain as one file: all that its hashes are made from, and the openings of what is public.

Whoever has the file can recompute every hash, and every commitment whose text anybody may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from core.audit import GENESIS
from core.exports import json_text
from followup.queries import chain, commitments
from followup.queries.chain import Link
from followup.queries.commitments import Opening, Openings

_BATCH = 500

PublicOpenings = Mapping[str, Openings]
"""By kind of subject: salt and content of what anybody may read."""


def chain_file(session: Session, name: str, public: PublicOpenings) -> Iterator[str]:
    """The chain called ``name`` as pieces of JSON; ``public`` are a room's openings, beside those of replies."""
    end = chain.head(session, name)
    head = {"chain": end.name, "length": end.length, "head": end.hash, "genesis": GENESIS}
    return json_text(head, "entries", _links(session, name, {**commitments.PUBLIC, **public}))


def openings_of(
    session: Session, links: Sequence[Link], public: PublicOpenings
) -> dict[tuple[str, int], Opening]:
    """Salt and content of what these entries committed to, as far as it is public now."""
    found: dict[tuple[str, int], Opening] = {}
    for kind, openings in {**commitments.PUBLIC, **public}.items():
        ids = [link.subject_id for link in links if link.subject_kind == kind and link.commitment]
        for id, opening in openings(session, ids).items() if ids else ():
            if opening is not None:
                found[kind, id] = opening
    session.expunge_all()
    return found


def _links(session: Session, name: str, public: PublicOpenings) -> Iterator[dict[str, object]]:
    batch: list[Link] = []
    for link in chain.links(session, name):
        batch.append(link)
        if len(batch) == _BATCH:
            yield from _described(session, batch, public)
            batch = []
    yield from _described(session, batch, public)


def _described(
    session: Session, links: Sequence[Link], public: PublicOpenings
) -> Iterator[dict[str, object]]:
    openings = openings_of(session, links, public)
    for link in links:
        described: dict[str, object] = {
            "sequence": link.sequence,
            "day": link.day.isoformat(),
            "role": link.role,
            "actor": link.actor,
            "tag": link.tag,
            "subject": f"{link.subject_kind}:{link.subject_id}",
            "facts": link.facts_text,
            "commitment": link.commitment,
            "previous_hash": link.previous_hash,
            "entry_hash": link.entry_hash,
        }
        opening = openings.get(link.subject)
        if opening and link.commitment:
            described["opening"] = {"salt": opening[0].hex(), "content": opening[1]}
        yield described
