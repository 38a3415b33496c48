"""Tests of the migrant council."""
