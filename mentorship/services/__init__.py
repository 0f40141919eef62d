"""Actions on participants, consents, pairs and dictionaries."""
