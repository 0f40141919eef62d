"""The Monday letter: who gets it, when, and once."""

from __future__ import annotations

import datetime as dt
import threading
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection, transaction

from accounts import attention
from accounts.attention import Entry, Queue
from accounts.digest import digest_text, write_digest, write_digests
from accounts.models import Letter, User

MONDAY = "2026-11-23 08:00:00+03:00"


@pytest.fixture(autouse=True)
def _one_entry_for_the_director(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The director has one thing to do, nobody else has any."""

    def source(user, organisation, day):
        return [Entry("Приказ ждёт", "/", chip="ждёт утверждения")] if user.username == "director" else []

    monkeypatch.setattr(attention, "SOURCES", [source])


@time_machine.travel(MONDAY)
def test_letter_goes_once_to_whoever_has_something_to_do(people: SimpleNamespace) -> None:
    assert (write_digests(), write_digests()) == (1, 0)
    letter = Letter.objects.get()
    assert (letter.user, letter.subject, letter.body, letter.path) == (
        people.director,
        "На этой неделе: 1 дело",
        "– Приказ ждёт (ждёт утверждения)",
        "/cabinet/",
    )


@pytest.mark.parametrize("moment", ["2026-11-24 08:00:00+03:00", "2026-11-23 06:59:00+03:00"])
def test_no_letters_on_other_days_or_at_night(moment: str) -> None:
    with time_machine.travel(moment):
        assert write_digests() == 0
    assert Letter.objects.count() == 0


def test_next_monday_brings_a_new_letter() -> None:
    for monday in (MONDAY, "2026-11-30 08:00:00+03:00"):
        with time_machine.travel(monday):
            write_digests()
    assert Letter.objects.count() == 2


def test_long_queue_is_counted() -> None:
    entries = [Entry(f"Дело {number}", "/") for number in range(12)]
    assert digest_text(Queue(now=entries)).splitlines()[-2:] == ["– Дело 9", "и ещё 2"]
    assert digest_text(Queue(now=entries[:1])) == "– Дело 0"


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_letter(people: SimpleNamespace) -> None:
    day, written = dt.date(2026, 11, 23), []

    def work() -> None:
        written.append(write_digest(people.director.pk, day))
        connection.close()

    with transaction.atomic():
        User.objects.select_for_update().get(pk=people.director.pk)
        meanwhile = threading.Thread(target=work)
        meanwhile.start()
        meanwhile.join()
    work()
    assert written == [0, 1]
    assert Letter.objects.count() == 1
