"""A PostgreSQL of our own for a machine without a configured one: starts, adopts, recovers, stops after its last user.

Nothing is started by an import. Every process that uses the server holds a shared lock for as long as it lives; who
leaves last stops the server if it was started here. Layout of the folder (`var/postgres`):

    data/        the cluster, mode 0700, owned by the account of the server
    socket/      the unix socket, mode 0700; there is no other way in, no port is opened
    about.json   major version and programs that the data belong to
    started      process number of the server started here
    door, users  locks: the first around starting and stopping, the second held shared by every user
    server.log   what the server said since its last start
"""

import atexit
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import sql

from config import environment
from config.postgres_binaries import Binaries, PostgresUnavailableError, find
from config.postgres_place import Place, digest, write

NAME = "portal"
PORT = "5432"
PATIENCE_SECONDS = 120.0
LAUNCH_ATTEMPTS = 3
# fsync and synchronous_commit keep their defaults: what was acknowledged is stored.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class Cluster(Place):
    """One folder with one cluster. Creating the object touches nothing; `acquire` and `release` do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._users: IO[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._owner_process = 0

    # --- Using ----------------------------------------------------------------------------------------------------
    def acquire(self) -> None:
        """Start the server or adopt a running one; it stays up until `release`. Raises PostgresUnavailableError."""
        try:
            self.make_folders()
            with self._door():
                # An uninherited descriptor: programs started from here do not keep the server alive.
                self._users = (self.home / "users").open("a")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._owner_process = os.getpid()
                try:
                    self._start()
                except BaseException:
                    self._leave()
                    raise
        except PermissionError as error:
            raise PostgresUnavailableError(
                f"Нет доступа к «{error.filename}»: папку с данными создал другой пользователь. "
                "Запускайте портал от его имени или передайте папку var себе (chown -R)."
            ) from error

    def release(self) -> None:
        """Leave the server as it was found: the last user stops what was started here."""
        if self._users is None or self._owner_process != os.getpid():
            return
        with self._door():
            self._leave()

    def _leave(self) -> None:
        if self._users is not None:
            self._users.close()
            self._users = None
        if self._unused() and self._started_here():
            self.stop()

    def settings(self) -> dict[str, Any]:
        """Django's description of the database, with no password: only the owner can enter the folder of the socket."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            "USER": NAME,
            "PASSWORD": "",
            "HOST": str(self.socket),
            "PORT": PORT,
        }

    def connect(self, database: str = NAME) -> Any:  # psycopg2 has no types of its own
        """A plain connection, autocommitting."""
        connection = psycopg2.connect(host=str(self.socket), port=PORT, user=NAME, dbname=database, connect_timeout=5)
        connection.autocommit = True
        return connection

    # --- Starting -------------------------------------------------------------------------------------------------
    def _start(self) -> None:
        """Bring the server up whatever state it was left in, and see that our database is there."""
        binaries = self._initialised()
        deadline = time.monotonic() + PATIENCE_SECONDS
        attempts = 0
        while not self._answers():
            if time.monotonic() > deadline:
                raise PostgresUnavailableError(f"PostgreSQL не отвечает; журнал: {self._log}\n{self._log_tail()}")
            # A program that has just been started shows no command line for a moment, hence the second question.
            if self.processes() or (self._child is not None and self._child.poll() is None):
                # Starting, recovering, or the last helpers of a killed server are leaving.
                time.sleep(0.05)
                continue
            if attempts == LAUNCH_ATTEMPTS:
                raise PostgresUnavailableError(f"PostgreSQL не запустился; журнал: {self._log}\n{self._log_tail()}")
            attempts += 1
            self._launch(binaries)
        self._create_database()

    def _launch(self, binaries: Binaries) -> None:
        # No process of this cluster is alive, so its lock files are stale. PostgreSQL would notice too, except when the
        # number has gone to another process or belongs to a killed one that nobody has collected.
        for stale in (self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        settings = {**SERVER_SETTINGS, "unix_socket_directories": str(self.socket), "cluster_name": self._mark()}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(  # noqa: S603 - our own fixed arguments
                [binaries.folder / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the database
                **self.as_account(),
            )
        write(self.home / "started", str(self._child.pid))

    def _initialised(self) -> Binaries:
        """The programs that fit the data; data that do not exist yet are created."""
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            return find(self.account, wanted_major=int(version_file.read_text()))
        binaries = find(self.account)
        draft = self.home / "data.new"
        self.make_empty(draft)
        for arguments in _locales(binaries):
            answer = self._initdb(binaries, draft, arguments)
            if answer.returncode == 0:
                break
            self.make_empty(draft)
        else:
            raise PostgresUnavailableError(f"Не удалось создать базу данных (initdb): {answer.stderr.strip()[-500:]}")
        draft.rename(self.data)
        write(self.home / "about.json", json.dumps({"major": binaries.major, "programs": str(binaries.folder)}))
        return binaries

    def _initdb(self, binaries: Binaries, draft: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own fixed arguments
            [binaries.folder / "initdb", "-D", draft, "-U", NAME, "-E", "UTF8", "-A", "trust", *arguments],
            capture_output=True,
            text=True,
            check=False,
            **self.as_account(),
        )

    def _create_database(self) -> None:
        with contextlib.closing(self.connect("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    # --- Stopping -------------------------------------------------------------------------------------------------
    def stop(self) -> None:
        """Stop the server at once, whoever uses it: open transactions are rolled back, what was committed stays."""
        server = self._server_process()
        if server is None:
            return
        os.kill(server, signal.SIGINT)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.processes():
            if time.monotonic() > deadline:
                raise PostgresUnavailableError(f"PostgreSQL (процесс {server}) не останавливается; журнал: {self._log}")
            time.sleep(0.02)
        if self._child is not None:
            self._child.wait()
        (self.home / "started").unlink(missing_ok=True)

    def processes(self) -> list[int]:
        """Living processes of this cluster. One that was killed but not collected yet has no command line left."""
        mark = self._mark().encode()
        found = []
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                command = place.read_bytes()
                if mark in command and command.split(b"\0")[0].rpartition(b"/")[2].startswith(b"postgres"):
                    found.append(int(place.parent.name))
        return found

    def _server_process(self) -> int | None:
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        return number if number in self.processes() else None

    def _started_here(self) -> bool:
        try:
            return int((self.home / "started").read_text()) == self._server_process()
        except (OSError, ValueError):
            return False

    # --- Folders, locks, log --------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def _door(self) -> Iterator[None]:
        """One process at a time starts or stops."""
        with (self.home / "door").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def _unused(self) -> bool:
        with (self.home / "users").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def _mark(self) -> str:
        """What every process of this cluster carries in its command line; a re-created folder gets another mark."""
        return f"nastavnik-{digest(self.data)}-{self.data.stat().st_ino}" if self.data.exists() else "nastavnik-none"

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

    def _log_tail(self) -> str:
        return self._log.read_text(errors="replace")[-1500:] if self._log.exists() else ""


def default_folder() -> Path:
    """The folder of this copy of the portal: `var/postgres`, or under VAR_ROOT."""
    return environment.var_folder() / "postgres"


def is_wanted() -> bool:
    """Only a trial or a developer's copy without a database of its own has one embedded."""
    return not environment.text("DATABASE_URL") and environment.text("PORTAL_ENV", "development") == "development"


def settings_dict(folder: Path) -> dict[str, Any]:
    """Django's settings of the embedded database; nothing is started."""
    return Cluster(folder).settings()


@contextlib.contextmanager
def running(folder: Path | None = None) -> Iterator[Cluster | None]:
    """The server is up inside the block and left as it was found after it; None when DATABASE_URL names another."""
    if folder is None and not is_wanted():
        yield None
        return
    cluster = Cluster(folder or default_folder())
    cluster.acquire()
    try:
        yield cluster
    finally:
        cluster.release()


def ensure_running(folder: Path | None = None) -> None:
    """The same until this process ends: for test runs, where there is no block to stand in."""
    stack = contextlib.ExitStack()
    stack.enter_context(running(folder))
    atexit.register(stack.close)


def _locales(binaries: Binaries) -> list[list[str]]:
    """Arguments of initdb to try in turn: the same order of letters whatever the language of the machine."""
    plain = ["--locale=C.UTF-8"]
    if binaries.major >= 17:
        return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *plain]]
    if binaries.major >= 15 and not binaries.from_wheel:
        return [["--locale-provider=icu", "--icu-locale=ru-RU", *plain], plain]
    return [plain]
