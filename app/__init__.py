"""The front door: the only place that knows every room.

``factory`` builds the application, ``config`` reads the environment, ``security`` guards every request, ``errors``
words what went wrong, ``pages`` are the standing pages, ``cli`` is the command ``answerable``, ``worker`` the
background, ``demo`` the fictional city of Lindhafen.
"""
