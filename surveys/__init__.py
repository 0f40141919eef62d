"""Questionnaires: what is asked, whom, and what was answered. The engine knows nothing of mentoring: who is asked and what follows comes from the registry of sources."""
