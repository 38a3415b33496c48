"""The fictional city of Lindhafen: its offices and staff, an open round and a concluded one. Everyone is invented."""
