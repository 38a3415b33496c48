"""Papers of an election that are made for printing."""
