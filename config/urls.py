"""Addresses of the portal: each app names its own; no two overlap, what everybody opens is found first."""

from django.urls import include, path

from accounts.admin_site import site

urlpatterns = [
    path("", include("site_section.urls")),
    path("admin/", site.urls),
    path("", include("accounts.urls")),
    path("", include("orders.urls")),
    path("", include("mentorship.urls")),
    path("", include("roadmap.urls")),
]

handler400 = "accounts.errors.bad_request"
handler403 = "accounts.errors.forbidden"
handler404 = "accounts.errors.not_found"
handler500 = "accounts.errors.server_error"
