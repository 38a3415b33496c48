"""OParl 1.1 over HTTP: objects, lists and files. Every address has one way of being written; others lead to it (301)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import public
from core import settings
from core.db import LARGEST_ID, db
from core.documents import stored
from core.documents.answering import POLICY, POLICY_OF_DOWNLOAD, respond
from core.errors import DomainError, NotFound
from core.i18n import ENVIRON
from motions.oparl import files
from motions.oparl.lists import FILTERS
from motions.oparl.objects.made import BODY, LISTS, ROOT, path
from motions.oparl.schema import ERROR, PROPERTIES, Form, properties, type_of
from motions.queries import oparl as known
from motions.queries import published
from motions.queries.published import PAGE, Listed

blueprint = Blueprint("oparl", __name__)

AT = "/oparl/v1.1"
TYPES = {path(type): type for type in PROPERTIES if type != "System"}
IN_BODY = {path(type): type for type in LISTS.values()}
ORDER = (*FILTERS, "omit_internal", "limit", "after", "before")
"""In which order a list's address names what it was asked for."""
_MARK = json.dumps(ROOT)[:-1]
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")


class _Wrong(Exception):
    """A part of the question cannot be read."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What a list was asked for: ``texts`` as they were written, in our order."""

    texts: Mapping[str, str]
    filters: Mapping[str, datetime]
    omit_internal: bool
    limit: int
    after: int | None
    before: int | None

    def address(self, base: str, **steps: int) -> str:
        """The address of a page of the same list."""
        texts = {name: text for name, text in self.texts.items() if name not in ("after", "before")}
        texts |= {name: str(step) for name, step in steps.items()}
        return f"{base}?{urlencode(texts)}" if texts else base


@blueprint.get(AT)
@public
def system() -> ResponseReturnValue:
    """The whole."""
    return _object("", "System", "")


@blueprint.get(f"{AT}/body")
@public
def bodies() -> ResponseReturnValue:
    """The list of bodies: there is one."""
    return _list("/body", Listed("Body"))


@blueprint.get(f"{AT}/body/{BODY}/<list_name>")
@public
def in_body(list_name: str) -> ResponseReturnValue:
    """Everything of one type."""
    if list_name not in IN_BODY:
        return _elsewhere()
    return _list(f"/body/{BODY}/{list_name}", Listed(IN_BODY[list_name]))


@blueprint.get(f"{AT}/organization/<int(max=2147483647):body_id>/meeting")
@public
def meetings_of(body_id: int) -> ResponseReturnValue:
    """The meetings of one council."""
    if not published.is_published(db.session(), "Organization", str(body_id)):
        return _error(404)
    return _list(f"/organization/{body_id}/meeting", Listed("Meeting", body_id))


@blueprint.get(f"{AT}/file/<object_key>/open")
@public
def open_file(object_key: str) -> ResponseReturnValue:
    """A file, for the browser to show."""
    return _file(object_key, "open")


@blueprint.get(f"{AT}/file/<object_key>/save")
@public
def save_file(object_key: str) -> ResponseReturnValue:
    """A file, for the browser to save."""
    return _file(object_key, "save")


@blueprint.get(f"{AT}/<object_type>/<object_key>")
@public
def show_object(object_type: str, object_key: str) -> ResponseReturnValue:
    """One object, also when it was deleted."""
    if object_type not in TYPES:
        return _elsewhere()
    return _object(f"/{object_type}/{object_key}", TYPES[object_type], object_key)


@blueprint.get(f"{AT}/", strict_slashes=False)
@blueprint.get(f"{AT}/<path:rest>")
@public
def nothing(rest: str = "") -> ResponseReturnValue:
    """What is not there, or is written in another way."""
    return _elsewhere()


def _object(rest: str, type: str, key: str) -> ResponseReturnValue:
    content = published.find_object(db.session(), type, key)
    if content is None:
        return _elsewhere()
    if request.environ.get(ENVIRON) or request.query_string:
        return _moved(rest)
    return _json(content)


