"""The administration site: its doors are the table of permissions and the portal's own sign-in page."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.module_loading import autodiscover_modules
from django.views.decorators.http import require_POST

from accounts.http import safe_next
from accounts.permissions import Forbidden, holds, way_in

OPEN = "accounts.admin.open"


class PortalAdminSite(AdminSite):
    """Opens for whoever holds `accounts.admin.open`; the flags of the user (staff, superuser) mean nothing here."""

    site_title = "Наставничество"
    site_header = "Наставничество: администрирование"
    index_title = "Данные портала"
    site_url = "/cabinet/"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The addresses of everything registered; the admin modules of the apps are read here, after all is ready."""
        autodiscover_modules("admin", register_to=self)
        return super().get_urls()

    def has_permission(self, request: HttpRequest) -> bool:
        return way_in(request) is None and holds(request.user, OPEN)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's own pages, and back; for somebody without the right, a refusal that names who has it."""
        target = safe_next(request, reverse("admin:index"))
        elsewhere = way_in(request, target)
        if elsewhere is not None:
            return elsewhere
        if not self.has_permission(request):
            raise Forbidden(OPEN)
        return HttpResponseRedirect(target)

    @method_decorator(require_POST)
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        end_session(request)
        return HttpResponseRedirect(reverse("login"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """The portal's own page, which writes the history."""
        return HttpResponseRedirect(reverse("password_change"))


site = PortalAdminSite(name="admin")
