"""What pages, files and commands read of council elections.

For everybody: ``elections``, ``letters`` (the register), ``lots``, ``results``, ``board`` (encrypted ballots), ``devices``,
``watching`` (checks, heads, audit bundles). For the office: ``procedure``, ``stations``, ``urn``,
``paper``, ``registers`` (for the reply desk). For both: ``nominations``, ``roll``, ``objections``. ``tallies`` gathers what a count is
made from; ``commitments`` and ``consistency`` are for the audit check.
"""
