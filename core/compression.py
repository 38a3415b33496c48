"""Compressed pages, only where compression gives nothing away.

A page that holds a secret beside something an attacker chose can be guessed by its length (BREACH). So compression is
asked for page by page: public, the same for everybody, never the answer to a POST, and without a query, since the
links to other languages repeat it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from flask import Flask, after_this_request, current_app, request
from flask_compress import Compress

P = ParamSpec("P")
R = TypeVar("R")


def compressed(view: Callable[P, R]) -> Callable[P, R]:
    """Let a public page travel compressed. Place it below ``@blueprint.get`` and the permission."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method in ("GET", "HEAD") and not request.query_string:
            after_this_request(_compressor(current_app._get_current_object()).after_request)  # type: ignore[attr-defined]
        return view(*args, **kwargs)

    return wrapper


@cache
def _compressor(app: Flask) -> Compress:
    """The settings of ``app`` hold what may be compressed, and how."""
    return Compress(app)
