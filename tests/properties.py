"""How many examples a property test tries: enough to find what we overlook, few enough for a quick suite.

No example races against the clock, since tests share a busy machine.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

few = settings(max_examples=15, deadline=None, suppress_health_check=_CALM)
many = settings(max_examples=80, deadline=None, suppress_health_check=_CALM)
