"""What an administrator is given: the environment file names every variable, and a backup can be restored."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded_postgres import Cluster, running
from config.postgres_binaries import find

ROOT = Path(__file__).resolve().parent.parent.parent
# Not an administrator's business.
INTERNAL = {"TEST_PROCESSES"}
READERS = [*ROOT.glob("config/*.py"), ROOT / "deploy" / "gunicorn.conf.py"]
READING = re.compile(r'\b(?:text|words|flag|whole_number|environ\.get|environment\.get)\(\s*"([A-Z_]+)"')


def test_environment_file_names_exactly_what_is_read():
    read = {name for file in READERS for name in READING.findall(file.read_text(encoding="utf-8"))} - INTERNAL
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == read


class School:
    """A database and a folder of files, and the commands that save and restore them."""

    def __init__(self, cluster: Cluster, place: Path) -> None:
        self.cluster, self.place = cluster, place
        self.files = place / "files"
        self.copies = place / "copies"
        self.copies.mkdir()
        self.files.mkdir()
        (self.files / "согласие.pdf").write_bytes(b"%PDF-1.7")

    def url(self, database: str) -> str:
        return f"postgresql://portal@/{database}?host={self.cluster.socket}"

    def run(self, script: str, *arguments: Path | str) -> subprocess.CompletedProcess[str]:
        programs = f"{find(self.cluster.account).folder}:{os.environ['PATH']}"
        environment = {"PATH": programs, "DATABASE_URL": self.url("portal"), "FILES_ROOT": str(self.files)}
        return subprocess.run(
            [ROOT / "deploy" / script, *arguments], env=environment, capture_output=True, text=True, cwd="/"
        )

    def query(self, database: str, statement: str) -> list[tuple]:
        with contextlib.closing(self.cluster.connect(database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def backup(self) -> Path:
        answer = self.run("portal-backup", self.copies)
        assert (answer.returncode, answer.stderr) == (0, "")
        (copy,) = self.copies.iterdir()
        return copy


@pytest.fixture
def portal(folder, tmp_path) -> Iterator[School]:
    with running(folder) as cluster:
        portal = School(cluster, tmp_path)
        portal.query("postgres", "DROP DATABASE IF EXISTS drill")
        portal.query("postgres", "CREATE DATABASE drill")
        portal.query("portal", "DROP TABLE IF EXISTS core_journalentry")
        portal.query("portal", "CREATE TABLE core_journalentry (text text)")
        portal.query("portal", "INSERT INTO core_journalentry VALUES ('Приказ утверждён'), ('Пара закреплена')")
        yield portal
        portal.query("portal", "DROP TABLE core_journalentry")


def test_backup_is_restored_with_rows_and_files(portal, tmp_path):
    copy = portal.backup()
    answer = portal.run("portal-restore", copy, portal.url("drill"), tmp_path / "restored")

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "Восстановлено. Записей истории: 2, файлов: 1.\n"
    assert portal.query("drill", "SELECT text FROM core_journalentry ORDER BY text") == [
        ("Пара закреплена",),
        ("Приказ утверждён",),
    ]
    assert (tmp_path / "restored" / "согласие.pdf").read_bytes() == b"%PDF-1.7"


def test_backup_is_closed_to_others(portal):
    copy = portal.backup()
    assert {place.name: oct(place.stat().st_mode)[-3:] for place in (copy, *copy.iterdir())} == {
        copy.name: "700",
        "database.dump": "600",
        "files.tar.gz": "600",
        "SHA256SUMS": "600",
    }


def test_spoilt_backup_is_not_restored(portal, tmp_path):
    copy = portal.backup()
    with (copy / "database.dump").open("ab") as file:
        file.write(b"x")
    answer = portal.run("portal-restore", copy, portal.url("drill"), tmp_path / "restored")

    assert answer.returncode == 1
    assert portal.query("drill", "SELECT to_regclass('core_journalentry')::text") == [(None,)]


def test_backup_is_restored_only_into_empty_places(portal, tmp_path):
    copy = portal.backup()
    over_files = portal.run("portal-restore", copy, portal.url("drill"), portal.files)
    over_tables = portal.run("portal-restore", copy, portal.url("portal"), tmp_path / "restored")

    assert (over_files.returncode, over_files.stderr) == (
        1,
        f"Папка {portal.files} не пуста: восстанавливают в пустую.\n",
    )
    assert (over_tables.returncode, over_tables.stderr) == (1, "В базе уже есть таблицы: восстанавливают в пустую.\n")


def test_failed_backup_leaves_nothing_that_looks_like_one(portal):
    portal.files.rename(portal.files.with_name("elsewhere"))
    portal.files.write_text("a file where the folder should be")
    answer = portal.run("portal-backup", portal.copies)

    assert answer.returncode == 1
    assert list(portal.copies.iterdir()) == []
