"""The promise ledger."""

from __future__ import annotations

from tests.routes.people import Routes, everybody

ROUTES: Routes = {
    ("GET", "/ledger/"): everybody,
    ("GET", "/ledger.json"): everybody,
    ("GET", "/ledger.csv"): everybody,
    ("GET", "/ledger.atom"): everybody,
    ("GET", "/ledger/overdue.csv"): everybody,
}
