"""A busy city on SQLite."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.security.walk import busy_city


@pytest.fixture
def busy(sqlite_app: Flask) -> Flask:
    busy_city()
    return sqlite_app
