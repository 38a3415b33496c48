"""Pure decisions of council elections: ``stages`` (what may happen when, and by whom), ``timetables``, ``rule_sets``."""
