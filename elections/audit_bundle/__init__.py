"""The audit bundle: everything that an election published, in one file that anybody can check without the site.

``form`` packs it, in one form only, so that its manifest's hash stands for every byte; ``checking`` unpacks it again, asks
whether the parts are the manifest's, and has the archive verified; ``story`` asks whether the parts say the same: archive,
minutes, roll, count, seats. What each finding means stands in ``findings``; what is in which file, in ``docs/ballot.md``.
Like the verifier it uses the pure protocol and the pure count, and nothing else of Answerable.
"""
