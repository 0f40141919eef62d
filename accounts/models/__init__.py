"""Organisations, people with roles, bodies, calendars, letters."""

from accounts.models.calendars import ProductionDay, Term
from accounts.models.letters import Letter
from accounts.models.organisations import ActingHead, Body, BodyMember, Organisation
from accounts.models.people import DeclensionOverride, Membership, User

__all__ = [
    "ActingHead",
    "Body",
    "BodyMember",
    "DeclensionOverride",
    "Letter",
    "Membership",
    "Organisation",
    "ProductionDay",
    "Term",
    "User",
]
