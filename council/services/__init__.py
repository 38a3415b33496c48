"""The verbs of the council: ``bodies`` found it, ``seating`` seats and unseats, ``vacancies`` fill, ``calls`` invite.

``accounts`` let members sign in.
"""
