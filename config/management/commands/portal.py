"""`manage.py portal`: the whole portal in one terminal: web server, worker, and on a first start the demo."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts.models import Organisation, User
from config import embedded_postgres

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 30
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
LOGINS = {
    "admin": "администратор",
    "curator": "куратор",
    "director": "директор",
    "mentor": "наставник",
    "mentee": "наставляемый",
    "teacher": "учитель",
    "municipality": "муниципальный координатор",
    "curator2": "куратор второй школы",
    "director2": "директор второй школы",
}


class StopRequested(Exception):  # noqa: N818 - not an error: somebody asked to stop
    """Ctrl-C or SIGTERM."""


class Command(BaseCommand):
    """Starts two children and watches them; when one dies or somebody asks, stops everything."""

    help = "Запускает портал целиком: сервер, рабочий процесс, при первом запуске – демонстрационные данные."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port may differ from that of the environment."""
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Serve until asked to stop."""
        check_port(port)
        children: dict[str, subprocess.Popen[bytes]] = {}
        signal.signal(signal.SIGTERM, request_stop)
        signal.signal(signal.SIGINT, request_stop)
        try:
            self.prepare()
            children["сервер"] = start(gunicorn(port))
            children["рабочий процесс"] = start([sys.executable, "manage.py", "worker"])
            self.wait_until_serving(port, children)
            self.greet(port)
            watch(children)
        except StopRequested:
            self.stdout.write("\nПортал останавливается…")
        finally:
            # From here on a second Ctrl-C must not leave half of the portal running.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            stop(children)
        self.stdout.write("Портал остановлен, данные сохранены.")

    def prepare(self) -> None:
        """Bring the database up to date and fill an empty one with the demo."""
        self.stdout.write("Готовится база данных…")
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.PRODUCTION and not Organisation.objects.exists():
            self.stdout.write("Создаётся учебная школа…")
            call_command("demo")

    def wait_until_serving(self, port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
        """Return when a page has really been answered."""
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            fail_if_dead(children)
            if time.monotonic() > deadline:
                raise CommandError(f"Сервер не ответил за {START_SECONDS} секунд.")
            time.sleep(0.1)

    def greet(self, port: int) -> None:
        """Say where the portal is and who may sign in."""
        lines = [
            "",
            f"Портал работает: http://{HOST}:{port}/",
            f"Вход:            http://{HOST}:{port}/accounts/login/",
        ]
        present = User.objects.filter(username__in=LOGINS).values_list("username", flat=True)
        if present:
            lines += ["", f"Демонстрационные логины, пароль у всех «{settings.DEMO_PASSWORD}»:"]
            lines += [f"  {login:<13} {LOGINS[login]}" for login in LOGINS if login in present]
        if embedded_postgres.is_wanted():
            lines += ["", f"База данных: {embedded_postgres.Cluster(embedded_postgres.default_folder()).home}"]
        connections.close_all()
        self.stdout.write("\n".join([*lines, "", "Остановить: Ctrl-C", ""]))
        self.stdout.flush()


def check_port(port: int) -> None:
    """Refuse at once when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Порт {port} занят или недоступен: остановите другую программу или выберите порт, make run PORT=8001."
            ) from error


def gunicorn(port: int) -> list[str]:
    """The command of the web server: the same one as in production, with threads enough for one machine."""
    options = ["--bind", f"{HOST}:{port}", "--config", "deploy/gunicorn.conf.py", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", *options, "config.wsgi"]


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C reaches only this process, which then stops the others in order."""
    environment = {"PORTAL_ENV": settings.PORTAL_ENV, "DEBUG": "0", **os.environ}
    return subprocess.Popen(  # noqa: S603 - our own fixed commands
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def die_with_parent() -> None:
    """Ask Linux to stop this child when the portal is killed without a chance to do it."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def answers(port: int) -> bool:
    """Whether the server answers a request at all; which page it is does not matter."""
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}/accounts/login/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Return never: a child that dies ends everything, because a silent restart hides the reason."""
    while True:
        fail_if_dead(children)
        time.sleep(0.3)


def fail_if_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Name the child that has gone."""
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(f"Портал остановлен: {name} завершился с кодом {child.returncode}.")


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Let every child finish what it is doing; whoever cannot is killed."""
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def request_stop(_signum: int, _frame: FrameType | None) -> None:
    """The handler of Ctrl-C and SIGTERM."""
    raise StopRequested
