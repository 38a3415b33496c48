"""Pure decisions of council elections: ``stages`` (what may happen when, and by whom), ``deadlines``, ``rule_sets``."""
