"""Consultation rounds: from a draft plan to a published answer for every submission.

Words: a **round** asks about a **draft**, which comes in versions made of **units** (chapters and numbered
measures). A **submission** is what somebody sent in, about a unit or the whole; its **receipt** carries the register
number and the code to follow it by. Its text is public only once **released**, and can be **hidden** with a reason.
The **workbench** is where officers answer; promises and replies themselves belong to ``followup``.

Reading order: ``rules``, ``models``, ``services`` (``submit`` first), ``queries``, ``views``.
"""
