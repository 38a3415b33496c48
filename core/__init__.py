"""What everything else stands on. Knows no feature and no page.

Reading order: ``clock`` (days in the city's time zone), ``errors`` (codes, no prose), ``settings`` and ``keys``
(what a city sets, what stays outside the database), ``db`` (one transaction per verb), ``localized`` (texts in
several languages with their states), ``codes`` (receipt codes), ``audit`` (numbered, hash-chained entries),
``outbox`` and ``mail`` (work and messages as rows), ``texts`` (folding for search, safe Markdown), ``i18n``
(the interface's languages), ``web`` and ``widgets`` (form parts every room uses).
"""
