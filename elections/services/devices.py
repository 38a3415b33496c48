"""Enrolling and revoking the devices on which people vote in the city's offices.

A device's link gives no right to vote: a code does. It opens the booth as a station shows it, so that an officer knows
which devices stand for the city, and can end one of them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select

from core import audit, clock
from core.db import write
from core.errors import Conflict, NotFound
from core.localized import Localized, clean
from elections import events
from elections.models.devices import Device
from elections.queries.devices import token_mac
from elections.rules import devices as rules
from elections.rules.stages import Stage
from elections.services.elections import lock_election

_TOKEN = 24  # random bytes


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device by its number, and the secret of its link, which is never shown again."""

    number: int
    token: str


def enrol_device(code: str, name: str, place: str, hours: str, actor: audit.Actor) -> Enrolled:
    """Enrol a station device; where it stands and when is public at once.

    Raises NotFound, or what ``rules.check_device`` raises.
    """
    name, place, hours = clean(name), clean(place), clean(hours)
    token = secrets.token_urlsafe(_TOKEN)
    with write() as session:
        election, register = lock_election(session, code)
        rules.check_device(Stage(election.stage), name, place, hours)
        last = session.scalar(select(func.max(Device.number)).where(Device.election_id == election.id))
        device = Device(
            election_id=election.id,
            number=(last or 0) + 1,
            name=Localized.original(election.language, name),
            place=place,
            hours=Localized.original(election.language, hours),
            token_mac=token_mac(token),
            enrolled_on=clock.today(),
        )
        session.add(device)
        session.flush()
        facts = {
            "device": device.number,
            "name": device.name.dump(),
            "place": place,
            "hours": device.hours.dump(),
        }
        entry = audit.Entry(events.DEVICE_ENROL, events.DEVICE, device.id, facts)
        audit.append(session, register.chain, [entry], actor)
        return Enrolled(device.number, token)


def revoke_device(code: str, number: int, actor: audit.Actor) -> None:
    """End a device's link: it is lost, or its office is closed. Ballots that were cast there count as all others do.

    Raises NotFound or Conflict ``device_revoked``.
    """
    with write() as session:
        election, register = lock_election(session, code)
        device = session.scalars(
            select(Device).where(Device.election_id == election.id, Device.number == number)
        ).one_or_none()
        if device is None:
            raise NotFound("device", number)
        if device.revoked_on is not None:
            raise Conflict("device_revoked")
        device.revoked_on = clock.today()
        entry = audit.Entry(events.DEVICE_REVOKE, events.DEVICE, device.id, {"device": number})
        audit.append(session, register.chain, [entry], actor)
