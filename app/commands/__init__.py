"""Commands that concern the whole: ``serve``, ``demo``, ``translations``, ``audit``. ``alone`` runs what needs no server."""
