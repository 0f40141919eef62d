"""Papers: an approval against the bare engine and against an office, a stored file, a long appendix beside the web.

Imported by `bench.py` once Django is set up. `python -m bench.papers threads` prints many papers from many threads.
"""

from __future__ import annotations

import datetime as dt
import http.client
import itertools
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.db import transaction  # noqa: E402 - the models below need Django set up when this file is run by itself
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from accounts.http import CabinetRequest  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.permissions import requires, today  # noqa: E402
from bench.measure import Case, Ratio, ratios  # noqa: E402
from config import urls  # noqa: E402
from core.documents.blocks import read_blocks  # noqa: E402
from core.documents.docx import to_docx  # noqa: E402
from core.documents.page import PageSetup  # noqa: E402
from core.documents.pdf import to_pdf  # noqa: E402
from core.storage import private_response  # noqa: E402
from orders.documents import order_blocks, order_setup  # noqa: E402
from orders.kinds import kind_of  # noqa: E402
from orders.models import Order, OrderState  # noqa: E402
from orders.services.approval import approve_order  # noqa: E402
from orders.services.facts import common_facts  # noqa: E402
from orders.services.files import make_files, store  # noqa: E402

ROOT = Path(__file__).parents[1]
THREADS, PAPERS = 8, 120
ROWS, REQUESTS, TURNS = 300, 200, 3
PAGE = "/cabinet/orders/"
TARGETS = {
    "order paper": ("time of an approved order's PDF to that of the bare engine", 2.0, False),
    "order paper to office": (
        "time of an order's PDF to that of its DOCX printed by LibreOffice",
        0.15,
        False,
    ),
    "stored file": ("time of a stored order's file to that of a static file behind the same permission", 1.2, False),
    "page beside a long paper": ("p99 of a page while the worker prints 300 rows to that of a quiet one", 3.0, False),
    "threads": ("crashes of 8 threads that print 120 papers each", 0.0, False),
}


# --- One paper --------------------------------------------------------------------------------------------------------
def waiting() -> tuple[Order, User]:
    """An order that waits for its head, and the head."""
    order = Order.objects.waiting().earliest("pk")
    return order, User.objects.with_role(order.organisation_id, "director").get()


def approved_paper() -> Callable[[], None]:
    """Approval with numbering, text, PDF and storing; nothing is kept."""
    order, director = waiting()

    def whole() -> None:
        with transaction.atomic():
            fresh = Order.objects.get(pk=order.pk)
            approve_order(order=fresh, number="900-од", date=today(), actor=director)
            store(fresh, "pdf", order_blocks(fresh))
            transaction.set_rollback(True)

    return whole


def paper_ratio() -> Ratio:
    """The whole way of an approved order's PDF to the engine called with ready blocks."""
    order, _ = waiting()
    blocks, setup = order_blocks(order), order_setup(order)
    engine = Case("bare engine", lambda: to_pdf(blocks, setup), 5)
    return ratios(engine, [Case("order paper", approved_paper(), 5)])[1]


def office_ratio() -> Iterator[Ratio]:
    """One order as our PDF and as a DOCX printed by the office: a template of DOCX would take longer to fill in."""
    if not shutil.which("soffice"):
        print(f"{TARGETS['order paper to office'][0]}: skipped, LibreOffice (soffice) is not on this machine")
        return
    order, _ = waiting()

    def own() -> bytes:
        return to_pdf(order_blocks(order), order_setup(order))

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "order.docx"
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]

        def office() -> None:
            source.write_bytes(to_docx(order_blocks(order), order_setup(order)))
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            source.with_suffix(".pdf").unlink()

        yield ratios(Case("office", office, 1), [Case("order paper to office", own, 5)], TURNS)[1]


# --- A stored file ----------------------------------------------------------------------------------------------------
def download_ratio() -> Ratio:
    """Both through the whole stack and the permission check; the stored one is also found and checked by its sum."""
    order = Order.objects.approved().earliest("pk")
    director = User.objects.with_role(order.organisation_id, "director").get()
    stored = order.files.filter(format="pdf").first() or store(order, "pdf", order_blocks(order))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as plain, stored.file.open() as file:
        plain.write(file.read())
        plain.flush()

        @requires("orders.order.view", Order)
        def bench_static(request: CabinetRequest, order: Order) -> Any:
            opened = Path(plain.name).open("rb")  # noqa: SIM115 - the response closes it
            return private_response(opened, filename="order.pdf", content_type="application/pdf")

        urls.urlpatterns.insert(0, path("bench-static/<int:pk>/", bench_static))
        static = getter(director, f"/bench-static/{order.pk}/")
        kept = getter(director, f"/cabinet/orders/{order.pk}/file/pdf/")
        if static() != kept():
            raise RuntimeError("The static file and the stored one differ")
        return ratios(Case("static file", static, 60), [Case("stored file", kept, 60)])[1]


