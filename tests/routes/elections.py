"""Council elections."""

from __future__ import annotations

from tests.routes.people import Routes, everybody

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    # Letters to an election, and objections
    ("GET", "/elections/<code>/letters/"): everybody,
    ("GET", "/elections/<code>/letters/<int(max=2147483647):number>/"): everybody,
    ("GET", "/elections/<code>/letters.json"): everybody,
    ("GET", "/elections/<code>/letters.csv"): everybody,
    ("GET", "/elections/<code>/letters.atom"): everybody,
    ("GET", "/elections/<code>/object/"): everybody,
    ("POST", "/elections/<code>/object/"): everybody,
}
