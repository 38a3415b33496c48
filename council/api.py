"""Open data of councils: who sits on them, and the chain for checking. Read-only; names as public as on the page."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, jsonify, stream_with_context, url_for

from accounts.access import public
from core.exports import of_one_moment
from core.localized import Localized
from council.queries import bodies, commitments
from council.queries.bodies import BodyPage, SeatClassPage, TermLine
from followup.queries.chain_file import chain_file

blueprint = Blueprint("council_api", __name__, url_prefix="/council")


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
    pieces = stream_with_context(of_one_moment(partial(chain_file, name=name, public=commitments.PUBLIC)))
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
