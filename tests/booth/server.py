"""A small site with nothing but the voting booth and an urn that keeps what it takes in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from flask import (
    Flask,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
)
from flask_babel import Babel, force_locale
from jinja2 import FileSystemLoader
from werkzeug.serving import make_server

from app.factory import asset, integrity
from core.codes import Kind, draw
from core.errors import DomainError
from core.i18n import ENVIRON, LanguagePrefix
from core.localized import direction
from elections.ballot import ballots, trustees
from elections.ballot.canonical import fingerprint
from elections.ballot.credentials import public_credential
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.questions import Election, Question, make_election, new_identifier
from elections.messages.booth import (
    POLICY,
    AskedCandidate,
    AskedGroup,
    AskedQuestion,
    BoothFacts,
    say_booth,
    say_contact,
    say_stations,
)
from tests.booth.bundles import ROOT

LANGUAGES = {"en": "English", "de": "Deutsch", "ar": "العربية"}
TITLES = {"en": "Migrant Council 2027", "de": "Migrationsbeirat 2027", "ar": "مجلس المهاجرين 2027"}
CLOSES = {
    "en": "Open until Sunday, 26 September 2027, 18:00.",
    "de": "Geöffnet bis Sonntag, 26. September 2027, 18:00 Uhr.",
    "ar": "التصويت مفتوح حتى الأحد 26 سبتمبر 2027، الساعة 18:00.",
}
NAMES = (
    "Rima Haddad", "Yassin Belkacem", "Nour Al-Sayed", "Karim Mansouri",
    "Оксана Марчук", "Ilir Berisha", "Daryna Kovalchuk", "Petru Ceban",
)  # fmt: skip
REGIONS = {
    "en": ("Arab countries and North Africa", "Eastern Europe"),
    "de": ("Arabische Länder und Nordafrika", "Osteuropa"),
    "ar": ("البلدان العربية وشمال أفريقيا", "أوروبا الشرقية"),
}
STATEMENTS = {
    0: ("en", "I teach at the harbour school.\nI want interpreters in every office."),
    2: ("ar", "أعمل ممرضة. أريد مواعيد أقصر في دائرة الهجرة."),
}


def council() -> tuple[Question, ...]:
    """Up to three of eight people, or a blank vote."""
    return (Question("Migrant Council", NAMES, 0, 3, blank=True),)


@dataclass
class Site:
    """What the tests look at: ballots as they came in, and how the urn shall behave."""

    election: Election
    secret: int
    codes: list[str]
    url: str = ""
    board: list[bytes] = field(default_factory=list)
    received: int = 0
    practice: bool = False
    station: bool = False
    """Whether the page is shown as on a device in a city office."""
    refuse: tuple[int, dict[str, str]] | None = None
    lose_answers: int = 0
    """So many ballots are taken without the voter hearing of it."""

    @classmethod
    def of(cls, questions: tuple[Question, ...], voters: int = 3) -> Site:
        secret, key = trustees.make_key(GROUP)
        election = make_election(
            new_identifier(),
            "Migrant Council 2027",
            "",
            questions,
            trustees.public_key(GROUP, (trustees.Single(key),)),
        )
        return cls(election, secret, [draw(Kind.VOTING) for _ in range(voters)])

    def take(self, data: bytes) -> tuple[int, Mapping[str, Any]]:
        """What the urn answers to a ballot."""
        self.received += 1
        if self.refuse:
            return self.refuse
        try:
            ballot = ballots.check_ballot(self.election, data)
        except DomainError as error:
            return 400, {"code": error.code, "message": error.code}
        if ballot.credential not in {public_credential(self.election.uuid, code) for code in self.codes}:
            return 403, {"code": "credential_unknown", "message": "This code is not on the list."}
        if data not in self.board:
            self.board.append(data)
        height = self.board.index(data) + 1
        return 200, {"tracker": fingerprint(data), "height": height, "head": "f" * 64}

    def votes(self) -> list[list[list[int]]]:
        """What the ballots on the board hold, opened with the secret key as no trustee ever may."""
        ones = {GROUP.generator.power(number): number for number in (0, 1)}
        return [
            [
                [
                    ones[GROUP.quotient(box.beta, GROUP.power(box.alpha, self.secret))]
                    for box in answer.choices
                ]
                for answer in ballots.check_ballot(self.election, data).answers
            ]
            for data in self.board
        ]


def asked(election: Election, language: str) -> list[AskedQuestion]:
    """The questions as the booth shows them: names in two regions, or in one group if there are other names."""
    found = []
    for question in election.questions:
        names = [
            AskedCandidate(slot, name, *reversed(STATEMENTS.get(slot, ("", ""))))
            for slot, name in enumerate(question.answers)
        ]
        groups = [AskedGroup(names)]
        if question.answers == NAMES:
            groups = [
                AskedGroup(names[at : at + 4], REGIONS[language][at // 4], language) for at in range(0, 8, 4)
            ]
        found.append(AskedQuestion(question.text, groups))
    return found


def create_app(site: Site) -> Flask:
    """Page, messages and urn under ``/vote/``, with the language in front."""
    app = Flask("booth", static_folder=None)
    app.jinja_loader = FileSystemLoader(ROOT / "templates")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.json.sort_keys = False  # type: ignore[attr-defined]

    def language() -> str:
        return str(request.environ.get(ENVIRON, "en"))

    Babel(
        app,
        default_locale="en",
        default_translation_directories=str(ROOT / "translations"),
        locale_selector=language,
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app, LANGUAGES)  # type: ignore[method-assign]
    app.jinja_env.globals.update(asset=asset, integrity=integrity)

    @app.get("/vote/")
    def show_booth() -> Response:
        code = language()
        page = render_template(
            "_layout/booth.html",
            page_language=code,
            page_direction=direction(code),
            interface_languages=[
                SimpleNamespace(
                    code=each,
                    name=name,
                    direction=direction(each),
                    url=f"/{each}/vote/",
                    current=each == code,
                )
                for each, name in LANGUAGES.items()
            ],
            city=SimpleNamespace(name="Lindhafen"),
            booth={
                "title": TITLES[code],
                "election_url": "/vote/election.json",
                "words_url": f"/{code}/vote/booth.json",
                "cast_url": f"/{code}/vote/cast",
                "contact": say_contact("0555 010 230"),
                "stations": say_stations("Town Hall, room 12."),
                "station": site.station,
            },
        )
        response = make_response(page)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/vote/election.json")
    def show_election() -> Response:
        return Response(site.election.message, mimetype="application/json")

    @app.get("/vote/booth.json")
    def show_words() -> Response:
        code = language()
        facts = BoothFacts(
            TITLES[code], code, CLOSES[code], "0555 010 230", "Town Hall, room 12.", practice=site.practice
        )
        addresses = {each: f"/{each}/vote/booth.json" for each in LANGUAGES}
        with force_locale(code):
            paper = say_booth(
                site.election,
                asked(site.election, code),
                facts,
                language=code,
                direction=direction(code),
                languages=addresses,
            )
        return jsonify(paper)

    @app.post("/vote/cast")
    def cast() -> tuple[Response, int]:
        if request.mimetype != "application/json" or request.cookies:
            abort(415)
        status, answer = site.take(request.get_data())
        if site.lose_answers:
            site.lose_answers -= 1
            return jsonify({}), 502
        return jsonify(answer), status

    @app.get("/static/<path:name>")
    def show_file(name: str) -> Response:
        return send_from_directory(ROOT / "static", name)

    return app


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """The site on a port of its own for the length of a ``with`` block."""
    server = make_server("127.0.0.1", 0, create_app(site), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
