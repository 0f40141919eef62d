"""What this app brings to the home pages: pairs, consents, banks, requests."""

from mentorship.attention import banks, cards, consents, interviews, invitations, labour, meetings, pairs, sameness

__all__ = ["banks", "cards", "consents", "interviews", "invitations", "labour", "meetings", "pairs", "sameness"]
from mentorship.attention import programmes

__all__ = ["banks", "cards", "consents", "interviews", "invitations", "labour", "pairs", "programmes", "sameness"]
from mentorship.attention import requests

__all__ = ["banks", "cards", "consents", "interviews", "invitations", "labour", "pairs", "requests", "sameness"]
from mentorship.attention import board, week

__all__ = ["banks", "board", "cards", "consents", "interviews", "invitations", "labour", "pairs", "sameness", "week"]
from mentorship.attention import extensions

__all__ = ["banks", "cards", "consents", "extensions", "interviews", "invitations", "labour", "pairs", "sameness"]
