"""The public pages of council elections.

``elections`` comes first: where one stands, its rules, its minutes. ``eligibility``, ``roll``, ``nominations``, ``lots``,
``results``, ``objections`` and ``letters`` (the register) are one subject each, ``papers`` what is printed. The encrypted vote:
``booth`` and ``practice``, ``board``, ``code`` ("was my code used?"), ``trustee``, ``checking``, ``observing``.
``own_nominations`` is what a nominee's code opens; ``subjects`` shows the reply desk what was received.
"""
