"""Every route and who may pass, written out by hand: a module for each room.

Each has ``ROUTES``, and may have ``SAMPLES`` (what stands for each part of its addresses), ``QUERIES`` and ``FILLED``
(what a form would send that would do something), by the last part of an address, and ``furnish()``, which puts the things
that its samples name into the test city.
"""
