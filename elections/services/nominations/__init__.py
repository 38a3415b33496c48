"""Nominations: ``receiving`` what people hand in, ``vetting`` it, ``decisions`` with two persons, ``ballot_order``.

``seals`` holds the key of each election's nominations, ``erasing`` destroys it with what it sealed.
"""
