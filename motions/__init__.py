"""Motions of a council, from the draft to the verified deed, and the clock that runs against the city.

Words: a **motion** asks the city for something, a **question** for an answer, a **statement** says what the council
thinks, a **budget request** asks for money; all are called motions here. Members **co-sign** the very words that they read:
a changed text voids a signature. The office **checks** and the chair **releases** whether a motion is admissible. The council
decides in a **meeting** with a **quorum** of its statutory seats. What it adopts is **forwarded**; the city
**acknowledges**, takes a **position**, **decides** and **implements** in **measures**, each step by a day that everybody
sees. The office may only claim that something is done; the council **verifies** it or **disputes** it.

Reading order: ``rules.stages`` (the way of a motion, and who moves it), ``rules.steps`` and ``rules.deadlines`` (what is owed
when), ``services.acts`` (the one way in which something happens), then by subject: ``services.drafting``, ``admissibility``,
``amendments``; ``meetings``, ``agenda``, ``presence``, ``votes``, ``minutes``; ``city``, ``implementation``, ``clock``; ``suggestions``.
``queries.motions`` reads one motion, ``queries.listing`` the register. ``oparl`` is open data, and its checker.
"""
