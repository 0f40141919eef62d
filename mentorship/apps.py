"""Registers the app and what it gives to the registries below it."""

from importlib import import_module

from django.apps import AppConfig


class MentorshipConfig(AppConfig):
    name = "mentorship"
    verbose_name = "Наставничество"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("mentorship.permissions", "mentorship.roles", "mentorship.order_kinds", "mentorship.attention"):
            import_module(module)
