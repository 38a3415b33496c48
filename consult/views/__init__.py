"""The pages that anybody may open: ``rounds`` and ``answers`` for residents, ``register`` for everyone who checks."""
