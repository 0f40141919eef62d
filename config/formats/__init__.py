"""Our own forms of dates and numbers, by language."""
