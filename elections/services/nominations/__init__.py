"""Nominations: ``receiving`` what people hand in, ``vetting`` it, ``decisions`` with two persons, ``ballot_order``, ``erasing``."""
