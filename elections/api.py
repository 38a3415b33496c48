"""Open data of elections: which there are, their days and rules, where each stands. Read-only, for anyone."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, jsonify, stream_with_context, url_for

from accounts.access import public
from core.exports import of_one_moment
from elections.queries import elections as queries
from elections.queries.elections import ElectionLine
from followup.queries.chain_file import chain_file

blueprint = Blueprint("elections_api", __name__)


@blueprint.get("/elections.json")
@public
def elections_json() -> Response:
    """Every election that was called, newest first."""
    return jsonify(elections=[_in_short(line) for line in queries.list_elections()])


@blueprint.get("/elections/<code>.json")
@public
def election_json(code: str) -> Response:
    """One election with its rule set and the minutes of what was done."""
    line = queries.find_election(code)
    return jsonify(
        **_in_short(line),
        rule_set=line.rule_set,
        milestones=[
            {
                "milestone": passed.milestone.value,
                "begins": passed.begins and passed.begins.isoformat(),
                "ends": passed.ends and passed.ends.isoformat(),
                "state": passed.state.value,
            }
            for passed in line.milestones
        ],
        minutes=[
            {
                "act": act.kind.value,
                "stage": act.stage.value,
                "day": act.day.isoformat(),
                "performed": act.performed,
                "persons": act.persons,
                "reason": act.reason.dump(),
            }
            for act in queries.minutes_of(line)
        ],
    )


@blueprint.get("/elections/<code>/chain.json")
@public
def chain_json(code: str) -> Response:
    """The election's audit chain, with all that its hashes are made from, and the openings of published answers."""
    name = f"register:{queries.find_election(code).code}"
    pieces = stream_with_context(of_one_moment(partial(chain_file, name=name, public={})))
    return Response(pieces, content_type="application/json; charset=utf-8")


def _in_short(line: ElectionLine) -> dict[str, object]:
    return {
        "code": line.code,
        "title": line.title.dump(),
        "summary": line.summary.dump(),
        "how_to_vote": line.how_to_vote.dump(),
        "body": {"key": line.body_key, "name": line.body.dump()},
        "languages": list(line.languages),
        "stage": line.stage.value,
        "period": line.period.value,
        "called_on": line.called_on.isoformat(),
        "published_on": line.published_on and line.published_on.isoformat(),
        "voting": [line.opens_at.isoformat(), line.closes_at.isoformat()],
        "term": [line.term_begins_on.isoformat(), line.term_ends_on.isoformat()],
        "timetable": {step.value: day.isoformat() for step, day in line.days.items()},
        "page": url_for("elections.show_election", code=line.code, _external=True),
    }
