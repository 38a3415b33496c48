"""Public pages: councils and who sits on them, calls and applications, the register."""
