"""Who may vote and who may stand: dated criteria that explain themselves. Pure."""
