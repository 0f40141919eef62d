"""The worker does the jobs and the letters, survives their failures and stops between jobs."""

import signal

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django_tasks import TaskResultStatus, task
from django_tasks_db.management.commands import db_worker

from accounts.models import Letter
from accounts.services.letters import write_letters
from config.management.commands import worker
from config.management.commands.worker import Loop

DONE: list[str] = []
LOOPS: list[Loop] = []


@task()
def note(word: str) -> None:
    """A job that leaves a trace."""
    DONE.append(word)


@task()
def fail() -> None:
    """A job that cannot be done."""
    raise ValueError("no")


@task()
def ask_to_stop() -> None:
    """A job during which the worker is asked to stop."""
    LOOPS[0].request_stop(signal.SIGTERM, None)
    DONE.append("finished")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """No pauses, the connection of the test kept, and traces of this test alone."""
    DONE.clear()
    LOOPS.clear()
    for module in (worker, db_worker):
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(worker, "PAUSE_WITHOUT_DATABASE_SECONDS", 0)


def test_worker_runs_every_job_and_sends_the_letters(people):
    note.enqueue("first")
    note.enqueue("second")
    write_letters([people.curator], subject="Тема", body="Текст")
    call_command("worker", once=True)

    assert DONE == ["first", "second"]
    assert [message.to for message in mail.outbox] == [[people.curator.email]]
    assert Letter.objects.get().delivery == Letter.Delivery.SENT


def test_failed_job_does_not_stop_the_next(db):
    failed = fail.enqueue()
    note.enqueue("next")
    call_command("worker", once=True)
    failed.refresh()

    assert failed.status == TaskResultStatus.FAILED
    assert DONE == ["next"]


def test_failed_periodic_service_does_not_stop_the_next(monkeypatch, caplog):
    def broken() -> None:
        raise ValueError("no mail server")

    monkeypatch.setattr(worker, "PERIODIC", [broken, lambda: DONE.append("letters")])
    Loop().run_periodic()

    assert DONE == ["letters"]
    assert [record.getMessage() for record in caplog.records] == ["A periodic service failed: broken"]


def test_request_to_stop_lets_the_current_job_finish_and_begins_no_other(db):
    loop = Loop()
    LOOPS.append(loop)
    job = ask_to_stop.enqueue()
    waiting = note.enqueue("another")
    loop.run()
    job.refresh()
    waiting.refresh()

    assert (job.status, waiting.status) == (TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY)
    assert DONE == ["finished"]


def test_worker_outlives_a_lost_database(monkeypatch):
    loop, answers = Loop(), [OperationalError("gone"), OperationalError("gone"), None]

    def run_jobs() -> bool:
        if answer := answers.pop(0):
            raise answer
        loop.request_stop(signal.SIGTERM, None)
        return False

    monkeypatch.setattr(worker, "PERIODIC", [])
    monkeypatch.setattr(loop, "run_jobs", run_jobs)
    loop.run()
    assert answers == []


def test_long_queue_does_not_hold_the_letters_up(db, monkeypatch):
    loop = Loop()
    for number in range(worker.JOBS_IN_A_ROW + 3):
        note.enqueue(str(number))

    def letters() -> None:
        DONE.append("letters")
        loop.request_stop(signal.SIGTERM, None)

    monkeypatch.setattr(worker, "PERIODIC", [letters])
    loop.run()
    assert DONE.index("letters") == worker.JOBS_IN_A_ROW
