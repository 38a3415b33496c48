"""Who may vote and who may stand: dated criteria that explain themselves. Pure.

Words: a **criterion** asks one thing of a person (``criteria``), and criteria are **composed** with all, any and not
(``composed``). **Facts** are what is known of one person for the length of one evaluation, and stored nowhere
(``facts``). The **verdict** is *met*, *not met* or *unknown*; the **checklist** has a **line** for each criterion, with
the verdict, its reason, and what the person can do about it (``checklists``). Reasons and advice are codes with
parameters; ``elections.messages.eligibility`` words them.

Days are counted as German law counts them (sections 187 and 188 of the Civil Code): ``periods``. A rule set keeps its
criteria as JSON: ``plain``.

Reading order: ``facts``, ``checklists``, ``criteria``, ``composed``, ``plain``.
"""
