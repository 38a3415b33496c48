"""Our own site conforms, whatever happened in the council."""

from __future__ import annotations

import pytest
from flask import Flask

from motions.jobs import publish_everything
from motions.oparl.crawl import check_site
from motions.rules.stages import CityDecision, Stage
from tests.city import found_city
from tests.motions.city import at, found_council_desk, tabled
from tests.motions.oparl.client import ROOT, fetching

def test_x(app: Flask) -> None:
    found_city()
    found_council_desk()
    at(Stage.CLOSED)
    publish_everything({})
    faults = check_site(ROOT, fetching(app))
    for f in faults: print(f)
    from tests.motions.oparl.client import got
    import json
    print(json.dumps(got(app, "/paper/motion-1"), indent=1, ensure_ascii=False))
    assert faults == []
