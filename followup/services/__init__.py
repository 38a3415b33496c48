"""The verbs of the promise ledger.

``promises`` opens, passes on and extends; ``steps`` are promises that an act of their procedure meets; ``receipts`` is
what their authors take away; ``replies`` writes, checks, approves and publishes; ``telling`` sends word of it; ``gate``
concludes; ``contacts`` keeps addresses no longer than needed; ``digests`` reminds. Functions that take a ``session``
work inside their caller's transaction; the others open their own.
"""
