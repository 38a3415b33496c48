"""OParl 1.1: what an open council information system says of its bodies, people, meetings and papers, and a checker of it.

Reading order: ``schema`` (types and their properties), ``checks`` (one object), ``connections`` (objects among each other),
``lists`` (pages and filters), ``crawl`` (a whole site over HTTP).
"""
