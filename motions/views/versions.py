"""The versions of a motion's words that everybody may read, and what differs between them."""

from __future__ import annotations

from flask import Blueprint, render_template

from accounts.access import public
from core.compression import compressed
from core.db import db
from motions.queries.amendments import version_lines
from motions.queries.motions import find_public

blueprint = Blueprint("motion_versions", __name__, url_prefix="/motions")


@blueprint.get("/<number>/versions/")
@public
@compressed
def show_versions(number: str) -> str:
    """Each version with its fingerprint, the newest first."""
    session = db.session()
    head = find_public(session, number)
    return render_template("motions/versions.html", motion=head, versions=version_lines(session, head))
