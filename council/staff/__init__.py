"""Office pages: clerks record what befalls a council."""
