"""Pages of the promise ledger: ``ledger`` is what the city owes, ``answers`` what a receipt code opens."""
