"""Every room's door: a module for each room says what of it is open.

``pages`` are its blueprints, ``sentences`` its modules of wording; ``connect`` tells other rooms what they need to know
of it: where its registers are read, what its receipt codes open, how its letters are answered.
"""
