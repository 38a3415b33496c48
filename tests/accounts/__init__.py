"""People who sign in: rules, permissions, pages, and what Flask-Security is allowed to do."""
