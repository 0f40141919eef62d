"""Registration of the app."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Indicators and reports."""

    name = "monitoring"
    verbose_name = "Мониторинг"
    default_auto_field = "django.db.models.BigAutoField"
