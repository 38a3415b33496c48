"""Keeping the roll: ``imports``, ``registrations``, ``changes`` (the acts of two persons), ``letters`` (the
file for the credential authority), ``paper`` (who
votes on it), ``deletion``.

Names and addresses are sealed under the election's own key by ``seals``, and nobody else opens them.
"""
