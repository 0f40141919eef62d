"""The cast of every test: a municipality, two schools, one person for each role, and strangers of the other school."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from unittest import mock

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation, User
from accounts.models.organisations import Accent, OrganisationKind
from accounts.permissions import Role
from accounts.services.reauthentication import note_password
from config import embedded_postgres
from core.models import JournalEntry
from mentorship.services.consent_texts import load_consent_texts
from mentorship.services.dictionaries import load_dictionaries

PASSWORD = "поехали-учиться-2026"
GUARDED_TABLES = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
# Words that stand only in the data of the other school: none of them may ever appear on a page of the first.
CANARY = ("Чужестранов", "Канарейк")

CAST = {
    "director": (Role.DIRECTOR, "Громова Елена Павловна"),
    "curator": (Role.CURATOR, "Лебедева Ольга Викторовна"),
    "site_editor": (Role.SITE_EDITOR, "Сомов Артём Денисович"),
    "inspector": (Role.INSPECTOR, "Ревякин Пётр Ильич"),
    "psychologist": (Role.PSYCHOLOGIST, "Тихая Анна Львовна"),
    "accountant": (Role.ACCOUNTANT, "Копейкина Вера Игоревна"),
    "class_teacher": (Role.CLASS_TEACHER, "Дневникова Ирина Олеговна"),
    "teacher": (Role.TEACHER, "Мелова Дарья Сергеевна"),
    "methodical_union": (Role.METHODICAL_UNION, "Планов Игорь Борисович"),
    "department_head": (Role.DEPARTMENT_HEAD, "Кафедров Олег Юрьевич"),
}
STRANGERS = {
    "stranger": (Role.CURATOR, "Чужестранова Марфа Канарейкина"),
    "stranger_director": (Role.DIRECTOR, "Чужестранов Фома Канарейкин"),
}


@pytest.fixture(scope="session")
def django_db_modify_db_settings_tox_suffix() -> None:
    """Start the embedded server, and give the databases of this run a name of their own if TEST_DB_SUFFIX asks so."""
    embedded_postgres.ensure_running()
    if suffix := os.environ.get("TEST_DB_SUFFIX"):
        settings = connections["default"].settings_dict
        settings["TEST"]["NAME"] = f"test_{settings['NAME']}_{suffix}"


@pytest.fixture(scope="session", autouse=True)
def _test_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fast passwords, and files in a folder of their own."""
    folder = tmp_path_factory.mktemp("files")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, MEDIA_ROOT=folder, FILES_ROOT=folder):
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_past_triggers() -> Iterator[None]:
    """Let the cleaning after a transactional test empty tables whose triggers refuse it to everybody else."""
    original = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(GUARDED_TABLES)
            tables = [name for (name,) in cursor.fetchall()]
        disable = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        enable = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        original(self, [*disable, *sql_list, *enable])

    with mock.patch.object(BaseDatabaseOperations, "execute_sql_flush", flush):
        yield


@pytest.fixture
def town(db: None) -> Organisation:
    return Organisation.objects.create(
        kind=OrganisationKind.MUNICIPALITY,
        slug="priozersk",
        full_name="Управление образования\nадминистрации г. Приозёрска",
        name="Управление образования г. Приозёрска",
        place="г. Приозёрск",
        head_post="Начальник управления",
        head_name="Высокова Нина Андреевна",
        head_gender="f",
    )


@pytest.fixture
def school(town: Organisation) -> Organisation:
    return Organisation.objects.create(
        parent=town,
        slug="school17",
        full_name="Муниципальное бюджетное общеобразовательное учреждение\n«Школа № 17» г. Приозёрска",
        name="МБОУ «Школа № 17» г. Приозёрска",
        place="г. Приозёрск",
        address="г. Приозёрск, ул. Озёрная, д. 5",
        phone="+7 (800) 000-00-17",
        email="school17@example.org",
        inn="1234567890",
        ogrn="1234567890123",
        head_name="Громова Елена Павловна",
        head_gender="f",
    )


@pytest.fixture
def other_school(town: Organisation) -> Organisation:
    return Organisation.objects.create(
        parent=town,
        slug="canary",
        full_name="Муниципальное бюджетное общеобразовательное учреждение\n«Канарейкинская школа»",
        name="МБОУ «Канарейкинская школа»",
        place="с. Канарейкино",
        address="с. Канарейкино, ул. Чужестрановых, д. 1",
        phone="+7 (800) 000-00-99",
        email="school@canary.example.org",
        website="https://canary.example.org",
        inn="9876543210",
        ogrn="9876543210987",
        head_name="Чужестранов Фома Канарейкин",
        head_gender="m",
        accent=Accent.PLUM,
    )


@pytest.fixture
def people(town: Organisation, school: Organisation, other_school: Organisation) -> SimpleNamespace:
    """Everybody by the name of the role; the password of all is `PASSWORD`, `<name>@example.org` the e-mail."""
    places: dict[str, tuple[Organisation, Role, str]] = {
        **{name: (school, role, full_name) for name, (role, full_name) in CAST.items()},
        **{name: (other_school, role, full_name) for name, (role, full_name) in STRANGERS.items()},
        "municipal": (town, Role.MUNICIPAL, "Районнова Галина Степановна"),
        "admin": (town, Role.ADMINISTRATOR, "Серверов Максим Антонович"),
    }
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=name, full_name=full_name, email=f"{name}@example.org", password=password)
        for name, (_, _, full_name) in places.items()
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=role, starts_on=dt.date(2020, 9, 1))
        for user, (organisation, role, _) in zip(users, places.values(), strict=True)
    )
    return SimpleNamespace(**{user.username: user for user in users})


@pytest.fixture
def reference(db: None) -> None:
    """The dictionaries of the portal and the texts of consents."""
    load_dictionaries()
    load_consent_texts()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which the person has just signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        note_password(session)
        session.save()
        return client

    return signed_in


@pytest.fixture
def queries() -> Callable[[Client, str], int]:
    """How many queries a page costs; marks of nested transactions are not counted."""

    def count(client: Client, url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        assert response.status_code == 200, f"{url}: {response.status_code}"
        return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)

    return count


@pytest.fixture
def journal_count(db: None) -> Callable[[], int]:
    """How many entries the history has now."""
    return JournalEntry.objects.count


@pytest.fixture
def canary() -> tuple[str, ...]:
    return CANARY
