"""The checker of OParl sites."""
