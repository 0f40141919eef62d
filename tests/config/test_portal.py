"""The whole portal as `make run` starts it: it answers, stops on request, and never runs by halves."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded_postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
LAST_LINE = "Остановить: Ctrl-C"


@pytest.fixture
def place() -> Iterator[Path]:
    """Where a trial copy of its own keeps everything."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="portal-") as name:  # noqa: S108 - a short path for the socket
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(place: Path, port: int) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "VAR_ROOT": str(place), "PORT": str(port)}
    command = [sys.executable, "manage.py", "portal"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def greeting(portal: subprocess.Popen[str]) -> list[str]:
    lines = []
    for line in portal.stdout:
        lines.append(line.rstrip("\n"))
        if lines[-1] == LAST_LINE:
            break
    return lines


def children(portal: subprocess.Popen[str]) -> dict[str, int]:
    """Process numbers of the server and of the worker."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            command = (place / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if parent == portal.pid:
            found |= {name: int(place.name) for name in ("gunicorn", "worker") if name in command}
    return found


def is_gone(number: int) -> bool:
    """Ended, or killed and not collected yet."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_portal_starts_with_the_demo_stops_on_request_and_names_a_child_that_died(place, port):
    first = start(place, port)
    lines = greeting(first)
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10).read().decode()  # noqa: S310
    first.send_signal(signal.SIGTERM)
    end = first.communicate(timeout=60)[0].splitlines()

    assert f"Портал работает: http://127.0.0.1:{port}/" in lines
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [
        "admin", "curator", "director", "mentor", "mentee", "teacher", "municipality", "curator2", "director2",
    ]  # fmt: skip
    assert "<h1" in page
    assert (first.returncode, end[-1]) == (0, "Портал остановлен, данные сохранены.")
    assert Cluster(place / "postgres").processes() == []

    second = start(place, port)
    lines = greeting(second)
    numbers = children(second)
    os.kill(numbers["worker"], signal.SIGKILL)
    end = second.communicate(timeout=60)[0].splitlines()

    assert "Создаётся учебная школа…" not in lines
    assert end == ["CommandError: Портал остановлен: рабочий процесс завершился с кодом -9."]
    assert second.returncode == 1
    assert is_gone(numbers["gunicorn"])
    assert Cluster(place / "postgres").processes() == []

    third = start(place, port)
    greeting(third)
    numbers = children(third)
    third.kill()
    deadline = time.monotonic() + 60
    while not all(map(is_gone, numbers.values())) and time.monotonic() < deadline:
        time.sleep(0.1)
    third.communicate()

    assert [name for name, number in numbers.items() if not is_gone(number)] == []
    Cluster(place / "postgres").stop()


def test_taken_port_is_named(place, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        answer = start(place, port).communicate(timeout=60)[0]
    assert answer == (
        f"CommandError: Порт {port} занят или недоступен: остановите другую программу или выберите порт, "
        "make run PORT=8001.\n"
    )
