"""Tests read as sentences and assert outcomes: rows, pages, mails.

Start with `servers.py` (real PostgreSQL, Redis and Chromium, thrown away afterwards) and `test_house.py` (rules
of the house that no linter knows). Run them with `make test`.
"""
