"""The secret ballot under attack: the referee, bundles that others made, and thousands of altered ones."""
