"""How often one address may try something. Nothing that could identify anyone outlives the hour.

The key of each bucket is an HMAC of the network address under a random key that changes every hour and exists only
in memory (with Redis: derived from the ``limits`` key and the hour, so that several processes share buckets).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Network, ip_address

from limits import parse
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from core import clock, keys, settings

DEFAULTS = {
    "submit": "1200 per hour",  # a whole library may sit behind one address
    "practice": "1200 per hour",
    "code": "30 per hour",  # failed look-ups only: a correct code is never refused
    "sign_in": "20 per hour",  # failed ones only
    "sign_in_account": "10 per hour",  # from one network, or in one known browser
    "sign_in_everywhere": "100 per hour",  # for one account from all networks together
    "reset": "10 per hour",
    "reconsider": "60 per hour",
    "check": "12 per hour",  # checks of boards that begin
    "check_board": "6 per hour",  # of one election, whoever asks
    "observe": "20 per hour",
}


@lru_cache(maxsize=4)
def _limiter(url: str | None) -> MovingWindowRateLimiter:
    storage = storage_from_string(url or "memory://")
    if not isinstance(storage, Storage):
        raise TypeError("an asynchronous store cannot be used here")
    return MovingWindowRateLimiter(storage)


def network(address: str) -> str:
    """What counts as one network: an IPv4 address, or the 64 bits in front of an IPv6 address, which one subscriber
    holds whole. Anything else stands for itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def _bucket(address: str) -> str:
    hour = clock.now().strftime("%Y%m%d%H").encode("ascii")
    hourly = keys.mac("limits", hour)
    return hmac.new(hourly, network(address).encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def _rate(name: str) -> str:
    return settings.current().limits.get(name, DEFAULTS[name])


def allow(name: str, address: str) -> bool:
    """Count one try of ``name`` from ``address``; False when that was one too many."""
    return _ask(MovingWindowRateLimiter.hit, name, address)


def exhausted(name: str, address: str) -> bool:
    """Whether no try is left, without counting one."""
    return not _ask(MovingWindowRateLimiter.test, name, address)


def _ask(question: Callable[..., bool], name: str, address: str) -> bool:
    rate, bucket = parse(_rate(name)), _bucket(address)
    try:
        return question(_limiter(settings.current().redis_url), rate, name, bucket)
    except RedisError:
        return question(_limiter(None), rate, name, bucket)  # Redis is down: each process counts for itself


def reset() -> None:
    """Forget all buckets of this process (tests start clean)."""
    _limiter.cache_clear()
