"""The audit bundle: one file with one form, which our verifier takes whole, and which cannot be altered in any part."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elections import verify
from elections.audit_bundle import form
from elections.audit_bundle.checking import check_bundle
from elections.audit_bundle.findings import Part
from elections.audit_bundle.form import Listed
from elections.ballot import canonical
from elections.ballot.replacements import Change, Record
from elections.documents.audit import words_of
from elections.models.watching import AuditBundle
from elections.services.audit_bundles import build_bundle
from elections.services.urn.following import follow_replacements
from tests.city import rows, staff
from tests.elections.city import CODE, election
from tests.elections.voters import AFTER, VOTING, Town, at, open_town, publish

ADDRESS = f"/en/elections/{CODE}/audit.tar"


def published() -> Town:
    """An election with paper and online votes, a replaced code, and a published result whose bundle is built."""
    town = open_town(stations=("library", "market"), people=60)
    with at(VOTING):
        record = Record(town.uuid).added(
            VOTING.date(), Change.REPLACED, old=town.numbers[2], new=town.spares[0]
        )
        follow_replacements(CODE, record.write(), staff("returning_officer"))
        town.vote(0, 1, 2)
        town.vote(1, 1)
        town.vote(1, 3)
        town.vote(3)
    publish(town, {"library": (20, 5), "market": (3, 11)})
    return town


def download(client: FlaskClient) -> bytes:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    body = answer.get_data()
    assert answer.headers["Content-Length"] == str(len(body))
    return body


def test_the_bundle_is_taken_by_both_verifiers_and_stays_the_same_to_the_byte(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    town = published()
    body = download(client)
    assert download(client) == body
    path = tmp_path / "audit.tar"
    path.write_bytes(body)
    account = check_bundle(path, folder=tmp_path)
    assert account.findings == []
    assert account.manifest is not None
    assert account.people == 59
    assert account.result == [[1, 1, 1, 1, 0]]
    page = client.get(f"/en/elections/{CODE}/result/").get_data(as_text=True)
    assert account.manifest.digest in page.replace("<wbr>", "")
    assert client.get(f"/en/elections/{CODE}/audit.json").get_data() == account.manifest.write()

    with tarfile.open(path) as tar:
        tar.extractall(tmp_path, filter="data")
    folder = tmp_path / f"audit-{CODE}"
    names = {each.name for each in folder.iterdir()}
    assert names >= {f"HOW-TO-CHECK.{language}.html" for language in ("en", "de", "ar")}
    assert f"{town.uuid}.bel" in names
    said = subprocess.run(
        ["belenios-tool", "election", "verify", "--dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "all checks passed" in said.stderr
    assert 'dir="rtl"' in (folder / "HOW-TO-CHECK.ar.html").read_text(encoding="utf-8")


def test_the_same_facts_make_the_same_bundle_again(app: Flask, client: FlaskClient) -> None:
    published()
    first = download(client)
    with at(AFTER):
        build_bundle(election().id, words_of)
    assert len(rows(AuditBundle)) == 1
    files = _files(first)
    manifest = form.read_manifest(files.pop("manifest.json"))
    (bel,) = (name for name in files if name.endswith(".bel"))
    archive = files.pop(bel)
    assert _pack(manifest, files, bel, archive) == first


def test_the_command_line_takes_the_bundle_and_asks_for_heads_that_were_seen(
    app: Flask, client: FlaskClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published()
    path = tmp_path / "audit.tar"
    path.write_bytes(download(client))
    head = client.get(f"/en/elections/{CODE}/board.bel").get_data()
    names = [name for name in _names(head) if name.endswith(".event.json")]
    seen = names[1].removesuffix(".event.json")
    assert verify.main([str(path), "--head", seen]) == 0
    assert "counted again" in capsys.readouterr().out
    assert verify.main([str(path), "--head", "0" * 64]) == 1
    assert "head_missing" in capsys.readouterr().out


# Altered ---------------------------------------------------------------------------------------------------------------


def _files(body: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        return {each.name.partition("/")[2]: (tar.extractfile(each) or io.BytesIO()).read() for each in tar}


def _names(body: bytes) -> list[str]:
    found, offset = [], 0
    while offset < len(body):
        head = body[offset : offset + 512]
        found.append(head[:100].rstrip(b"\0").decode())
        size = int(head[124:135], 8)
        offset += 512 + size + -size % 512
    return found


def _pack(old: form.Manifest, files: dict[str, bytes], bel: str = "", archive: bytes | None = None) -> bytes:
    """A bundle of these files whose manifest names them all, as somebody would make it who forges everything."""
    listed = Listed(bel, len(archive), canonical.digest(archive)) if archive is not None else None
    manifest = form.list_files(old.election, old.identifier, old.day, files, listed)
    return form.beginning(manifest, files) + (archive or b"") + form.ending(manifest)


def _json(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    def altered(body: bytes) -> bytes:
        value = json.loads(body)
        change(value)
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    return altered


def _more_votes(result: Any) -> None:
    (online,) = [each for each in result["stations"] if each["stations"] == ["urn:online"]]
    key = next(iter(online["votes"]))
    online["votes"][key] += 1
    result["tally"]["votes"][key] += 1


def _other_station(result: Any) -> None:
    key = next(iter(result["tally"]["votes"]))
    next(each for each in result["stations"] if "library" in each["stations"])["votes"][key] += 1


def _other_winner(result: Any) -> None:
    seats = [seat for seat in result["result"]["seats"] if seat["holder"]]
    seats[0]["holder"] = next(key for key in result["tally"]["votes"] if key != seats[0]["holder"])


def _entry(chain: Any) -> None:
    chain["entries"][1]["facts"] = chain["entries"][1]["facts"].replace('"', "'", 1)


ALTERED: dict[str, tuple[str, Callable[[bytes], bytes], Part]] = {
    "the online vote": ("result.json", _json(_more_votes), Part.ONLINE),
    "a station": ("result.json", _json(_other_station), Part.STATIONS),
    "who is elected": ("result.json", _json(_other_winner), Part.COUNT),
    "the counting rule": (
        "result.json",
        _json(lambda result: result["rule"].update(votes_per_ballot=99)),
        Part.RULES,
    ),
    "a seat": ("seats.json", _json(lambda seats: seats["seats"][0].update(name="Somebody")), Part.SEATS),
    "a reason": ("seats.json", _json(lambda seats: seats["seats"][0].update(reasons=[])), Part.SEATS),
    "the rules": ("rules.json", _json(lambda rules: rules.update(supporters=1000)), Part.MINUTES),
    "the roll": (
        "roll.json",
        _json(lambda roll: roll["commits"].append({"number": 1, "hash": "0" * 64, "people": 9000})),
        Part.ROLL,
    ),
    "how many are on the roll": (
        "roll.json",
        _json(lambda roll: roll["commits"][-1].update(people=3)),
        Part.TURNOUT,
    ),
    "who was struck": ("roll.json", _json(lambda roll: roll["corrections"].clear()), Part.ROLL),
    "whom places stand for": (
        "online.json",
        _json(lambda online: online["options"].reverse()),
        Part.ANSWERS,
    ),
    "the spare codes": ("online.json", _json(lambda online: online["spares"].pop()), Part.MINUTES),
    "the replaced codes": (
        "replacements.json",
        lambda body: body.replace(b'"replaced"', b'"revoked"'),
        Part.REPLACEMENTS,
    ),
    "an entry of the minutes": ("minutes.json", _json(_entry), Part.CHAIN),
    "the end of the minutes": (
        "minutes.json",
        _json(lambda chain: chain["entries"].pop()),
        Part.CHAIN,
    ),
}


def test_altering_any_part_is_refused_and_named_even_if_the_manifest_is_forged_too(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = published()
    body = download(client)
    files = _files(body)
    # Most alterations leave the archive alone: it is looked at once.
    looked: dict[str, verify.Account] = {}
    whole = verify.verify

    def once(path: Path, **choices: Any) -> verify.Account:
        digest = canonical.digest(path.read_bytes())
        if digest not in looked:
            looked[digest] = whole(path, **choices)
        return looked[digest]

    monkeypatch.setattr(verify, "verify", once)
    manifest = form.read_manifest(files.pop("manifest.json"))
    bel = f"{town.uuid}.bel"
    archive = files.pop(bel)
    path = tmp_path / "altered.tar"

    def codes(altered: bytes) -> set[str]:
        path.write_bytes(altered)
        return {each.code for each in check_bundle(path, folder=tmp_path).findings}

    assert codes(_pack(manifest, files, bel, archive)) == set()
    found = {}
    for what, (name, change, expected) in ALTERED.items():
        changed = change(files[name])
        assert changed != files[name], what
        found[what] = expected in codes(_pack(manifest, {**files, name: changed}, bel, archive))
    assert found == dict.fromkeys(ALTERED, True)

    # the archive: cut off before the result, missing, another election's, and with a ballot's byte turned
    assert Part.ARCHIVE_UNFINISHED in codes(_pack(manifest, files, bel, _shortened(archive)))
    assert Part.ARCHIVE_MISSING in codes(_pack(manifest, files))
    other = form.Manifest(CODE, "1" * 22, manifest.day, manifest.files)
    assert Part.ARCHIVE_OTHER in codes(_pack(other, files, bel, archive))
    turned = archive.replace(b'"proof"', b'"prood"', 1)
    assert codes(_pack(manifest, files, bel, turned)) >= {"archive_name"}

    # without forging the manifest every byte is its own refusal
    assert codes(body.replace(b'"supporters"', b'"supportors"', 1)) >= {Part.CHANGED}
    assert codes(body[:-1]) == {Part.FORM}
    assert codes(body + b"\0") == {Part.FORM}
    assert codes(b"") == {Part.MANIFEST}
    assert codes(body.replace(b"0000644", b"0000666", 1)) == {Part.MANIFEST}
    for name in files:
        without = {each: content for each, content in files.items() if each != name}
        forged = _pack(manifest, without, bel, archive)
        needed = name in form.NEEDED or name in ("online.json", "replacements.json")
        if needed:
            assert codes(forged), name
    stranger = form.member(manifest, "zz-more.txt", b"more")
    end = len(form.END)
    assert codes(body[:-end] + stranger + body[-end:]) == {Part.EXTRA}


def _shortened(archive: bytes) -> bytes:
    """The archive up to the end of voting."""
    offset, last = 0, 0
    while offset < len(archive):
        head = archive[offset : offset + 512]
        size = int(head[124:135], 8)
        body = archive[offset + 512 : offset + 512 + size]
        offset += 512 + size + -size % 512
        if b'"type":"EndBallots"' in body:
            last = offset
    return archive[:last]


# Before, and on paper --------------------------------------------------------------------------------------------------


def test_nobody_gets_a_bundle_before_the_result(app: Flask, client: FlaskClient) -> None:
    open_town()
    assert client.get(ADDRESS).status_code == 404
    assert client.get(f"/en/elections/{CODE}/audit.json").status_code == 404
