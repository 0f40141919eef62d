"""Registration of the app."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Questionnaires."""

    name = "surveys"
    verbose_name = "Анкеты"
    default_auto_field = "django.db.models.BigAutoField"
