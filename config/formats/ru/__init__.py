"""Russian forms of dates and numbers."""
