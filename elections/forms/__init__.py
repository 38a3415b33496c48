"""Forms of council elections.

For everybody: ``eligibility``, ``nominations``; for the office: ``procedure``, ``office_nominations``, ``urn``, ``results``;
for both: ``roll``, ``objections``.
"""
