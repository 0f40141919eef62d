"""Registration of the app that holds the commands concerning the whole portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The top of the house: it may import every app, and none may import it."""

    name = "config"
    label = "config"
    verbose_name = "Портал"
    default_auto_field = "django.db.models.BigAutoField"
