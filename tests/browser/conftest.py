"""A portal as its users meet it: its own database with the demo, a real server and worker, a real Chromium."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from config import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "nastavnik-demo"
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Portal:
    """Where the portal of this test process answers, and how to run its commands."""

    address: str
    database: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a command of the portal and return what it said."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def server_parameters() -> dict[str, Any]:
    database = settings.DATABASES["default"]
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {key: database[name] for key, name in names.items() if database.get(name)}


def execute(statement: str) -> None:
    """One statement on the maintenance database, outside a transaction."""
    connection = psycopg2.connect(dbname="postgres", **server_parameters())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def environment_of(database: str, folder: Path) -> dict[str, str]:
    parameters = server_parameters()
    user = quote(parameters.pop("user", "")) + (
        f":{quote(parameters.pop('password'))}" if "password" in parameters else ""
    )
    url = f"postgresql://{user}@/{database}?{urlencode(parameters)}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "FILES_ROOT": str(folder),
        "DEMO_PASSWORD": PASSWORD,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORTAL_ENV": "development",
    }


def prepared_template(folder: Path, run: str) -> tuple[str, Path]:
    """The database of the demo, made once for all processes of this run and then only copied."""
    name, files = f"browser_template_{run}", folder / "template-files"
    files.mkdir(exist_ok=True)
    with (folder / "browser.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        ready = folder / f"{name}.ready"
        if not ready.exists():
            execute(f"DROP DATABASE IF EXISTS {name}")
            execute(f"CREATE DATABASE {name}")
            portal = Portal("", name, environment_of(name, files))
            portal.manage("migrate", "-v", "0")
            portal.manage("demo")
            ready.touch()
    return name, files


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "The server of the tests has died."
        try:
            http.client.HTTPConnection(address.removeprefix("http://"), timeout=5).request("GET", "/accounts/login/")
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server of the tests does not answer.")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextlib.contextmanager
def serving(environment: dict[str, str], log: Path, *options: str) -> Iterator[str]:
    """A server in front of the database of the environment; its address."""
    port = free_port()
    plain = ["-k", "gthread", "--threads", "4", "-b", f"127.0.0.1:{port}", "--log-level", "warning", *options]
    with log.open("a") as file:
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", *plain]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)


@contextlib.contextmanager
def copied(name: str, shared: Path, files: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A database of its own, copied from the demo: its name and the environment that leads to it."""
    embedded_postgres.ensure_running()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    template, template_files = prepared_template(shared, run)
    database = f"browser_{run}_{name}"
    execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    subprocess.run(["cp", "-a", f"{template_files}/.", str(files)], check=True)
    try:
        yield database, environment_of(database, files)
    finally:
        execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@contextlib.contextmanager
def served(name: str, shared: Path, files: Path) -> Iterator[Portal]:
    """A portal with a database of its own, copied from the demo, and a server in front of it."""
    log = shared / f"server-{name}.log"
    with copied(name, shared, files) as (database, environment), serving(environment, log) as address:
        yield Portal(address, database, environment)


@pytest.fixture(scope="session")
def portal(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demo that nobody changes: for walking and looking."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with served(worker, shared, tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture
def own_portal(shared: Path, tmp_path: Path) -> Iterator[Portal]:
    """A demo of the test's own, to live a story in."""
    with served(uuid.uuid4().hex[:8], shared, tmp_path) as running:
        yield running


@pytest.fixture
def portal_on(shared: Path, tmp_path: Path) -> Iterator[Callable[[dt.date], contextlib.AbstractContextManager[Portal]]]:
    """A demo of the test's own whose days are moved: `with portal_on(day) as portal` serves it as on that day."""
    name = uuid.uuid4().hex[:8]
    with copied(name, shared, tmp_path) as (database, environment):

        @contextlib.contextmanager
        def on(day: dt.date) -> Iterator[Portal]:
            moved = {**environment, "PORTAL_TEST_DAY": day.isoformat()}
            with serving(moved, shared / f"server-{name}.log", "-c", "tests/browser/moved_clock.py") as address:
                yield Portal(address, database, moved)

        yield on


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    assert found, "Нет Chromium: поставьте пакет chromium."
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def enter(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of its own for each person: `enter(portal, "curator")`; an empty login is a passer-by."""
    opened: list[BrowserContext] = []

    def sign_in(portal: Portal, login: str, **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=portal.address, locale="ru-RU", **options)
        opened.append(context)
        if login:
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("input[name=username]", login)
            page.fill("input[name=password]", PASSWORD)
            page.locator("main button[type=submit]").first.click()
            page.wait_for_url("**/cabinet/**")
            page.close()
        return context

    yield sign_in
    for context in opened:
        context.close()


@pytest.fixture
def signed_in(portal: Portal, enter: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """The same in the demo that nobody changes."""
    return lambda login, **options: enter(portal, login, **options)
