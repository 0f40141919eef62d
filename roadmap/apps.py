"""Registers the app and what it gives to the registries below it."""

from importlib import import_module

from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    name = "roadmap"
    verbose_name = "Дорожная карта"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("roadmap.permissions", "roadmap.order_kinds", "roadmap.attention"):
            import_module(module)
