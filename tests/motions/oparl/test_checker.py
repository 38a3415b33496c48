"""The checker finds nothing where nothing is wrong, and each fault that is planted by its name."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main
from motions.oparl.crawl import Answer, check_site
from tests.motions.oparl.site import NAMESPACE, PDF, ROOT, Site, at


def codes(site: Site) -> set[str]:
    return {fault.code for fault in check_site(ROOT, site)}


def test_a_site_that_conforms_has_no_fault() -> None:
    read: list[int] = []
    assert check_site(ROOT, Site(), read.append) == []
    assert len(read) > 30


def everywhere(path: str, change: Callable[[dict[str, Any]], None]) -> Callable[[Site], None]:
    """Change an object at its own address and in every other that holds a copy of it."""

    def plant(site: Site) -> None:
        def walk(value: Any) -> None:
            if isinstance(value, dict):
                if value.get("id") == at(path) or (not path and value.get("id") == ROOT):
                    change(value)
                for each in list(value.values()):
                    walk(each)
            elif isinstance(value, list):
                for each in value:
                    walk(each)

        for each in site.objects.values():
            walk(each)

    return plant


def put(path: str, **content: Any) -> Callable[[Site], None]:
    return everywhere(path, lambda found: found.update(content))


def drop(path: str, key: str) -> Callable[[Site], None]:
    return everywhere(path, lambda found: found.pop(key, None))


def answers(address: str, status: int, body: bytes = b"{}", **headers: str) -> Callable[[Site], None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def plant(site: Site) -> None:
        site.answers[address] = lambda: Answer(status, {**site.headers, **named}, body)

    return plant


def header(name: str, value: str) -> Callable[[Site], None]:
    return lambda site: site.headers.update({name: value})


def pages(change: Callable[[str, dict[str, Any]], dict[str, Any]]) -> Callable[[Site], None]:
    return lambda site: setattr(site, "page", change)


def people(change: Callable[[dict[str, Any]], Any]) -> Callable[[Site], None]:
    """Change the pages of the list of people."""

    def altered(address: str, page: dict[str, Any]) -> dict[str, Any]:
        if "/body/1/person" in address:
            change(page)
        return page

    return pages(altered)


def restless() -> Callable[[Site], None]:
    turn = [0]

    def plant(page: dict[str, Any]) -> None:
        turn[0] += "next" in page["links"]
        page["data"] = page["data"][:: 1 if turn[0] % 2 else -1]

    return people(plant)


def unfiltered_links(page: dict[str, Any]) -> None:
    page["links"] = {
        name: link.split("?")[0] + "?page=9" for name, link in page["links"].items() if name == "first"
    }


def stranger(site: Site) -> None:
    """A place among the people."""
    place = site.objects[at("location/1")]
    people(lambda page: page.update(data=[*page["data"][:1], place]))(site)


def another_address(site: Site) -> None:
    put("paper/1", relatedPaper=[at("paper/3")])(site)
    site.objects[at("paper/3")]["id"] = at("paper/33")


FAULTS: dict[str, tuple[str, Callable[[Site], None]]] = {
    "an object without a type's needed property": ("missing", drop("body/1", "name")),
    "an agenda item without its order": ("missing", drop("item/1", "order")),
    "a file without an address": ("missing", drop("file/1", "accessUrl")),
    "no day of creation, embedded": ("missing", drop("membership/1", "created")),
    "an unknown type": ("type_unknown", put("person/2", type=NAMESPACE + "Human")),
    "another type than was referred to": ("type_other", stranger),
    "another address than its own": ("id_other", another_address),
    "null": ("null", put("person/1", givenName=None)),
    "an empty text": ("empty", put("person/1", name="")),
    "an empty list": ("empty", put("paper/3", relatedPaper=[])),
    "one value where several belong": ("not_several", put("meeting/1", participant=at("person/1"))),
    "the same twice": ("twice", put("meeting/1", participant=[at("person/1")] * 2)),
    "an escaped text": ("escaped", put("paper/1", name="Lamps &amp; benches")),
    "a moment in UTC by its letter": ("not_moment", put("meeting/1", start="2028-05-10T16:00:00Z")),
    "a moment without a zone": ("not_moment", put("paper/3", modified="2028-05-10T16:00:00")),
    "a start that is a day only": ("not_moment", put("meeting/1", start="2028-05-10")),
    "a day with an hour": ("not_day", put("paper/1", date="2028-05-02T00:00:00+02:00")),
    "a day that does not exist": ("not_day", put("paper/1", date="2028-02-30")),
    "an address that is none": ("not_address", put("file/1", fileLicense="CC BY")),
    "a reference that is an object": ("not_reference", put("paper/3", body={"id": at("body/1")})),
    "a number in words": ("not_number", put("organization/1", votingMemberCount="22")),
    "yes in words": ("not_yes_no", put("item/1", public="yes")),
    "a term that is an address": ("not_object", put("body/1", legislativeTerm=[at("term/1")])),
    "changed before it was made": ("modified_before_created", put("paper/3", modified="2020-01-01T00:00:00+01:00")),
    "an end before the beginning": ("ends_before_beginning", put("membership/1", endDate="2027-01-01")),
    "a property of no name": ("property_unknown", put("paper/1", stage="adopted")),
    "a deleted object that still says something": ("deleted_with_content", put("paper/4", name="Secret")),
    "a deleted object inside another": (
        "deleted_embedded",
        everywhere("membership/3", lambda found: (found.update(deleted=True), [found.pop(k, None) for k in ("person", "organization", "role", "votingRight", "startDate")])),
    ),
    "a deleted object in a plain list": ("deleted_listed", lambda site: setattr(site, "hide_deleted", False)),
    "a deleted object that is gone": ("status", answers(at("paper/4"), 410)),
    "a reference to nothing": ("leads_nowhere", put("paper/1", underDirectionOf=[at("organization/9")])),
    "a reference to something deleted": ("leads_to_deleted", put("paper/3", relatedPaper=[at("paper/4")])),
    "a reference to something else": ("leads_elsewhere", put("meeting/1", participant=[at("organization/1")])),
    "a membership that the council does not know": ("not_back", put("organization/1", membership=[at("membership/1")])),
    "an amendment that its motion does not know": ("not_back", drop("paper/1", "subordinatedPaper")),
    "an agenda with a gap": ("order_with_gaps", put("item/2", order=5)),
    "an agenda from one": ("order_with_gaps", put("item/1", order=1)),
    "two items about one consultation": ("consultation_shared", put("item/2", consultation=at("consultation/1"))),
    "a copy that says something else": ("copy_differs", lambda site: site.objects[at("meeting/1")]["agendaItem"][0].update(name="Else")),
    "no answer to scripts of other sites": ("not_for_scripts", header("access-control-allow-origin", "https://city.example")),
    "another kind of content": ("not_json", header("content-type", "text/html")),
    "no JSON": ("not_json", answers(at("person/3"), 200, b"<p>")),
    "a byte order mark": ("byte_order_mark", lambda site: site.answers.update({at("paper/3"): lambda: Answer(200, site.headers, b"\xef\xbb\xbf" + json.dumps(site.objects[at("paper/3")]).encode())})),
    "an object that moved": ("redirected", answers(at("person/3"), 301, location=at("person/33"))),
    "another version": ("version", put("", oparlVersion="https://schema.oparl.org/1.0/")),
    "a list without pagination": ("list_shape", people(lambda page: page.pop("pagination"))),
    "a list that is an array": ("not_json", answers(at("body/1/person"), 200, b"[]")),
    "pages of uneven size": ("pages_uneven", people(lambda page: page.update(data=[]) if "next" in page["links"] else None)),
    "a list that leads in a circle": ("list_loops", people(lambda page: page["links"].update(next=at("body/1/person?page=1")))),
    "a link that is null": ("null", people(lambda page: page["links"].setdefault("next", None))),
    "a wrong total": ("total_wrong", people(lambda page: page["pagination"].update(totalElements=99))),
    "somebody on two pages": ("list_twice", people(lambda page: page.update(data=[*page["data"][:1], *page["data"][:1]]))),
    "an order that changes": ("order_changes", restless()),
    "a filter that does nothing": ("filter_ignored", lambda site: setattr(site, "filtering", False)),
    "a filter that loses something": ("filter_misses", pages(lambda address, page: {**page, "data": page["data"][:0]} if "modified_until" in address and "person" in address else page)),
    "a link that forgets the filter": ("filter_lost", people(unfiltered_links)),
    "a file that is saved where it should open": ("access_saved", answers(at("file/1/open"), 200, PDF, content_type="application/pdf", content_disposition="attachment")),
    "a file that opens where it should be saved": ("download_not_saved", answers(at("file/1/save"), 200, PDF, content_type="application/pdf")),
    "a wrong size": ("size_wrong", put("file/1", size=3)),
    "a wrong checksum": ("checksum_wrong", put("file/1", sha512Checksum="00")),
    "another kind of file": ("kind_wrong", put("file/1", mimeType="text/plain")),
    "a file that is not there": ("status", answers(at("file/1/open"), 404)),
    "nothing, and yet a success": ("error_without_status", lambda site: setattr(site, "missing", lambda: Answer(200, site.headers, b"{}"))),
    "an error that says nothing": ("error_shape", lambda site: setattr(site, "missing", lambda: Answer(404, {}, b"<h1>404</h1>"))),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str) -> None:
    code, plant = FAULTS[name]
    site = Site()
    plant(site)
    assert code in codes(site)


def test_more_than_25_kinds_of_fault_are_told_apart() -> None:
    assert len({code for code, _plant in FAULTS.values()}) >= 40


def test_a_site_that_cannot_be_reached_is_said_to_be_so() -> None:
    def unreachable(_address: str) -> Answer:
        raise OSError

    assert [fault.code for fault in check_site(ROOT, unreachable)] == ["unreachable"]


def test_the_command_checks_a_real_site_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{server.server_port}"
            answer = served(f"https://city.example{self.path}")
            body = answer.body.replace(b"https://city.example", base.encode())
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}/oparl/v1.1"
    try:
        fine = CliRunner().invoke(main, ["oparl", "check", root])
        assert (fine.exit_code, "No fault was found." in fine.stdout) == (0, True), fine.output
        served.objects[at("item/2")]["order"] = 7
        found = CliRunner().invoke(main, ["oparl", "check", root, "--json"])
    finally:
        server.shutdown()
        server.server_close()
    assert found.exit_code == 1
    assert [each["code"] for each in json.loads(found.stdout)] == ["copy_differs"]
