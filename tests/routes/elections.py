"""Council elections."""

from __future__ import annotations

from tests.routes.people import Routes, everybody

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
}
