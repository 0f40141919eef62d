"""`manage.py demo`: an invented town with two schools, the same for the same day."""

from __future__ import annotations

import datetime as dt
import shutil
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation
from config.demo.clock import Calendar
from config.demo.life import live
from config.demo.organisations import build
from config.demo.texts import ABOUT, CONTACTS, LEAD
from site_section.models import Section


def start_over() -> None:
    """Throw the whole trial copy away. Its tables refuse to be emptied, so the schema goes as one piece."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", interactive=False, verbosity=0)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def day_of(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}» не день: он пишется так — 2026-11-20.") from None


class Command(BaseCommand):
    """Fills an empty portal; a filled one is left alone, or emptied first with --reset in a trial copy."""

    help = "Наполняет учебную копию портала вымышленными школами. Повторный запуск ничего не меняет."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="стереть все данные и наполнить заново")
        parser.add_argument("--day", type=day_of, help="день, на который показать школу: 2026-11-20")

    def handle(self, *args: Any, reset: bool, day: dt.date | None, **options: Any) -> None:
        """Nothing is left half-made: the whole demo is one transaction."""
        if settings.PRODUCTION:
            raise CommandError("В рабочей копии вымышленных данных не бывает.")
        if reset:
            start_over()
        if Organisation.objects.exists():
            self.stdout.write("Данные уже есть: учебная школа не создана. Начать заново: manage.py demo --reset")
            return
        call_command("load_reference", verbosity=0)
        calendar = Calendar(day or timezone.localdate())
        with transaction.atomic():
            town = build(calendar, settings.DEMO_PASSWORD)
            live(calendar, town)
            Section.objects.create(organisation=town.lake, lead=LEAD, about=ABOUT, contacts=CONTACTS)
        self.stdout.write("Учебная школа создана.")
