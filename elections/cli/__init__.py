"""``answerable elections``: ``elections`` prepares, follows and recounts, ``ballots`` is the encrypted vote from a terminal."""
