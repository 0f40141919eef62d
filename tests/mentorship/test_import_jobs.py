"""Long tables go through the worker: progress, a crash, two at once, a dead worker, the month after."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import BatchState, ImportBatch, Participant, Post
from mentorship.services import imports
from mentorship.services.imported import ImportedPeople
from mentorship.services.imports import ABANDONED, CRASHED, ONE_AT_A_TIME, give_up_abandoned, wipe_old
from mentorship.sheets import batches
from mentorship.sheets import participants as resource
from mentorship.sheets.progress import Progress
from tests.mentorship.tables import teachers
from tests.mentorship.test_import_story import upload


@pytest.fixture
def long(monkeypatch) -> None:
    """Ten rows are many: a batch has three of them."""
    monkeypatch.setattr(batches, "SHORT", 5)
    monkeypatch.setattr(resource, "BATCH", 3)
    monkeypatch.setattr(resource.ParticipantResource._meta, "batch_size", 3)


def work(batch: ImportBatch) -> ImportBatch:
    """What the worker does with the job of the batch."""
    batches.run_batch.call(batch_id=batch.pk, actor_id=batch.created_by_id)
    batch.refresh_from_db()
    return batch


def checked(client, rows) -> ImportBatch:
    return work(upload(client, rows))


def test_long_table_waits_for_the_worker(people, client_of, long) -> None:
    client = client_of(people.curator)
    batch = upload(client, teachers(10))
    assert (batch.state, batch.started_at, DBTaskResult.objects.count()) == (BatchState.CHECKING, None, 1)
    page = client.get(reverse("import_preview", args=[batch.pk]))
    assert "Ждёт своей очереди" in page.content.decode()
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert (work(batch).state, batch.added) == (BatchState.CHECKED, 10)
    asked_by_script = client.get(reverse("import_preview", args=[batch.pk]), headers={"HX-Request": "true"})
    assert asked_by_script["HX-Refresh"] == "true"
    client.post(reverse("import_apply", args=[batch.pk]))
    assert (work(batch).state, Participant.objects.count()) == (BatchState.DONE, 10)


def test_job_that_comes_twice_does_nothing(people, client_of, long) -> None:
    batch = checked(client_of(people.curator), teachers(10))
    before = JournalEntry.objects.count()
    assert (work(batch).state, JournalEntry.objects.count()) == (BatchState.CHECKED, before)
    batches.run_batch.call(batch_id=999_999, actor_id=people.curator.pk)


def test_cancelled_while_waiting_is_left_alone(people, client_of, long) -> None:
    client = client_of(people.curator)
    batch = upload(client, teachers(10))
    client.post(reverse("import_cancel", args=[batch.pk]))
    assert (work(batch).state, batch.failure) == (BatchState.CANCELLED, "")


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_rows_are_not(people, client_of, long, monkeypatch) -> None:
    batch = checked(client_of(people.curator), teachers(10))
    imports.send(batch=batch, step="apply", actor=people.curator)
    seen: list[tuple[int, int]] = []
    tell = Progress.__call__

    def told(self: Progress, done: int) -> None:
        tell(self, done)
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    def look() -> None:
        seen.append((ImportBatch.objects.get().processed, Participant.objects.count()))
        connection.close()

    monkeypatch.setattr(Progress, "__call__", told)
    assert work(batch).state == BatchState.DONE
    assert seen == [(3, 0), (6, 0), (9, 0)]
    assert (batch.processed, Participant.objects.count()) == (10, 10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_crash_in_the_middle_leaves_nothing(people, client_of, long, monkeypatch, after) -> None:
    batch = checked(client_of(people.curator), teachers(10))
    imports.send(batch=batch, step="apply", actor=people.curator)
    entries = JournalEntry.objects.count()
    add, calls = ImportedPeople.add, []

    def crash(self: ImportedPeople, drafts: Any) -> None:
        calls.append(1)
        if len(calls) > after:
            raise KeyError("Абрикосова")
        add(self, drafts)

    monkeypatch.setattr(ImportedPeople, "add", crash)
    monkeypatch.setattr(resource.ParticipantResource, "flush", lambda self, drafts, write, result: write(list(drafts)))
    assert (work(batch).state, batch.failure) == (BatchState.FAILED, CRASHED)
    assert (Participant.objects.count(), Post.objects.count(), JournalEntry.objects.count()) == (0, 0, entries + 1)


def test_crash_of_a_short_table_is_told_on_its_page(people, client_of, monkeypatch) -> None:
    monkeypatch.setattr(batches, "dataset_of", lambda *args: 1 / 0)
    client = client_of(people.curator)
    batch = upload(client, teachers(3))
    assert (batch.state, batch.failure) == (BatchState.FAILED, CRASHED)
    html = client.get(reverse("import_detail", args=[batch.pk])).content.decode()
    assert "Произошёл сбой, ничего не записано." in html


def test_refusal_of_the_database_is_told_in_words(people, client_of, monkeypatch) -> None:
    def refuse(self: ImportedPeople, drafts: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(ImportedPeople, "add", refuse)
    batch = upload(client_of(people.curator), teachers(3))
    assert batch.errors == [
        {"row": None, "column": "", "text": "Одно из значений слишком длинное или слишком большое."}
    ]


def test_file_that_has_gone_is_told(people, client_of) -> None:
    client = client_of(people.curator)
    batch = upload(client, teachers(3))
    batch.file.storage.delete(batch.file.name)
    client.post(reverse("import_apply", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (BatchState.FAILED, batches.GONE)


# --- Two at once ------------------------------------------------------------------------------------------------------
def test_two_tables_of_a_school_are_not_written_at_once(people, client_of, long) -> None:
    client = client_of(people.curator)
    first, second = checked(client, teachers(10)), checked(client, teachers(8))
    imports.send(batch=first, step="apply", actor=people.curator)
    with pytest.raises(Refused, match=ONE_AT_A_TIME), transaction.atomic():
        imports.send(batch=second, step="apply", actor=people.curator)
    page = client.post(reverse("import_apply", args=[second.pk]), follow=True)
    assert ONE_AT_A_TIME in page.content.decode()
    assert work(first).state == BatchState.DONE


def test_tables_of_two_schools_are(people, client_of, long) -> None:
    for user in (people.curator, people.stranger):
        batch = checked(client_of(user), teachers(10))
        imports.send(batch=batch, step="apply", actor=user)
    assert ImportBatch.objects.filter(state=BatchState.APPLYING).count() == 2


def test_without_the_constraint_both_would_be_written(people, client_of, long) -> None:
    client = client_of(people.curator)
    first, second = checked(client, teachers(10)), checked(client, teachers(8))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX import_one_at_a_time")
    for batch in (first, second):
        imports.send(batch=batch, step="apply", actor=people.curator)


def test_what_changed_since_the_check_sends_the_table_back(people, client_of) -> None:
    """Two tables with the same people, checked one after the other: the second adds nobody."""
    client = client_of(people.curator)
    first, second = upload(client, teachers(4)), upload(client, [*teachers(4), *teachers(6)[4:]])
    for batch in (first, second):
        client.post(reverse("import_apply", args=[batch.pk]))
    second.refresh_from_db()
    assert (second.state, second.added, second.unchanged) == (BatchState.DONE, 2, 4)
    assert Participant.objects.count() == 6


# --- A dead worker ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_table_of_a_dead_worker_is_given_up(people, client_of, long) -> None:
    batch = upload(client_of(people.curator), teachers(10))
    imports.start(batch)
    assert give_up_abandoned() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=3)):
        with Progress(batch):
            assert give_up_abandoned() == 0
        assert give_up_abandoned() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (BatchState.FAILED, ABANDONED)


# --- A month later ----------------------------------------------------------------------------------------------------
def test_personal_data_go_after_a_month(people, client_of, django_capture_on_commit_callbacks) -> None:
    client = client_of(people.curator)
    batch = upload(client, teachers(3))
    client.post(reverse("import_apply", args=[batch.pk]))
    left = upload(client, [["Теслина", ""]], ("Фамилия", "Имя"))
    names = [batch.file.name, left.file.name]
    with time_machine.travel(timezone.now() + dt.timedelta(days=30, minutes=-5)):
        assert wipe_old() == 0
    with (
        time_machine.travel(timezone.now() + dt.timedelta(days=30, minutes=5)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert (wipe_old(), wipe_old()) == (2, 0)
    batch.refresh_from_db()
    assert (batch.headers, batch.mapping, batch.errors, batch.doubles, str(batch.file)) == ([], {}, [], [], "")
    assert (batch.added, batch.total, batch.file_name) == (3, 3, str(batch))
    assert [batch.file.storage.exists(name) for name in names] == [False, False]
    assert JournalEntry.objects.about(batch).first().actor is None
    left.refresh_from_db()
    assert left.state == BatchState.CANCELLED
    html = client_of(people.curator).get(reverse("import_detail", args=[batch.pk])).content.decode()
    assert "Остались только числа." in html


# --- The cost ---------------------------------------------------------------------------------------------------------
def test_batch_costs_the_same_number_of_queries_whatever_its_size(people, client_of, monkeypatch) -> None:
    """Forty rows in two batches, then in four: the difference is two batches' worth."""
    batch = upload(client_of(people.curator), teachers())
    counts = {}
    for size in (10, 20, 40):
        monkeypatch.setattr(resource, "BATCH", size)
        monkeypatch.setattr(resource.ParticipantResource._meta, "batch_size", size)
        dataset = batches.dataset_of(batches.stored_table(batch), batch.mapping)
        sheet = resource.ParticipantResource(organisation=batch.organisation, actor=people.curator)
        with CaptureQueriesContext(connection) as captured:
            sheet.import_data(dataset, dry_run=True)
        counts[size] = sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)
    assert counts == {10: 2 + 4 * 4, 20: 2 + 2 * 4, 40: 2 + 4}
