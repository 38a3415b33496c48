"""The credential authority: makes the voting codes on a machine of its own, apart from the server.

It knows no database, no model and no setting of the site. What it reads and writes are files; codes exist in memory and
in the letters alone. How it is run, and what it cannot protect from, stands in ``docs/credentials.md``.

``roll`` reads who gets a letter, ``letters`` prints them, ``making`` draws the codes and writes everything, ``registry``
is the file of two persons from roll number to credential, ``following`` takes it from step to step, ``checking`` is for
everybody, ``files`` writes and destroys, ``commands`` is the terminal.
"""
