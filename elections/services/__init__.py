"""The verbs of council elections, a function each: ``elections`` and ``acts`` first."""
