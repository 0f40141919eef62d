"""kill -9 of the embedded PostgreSQL while people write: whatever was acknowledged is there afterwards."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.embedded_postgres import Cluster
from config.postgres_binaries import PostgresUnavailableError

WRITERS = 8
ENOUGH_ROWS = 400


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running cluster of its own with a table to write to."""
    cluster = Cluster(folder)
    cluster.acquire()
    query(cluster, "DROP TABLE IF EXISTS written")
    query(cluster, "CREATE TABLE written (writer int, number int, PRIMARY KEY (writer, number))")
    yield cluster
    cluster.stop()


def query(cluster: Cluster, statement: str) -> list[tuple]:
    with contextlib.closing(cluster.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def server_number(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def write_lock_file(cluster: Cluster, number: int) -> None:
    """What a server with that process number would have left behind."""
    lines = [str(number), str(cluster.data), "1", "5432", str(cluster.socket), "", "", "ready"]
    (cluster.data / "postmaster.pid").write_text("\n".join(lines) + "\n")


class Writer(threading.Thread):
    """Writes rows one transaction each and remembers those whose commit the server confirmed."""

    def __init__(self, cluster: Cluster, number: int, first_row: int) -> None:
        super().__init__()
        self.connection = cluster.connect()
        self.number, self.row = number, first_row
        self.acknowledged: set[tuple[int, int]] = set()

    def run(self) -> None:
        with contextlib.suppress(psycopg2.Error), self.connection.cursor() as cursor:
            while True:
                self.row += 1
                cursor.execute("INSERT INTO written VALUES (%s, %s)", [self.number, self.row])
                self.acknowledged.add((self.number, self.row))


def write_until_killed(cluster: Cluster, first_row: int = 0) -> set[tuple[int, int]]:
    """Eight writers at once; the server is killed in the middle. Returns what it had acknowledged."""
    writers = [Writer(cluster, number, first_row) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    while sum(len(writer.acknowledged) for writer in writers) < ENOUGH_ROWS:
        assert any(writer.is_alive() for writer in writers)
        time.sleep(0.005)
    os.kill(server_number(cluster), signal.SIGKILL)
    for writer in writers:
        writer.join()
    return set().union(*(writer.acknowledged for writer in writers))


def stored(cluster: Cluster) -> set[tuple[int, int]]:
    return set(query(cluster, "SELECT writer, number FROM written"))


def test_killed_server_keeps_every_acknowledged_row(cluster):
    acknowledged: set[tuple[int, int]] = set()
    for attempt in range(3):
        acknowledged |= write_until_killed(cluster, first_row=1_000_000 * attempt)
        cluster.acquire()
    assert len(acknowledged) >= 3 * ENOUGH_ROWS
    assert acknowledged - stored(cluster) == set()


def test_without_synchronous_commit_the_same_kill_loses_rows(cluster):
    """What the test above would show if the runner traded safety for speed."""
    for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'"):
        query(cluster, f"ALTER SYSTEM SET {setting}")
    query(cluster, "SELECT pg_reload_conf()")
    query(cluster, "CHECKPOINT")
    acknowledged = write_until_killed(cluster)
    cluster.acquire()
    assert acknowledged - stored(cluster) != set()
    query(cluster, "ALTER SYSTEM RESET ALL")


def test_killed_server_recovers_for_a_second_process_too(cluster):
    write_until_killed(cluster)
    other = Cluster(cluster.folder)
    other.acquire()
    assert query(other, "SELECT 1") == [(1,)]
    other.release()


@pytest.fixture
def stuck_helper(cluster) -> Iterator[int]:
    """A helper of the server that cannot notice that the server has been killed: it is frozen."""
    connection = cluster.connect()
    helper = connection.get_backend_pid()
    os.kill(helper, signal.SIGSTOP)
    server = server_number(cluster)
    os.kill(server, signal.SIGKILL)
    while server in cluster.processes():
        time.sleep(0.01)
    yield helper
    with contextlib.suppress(ProcessLookupError):
        os.kill(helper, signal.SIGKILL)


def test_helpers_of_a_killed_server_are_waited_for(cluster, stuck_helper):
    """Starting over the same files while an old helper may still write to them would ruin them."""
    looks, asked = 0, cluster.processes

    def counted() -> list[int]:
        nonlocal looks
        looks += 1
        if looks == 20:
            os.kill(stuck_helper, signal.SIGCONT)
        return asked()

    cluster.processes = counted
    cluster.acquire()
    assert looks > 20
    assert query(cluster, "SELECT 1") == [(1,)]


def test_without_waiting_for_helpers_the_server_cannot_start(cluster, stuck_helper, monkeypatch):
    asked = cluster.processes
    monkeypatch.setattr(cluster, "processes", lambda: [number for number in asked() if number != stuck_helper])
    with pytest.raises(PostgresUnavailableError, match="is still in use"):
        cluster.acquire()
    monkeypatch.undo()


def test_lock_file_of_a_dead_process_is_stale(cluster):
    """The number in the lock file may belong to anybody by now, here to a living process of the same account."""
    cluster.stop()
    account = cluster.account
    stranger = subprocess.Popen(["/bin/sleep", "60"], **(account.popen_arguments() if account else {}))
    try:
        write_lock_file(cluster, stranger.pid)
        cluster.acquire()
        assert query(cluster, "SELECT 1") == [(1,)]
    finally:
        stranger.kill()
        stranger.wait()


def test_lock_file_of_a_zombie_is_stale(cluster):
    """In a container whose first process collects nobody, a killed server stays in the list of processes for ever."""
    zombie = subprocess.Popen(["/bin/true"])
    while Path(f"/proc/{zombie.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)
    cluster.stop()
    write_lock_file(cluster, zombie.pid)
    cluster.acquire()
    assert query(cluster, "SELECT 1") == [(1,)]
    zombie.wait()
