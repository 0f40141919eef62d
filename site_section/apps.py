"""Registers the app and what it gives to the registries below it."""

from importlib import import_module

from django.apps import AppConfig


class SiteSectionConfig(AppConfig):
    name = "site_section"
    verbose_name = "Открытый раздел"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("site_section.permissions", "site_section.attention"):
            import_module(module)
