"""Tests of council elections."""
