"""Papers of an election that are made for printing: ``booklet`` gathers the candidates. Posters are in ``views.papers``."""
