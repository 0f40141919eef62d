"""The request that a page of the cabinet gets, where it comes from, and where a page may send its reader next."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Organisation, User

# No key of a row is longer; longer ones do not fit into the database, nor do the longest into a number.
LONGEST_KEY = 18


class CabinetRequest(HttpRequest):
    """A request past `requires` or `signed_in`: somebody is signed in, and has an organisation to work in.

    Only past `signed_in` the organisation may be empty, for somebody without a role.
    """

    user: User
    organisation: Organisation


def safe_next(request: HttpRequest, fallback: str) -> str:
    """The `next` of the form or of the address if it leads back into the portal, otherwise `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # A bare word would be taken for the name of a page.
    return wanted if safe and wanted.startswith("/") else fallback


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. In production nginx writes the header itself, so that a visitor cannot forge it."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def key_in(text: str) -> int | None:
    """The key of a row that an address or a button names; None for anything that no row can have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else None
