"""Open council data (OParl): for everybody."""

from __future__ import annotations

from motions.oparl.work import publish_everything
from tests.routes.people import Routes, everybody

ROUTES: Routes = {
    ("GET", "/oparl/v1.1"): everybody,
    ("GET", "/oparl/v1.1/"): everybody,
    ("GET", "/oparl/v1.1/<path:rest>"): everybody,
    ("GET", "/oparl/v1.1/body"): everybody,
    ("GET", "/oparl/v1.1/body/1/<list_name>"): everybody,
    ("GET", "/oparl/v1.1/organization/<int(max=2147483647):body_id>/meeting"): everybody,
    ("GET", "/oparl/v1.1/<object_type>/<object_key>"): everybody,
    ("GET", "/oparl/v1.1/file/<object_key>/open"): everybody,
    ("GET", "/oparl/v1.1/file/<object_key>/save"): everybody,
}

SAMPLES: dict[str, object] = {
    "rest": "there/is/nothing",
    "list_name": "paper",
    "body_id": 1,
    "object_type": "file",
    "object_key": "text-1",
}


def furnish() -> None:
    """What the other rooms have put there, published."""
    publish_everything({})
