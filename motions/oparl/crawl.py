"""Checking a whole OParl site over HTTP: every list, every object, every reference, every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from motions.oparl import schema
from motions.oparl.checks import Fault, Object, check_object, embedded, references
from motions.oparl.connections import check_connections
from motions.oparl.lists import EVERYTHING, check_deleted, check_filters, read_list, with_filter
from motions.oparl.schema import Form

TIMEOUT = 30
"""Seconds that one answer may take."""
LARGEST = 64 * 1024 * 1024
"""Bytes that are read of one answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Names of ``headers`` are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[[str], Answer]
Progress = Callable[[int], None]


class _Stay(HTTPRedirectHandler):
    """An address that an object is known by answers itself."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def over_http(address: str) -> Answer:
    """Get ``address``, without following it elsewhere. Raises OSError for what cannot be reached."""
    if not address.startswith(("http://", "https://")):
        raise URLError("not an address of the web")
    request = Request(address, headers={"Accept": "application/json, */*;q=0.5"})  # noqa: S310 - checked above
    try:
        with build_opener(_Stay).open(request, timeout=TIMEOUT) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, headers, answer.read(LARGEST))
    except HTTPError as error:
        with error:
            headers = {name.lower(): value for name, value in error.headers.items()}
            return Answer(error.code, headers, error.read(LARGEST))


@dataclass
class _Site:
    fetch: Fetch
    progress: Progress
    faults: set[Fault] = field(default_factory=set)
    objects: dict[str, Object] = field(default_factory=dict)
    _read: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _listed: set[str] = field(default_factory=set)

    def get(self, address: str) -> Answer | None:
        try:
            return self.fetch(address)
        except OSError as error:
            self.faults.add(Fault("unreachable", address, "", type(error).__name__))
            return None

    def read(self, address: str) -> dict[str, Any] | None:
        """A JSON object, read once. Notes what is wrong with the answer."""
        if address not in self._read:
            self._read[address] = self._load(address)
            self.progress(len(self._read))
        return self._read[address]

    def _load(self, address: str) -> dict[str, Any] | None:
        answer = self.get(address)
        if answer is None:
            return None
        if answer.status != 200:
            code = "redirected" if answer.status in (301, 302, 303, 307, 308) else "status"
            self.faults.add(Fault(code, address, "", str(answer.status)))
            return None
        self._check_headers(address, answer)
        if answer.body.startswith(b"\xef\xbb\xbf"):
            self.faults.add(Fault("byte_order_mark", address))
        try:
            found = json.loads(answer.body.decode("utf-8-sig"))
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self.faults.add(Fault("not_json", address))
            return None
        return found

    def _check_headers(self, address: str, answer: Answer) -> None:
        if answer.headers.get("access-control-allow-origin") != "*":
            self.faults.add(Fault("not_for_scripts", address, "Access-Control-Allow-Origin"))
        if not answer.headers.get("content-type", "").lower().startswith("application/json"):
            self.faults.add(
                Fault("not_json", address, "Content-Type", answer.headers.get("content-type", ""))
            )

    def take(self, address: str, expected: str) -> Object | None:
        """An object by its own address, checked once."""
        if address in self.objects:
            return self.objects[address]
        found = self.read(address)
        if found is None:
            return None
        self.objects[address] = found
        self.faults.update(check_object(found, address, expected))
        for type, inner in list(embedded(found)):
            self.compare(type, inner)
        return found

    def compare(self, type: str, copy: Object) -> None:
        """What stands in a list or inside another object is the same as under its own address, back references aside."""
        address = copy.get("id")
        if not isinstance(address, str):
            return
        found = self.take(address, type)
        if found is None:
            return
        for key, value in copy.items():
            if found.get(key) != value:
                self.faults.add(Fault("copy_differs", address, key))

    def lists(self, address: str, type: str) -> None:
        """A list and everything in it, once."""
        if address in self._listed:
            return
        self._listed.add(address)
        whole = read_list(address, self.read)
        again = read_list(address, self._load)
        everything = read_list(with_filter(address, "modified_since", EVERYTHING), self.read)
        self.faults.update(whole.faults, everything.faults)
        if [each.get("id") for each in whole.items] != [each.get("id") for each in again.items]:
            self.faults.add(Fault("order_changes", address))
        self.faults.update(check_filters(address, whole.items, self.read))
        self.faults.update(check_deleted(address, whole.items, everything.items))
        for each in [*whole.items, *everything.items]:
            self.faults.update(check_object(each, str(each.get("id")), type))
            self.compare(type, each)

    def follow(self) -> None:
        """Whatever something refers to, also what no list names."""
        done: set[str] = set()
        while fresh := set(self.objects) - done:
            for where in sorted(fresh):
                done.add(where)
                for _key, type, address in references(self.objects[where]):
                    if address not in self.objects:
                        self.take(address, type)
                self._lists_of(self.objects[where])

    def _lists_of(self, found: Object) -> None:
        type = schema.type_of(found.get("type"))
        for key, known in schema.properties(type).items() if type else ():
            if known.form is Form.LIST and isinstance(found.get(key), str):
                self.lists(found[key], known.type)

    def files(self) -> None:
        """Files open in the browser by one address and are saved by the other, and are what is said of them."""
        for where, found in sorted(self.objects.items()):
            if schema.type_of(found.get("type")) == "File" and found.get("deleted") is not True:
                self.faults.update(self._check_file(where, found))

    def _check_file(self, where: str, found: Object) -> Iterator[Fault]:
        for key, attached in (("accessUrl", False), ("downloadUrl", True)):
            address = found.get(key)
            if not isinstance(address, str):
                continue
            answer = self.get(address)
            if answer is None:
                continue
            if answer.status != 200:
                yield Fault("status", where, key, str(answer.status))
                continue
            disposition = answer.headers.get("content-disposition", "").lower()
            if disposition.startswith("attachment") != attached:
                yield Fault("download_not_saved" if attached else "access_saved", where, key)
            if isinstance(found.get("size"), int) and found["size"] != len(answer.body):
                yield Fault("size_wrong", where, "size", f"{found['size']}, but {len(answer.body)} bytes")
            said = found.get("sha512Checksum")
            if isinstance(said, str) and said.lower() != hashlib.sha512(answer.body).hexdigest():
                yield Fault("checksum_wrong", where, "sha512Checksum")
            kind = answer.headers.get("content-type", "").split(";")[0].strip()
            if isinstance(found.get("mimeType"), str) and kind != found["mimeType"].split(";")[0].strip():
                yield Fault("kind_wrong", where, "mimeType", kind)

    def errors(self, system: str) -> None:
        """What does not exist is answered with an error object and an error's status."""
        address = f"{system.rstrip('/')}/there-is-no-such-object"
        answer = self.get(address)
        if answer is None:
            return
        try:
            found = json.loads(answer.body)
        except ValueError:
            found = None
        if answer.status < 400:
            self.faults.add(Fault("error_without_status", address, "", str(answer.status)))
        elif not isinstance(found, dict) or found.get("type") != schema.ERROR or not found.get("message"):
            self.faults.add(Fault("error_shape", address))


def check_site(system: str, fetch: Fetch = over_http, progress: Progress = lambda count: None) -> list[Fault]:
    """Everything wrong with the OParl site whose system object is at ``system``; nothing if it conforms.

    ``progress`` is called with how many addresses were read.
    """
    site = _Site(fetch, progress)
    found = site.take(system, "System")
    if found is not None:
        if found.get("oparlVersion") != schema.VERSION:
            site.faults.add(Fault("version", system, "oparlVersion", str(found.get("oparlVersion"))))
        site.follow()
        site.files()
        site.errors(system)
        site.faults.update(check_connections(site.objects))
    return sorted(site.faults)
