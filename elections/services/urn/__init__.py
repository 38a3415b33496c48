"""The ballot box of an encrypted election.

``keys`` collects the trustees' public keys; ``preparing`` joins key, questions and credentials before voting; ``casting`` takes ballots; ``following`` what the
credential authority replaced; ``board`` appends to the chain;
``closing`` ends voting, multiplies, takes the trustees' parts and gives the result. Only ``board`` writes events.
"""
