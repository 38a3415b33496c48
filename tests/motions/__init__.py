"""Motions and meetings."""
