"""Commands that concern the whole: ``serve``, ``demo``, ``translations``, ``audit``."""
