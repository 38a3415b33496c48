"""Tables of council elections: ``elections`` (the election, its acts and lots) first, then ``candidates``, ``nominations``,
``roll``, ``results`` (stations, counts, delegates), ``objections``,
``urn`` (the board of encrypted ballots), ``devices`` (on which people vote in the city's offices).

Nothing here may ever say what makes a person eligible: only "checked, by whom, by which method, on which day".
"""
