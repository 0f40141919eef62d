"""Registers the app and what it gives to the registries below it."""

from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Приказы"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("orders.permissions", "orders.order_kinds", "orders.attention"):
            import_module(module)
