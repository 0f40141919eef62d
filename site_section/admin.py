"""The open sections in the administration."""

from django.contrib import admin

from accounts.admin import ScopedAdmin
from accounts.admin_site import site
from site_section.models import Section


@admin.register(Section, site=site)
class SectionAdmin(ScopedAdmin):
    actions_by = {"view": "site_section.section.change", "change": "site_section.section.change"}
    list_display = ("organisation", "is_open", "lead")
    list_select_related = ("organisation",)
