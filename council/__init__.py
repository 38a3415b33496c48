"""The migrant council: bodies and their seats, terms, members, vacancies and who succeeds.

Words: a **body** has statutory **seats** in **seat classes** (elected, delegated by a faction, appointed, held by an
organisation); a **term** is the time it sits for; a **member** sits on one seat from a day to a day, and may have a
**deputy**. A seat without member is a **vacancy**, filled by the **successor** that the election's result names, by
another delegate, or by a by-election. A **call** invites applications for seats that are appointed; each
**application** is answered like everything else.

Elections fill this room (``seat_council``), motions use it; it knows neither.

Reading order: ``rules``, ``models``, ``events``, ``services``, ``queries``; then what people see: ``forms``, ``messages``,
``views``, ``staff``, ``api``. ``links`` is what other rooms say about a council.
"""
