"""Tests of participants, consents, pairs and their order."""
