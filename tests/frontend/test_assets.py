"""The built files as a whole: names that may be kept for ever, twins for slow lines, small scripts."""

from __future__ import annotations

import gzip
import hashlib
import re

from tests.frontend.built import STATIC, Asset


def test_the_manifest_names_what_pages_ask_for(assets: dict[str, Asset]) -> None:
    assert set(assets) == {"answerable.css", "public.js", "staff.js", "icon.svg"}


def test_a_name_carries_the_hash_of_its_content(assets: dict[str, Asset]) -> None:
    for name, asset in assets.items():
        stem, extension = name.split(".")
        digest = hashlib.sha256(asset.path.read_bytes()).hexdigest()[:12]
        assert asset.path.name == f"{stem}.{digest}.{extension}"


def test_compressed_twins_lie_beside_every_file(assets: dict[str, Asset]) -> None:
    for asset in assets.values():
        assert (
            gzip.decompress(asset.path.with_name(asset.path.name + ".gz").read_bytes()).decode() == asset.text
        )
        assert asset.path.with_name(asset.path.name + ".br").stat().st_size > 0


def test_nothing_of_an_earlier_build_stays(assets: dict[str, Asset]) -> None:
    expected = {asset.path.name + end for asset in assets.values() for end in ("", ".gz", ".br")}
    assert {path.name for path in STATIC.iterdir()} - {".built"} == {*expected, "manifest.json"}


def test_scripts_are_small_and_read_by_a_phone_of_2018(assets: dict[str, Asset]) -> None:
    for name in ("public.js", "staff.js"):
        script = assets[name]
        assert len(gzip.compress(script.text.encode())) < 2_000
        assert not re.search(r"=>|`|\b(let|const|class)\b|\?\.|\?\?", script.text), name
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?:", script.text), name
