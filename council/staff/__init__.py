"""Office pages: clerks record what befalls a council: ``bodies``, ``members``, ``calls``. ``desk`` is what they share."""
