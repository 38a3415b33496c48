"""Tables of motions and meetings. ``motions``: the way of a motion. ``drafting``: words, signatures, suggestions.
``meetings``: agendas, presence, votes, minutes. ``implementation``: what the city does, and its clock. ``oparl``: what is
published as open data.
"""
