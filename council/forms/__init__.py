"""Forms: an ``application`` from anybody, and the verbs of clerks (``office``)."""
