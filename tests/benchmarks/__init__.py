"""Measurements: `make bench` prints them all, `make bench ARGS=pages` one of them.

Absolute times are printed, never asserted; what counts are ratios against a named thing in the same run.
"""
