"""Counting votes into seats: pure, exact, and explained. Integers, fractions and fixed point; never a float.

Words: a **counting rule** is what the election's rule set says about counting. A **tally** is what was cast: votes per
candidate or list as the stations report them, or ranked ballots. ``count(rule, tally, lots)`` turns both into a
**result**: numbered **seats**, each with the **reasons** why it went to whom, **vacant** seats, **ties**, and the order
of **successors**. A reason is a code with parameters; its sentence lives in ``elections.messages.counting``.

A **group** is what seats are set aside for (a region of origin), a **quota group** what minimums and maximums speak
of (a gender). A **lot** decides a tie: drawn by hand and entered, or computed from a public **seed**. Without a lot a
tie stays **undecided**, and with it the seats that hang on it; nothing here ever chooses silently.

Reading order: ``rule``, ``tally``, ``lots``, ``result``; then ``count`` and what it calls: ``regions`` (most votes, in
groups, with minimums and maximums), ``seats`` (D'Hondt, Sainte-Laguë, Hare-Niemeyer), ``lists``, ``stv`` with its
``sheet``; ``block`` and ``cumulative`` check ballots and add them up; ``blt`` reads and writes BLT files,
``votes_file`` reads votes of lists, ``published`` the file that an election publishes to be counted again.
"""
