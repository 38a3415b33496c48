"""The voting booth: a page whose script encrypts on the voter's own device, and what it needs to know."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.access import public
from core import i18n, settings
from core.db import db
from core.localized import direction
from elections.ballot.questions import read_election
from elections.messages.booth import (
    POLICY,
    AskedCandidate,
    AskedGroup,
    AskedQuestion,
    BoothFacts,
    say_booth,
    say_contact,
    say_places,
    say_stations,
)
from elections.messages.procedure import show_moment
from elections.models.elections import Election
from elections.queries import board as boards
from elections.queries import procedure
from elections.queries.devices import find_device, list_devices
from elections.queries.nominations import sections

blueprint = Blueprint("elections_booth", __name__)


@blueprint.get("/elections/<code>/vote/")
@public
def show_booth(code: str) -> Response:
    """The booth. The voting code stands after ``#`` in its address or is typed there; it is never sent."""
    boards.find_board(db.session(), code)
    return _booth(code, station=False)


@blueprint.get("/elections/<code>/station/<token>/")
@public
def show_station(code: str, token: str) -> Response:
    """The booth on a device in a city office: the same page and script, which begins anew for everybody."""
    session = db.session()
    find_device(session, code, token)
    if boards.identifier_and_state(session, code) is None:
        page = render_template("elections/station_waits.html", election=procedure.find_election(code))
        return make_response(page, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    return _booth(code, station=True)


def _booth(code: str, *, station: bool) -> Response:
    election = procedure.find_election(code)
    page = render_template(
        "_layout/booth.html",
        booth={
            "title": i18n.localized(election.title).text,
            "election_url": url_for("elections_board.download_election", code=code),
            "words_url": url_for("elections_booth.booth_json", code=code),
            "cast_url": url_for("elections_board.cast", code=code),
            "contact": say_contact(contact()),
            "stations": say_stations(_devices(code)),
            "station": station,
        },
    )
    return booth_response(page)


def booth_response(page: str) -> Response:
    """The booth's page with its own policy. No request that follows names the page: a station's ballot is like any other."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/elections/<code>/vote/booth.json")
@public
def booth_json(code: str) -> Response:
    """Everything that the booth says, in the reader's language."""
    session = db.session()
    board = boards.find_board(session, code)
    election = procedure.find_election(code)
    asked = read_election(boards.published_election(session, board))
    title = i18n.localized(election.title)
    facts = BoothFacts(
        title=title.text,
        language=title.language,
        closes=show_moment(election.voting_closes_at),
        contact=contact(),
        stations=_devices(code),
        board=url_for("elections_board.show_board", code=code),
        practice_at=url_for("elections_practice.show_practice"),
    )
    language = i18n.language()
    return jsonify(
        say_booth(
            asked,
            [_question(session, board, election)],
            facts,
            language=language,
            direction=direction(language),
            languages={each.code: each.url for each in i18n.interface_languages()},
        )
    )


def _question(session: Session, board: boards.Board, election: Election) -> AskedQuestion:
    """The candidates under their regions or lists, each with the slot that stands for them on the ballot."""
    slots = {option: slot for slot, option in enumerate(boards.options_asked(session, board))}
    groups = []
    for section in sections(session, election):
        if section.key in slots:  # a whole list is one choice
            named = section.title.best(i18n.language())
            groups.append(AskedGroup([AskedCandidate(slots[section.key], named.text)]))
            continue
        people = []
        for each in section.candidates:
            if str(each.id) in slots:
                statement = each.statement.best(i18n.language())
                people.append(
                    AskedCandidate(slots[str(each.id)], each.name, statement.text, statement.language)
                )
        if people:
            shown = section.title.best(i18n.language())
            groups.append(AskedGroup(people, shown.text, shown.language))
    title = election.title.best(i18n.language())
    return AskedQuestion(title.text, groups, title.language)


def _devices(code: str) -> str:
    """Where the city's devices stand, and when, in a line for the booth."""
    return say_places(
        [
            (i18n.localized(each.name).text, each.place, i18n.localized(each.hours).text)
            for each in list_devices(db.session(), code)
        ]
    )


def contact() -> str:
    """Whom to ask, by the city's own settings."""
    return settings.current().contact.best(i18n.language()).text or _("Ask the election office")
