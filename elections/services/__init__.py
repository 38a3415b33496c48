"""The verbs of council elections, a function each.

``elections`` prepares one, ``acts`` moves it, ``effects`` joins each act with what it does: ``procedure``, ``results``,
``roll``. ``nominations``, ``stations``, ``devices``, ``lots`` and ``objections`` are what happens between two acts; ``urn`` is the
ballot box of an encrypted election; ``audit_bundles`` puts together what is checked of a published result.
"""
