"""The request that a page of the cabinet gets, and where a page may send its reader next."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Organisation, User


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
    return wanted if safe else fallback
