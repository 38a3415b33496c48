"""The door of the migrant council."""

from __future__ import annotations

from council import messages
from council.events import APPLICATION
from council.queries import bodies as body_queries
from council.queries import calls as call_queries
from council.services.bodies import REGISTER_KIND
from council.staff import bodies as office_bodies
from council.staff import calls as office_calls
from council.staff import members as office_members
from council.views import applications, bodies
from followup import held, links

pages = (bodies, applications, office_bodies, office_members, office_calls)
sentences = (messages,)


def connect() -> None:
    """The ledger learns where a council's register is read, the page for codes what an application's code opens."""
    links.register(
        REGISTER_KIND,
        links.Place(register=bodies.register_url, entry=bodies.register_url, titles=body_queries.titles),
    )
    held.register(
        APPLICATION,
        held.Kind(
            find=call_queries.find_own,
            show=applications.show_own,
            ask_to_withdraw=applications.ask_to_withdraw,
            withdraw=applications.withdraw,
        ),
    )
