"""Forms: an ``application`` from anybody, the verbs of clerks (``office``), letting members sign in (``sign_in``)."""
