"""Load what every school starts from: the production calendar and the dictionaries of mentoring."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.reference import load_calendar
from mentorship.services.dictionaries import load_dictionaries


class Command(BaseCommand):
    help = "Загружает производственный календарь и словари; повторный запуск ничего не портит."

    def handle(self, *args: Any, **options: Any) -> None:
        days, words = load_calendar(), load_dictionaries()
        self.stdout.write(f"Календарь: новых и уточнённых дней — {days}. Словари: новых слов — {words}.")