def _list(rest: str, listed: Listed) -> ResponseReturnValue:
    base = _root() + rest
    try:
        asked = _question()
    except _Wrong as wrong:
        return _error(400, str(wrong))
    written = list(request.args.items(multi=True))
    if request.environ.get(ENVIRON) or [name for name, _text in written] != list(asked.texts):
        return _moved(f"{rest}?{urlencode(asked.texts)}" if asked.texts else rest)
    page = published.page(
        db.session(), listed, asked.filters, after=asked.after, before=asked.before, limit=asked.limit
    )
    links = {"first": asked.address(base)}
    if page.has_before and page.first is not None:
        links["prev"] = asked.address(base, before=page.first)
    links["self"] = f"{base}?{urlencode(asked.texts)}" if asked.texts else base
    if page.has_after and page.last is not None:
        links["next"] = asked.address(base, after=page.last)
    content = [_outer(each) for each in page.content] if asked.omit_internal else page.content
    data = ",".join(content)
    about = json.dumps({"pagination": {"elementsPerPage": asked.limit}, "links": links}, ensure_ascii=False)
    return _json(f'{{"data":[{data}],{about[1:]}')


def _question() -> _Question:
    """What the address asks for. Raises _Wrong."""
    texts = {
        name: request.args[name].replace(" ", "+") if name in FILTERS else request.args[name]
        for name in ORDER
        if name in request.args
    }
    if "after" in texts and "before" in texts:
        raise _Wrong(_("A page comes after an object or before it, not both."))
    filters = {name: _moment(texts[name]) for name in FILTERS if name in texts}
    numbers = {name: _number(texts[name]) for name in ("limit", "after", "before") if name in texts}
    omit = texts.get("omit_internal", "false")
    if omit not in ("true", "false"):
        raise _Wrong(_("omit_internal is true or false."))
    return _Question(
        texts,
        filters,
        omit == "true",
        min(numbers.get("limit", PAGE), PAGE),
        numbers.get("after"),
        numbers.get("before"),
    )


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        found.timestamp()
    except (ValueError, OverflowError):
        found = None
    if found is None or found.tzinfo is None:
        raise _Wrong(_("A moment looks like this: 2028-03-19T18:00:00+01:00."))
    return found


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_ID:
        raise _Wrong(_("A number here is 1 or more."))
    return int(text)


def _outer(content: str) -> str:
    """An object without those that stand inside it."""
    found: dict[str, Any] = json.loads(content)
    inner = {name for name, each in properties(type_of(found["type"])).items() if each.form is Form.OBJECT}
    kept = {name: value for name, value in found.items() if name not in inner}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _file(key: str, way: str) -> ResponseReturnValue:
    session = db.session()
    kind, _dash, number = key.partition("-")
    if not _NUMBER.fullmatch(number) or not published.is_published(session, "File", key):
        return _error(404)
    if request.environ.get(ENVIRON) or request.query_string:
        return _moved(f"/file/{key}/{way}")
    download = way == "save"
    if kind == "event":
        document_id = known.find_document(session, int(number))
        try:
            answer = respond(stored.read(session, document_id or 0), download)
        except NotFound:
            return _error(404)
    else:
        printing = known.find_printing(session, kind, int(number))
        if printing is None:
            return _error(404)
        try:
            content = files.render(printing)
        except DomainError:
            return _error(404)
        answer = send_file(
            BytesIO(content), mimetype="application/pdf", as_attachment=download, download_name=printing.name
        )
        answer.headers["Content-Security-Policy"] = POLICY_OF_DOWNLOAD if download else POLICY
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _root() -> str:
    return settings.current().base_url.rstrip("/") + AT


def _moved(rest: str) -> ResponseReturnValue:
    answer = redirect(_root() + rest, 301)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _elsewhere() -> ResponseReturnValue:
    """To the address as it is written, if this one differs by capital letters or strokes alone; else nothing is there."""
    rest = request.path.removeprefix(AT)
    written = re.sub(r"/{2,}", "/", rest).rstrip("/").lower()
    if written != rest:
        query = request.query_string.decode("ascii", "replace")
        return _moved(f"{written}?{query}" if query else written)
    return _error(404)


def _json(content: str, status: int = 200) -> Response:
    """JSON as it was kept, with our addresses."""
    body = content.replace(_MARK, f'"{_root()}')
    answer = Response(body, status, content_type="application/json; charset=utf-8")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _error(status: int, message: str = "") -> Response:
    """OParl's way to say that something is wrong."""
    said = message or _("There is nothing at this address.")
    return _json(json.dumps({"type": ERROR, "message": said}, ensure_ascii=False), status)
