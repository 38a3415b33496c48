"""Reads for the council's pages: ``bodies`` (who sits, what is vacant, history), ``calls``.

``commitments`` is for the audit check.
"""
