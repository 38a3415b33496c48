"""OParl 1.1: what an open council information system says of its bodies, people, meetings and papers.

A checker of anybody's site: ``schema`` (types and their properties), ``checks`` (one object), ``connections`` (objects among each
other), ``lists`` (pages and filters), ``crawl`` (a whole site over HTTP). Our own site: ``facts`` (what is known), ``objects`` (what
is made of it), ``files`` (what is rendered), ``work`` (when it is published).
"""
