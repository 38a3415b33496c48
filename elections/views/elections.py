"""The public pages of elections: what is elected, where it stands, what anybody can do, by which rules, and the minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _

from accounts.access import public
from core import clock, i18n, settings
from core.compression import compressed
from core.db import db
from core.errors import NotFound
from core.forms import shows_own_form
from core.icalendar_feed import CONTENT_TYPE, Appointment, Timetable, write_icalendar
from elections.counting.count import count
from elections.messages import acts, counting_rules, public_way, rule_sets
from elections.messages.counting import explain_reason
from elections.messages.trustee import say_state
from elections.queries import elections as queries
from elections.queries.devices import list_devices
from elections.queries.elections import ElectionLine
from elections.queries.urn import find_ceremony
from elections.rules import worked_example
from elections.rules.public_way import Door, NextDay
from elections.views.eligibility import show_check

blueprint = Blueprint("elections", __name__)

DOORS = {
    Door.NOMINATE: "nominate/",
    Door.CHECK_ELIGIBILITY: "eligibility/",
    Door.CHECK_ROLL: "roll/",
    Door.REGISTER: "register/",
    Door.OBJECT_TO_ROLL: "object/",
    Door.OBJECT_TO_RESULT: "object/",
}
"""Where each thing is done, below the election's own page. Voting has no page of its own: how and where is a text."""


@dataclass(frozen=True, slots=True)
class ShownDoor:
    """Something that can be done now. ``path`` is empty where no page of this house does it."""

    text: str
    path: str
    until: date


@blueprint.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """What ``templates/elections/_parts.html`` needs beside an election."""
    state.app.jinja_env.globals.update(
        election_words=SimpleNamespace(
            STAGES=acts.STAGES,
            ACTS=acts.ACTS,
            STEPS=rule_sets.STEPS,
            MILESTONES=public_way.MILESTONES,
            DONE=public_way.DONE,
        ),
        election_share=_share,
        opens=opens,
        page_address=page_address,
    )


def opens(path: str) -> bool:
    """Whether this installation has a page at ``path`` (without the language)."""
    return current_app.url_map.bind("").test(path, "GET")


def page_address(path: str) -> str:
    """The address of ``path`` in the language now shown."""
    return f"{request.script_root}{path}"


@blueprint.get("/elections/")
@public
@compressed
def list_elections() -> str:
    """Every election that was called: now, coming, past."""
    return render_template("elections/elections.html", elections=queries.list_elections())


@blueprint.get("/elections/<code>/")
@public
@compressed
def show_election(code: str) -> str:
    """What is elected, where it stands, what you can do now, when what happens, and how it is decided."""
    election = queries.find_election(code)
    rules = election.rules
    return render_template(
        "elections/election.html",
        election=election,
        rules=rules,
        doors=_doors(election),
        counting=counting_rules.say_rule(rules.counting),
        opens_at=_moment(election.opens_at),
        closes_at=_moment(election.closes_at),
        devices=list_devices(db.session(), code),
        trustees=_trustees(code),
    )


@blueprint.get("/elections/<code>/timetable.ics")
@public
def calendar(code: str) -> Response:
    """The timetable as a calendar to subscribe to."""
    election = queries.find_election(code)
    link = url_for("elections.show_election", code=code, _external=True)
    name = i18n.localized(election.title).text
    written = write_icalendar(
        Timetable(
            name=name,
            language=i18n.language(),
            zone=settings.current().time_zone,
            link=link,
            appointments=[
                Appointment(
                    uid=f"{code}-{step.value}@elections.answerable",
                    begins=day,
                    summary=f"{name}: {rule_sets.STEPS[step]}",
                    link=link,
                    changed_on=election.called_on,
                )
                for step, day in election.days.items()
            ],
        )
    )
    return Response(written, content_type=CONTENT_TYPE)


@blueprint.get("/elections/<code>/eligibility/")
@public
def eligibility(code: str) -> ResponseReturnValue:
    """Who may vote and why: the questions of this election's rules."""
    return _check(code)


@blueprint.post("/elections/<code>/eligibility/")
@public
@shows_own_form
def answer_eligibility(code: str) -> ResponseReturnValue:
    """The checklists by what was answered; nothing of it is kept."""
    return _check(code)


@blueprint.get("/elections/<code>/rules/")
@public
@compressed
def rules(code: str) -> str:
    """The rule set in sentences, with the rule that it follows."""
    election = queries.find_election(code)
    found = election.rules
    return render_template(
        "elections/rules.html",
        election=election,
        rules=found,
        to_vote=counting_rules.say_criteria(found, election.timetable, election.today, voting=True),
        to_stand=counting_rules.say_criteria(found, election.timetable, election.today, voting=False),
        counting=counting_rules.say_rule(found.counting),
        windows=counting_rules.say_windows(found),
    )


@blueprint.get("/elections/<code>/counting/")
@public
@compressed
def counting(code: str) -> str:
    """How votes become seats, with invented figures counted by the very rule of this election."""
    election = queries.find_election(code)
    rule = election.rules.counting
    tally = worked_example.tally_for(rule)
    result = count(rule, tally)
    names = counting_rules.names_of(tally, election.rules)
    return render_template(
        "elections/counting.html",
        election=election,
        rule=rule,
        sentences=counting_rules.say_rule(rule),
        tally=tally,
        result=result,
        names=names,
        explain=lambda reason: explain_reason(reason, names),
        stages=[
            (counting_rules.say_stage(stage, names), [explain_reason(each, names) for each in stage.reasons])
            for stage in result.stages
        ],
    )


@blueprint.get("/elections/<code>/minutes/")
@public
@compressed
def minutes(code: str) -> str:
    """What was done, on which day, by how many persons, and why."""
    election = queries.find_election(code)
    return render_template("elections/minutes.html", election=election, lines=queries.minutes_of(election))


def _trustees(code: str) -> str:
    """How far the trustees of the online vote are; nothing before it is said who they are."""
    try:
        ceremony = find_ceremony(db.session(), code)
    except NotFound:
        return ""
    return say_state(ceremony) if ceremony.trustees else ""


def _check(code: str) -> ResponseReturnValue:
    election = queries.find_election(code)
    title = i18n.localized(election.title).text
    page = show_check(election.rules, election.timetable, f"/elections/{code}/eligibility/", title)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"  # answers go back into the page, and nowhere else
    return response


def _doors(election: ElectionLine) -> list[ShownDoor]:
    shown = []
    for door, until in election.doors:
        if door is Door.VOTE and election.votes_online:
            continue  # it has a button of its own
        path = f"/elections/{election.code}/{DOORS[door]}" if door in DOORS else ""
        shown.append(ShownDoor(str(public_way.DOORS[door]), path if path and opens(path) else "", until))
    return shown


def _moment(moment: datetime) -> str:
    """A day with its hour, as the city's clocks show it."""
    return _(
        "%(day)s, %(time)s",
        day=i18n.show_day(moment.date(), "full"),
        time=format_time(moment.time(), "HH:mm", rebase=False),
    )


def _share(following: NextDay, today: date) -> float:
    return clock.share(following.since, following.day, today)
