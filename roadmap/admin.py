"""Roadmaps in the administration: read only, because their law lives on the pages of the cabinet."""

from django.contrib import admin

from accounts.admin import ScopedAdmin
from accounts.admin_site import site
from roadmap.models import Item, Roadmap


@admin.register(Roadmap, site=site)
class RoadmapAdmin(ScopedAdmin):
    actions_by = {"view": "roadmap.roadmap.view"}
    list_display = ("title", "organisation", "starts_on", "ends_on", "state")
    list_select_related = ("organisation",)
    list_filter = ("state",)
    search_fields = ("title",)


@admin.register(Item, site=site)
class ItemAdmin(ScopedAdmin):
    actions_by = {"view": "roadmap.roadmap.view"}
    list_display = ("text", "term", "due_on", "responsible", "done_on")
    search_fields = ("text",)
