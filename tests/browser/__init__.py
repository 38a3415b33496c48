"""Journeys in a real Chromium against a real server with the demo city."""
