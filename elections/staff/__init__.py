"""The office's pages of council elections: returning officers, the election board, observers."""
