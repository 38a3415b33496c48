"""From facts to the objects of OParl. Pure: ``made`` is what comes out, ``city``, ``meetings`` and ``papers`` make it."""
