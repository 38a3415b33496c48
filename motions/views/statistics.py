"""What became of the motions, in figures: by council, and how long each department took. No rankings."""

from __future__ import annotations

from flask import Blueprint, render_template

from accounts.access import public
from core.compression import compressed
from core.db import db
from motions.queries.progress import by_council
from motions.queries.statistics import by_department

blueprint = Blueprint("motion_statistics", __name__, url_prefix="/motions")


@blueprint.get("/statistics/")
@public
@compressed
def show_statistics() -> str:
    """How far the motions of each council came."""
    session = db.session()
    return render_template(
        "motions/statistics.html", councils=by_council(session), departments=by_department(session)
    )
