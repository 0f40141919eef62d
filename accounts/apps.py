"""Registration of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who and when."""

    name = "accounts"
    verbose_name = "Организации и люди"
    default_auto_field = "django.db.models.BigAutoField"
