"""How often one address may try something, and that no address is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import clock, limits, settings
from core.settings import Settings
from tests.servers import RedisServer

NOON = datetime(2027, 9, 14, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _city(tmp_path: Path) -> Iterator[None]:
    """Three look-ups an hour, and no bucket of an earlier test."""
    settings.configure(Settings(folder=tmp_path, limits={"code": "3 per hour"}))
    limits.reset()
    with clock.freeze(NOON):
        yield
    limits.reset()


def test_the_limit_is_the_last_that_passes() -> None:
    assert [limits.allow("code", "192.0.2.1") for _ in range(5)] == [True, True, True, False, False]


def test_another_address_and_another_act_have_their_own_count() -> None:
    for _ in range(4):
        limits.allow("code", "192.0.2.1")
    assert limits.allow("code", "192.0.2.2")
    assert limits.allow("submit", "192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("somebody@example.org", "somebody@example.org", True),
        ("", "2001:db8::", False),
        ("\ud800", "::1", False),
    ],
)
def test_one_subscriber_is_one_network_however_many_addresses_it_has(
    one: str, other: str, same: bool
) -> None:
    for _ in range(3):
        assert limits.allow("code", one)
    assert limits.exhausted("code", other) is same


def test_looking_whether_a_try_is_left_uses_none() -> None:
    assert not any(limits.exhausted("code", "192.0.2.1") for _ in range(10))
    for _ in range(3):
        assert limits.allow("code", "192.0.2.1")
    assert limits.exhausted("code", "192.0.2.1")


def test_a_refused_try_is_not_held_against_anyone_after_the_hour() -> None:
    for _ in range(10):
        limits.allow("code", "192.0.2.1")
    with clock.freeze(NOON + timedelta(hours=1)):
        assert limits.allow("code", "192.0.2.1")


@pytest.mark.parametrize("name", sorted(limits.DEFAULTS))
def test_every_act_has_a_limit_of_its_own(name: str) -> None:
    settings.configure(Settings(folder=settings.current().folder, limits={}))
    assert limits.allow(name, "192.0.2.1")
    assert not limits.exhausted(name, "192.0.2.1")


def test_a_whole_library_may_comment_from_one_address() -> None:
    assert all(limits.allow("submit", "192.0.2.1") for _ in range(600))


def test_no_address_is_kept_and_the_hour_changes_what_stands_for_it() -> None:
    address = "192.0.2.99"
    limits.allow("code", address)
    with clock.freeze(NOON + timedelta(hours=1)):
        limits.allow("code", address)
    storage = limits._limiter(None).storage
    kept = [str(key) for key in storage.events]  # type: ignore[attr-defined]
    assert len(set(kept)) == 2
    assert not any(address in key for key in kept)


def test_without_redis_everybody_is_still_served() -> None:
    settings.configure(Settings(folder=settings.current().folder, redis_url="redis://127.0.0.1:1/0"))
    assert not limits.exhausted("code", "192.0.2.1")
    assert limits.allow("code", "192.0.2.1")


@pytest.mark.redis
def test_with_redis_processes_count_together(redis: RedisServer) -> None:
    settings.configure(
        Settings(folder=settings.current().folder, redis_url=redis.url, limits={"code": "3 per hour"})
    )
    tries = []
    for _process in range(5):
        limits.reset()  # what another process knows of this one: nothing but Redis
        tries.append(limits.allow("code", "192.0.2.1"))
    assert tries == [True, True, True, False, False]
