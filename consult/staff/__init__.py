"""The office's pages: ``rounds`` sets rounds up, ``workbench`` lists what is owed, ``answers`` writes, checks and
releases, ``moderation`` decides what the public reads. ``desk`` is what these share.
"""
