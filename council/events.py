"""The closed list of audit tags of the council, and the kinds of its subjects."""

from __future__ import annotations

BODY_CREATE = "council:body:create"
SEATS_CHANGE = "council:seats:change"
TERM_BEGIN = "council:term:begin"
MEMBER_SEAT = "council:member:seat"
MEMBER_LEAVE = "council:member:leave"

BODY = "council.body"
SEATS = "council.seats"
TERM = "council.term"
MEMBER = "council.member"
