"""What council elections say, a module for each subject.

Whole procedures: ``acts``, ``checklists``, ``procedure`` (with the minutes), ``public_way``. Rules: ``rule_sets``,
``rules_in_words``, ``counting_rules``, ``eligibility``. Subjects: ``nominations``, ``lots``, ``roll``, ``counting``,
``results``, ``objections``, ``ballots`` (the encrypted vote), ``booth`` (all that the voting booth says),
``practice``, ``trustee`` (the trustees' pages), ``urn`` (the ballot box), ``devices``, ``credentials``, ``checks`` (what a
check finds). ``kit`` words what others pass on.
"""
