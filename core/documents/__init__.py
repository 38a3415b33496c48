"""Papers: letters, posters and reports as PDF, in any direction of writing.

``papers`` renders a template with its data, ``parts`` makes what data is built from: texts with their language, Markdown,
QR codes; ``apart`` renders what is long in a process of its own. A template lies in ``templates/<room>/papers/<name>.typ`` and begins with ``#import "/_papers/house.typ": *``.
"""
