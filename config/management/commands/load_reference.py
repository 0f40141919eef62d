"""Load what every school starts from: the production calendar, the dictionaries, the texts of consents,
the library of acts.
"""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.reference import load_calendar
from mentorship.services.consent_texts import load_consent_texts
from mentorship.services.dictionaries import load_dictionaries
from mentorship.services.programme_templates import load_programme_templates
from orders.services.library import load_legal_acts


class Command(BaseCommand):
    help = "Загружает календарь, словари, тексты согласий, акты, шаблоны программ; повторный запуск ничего не портит."

    def handle(self, *args: Any, **options: Any) -> None:
        days, words, texts, acts = load_calendar(), load_dictionaries(), load_consent_texts(), load_legal_acts()
        templates = load_programme_templates()
        told = f"Календарь: новых и уточнённых дней — {days}. Словари: новых слов — {words}."
        told = f"{told} Тексты согласий: новых редакций — {texts}. Библиотека: актов — {acts}."
        self.stdout.write(f"{told} Шаблоны программ: {templates}.")
