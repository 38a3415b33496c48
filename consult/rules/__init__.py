"""Pure decisions about rounds, drafts, submissions and imports. No Flask, no database, no clock."""
