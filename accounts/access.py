"""How a route is closed: each names its permission, and what names none is denied.

    @blueprint.get("/office/rounds")
    @requires(manage_rounds)
    def rounds() -> ...

``check_access`` runs before every request and is the only gate; ``granted`` tells a page what to show.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.utils import check_and_update_authn_fresh, logout_user

from accounts import rules
from accounts.models import Account
from accounts.permissions import PUBLIC, Permission, allowed, own_account
from core.audit import Actor

__all__ = [
    "Permission",
    "acting",
    "check_access",
    "granted",
    "permission_of",
    "person",
    "public",
    "requires",
    "signed_in",
    "unlisted",
]

View = TypeVar("View", bound=Callable[..., object])

FRESH_FOR = timedelta(minutes=30)
"""How long ago the password may have been typed for acts that ask for a fresh sign-in."""
GRACE = timedelta(minutes=10)
"""What a person has begun while fresh may be finished within this time."""
SIGNED_IN_FOR = timedelta(hours=12)
"""A sign-in lasts a working day: a cookie found later opens nothing."""

# Views that are not ours, by endpoint. What Flask-Security offers beyond this list stays closed.
NOT_OURS: dict[str, Permission] = {
    "security.login": PUBLIC,
    "security.forgot_password": PUBLIC,
    "security.reset_password": PUBLIC,
    # Between password and code nobody is signed in yet; these views check that state themselves.
    "security.two_factor_setup": PUBLIC,
    "security.two_factor_token_validation": PUBLIC,
    "security.mf_recovery": PUBLIC,
    "security.two_factor_setup_validate": own_account,
    "security.mf_recovery_codes": own_account,
    "security.change_password": own_account,
    "security.verify": own_account,
}

# Flask-Security makes these whether they are wanted or not: codes by mail, a choice between several second factors.
CLOSED = frozenset({"security.two_factor_rescue", "security.tf_select"})


def public(view: View) -> View:
    """Mark a view as open to anyone."""
    return requires(PUBLIC)(view)


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view as open to those who hold ``permission``. Place it below ``@blueprint.route``."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(endpoint: str) -> Permission | None:
    """The permission that a route names, or None: then nobody may pass."""
    view = current_app.view_functions.get(endpoint)
    return getattr(view, "permission", None) or NOT_OURS.get(endpoint)


def unlisted(app: Flask) -> Iterator[str]:
    """Endpoints that name no permission and are therefore closed to everybody, though not on purpose."""
    with app.app_context():
        for rule in app.url_map.iter_rules():
            if permission_of(rule.endpoint) is None and rule.endpoint not in CLOSED:
                yield rule.endpoint


def signed_in() -> Account | None:
    """The account of whoever makes this request."""
    return cast(Account, current_user._get_current_object()) if current_user.is_authenticated else None


def person() -> Account:
    """The account of whoever makes this request, in a view that only signed-in people reach.

    Raises RuntimeError when nobody is signed in.
    """
    account = signed_in()
    if account is None:
        raise RuntimeError("nobody is signed in here")
    return account


def granted(permission: Permission) -> bool:
    """Whether whoever makes this request may do ``permission``."""
    account = signed_in()
    return permission is PUBLIC or (account is not None and allowed(permission, account.role_names))


def acting(permission: Permission) -> Actor:
    """Who acts, for the audit entry: the first of the person's roles that grants ``permission``, and their handle.

    Raises RuntimeError when nobody who may is signed in: call it in views that require ``permission``.
    """
    account = person()
    if not allowed(permission, account.role_names):
        raise RuntimeError(f"nobody here may {permission.name}")
    role = next(role for role in account.role_names if role in permission.roles)
    return Actor(role.value, account.handle, account.id)


def check_access() -> ResponseReturnValue | None:
    """Let the request pass (None) or answer it: the gate before every view.

    Unlisted: 404, as if it did not exist. Not signed in: the sign-in page, and from there back. Signed in without
    the role: 403. Not fresh where the permission asks for it: the page that asks for the password again.
    """
    if request.endpoint is None:
        return None  # no such page or method: Flask says so itself
    permission = permission_of(request.endpoint)
    if permission is None:
        abort(404)
    if request.endpoint in NOT_OURS and not _leads_home():
        # No page of ours leads elsewhere. Whoever was sent here with such an address goes on without it.
        return redirect(request.script_root + request.path) if _is_a_read() else abort(400)
    if signed_in() is not None and time.time() - session.get("fs_paa", 0) > SIGNED_IN_FOR.total_seconds():
        logout_user()
    if permission is PUBLIC:
        return None
    if signed_in() is None:
        return redirect(url_for("security.login", next=_way_back()))
    if not granted(permission):
        abort(403)
    if permission.fresh and not check_and_update_authn_fresh(FRESH_FOR, GRACE, g.get("fs_authn_via")):
        return redirect(url_for("security.verify", next=_way_back()))
    return None


def _is_a_read() -> bool:
    return request.method in ("GET", "HEAD")


def _leads_home() -> bool:
    """Whether every way on that the request names stays on this site."""
    return all(rules.is_local_path(place or "/") for place in request.values.getlist("next"))


def _way_back() -> str | None:
    """Where to go on afterwards: this page, if it can be opened by a link. Never an address of another site."""
    if not _is_a_read():
        return None
    path = request.script_root + (request.full_path if request.query_string else request.path)
    return path if rules.is_local_path(path) else None
