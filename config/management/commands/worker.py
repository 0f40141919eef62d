"""`manage.py worker`: runs the background jobs one by one and, between them, what has to happen every half a minute."""

import logging
import signal
import socket
import time
from argparse import ArgumentParser
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from accounts import digest
from accounts.services import letters
from mentorship.services import ages, imports, pair_endings
from orders.services import files

log = logging.getLogger(__name__)
# Services without arguments, each safe to call at any time and by several workers at once.
PERIODIC: list[Callable[[], object]] = [
    digest.write_digests,
    letters.send_due,
    ages.forget_birth_dates,
    pair_endings.close_run_out,
    imports.give_up_abandoned,
    imports.wipe_old,
    files.retry_files,
]
PERIOD_SECONDS = 30.0
PAUSE_SECONDS = 1.0
PAUSE_WITHOUT_DATABASE_SECONDS = 5.0
# So many jobs in a row at most: a long queue must not hold the letters up.
JOBS_IN_A_ROW = 20


class Command(BaseCommand):
    """The one background process of the portal. SIGTERM lets the current job finish."""

    help = "Выполняет фоновые задания и рассылает письма."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One pass instead of a process, for tests and for a scheduler of the school's own."""
        parser.add_argument("--once", action="store_true", help="выполнить всё накопившееся и выйти")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Work until asked to stop, or once."""
        loop = Loop()
        if once:
            loop.run_periodic()
            loop.run_jobs()
            return
        signal.signal(signal.SIGTERM, loop.request_stop)
        signal.signal(signal.SIGINT, loop.request_stop)
        loop.run()


class Loop:
    """Jobs of the queue, then whatever is due, then a pause; a failure of any of them does not end the loop."""

    def __init__(self) -> None:
        self.stopping = False
        self.worker_id = f"{socket.gethostname()[:30]}-{get_random_string(8)}"
        self.worker: Worker | None = None
        self.next_periodic = 0.0

    def request_stop(self, _signum: int, _frame: FrameType | None) -> None:
        """The handler of SIGTERM and Ctrl-C: no new job is begun."""
        self.stopping = True
        if self.worker is not None:
            self.worker.running = False

    def run(self) -> None:
        """Work until asked to stop."""
        while not self.stopping:
            pause = PAUSE_SECONDS
            try:
                busy = self.run_jobs()
                if busy:
                    pause = 0.0
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database is not available: %s", type(error).__name__)
                pause = PAUSE_WITHOUT_DATABASE_SECONDS
            if time.monotonic() >= self.next_periodic:
                self.run_periodic()
                self.next_periodic = time.monotonic() + PERIOD_SECONDS
            close_old_connections()
            self.rest(pause)

    def rest(self, seconds: float) -> None:
        """Sleep, but not through a request to stop."""
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)

    def run_jobs(self) -> bool:
        """Run jobs that are ready; tells whether more may be waiting."""
        self.worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=JOBS_IN_A_ROW,
            worker_id=self.worker_id,
        )
        self.worker.run()
        return self.worker._run_tasks >= JOBS_IN_A_ROW

    def run_periodic(self) -> None:
        """Call every periodic service; one that fails is logged and called again next time."""
        for service in PERIODIC:
            if self.stopping:
                return
            try:
                service()
            except Exception:
                log.exception("A periodic service failed: %s", service.__name__)
