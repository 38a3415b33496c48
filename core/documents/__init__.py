"""Papers that we make, as PDF in any direction of writing, and documents that people hand over.

``papers`` renders a template with its data, ``parts`` makes what data is built from: texts with their language, Markdown,
QR codes; ``apart`` renders what is long in a process of its own. A template lies in ``templates/<room>/papers/<name>.typ`` and begins with ``#import "/_papers/house.typ": *``.

``stored`` checks files that somebody hands over and keeps them in the database, ``pdf`` looks into them, ``answering``
gives them to a browser.
"""
