"""The office's pages of council elections: returning officers, the election board, observers.

``preparation`` comes before the call, ``procedure`` is the desk of acts, then ``nominations``, ``roll``, ``urn`` (the online
vote), ``devices`` (and paper), ``results`` and ``objections``; ``desk`` is what they share.
"""
