"""What this app brings to the home pages: pairs, consents, banks, requests."""

from mentorship.attention import banks, cards, consents, extensions, interviews, invitations, labour, pairs, sameness

__all__ = ["banks", "cards", "consents", "extensions", "interviews", "invitations", "labour", "pairs", "sameness"]
