"""Where a cluster of the embedded PostgreSQL lies: folders that its account can enter and nobody else can read."""

import errno
import hashlib
import os
import re
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

from config.postgres_binaries import PLAIN_ENVIRONMENT, STATE_FOLDER, Account, PostgresUnavailableError, account_for

# The name of a socket has 107 bytes in all; «/.s.PGSQL.5432.lock» is added to its folder.
LONGEST_SOCKET_FOLDER = 80


class Place:
    """Folders of one cluster. Creating the object touches nothing; `make_folders` does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.account: Account | None = account_for(self.folder / "data")
        self.home = self._home()
        self.data = self.home / "data"
        self.socket = self._socket_folder()

    def _home(self) -> Path:
        """The folder itself, or a place that the account of the server can enter."""
        if self.account is None or self.account.can_enter(self.folder):
            return self.folder
        return STATE_FOLDER / f"data-{digest(self.folder)}"

    def _socket_folder(self) -> Path:
        """A folder whose name is short and plain enough for a socket and for a connection string."""
        place = self.home / "socket"
        if len(os.fsencode(place)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(place), re.ASCII):
            return place
        return Path(f"/tmp/nastavnichestvo-{os.geteuid()}-{digest(self.home)}")  # noqa: S108 - made 0700, owner checked

    def make_folders(self) -> None:
        """Create what is missing. Raises PermissionError and PostgresUnavailableError for folders of other users."""
        if self.home != self.folder:
            self._settle_elsewhere()
        # Root's own folder only lets the account through; the rest of the path was checked.
        make_folder(self.home, 0o711 if self.account else 0o700)
        if not os.access(self.home, os.W_OK):
            raise PermissionError(errno.EACCES, "", str(self.home))
        make_folder(self.socket, 0o700)
        # In /tmp anybody may have taken the name first, for instance by a link to a folder of ours.
        status = self.socket.lstat()
        ours = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in ours:
            raise PostgresUnavailableError(f"Папка сокета {self.socket} принадлежит другому пользователю: удалите её.")
        self._give_to_account(self.socket)

    def _settle_elsewhere(self) -> None:
        """Keep the data in a place open to the account, with a note where the data would have been.

        No note means that somebody removed `var` to begin anew: the old data are set aside, never deleted.
        """
        if (self.folder / "data").exists():
            raise PostgresUnavailableError(
                f"Учётная запись {self.account and self.account.name} не может войти в {self.folder}: "
                "откройте проход по папкам (chmod o+x) или запустите портал от имени обычного пользователя."
            )
        note = self.folder / "location"
        if not note.exists():
            if self.data.exists():
                self.home.rename(self.home.with_name(f"{self.home.name}.{int(time.time())}"))
            make_folder(self.folder, 0o700)
            write(note, str(self.home))
        elif (noted := note.read_text()) != str(self.home):
            raise PostgresUnavailableError(
                f"Папка портала перенесена, её данные остались в {noted}: выполните «mv {noted} {self.home}»."
            )

    def make_empty(self, folder: Path) -> None:
        """A fresh folder of the account; leftovers of an interrupted attempt are removed."""
        if folder.exists():
            subprocess.run(["/bin/rm", "-rf", "--", folder], check=True)  # noqa: S603
        make_folder(folder, 0o700)
        self._give_to_account(folder)

    def _give_to_account(self, folder: Path) -> None:
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def as_account(self) -> dict[str, Any]:
        """Arguments of `subprocess` for a program of PostgreSQL: its account, a plain environment, closed files."""
        own = self.account.popen_arguments() if self.account else {}
        return {"cwd": "/", "env": PLAIN_ENVIRONMENT, "umask": 0o077, **own}


def digest(path: Path) -> str:
    """Twelve hexadecimal digits that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def make_folder(folder: Path, mode: int) -> None:
    """Make the folder if it is missing; one of our own gets the mode in any case."""
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    if folder.lstat().st_uid == os.geteuid():
        folder.chmod(mode)


def write(file: Path, text: str) -> None:
    """Replace the file in one step; a reader sees the old text or the new one."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(text)
    draft.rename(file)