def getter(user: User, address: str) -> Callable[[], bytes]:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)

    def get() -> bytes:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return b"".join(answer)

    return get


# --- A long appendix in the worker ------------------------------------------------------------------------------------
def long_order(number: int) -> Order:
    """An approved order about a bank of so many people, without files yet."""
    like, director = waiting()
    order = Order(
        organisation=like.organisation,
        series=like.series,
        kind="bank",
        title="Об утверждении банка",
        params={"control": "self", "purpose": "В целях порядка"},
        drafted_by=like.drafted_by,
        number=f"{number}-замер",
        date=today(),
        year=today().year,
        state=OrderState.APPROVED,
        approved_by=director,
        approved_at=timezone.now(),
        signer_name=director.full_name,
    )
    sample: dict[str, Any] = kind_of("bank").sample()
    (mentors, *_) = sample["banks"]
    sample["banks"] = [{**mentors, "rows": [mentors["rows"][place % 2] for place in range(ROWS)]}]
    order.facts = {**common_facts(order), **sample}
    order.save()
    return order


@contextmanager
def serving() -> Iterator[int]:
    """The web server and the worker as in production; the port where the first one answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    commands = [[*web, "--log-level", "error", "config.wsgi"], [sys.executable, "manage.py", "worker"]]
    children = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    try:
        wait_until(lambda: answers(port), 60)
        yield port
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(60)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise RuntimeError("The bench has waited too long")
        time.sleep(0.05)


def p99(port: int, cookie: str, between: Callable[[], object] = bool) -> float:
    """Of so many requests of one person, one after another, over one connection; `between` is not in the time."""
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in range(REQUESTS):
        if number % 10 == 0:
            between()
        start = time.perf_counter()
        connection.request("GET", PAGE, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{PAGE}: {answer.status}")
    connection.close()
    return statistics.quantiles(times, n=100)[98]


def worker_ratio() -> Ratio:
    """Quiet and busy by turns: the same page with an idle worker and with one that prints long orders all the time."""
    _, director = waiting()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(director)
    cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    unfinished = DBTaskResult.objects.exclude(status__in=["SUCCESSFUL", "FAILED"])
    numbers = itertools.count(1)

    def keep_busy() -> None:
        for _ in range(3 - unfinished.count()):
            make_files.enqueue(order_id=long_order(next(numbers)).pk)

    found = []
    with serving() as port:
        wait_until(lambda: not unfinished.exists(), 300)
        p99(port, cookie)
        for _ in range(TURNS):
            quiet = p99(port, cookie)
            keep_busy()
            wait_until(lambda: unfinished.filter(status="RUNNING").exists(), 60)
            found.append(p99(port, cookie, keep_busy) / quiet)
            wait_until(lambda: not unfinished.exists(), 300)
    if DBTaskResult.objects.filter(status="FAILED").exists():
        raise RuntimeError("The worker could not print a long order")
    return Ratio("page beside a long paper", statistics.median(found), min(found), max(found))


# --- Threads ----------------------------------------------------------------------------------------------------------
def threads_ratio() -> Ratio:
    """In a process of its own: the libraries under the engine take the whole process along when they fail."""
    done = subprocess.run([sys.executable, "-m", "bench.papers", "threads"], cwd=ROOT, check=False)
    crashed = float(done.returncode != 0)
    return Ratio("threads", crashed, crashed, crashed)


def print_from_threads(threads: int = THREADS, papers: int = PAPERS) -> None:
    """Each thread prints papers of its own; every one must be what one thread alone makes of it."""
    setup = PageSetup(title="Замер")

    def paper(number: int) -> bytes:
        text = f"<h1>ЛИСТ {number}</h1><p>{'слово ' * 60}</p><table><tr><td>{number}</td></tr></table>"
        return to_pdf(read_blocks(text), setup)

    alone = [paper(number) for number in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        work = [pool.submit(lambda own=number: [paper(own) for _ in range(papers)]) for number in range(threads)]
        for number, one in enumerate(work):
            if set(one.result()) != {alone[number]}:
                raise RuntimeError(f"Thread {number} has printed something else")


def found() -> list[Ratio]:
    """All ratios of this file."""
    return [paper_ratio(), *office_ratio(), download_ratio(), threads_ratio(), worker_ratio()]


if __name__ == "__main__":
    if sys.argv[1:] == ["threads"]:
        start = dt.datetime.now(tz=dt.UTC)
        print_from_threads()
        print(f"{THREADS * PAPERS} papers from {THREADS} threads: {dt.datetime.now(tz=dt.UTC) - start}")
