"""Pages of participants, consents and pairs."""
