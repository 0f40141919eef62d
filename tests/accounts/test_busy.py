"""Two people change the same rows at once: one of them is asked to repeat, and nothing of theirs is half done."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path, reverse

from accounts.errors import busy
from accounts.models import Organisation, User
from core.models import JournalEntry

PATIENCE_SECONDS = 20
WITHOUT = [name for name in settings.MIDDLEWARE if name != "accounts.middleware.AnswerContention"]


# --- Views that meet each kind of contention, and one that fails for another reason -----------------------------------
def rename(pk: int) -> None:
    Organisation.objects.filter(pk=pk).update(phone="8 (000) 111-11-11")


def two_rows(request: HttpRequest, first: int, second: int) -> HttpResponse:
    rename(first)
    rename(second)
    return HttpResponse("done")


def one_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads, and changes after somebody else has."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    Organisation.objects.get(pk=pk)
    meanwhile["happens"]()
    rename(pk)
    return HttpResponse("done")


def slow(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(1)")
    return HttpResponse("done")


meanwhile: dict[str, Callable[[], None]] = {}
urlpatterns = [
    path("", include("config.urls")),
    path("two/<int:first>/<int:second>/", two_rows),
    path("picture/<int:pk>/", one_picture),
    path("slow/", slow),
]


class Other:
    """Somebody else with a connection and a transaction of their own."""

    def __init__(self) -> None:
        self.connection: Any = connection.copy()
        self.connection.inc_thread_sharing()
        self.connection.set_autocommit(False)

    def run(self, statement: str, *values: Any) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def hold(self, organisation: Organisation) -> None:
        self.run("SELECT 1 FROM accounts_organisation WHERE id = %s FOR UPDATE", organisation.pk)

    def wait_until_held_up(self, pid: int) -> None:
        """Until that connection waits for a lock."""
        for _ in range(PATIENCE_SECONDS * 1000):
            if self.run("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", pid):
                return
            self.run("SELECT pg_sleep(0.001)")
        raise AssertionError("Nobody waits.")


@pytest.fixture
def other(transactional_db: None) -> Iterator[Other]:
    one = Other()
    yield one
    one.connection.rollback()
    one.connection.close()


@contextlib.contextmanager
def patience(limit: str) -> Iterator[None]:
    """How long our own side waits for a lock; «0» is for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [limit])
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


@pytest.fixture
def change(school: Organisation, people, client_of: Callable[[User], Client]) -> Callable[[], HttpResponse]:
    """The curator corrects the telephone of the school."""
    address, client = reverse("organisation_edit", args=[school.pk]), client_of(people.curator)
    names = ("full_name", "name", "place", "head_post", "head_name", "head_gender", "accent")
    answers = {**{name: getattr(school, name) for name in names}, "phone": "8 (000) 111-11-11"}
    return lambda: client.post(address, answers)


def is_busy(response: HttpResponse) -> bool:
    words = "Страницу сейчас правит другой человек" in response.content.decode()
    return (response.status_code, words, response["Retry-After"]) == (503, True, "60")


def test_page_asks_nothing_of_the_busy_database(rf: RequestFactory, django_db_blocker) -> None:
    with django_db_blocker.block():
        response = busy(rf.get("/x/", headers={"cookie": "low_vision=on-huge"}))
    assert is_busy(response)
    assert 'class="low-vision lv-huge"' in response.content.decode()


def state(school: Organisation) -> tuple[str, int]:
    return Organisation.objects.get(pk=school.pk).phone, JournalEntry.objects.count()


def test_change_of_a_held_row_asks_to_repeat(other: Other, school: Organisation, change) -> None:
    before = state(school)
    other.hold(school)
    with patience("100ms"):
        assert is_busy(change())
    assert state(school) == before
    other.connection.rollback()
    assert change().status_code == 302
    assert state(school) == ("8 (000) 111-11-11", before[1] + 1)


def test_without_the_answer_a_held_row_is_a_failure(other: Other, school: Organisation, change) -> None:
    other.hold(school)
    with patience("100ms"), override_settings(MIDDLEWARE=WITHOUT), pytest.raises(OperationalError):
        change()


@pytest.mark.urls(__name__)
def test_deadlock_asks_to_repeat(
    other: Other, school: Organisation, other_school: Organisation, client: Client
) -> None:
    """Our side waits first and for ever, so that nothing but the search for deadlocks ends it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other.hold(other_school)

    def cross() -> None:
        other.wait_until_held_up(pid)
        other.hold(school)

    thread = threading.Thread(target=cross)
    thread.start()
    with patience("0"):
        assert is_busy(client.get(f"/two/{school.pk}/{other_school.pk}/"))
    thread.join(PATIENCE_SECONDS)
    assert Organisation.objects.get(pk=school.pk).phone == school.phone


@pytest.mark.urls(__name__)
def test_change_of_what_has_changed_meanwhile_asks_to_repeat(
    other: Other, school: Organisation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_is_quicker() -> None:
        other.run("UPDATE accounts_organisation SET phone = '2' WHERE id = %s", school.pk)
        other.connection.commit()

    monkeypatch.setitem(meanwhile, "happens", other_is_quicker)
    assert is_busy(client.get(f"/picture/{school.pk}/"))
    assert Organisation.objects.get(pk=school.pk).phone == "2"


@pytest.mark.urls(__name__)
def test_any_other_failure_of_the_database_stays_a_failure(transactional_db: None, client: Client) -> None:
    with pytest.raises(OperationalError):
        client.get("/slow/")
