"""Forms of council elections.

For everybody: ``eligibility``, ``nominations``; for the office: ``procedure``, ``office_nominations``, ``urn``, ``devices``
(and paper), ``results``; for both: ``roll``, ``objections``. ``watching`` takes the address of whoever wants a board's heads.
"""
