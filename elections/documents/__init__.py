"""Papers of an election that are made for printing: ``booklet`` gathers the candidates;
``audit`` is the page of an audit bundle that says how to check it. Posters are in ``views.papers``."""
