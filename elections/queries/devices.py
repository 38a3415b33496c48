"""The devices in the city's offices on which people vote: for the public, the office, and the device itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import keys
from core.errors import NotFound
from elections.models.devices import Device
from elections.models.elections import Election


def token_mac(token: str) -> bytes:
    """What is kept of the secret in a device's link."""
    return keys.mac("device", token.encode("utf-8"))


def list_devices(session: Session, code: str, *, revoked: bool = False) -> Sequence[Device]:
    """The devices of the election called ``code`` by their number; with those that were ``revoked``, if asked."""
    found = select(Device).join(Election, Election.id == Device.election_id).where(Election.code == code)
    if not revoked:
        found = found.where(Device.revoked_on.is_(None))
    return session.scalars(found.order_by(Device.number)).all()


def find_device(session: Session, code: str, token: str) -> Device:
    """The device whose link holds ``token``. Raises NotFound, also once it was revoked."""
    device = session.scalars(
        select(Device)
        .join(Election, Election.id == Device.election_id)
        .where(Election.code == code, Device.token_mac == token_mac(token), Device.revoked_on.is_(None))
    ).one_or_none()
    if device is None:
        raise NotFound("device", code[:40])
    return device
