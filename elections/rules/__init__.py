"""Pure decisions of council elections.

``stages`` says what may happen when, and by whom; ``checklists`` what must be there before; ``public_way`` shows the same
way to the public. ``deadlines`` and ``voting`` are about days and moments. ``rule_sets`` hold an election's rules,
``plain_rule_sets`` store them, ``presets`` are four to begin with, ``worked_example`` invents figures for them. Then each
subject by itself: ``elections``, ``nominations``, ``lots``, ``roll`` and ``roll_maps`` (what a register's columns mean),
``stations``, ``urn``, ``devices``, ``paper`` (who votes on it, and how many must), ``objections``.
"""
