"""What this app brings to the home pages: pairs, meetings, programmes, consents, banks, requests."""

from mentorship.attention import (
    banks,
    board,
    cards,
    consents,
    extensions,
    interviews,
    invitations,
    labour,
    meetings,
    pairs,
    programmes,
    requests,
    sameness,
    week,
)

__all__ = [
    "banks",
    "board",
    "cards",
    "consents",
    "extensions",
    "interviews",
    "invitations",
    "labour",
    "meetings",
    "pairs",
    "programmes",
    "requests",
    "sameness",
    "week",
]
