"""What this app brings to the home pages: pairs, consents, banks, requests."""

from mentorship.attention import banks, board, cards, consents, interviews, invitations, labour, pairs, sameness, week

__all__ = ["banks", "board", "cards", "consents", "interviews", "invitations", "labour", "pairs", "sameness", "week"]
