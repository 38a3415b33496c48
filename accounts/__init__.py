"""People who sign in: city staff with roles. Residents need no account.

Words: an **account** is one person who signs in; its **handle** (eight random digits) stands for that person in
public audit chains, so that no name is published. A **role** (officer, approver, moderator, administrator) grants
**permissions**; every route names the one it needs, and a route that names none is closed. An **invitation** is a
link that works once, for 24 hours, and lets a person choose a password. A **department** is a part of the city's
administration; promises have one as their owner.

Flask-Security does the signing in (password, second factor, recovery codes, reset). It writes only through
``datastore``, and every sentence it shows is ours (``messages``).

Reading order: ``rules``, ``permissions``, ``access`` (how a route is closed), ``models``, ``services``, ``queries``,
``security`` (how Flask-Security is set up), ``datastore``, ``sign_in`` (its forms), ``views``.
"""
