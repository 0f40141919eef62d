"""Organisations, people with roles, bodies, calendars, letters."""

from accounts.models.calendars import ProductionDay, Term
from accounts.models.invitations import Invitation, Issued, WrongCode
from accounts.models.letters import Letter
from accounts.models.organisations import ActingHead, Body, BodyMember, Organisation
from accounts.models.partners import Agreement, Partner
from accounts.models.people import DeclensionOverride, Membership, User

__all__ = [
    "ActingHead",
    "Agreement",
    "Body",
    "BodyMember",
    "DeclensionOverride",
    "Invitation",
    "Issued",
    "Letter",
    "Membership",
    "Organisation",
    "Partner",
    "ProductionDay",
    "Term",
    "User",
    "WrongCode",
]
