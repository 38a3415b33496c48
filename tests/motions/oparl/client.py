"""A client of OParl in a few lines: whole crawls, and crawls of what changed since; and the site as the checker reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from motions.oparl.crawl import Answer
from motions.oparl.objects.made import LISTS

ROOT = "http://answerable.test/oparl/v1.1"
Object = dict[str, Any]


def fetching(app: Flask) -> Callable[[str], Answer]:
    """Reads addresses of ``app`` as over HTTP, without following them elsewhere."""
    client = app.test_client()

    def fetch(address: str) -> Answer:
        came = client.get(address.removeprefix("http://answerable.test"), base_url="http://answerable.test")
        return Answer(came.status_code, {k.lower(): v for k, v in came.headers.items()}, came.data)

    return fetch


def got(app: Flask, address: str) -> Object:
    """An object or a page of a list; the address may be the end of one alone."""
    came = fetching(app)(address if address.startswith("http") else f"{ROOT}{address}")
    assert came.status == 200, (address, came.status, came.body)
    found: Object = json.loads(came.body)
    return found


def pages(app: Flask, address: str) -> Iterator[Object]:
    """A list, page after page."""
    at: str | None = address
    while at is not None:
        page = got(app, at)
        yield page
        at = page["links"].get("next")


def listed(app: Flask, address: str) -> list[Object]:
    """Everything in a list."""
    return [each for page in pages(app, address) for each in page["data"]]


@dataclass
class Client:
    """Keeps what it has read, and the newest moment that it saw in each list."""

    app: Flask
    objects: dict[str, Object] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)

    def crawl(self) -> set[str]:
        """Read every list, from the newest moment on if there was one; forget what was deleted. Returns what came."""
        came = set()
        for name in ("/body", *(f"/body/1/{type.lower()}" for type in LISTS.values())):
            since = self.newest.get(name)
            query = f"?{urlencode({'modified_since': since})}" if since else ""
            for each in listed(self.app, f"{ROOT}{name}{query}"):
                came.add(each["id"])
                if each.get("deleted"):
                    self.objects.pop(each["id"], None)
                else:
                    self.objects[each["id"]] = each
                self.newest[name] = max(self.newest.get(name, ""), each["modified"])
        return came


def afresh(app: Flask) -> dict[str, Object]:
    """What a whole crawl finds now."""
    client = Client(app)
    client.crawl()
    return client.objects
