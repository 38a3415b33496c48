"""Council elections."""

from __future__ import annotations

from tests.routes.people import Routes

ROUTES: Routes = {}
