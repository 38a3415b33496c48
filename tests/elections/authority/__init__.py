"""The credential authority: real command lines, real files, and what must never be in them."""
