"""Reads for pages and exports, as small dataclasses: ``rounds``, ``register``, ``workbench``, ``commitments``."""
