"""Tests of consultation rounds."""
