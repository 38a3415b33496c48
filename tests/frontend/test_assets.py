"""The built files as a whole: names that may be kept for ever, twins for slow lines, small scripts."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b64encode

import pytest

from tests.frontend.built import STATIC, Asset


def test_the_manifest_names_what_pages_ask_for(assets: dict[str, Asset]) -> None:
    pages = {"booth/booth.js", "booth/used.js", "trustee/trustee.js"}
    assert set(assets) == {"answerable.css", "public.js", "staff.js", "icon.svg"} | pages


def test_a_name_carries_the_hash_of_its_content(assets: dict[str, Asset]) -> None:
    for name, asset in assets.items():
        stem, extension = name.split(".")
        digest = hashlib.sha256(asset.path.read_bytes()).hexdigest()[:12]
        assert asset.path == STATIC / f"{stem}.{digest}.{extension}"


def test_compressed_twins_lie_beside_every_file(assets: dict[str, Asset]) -> None:
    for asset in assets.values():
        assert (
            gzip.decompress(asset.path.with_name(asset.path.name + ".gz").read_bytes()).decode() == asset.text
        )
        assert asset.path.with_name(asset.path.name + ".br").stat().st_size > 0


def test_nothing_of_an_earlier_build_stays(assets: dict[str, Asset]) -> None:
    expected = {f"{asset.path}{end}" for asset in assets.values() for end in ("", ".gz", ".br")}
    manifests = ("manifest.json", "booth/manifest.json", "trustee/manifest.json")
    expected |= {str(STATIC / name) for name in (".built", *manifests)}
    assert {str(path) for path in STATIC.rglob("*") if path.is_file()} == expected


@pytest.mark.parametrize(
    ("page", "scripts"),
    [("booth", ("booth/booth.js", "booth/used.js")), ("trustee", ("trustee/trustee.js",))],
)
def test_the_hashes_of_what_voters_and_trustees_load_are_published(
    assets: dict[str, Asset], page: str, scripts: tuple[str, ...]
) -> None:
    published = json.loads((STATIC / page / "manifest.json").read_text("utf-8"))
    loaded = [assets[name].path for name in ("answerable.css", *scripts)]
    assert [STATIC / name for name in published] == loaded
    for path, entry in zip(loaded, published.values(), strict=True):
        digest = hashlib.sha256(path.read_bytes())
        assert entry["sha256"] == digest.hexdigest()
        assert entry["integrity"] == f"sha256-{b64encode(digest.digest()).decode()}"
        assert entry["bytes"] == path.stat().st_size


@pytest.mark.parametrize("page", ["booth", "trustee"])
def test_the_pages_of_voters_and_trustees_are_small_and_carry_nothing_from_elsewhere(
    assets: dict[str, Asset], page: str
) -> None:
    script = assets[f"{page}/{page}.js"]
    size = script.path.stat().st_size, len(gzip.compress(script.text.encode()))
    assert size[0] < 100_000, "script and worker are one file"
    assert size[1] < 15_000
    assert not re.search(
        r"\beval\(|new Function|innerHTML|document\.write|https?://(?!www\.w3\.org/2000/svg)", script.text
    )
    assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|Math\.random", script.text)


def test_scripts_are_small_and_read_by_a_phone_of_2018(assets: dict[str, Asset]) -> None:
    for name in ("public.js", "staff.js"):
        script = assets[name]
        assert len(gzip.compress(script.text.encode())) < 2_000
        assert not re.search(r"=>|`|\b(let|const|class)\b|\?\.|\?\?", script.text), name
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?:", script.text), name
