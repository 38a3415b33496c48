"""The public pages of council elections.

``elections`` comes first: where one stands, its rules, its minutes. ``eligibility``, ``roll``, ``nominations``, ``lots``,
``booth`` and
``board`` (the encrypted vote), ``results``, ``objections`` and ``letters`` (the register) are one subject each, ``papers`` what is printed.
``own_nominations`` is what a nominee's code opens; ``subjects`` shows the reply desk what was received.
"""
