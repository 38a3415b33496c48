"""The verbs of motions and meetings. ``acts`` is the one way in which something happens to a motion."""
