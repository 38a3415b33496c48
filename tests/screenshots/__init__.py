"""Pictures of the main pages of the demo city, in every interface language, on a phone and on a desk."""
