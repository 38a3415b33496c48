"""Papers of meetings: the invitation with agenda and papers, and the minutes."""
