"""What this app brings to the home pages: pairs, consents, banks, requests."""

from mentorship.attention import banks, cards, consents, interviews, invitations, labour, pairs, requests, sameness

__all__ = ["banks", "cards", "consents", "interviews", "invitations", "labour", "pairs", "requests", "sameness"]
