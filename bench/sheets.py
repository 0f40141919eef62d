"""Spreadsheets and long lists: an import against bare writing, ten thousand rows against one, the last page of many.

Imported by `bench.py` once Django is set up. `python -m bench.sheets memory` tells how much an import takes at most.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

import openpyxl  # noqa: E402 - the models below need Django set up when this file is run by itself
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Membership, Organisation, User  # noqa: E402
from bench.measure import Case, Ratio, ratios  # noqa: E402
from core.models import JournalEntry  # noqa: E402
from core.sheets.fields import UploadedTable  # noqa: E402
from core.uploads.child import read_in_child  # noqa: E402
from core.uploads.kinds import XLSX  # noqa: E402
from mentorship.models import Category, Participant, Post  # noqa: E402
from mentorship.services import imports  # noqa: E402
from mentorship.sheets import batches  # noqa: E402

MANY, FEW = 10_000, 1_000
LONG, SHORT = 50_000, 100
ROUNDS = 3
TARGETS = {
    "import": ("time of an import of 10 000 rows to that of bare reading and writing", 5.0, False),
    "import growth": ("time of an import of 10 000 rows to that of 1 000", 11.0, False),
    "import memory": ("megabytes that an import of 10 000 rows adds to the process", 150.0, False),
    "first page": ("time of the first page of 50 000 people to that of 100", 1.3, False),
    "middle page": ("time of a page in the middle of 50 000 people to that of 100", 1.5, False),
    "last page": ("time of the last page of 50 000 people to that of 100", 1.3, False),
}
HEADERS = (
    *("Фамилия", "Имя", "Отчество", "Должность", "Предметы", "Кафедра", "Педагогический стаж с"),
    *("Квалификационная категория", "Год рождения", "Телефон", "Электронная почта"),
)
GIVEN = ("Анна", "Мария", "Елена", "Ольга", "Наталья", "Ирина", "Татьяна", "Светлана", "Дарья", "Людмила", "Вера")
PATRONYMICS = ("Ивановна", "Петровна", "Сергеевна", "Андреевна", "Алексеевна", "Олеговна", "Львовна", "Борисовна")
POSTS = (("учитель математики", "алгебра"), ("учитель физики", "физика"), ("педагог-психолог", ""))
SYLLABLES = ("ба", "вет", "гор", "дол", "жар", "зел", "кам", "лип", "мор", "нов", "пол", "рос", "сад", "тур", "хол")


def names(count: int) -> list[tuple[str, str, str]]:
    """Different invented people, as many as wanted."""
    chance = random.Random(7)
    found: dict[tuple[str, str, str], None] = {}
    while len(found) < count:
        surname = "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize() + chance.choice(
            ("ова", "ина", "ева")
        )
        found[(surname, chance.choice(GIVEN), chance.choice(PATRONYMICS))] = None
    return list(found)


def book(count: int) -> bytes:
    """An Excel file of so many teachers."""
    chance, out = random.Random(1), io.BytesIO()
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    sheet.append(HEADERS)
    for number, parts in enumerate(names(count)):
        post = chance.choice(
            (("учитель математики", "алгебра"), ("учитель физики", "физика"), ("педагог-психолог", ""))
        )
        since = f"{chance.randint(1, 28):02}.09.{chance.randint(1990, 2023)}"
        category, year = chance.choice(("первая", "высшая", "")), chance.randint(1955, 2000)
        contacts = f"+7 900 {number:07}", f"person{number}@example.org"
        sheet.append([*parts, *post, f"МО № {number % 9}", since, category, year, *contacts])
    made.save(out)
    return out.getvalue()


def school(slug: str) -> tuple[Organisation, User]:
    """An organisation of its own with a curator."""
    organisation, _ = Organisation.objects.get_or_create(
        slug=slug, defaults={"kind": "school", "full_name": slug, "name": slug}
    )
    curator, _ = User.objects.get_or_create(
        username=f"{slug}-curator", defaults={"full_name": "Замерова Вера Ильинична"}
    )
    since = {"starts_on": dt.date(2020, 9, 1)}
    Membership.objects.get_or_create(user=curator, organisation=organisation, role="curator", defaults=since)
    return organisation, curator


def rolled_back(work: Callable[[], Any]) -> Callable[[], None]:
    """The work in a transaction that leaves nothing."""

    def run() -> None:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run


def bare(content: bytes, organisation: Organisation) -> None:
    """What cannot be done with less: the rows read by the library and written in bulk, unchecked and unlooked-for."""
    rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).active.iter_rows(
        min_row=2, values_only=True
    )
    people, posts = [], []
    for surname, given_name, patronymic, title, subjects, department, since, _, year, phone, email in rows:
        day, month, since_year = since.split(".")
        person = Participant(
            organisation=organisation,
            surname=surname,
            given_name=given_name,
            patronymic=patronymic,
            gender="f",
            works_since=f"{since_year}-{month}-{day}",
            birth_year=year,
            phone=phone,
            email=email,
        )
        people.append(person)
        posts.append(Post(participant=person, title=title, subjects=subjects or "", department=department))
    Participant.objects.bulk_create(people, batch_size=500)
    Post.objects.bulk_create(posts, batch_size=500)


def whole(content: bytes, organisation: Organisation, curator: User) -> None:
    """The import as the worker does it, from the kept file to the cards with their history."""
    table = read_in_child(content, XLSX)
    uploaded = UploadedTable(SimpleUploadedFile("bench.xlsx", content), table)
    batch = batches.take_in(organisation=organisation, actor=curator, uploaded=uploaded)
    type(batch).objects.filter(pk=batch.pk).update(state="checked", added=1)
    batch.refresh_from_db()
    imports.send(batch=batch, step="apply", actor=curator)
    imports.start(batch)
    batches.attempt(batch, curator, lambda done: None)
    if batch.state != "done" or batch.added != len(table.rows):
        raise RuntimeError(f"The import ended as {batch.state}: {batch.added} rows, {batch.errors[:3]}")


def import_ratios() -> list[Ratio]:
    organisation, curator = school("bench-import")
    large, small = book(MANY), book(FEW)
    base = Case("bare writing", rolled_back(lambda: bare(large, organisation)), 1)
    many = Case("import", rolled_back(lambda: whole(large, organisation, curator)), 1)
    few = Case("import of 1 000", rolled_back(lambda: whole(small, organisation, curator)), 3)
    growth = ratios(few, [Case("import growth", many.run, 1)], ROUNDS)[1]
    return [ratios(base, [many], ROUNDS)[1], growth]


def memory() -> Ratio:
    """Measured in a process of its own: the peak of a process never comes down again."""
    command = [sys.executable, "-m", "bench.sheets", "memory"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, check=True)
    taken = float(done.stdout)
    return Ratio("import memory", taken, taken, taken)


def tell_memory() -> None:
    organisation, curator = school("bench-import")
    small, large = book(50), book(MANY)
    rolled_back(lambda: whole(small, organisation, curator))()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rolled_back(lambda: whole(large, organisation, curator))()
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


# --- Lists ------------------------------------------------------------------------------------------------------------
def filled(slug: str, count: int) -> User:
    """The curator of a school with so many people, each with a post."""
    organisation, curator = school(slug)
    if not Participant.objects.filter(organisation=organisation).exists():
        people = Participant.objects.bulk_create(
            [
                Participant(
                    organisation=organisation,
                    surname=surname,
                    given_name=given_name,
                    patronymic=patronymic,
                    gender="f",
                    category=Category.TEACHER,
                    works_since=dt.date(2005, 9, 1),
                )
                for surname, given_name, patronymic in names(count)
            ],
            batch_size=2000,
        )
        Post.objects.bulk_create([Post(participant=one, title="учитель физики") for one in people], batch_size=5000)
    return curator


def page(curator: User, number: int | str) -> Callable[[], None]:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(curator)

    def get() -> None:
        response = client.get("/cabinet/participants/", {"page": number})
        if response.status_code != 200:
            raise RuntimeError(f"The list answered {response.status_code}")

    return get


def same_queries(few: User, many: User) -> None:
    """The number of queries must not depend on the number of people."""
    counts = []
    for curator, number in ((few, 1), (few, 2), (many, 1), (many, LONG // 100), (many, LONG // 50)):
        get = page(curator, number)
        get()
        with CaptureQueriesContext(connection) as captured:
            get()
        counts.append(len(captured))
    if len(set(counts)) > 1:
        raise RuntimeError(f"The list costs a different number of queries: {counts}")


def list_ratios() -> list[Ratio]:
    few, many = filled("bench-short", SHORT), filled("bench-long", LONG)
    same_queries(few, many)
    with connection.cursor() as cursor:
        for model in (Participant, Post, JournalEntry):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    first = ratios(Case("short, first", page(few, 1), 20), [Case("first page", page(many, 1), 20)], ROUNDS)[1]
    middle, last = ratios(
        Case("short, last", page(few, 2), 20),
        [Case("middle page", page(many, LONG // 100), 20), Case("last page", page(many, LONG // 50), 20)],
        ROUNDS,
    )[1:]
    return [first, middle, last]


def found() -> list[Ratio]:
    """All ratios of this file."""
    return [*import_ratios(), memory(), *list_ratios()]


if __name__ == "__main__":
    if sys.argv[1:] == ["memory"]:
        tell_memory()
    else:
        for ratio in {"lists": list_ratios, "imports": import_ratios}.get(" ".join(sys.argv[1:]), found)():
            words, bound, _ = TARGETS[ratio.name]
            print(f"{words}: {ratio.median:.2f} [{ratio.low:.2f}..{ratio.high:.2f}], target <= {bound}")
