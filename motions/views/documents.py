"""The papers behind what happened to a motion, for everybody: what the city wrote, and what shows that something is done."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from accounts.access import public
from core.db import db
from core.documents.answering import respond
from core.documents.stored import read
from motions.messages import city as city_words
from motions.queries import city
from motions.queries.motions import find_public

blueprint = Blueprint("motion_documents", __name__, url_prefix="/motions")
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(city_words=city_words))


@blueprint.get("/<number>/documents/<int(max=2147483647):document_id>/")
@public
def show_document(number: str, document_id: int) -> ResponseReturnValue:
    """A paper that a public event of this motion names, to be shown, or with ``?download=1`` to be saved."""
    session = db.session()
    motion = find_public(session, number)
    city.document_of(session, motion.id, document_id)
    return respond(read(session, document_id), "download" in request.args)
