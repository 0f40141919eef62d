"""What this app brings to the home pages: pairs that cannot start, consents that end, one's own pair."""

from mentorship.attention import pairs

__all__ = ["pairs"]
