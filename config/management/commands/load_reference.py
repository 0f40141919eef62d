"""Load what every school starts from: the production calendar, the dictionaries of mentoring, the library of acts."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.reference import load_calendar
from mentorship.services.dictionaries import load_dictionaries
from orders.services.library import load_legal_acts


class Command(BaseCommand):
    help = "Загружает производственный календарь и словари; повторный запуск ничего не портит."

    def handle(self, *args: Any, **options: Any) -> None:
        days, words, acts = load_calendar(), load_dictionaries(), load_legal_acts()
        self.stdout.write(
            f"Календарь: новых и уточнённых дней — {days}. Словари: новых слов — {words}. Библиотека: актов — {acts}."
        )
