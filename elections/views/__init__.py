"""The public pages of council elections."""
