"""Actions on accounts: letters, roles, organisations."""
