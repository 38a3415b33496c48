"""Forms of council elections."""
