"""The invariants that the database itself keeps, tried with bare SQL on both databases."""
