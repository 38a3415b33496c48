"""The database's history. Each revision is tested with data, triggers and row counts, on both databases."""
