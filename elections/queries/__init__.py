"""What pages, files and commands read of council elections."""
