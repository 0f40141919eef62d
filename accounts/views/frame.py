"""Switches of the frame: the organisation one works in, and the version for people with low vision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.context_processors import LOW_VISION_COOKIE, MODES, SIZES, low_vision_of
from accounts.http import CabinetRequest, safe_next
from accounts.middleware import CHOSEN
from accounts.permissions import public, signed_in

YEAR_SECONDS = 365 * 24 * 60 * 60


@require_POST
@signed_in("accounts.cabinet.open")
def switch_organisation(request: CabinetRequest) -> HttpResponse:
    """Work in another of one's own organisations; a foreign number changes nothing."""
    numbers = {str(standing.organisation_id) for standing in request.user.standings}
    chosen = request.POST.get("organisation", "")
    if chosen in numbers:
        request.session[CHOSEN] = int(chosen)
    return redirect("home")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def low_vision(request: HttpRequest) -> HttpResponse:
    """Keep the visitor's choice in a cookie: `mode` on, invert or off; `size` normal, large or huge."""
    asked = request.POST if request.method == "POST" else request.GET
    response = HttpResponseRedirect(safe_next(request, "/"))
    if asked.get("mode") == "off":
        response.delete_cookie(LOW_VISION_COOKIE, samesite="Lax")
        return response
    now = low_vision_of(request)
    mode = asked.get("mode") if asked.get("mode") in MODES else ("invert" if now["lv_invert"] else "on")
    size = asked.get("size") if asked.get("size") in SIZES else (now["lv_size"] or "normal")
    response.set_cookie(
        LOW_VISION_COOKIE,
        f"{mode}-{size}",
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
