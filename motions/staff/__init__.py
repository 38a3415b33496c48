"""The pages of members, office and clerk."""
