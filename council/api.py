"""Open data of councils: who sits on them, and the chain for checking. Read-only; names as public as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from flask import Blueprint, Response, jsonify, stream_with_context, url_for
from sqlalchemy.orm import Session

from accounts.access import public
from core.audit import GENESIS
from core.exports import json_text, of_one_moment
from core.localized import Localized
from council.queries import bodies, commitments
from council.queries.bodies import BodyPage, SeatClassPage, TermLine
from followup.queries import chain
from followup.queries import commitments as followup_commitments
from followup.queries.chain import Link
from followup.queries.commitments import Opening

blueprint = Blueprint("council_api", __name__, url_prefix="/council")

PUBLIC_OPENINGS = {**followup_commitments.PUBLIC, **commitments.PUBLIC}
_BATCH = 500


@blueprint.get("/<key>.json")
@public
def body_json(key: str) -> Response:
    """A council as data: seats, quorum, members, vacancies, term."""
    return jsonify(_body(bodies.find_body(key)))


@blueprint.get("/<key>/chain.json")
@public
def chain_json(key: str) -> Response:
    """The council's audit chain, with all that its hashes are made from, and the openings of what is public."""
    name = f"register:{bodies.find_body(key).register_code}"
    pieces = stream_with_context(of_one_moment(partial(_chain, name=name)))
    return Response(pieces, content_type="application/json; charset=utf-8")


def _body(body: BodyPage) -> dict[str, object]:
    """A council as plain values; texts by language."""
    return {
        "key": body.key,
        "register": body.register_code,
        "name": _texts(body.name),
        "about": _texts(body.about),
        "department": _texts(body.department),
        "day": body.day.isoformat(),
        "seats": body.seats,
        "sitting": body.sitting,
        "vacant": body.vacant,
        "quorum": body.quorum,
        "quorum_share_in_thousandths": body.quorum_share,
        "term": _term(body.term),
        "next_term": _term(body.next_term),
        "seat_classes": [_class(each) for each in body.classes],
        "url": url_for("council.show_body", key=body.key, _external=False),
    }


def _class(each: SeatClassPage) -> dict[str, object]:
    return {
        "key": each.key,
        "way": each.way,
        "name": _texts(each.name),
        "seats": each.seats,
        "vacant": each.vacant,
        "successors_left": each.successors_left,
        "members": [
            {
                "name": member.name,
                "organisation": member.organisation,
                "office": member.office,
                "since": member.since_on.isoformat(),
                "deputy": member.deputy,
            }
            for member in each.members
        ],
    }


def _term(term: TermLine | None) -> dict[str, object] | None:
    if term is None:
        return None
    return {
        "number": term.number,
        "begins": term.begins_on.isoformat(),
        "ends": term.ends_on.isoformat(),
    }


def _texts(text: Localized) -> dict[str, str]:
    return {version.language: version.text for version in text.versions}


def _chain(session: Session, name: str) -> Iterator[str]:
    end = chain.head(session, name)
    head = {"chain": end.name, "length": end.length, "head": end.hash, "genesis": GENESIS}
    return json_text(head, "entries", _links(session, name))


def _links(session: Session, name: str) -> Iterator[dict[str, object]]:
    batch: list[Link] = []
    for link in chain.links(session, name):
        batch.append(link)
        if len(batch) == _BATCH:
            yield from _described(session, batch)
            batch = []
    yield from _described(session, batch)


def _described(session: Session, links: Sequence[Link]) -> Iterator[dict[str, object]]:
    openings = _openings(session, links)
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


def _openings(session: Session, links: Sequence[Link]) -> dict[tuple[str, int], Opening]:
    """Salt and content of what these entries committed to, as far as it is public."""
    found: dict[tuple[str, int], Opening] = {}
    for kind, openings in PUBLIC_OPENINGS.items():
        ids = [link.subject_id for link in links if link.subject_kind == kind and link.commitment]
        for id, opening in openings(session, ids).items() if ids else ():
            if opening is not None:
                found[kind, id] = opening
    session.expunge_all()
    return found
