"""The voting booth: its library against ours, and the small site on which a browser meets it."""
