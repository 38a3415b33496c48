"""The promise ledger: what the city owes, to whom it fell, until when, and the published reply.

Words: a **register** numbers everything received in one procedure (a round, an election, a council) without gaps and
carries its closing gate; a **promise** is one debt in it, with an owner (department) and a due day; a **reply** answers one
promise or many with an outcome and a reason, in versions; an **extension** moves a due day once, in public; the **ledger**
shows it all; a **receipt** carries the number and the code by which an answer is read. Subjects are known only by
kind and id: this room never asks what they are.

The front door fills in what this room must not know: ``links`` says where each kind of register is read, ``held`` what
each kind of receipt code opens, ``subjects`` how the office reads what was received, ``waiting`` what of other rooms presses
at somebody's desk.

Reading order: ``rules``, ``numbers`` (how they are written), ``models``, ``events``, ``services``, ``queries``; then what
people see: ``views``, ``staff`` (the reply desk), ``forms``, ``reply_forms``, ``number_fields``, ``messages``, ``cli``;
``jobs`` works by itself.
"""
