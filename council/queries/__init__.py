"""Reads for the council's pages: ``bodies`` (who sits, what is vacant, history), ``members`` (on a day), ``calls``.

``commitments`` is for the audit check.
"""
