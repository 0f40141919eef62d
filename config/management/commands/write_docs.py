"""`manage.py write_docs`: the pages of docs/ that are made from the tables of the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.documentation import PAGES


class Command(BaseCommand):
    """A test fails until the written pages are those of the code."""

    help = "Записывает docs/permissions.md и docs/states.md по таблицам прав и состояний."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, page in PAGES.items():
            (settings.BASE_DIR / "docs" / name).write_text(page(), encoding="utf-8")
            self.stdout.write(f"docs/{name}")
