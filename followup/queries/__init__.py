"""Reads of the promise ledger.

``ledger`` counts, ``debts`` is for the holder of a code, ``desk`` and ``replies_in_work`` are for the office, ``chain``
reads a register's entries and ``chain_file`` writes them as one file; ``commitments`` and ``consistency`` are for the audit check;
``private`` says which answers are for whoever asked alone.
"""
