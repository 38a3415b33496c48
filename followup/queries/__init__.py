"""Reads of the promise ledger: ``ledger`` counts, ``commitments`` and ``consistency`` are for the audit check."""
