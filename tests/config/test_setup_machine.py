"""Preparing a machine: nothing is done twice, and every obstacle names the command that removes it."""

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import setup_machine

BY_HAND = "sudo apt-get update && sudo apt-get install --no-install-recommends libpango-1.0-0 chromium"


@pytest.fixture
def commands(monkeypatch) -> Callable[..., list[list[str]]]:
    """Records the commands instead of running them; the answers are given in order, then every command succeeds."""
    ran: list[list[str]] = []

    def answering(*answers: bool) -> list[list[str]]:
        left = list(answers)

        def succeeds(command: list[str], *, quiet: bool = True) -> bool:
            ran.append(command)
            return left.pop(0) if left else True

        monkeypatch.setattr(setup_machine, "succeeds", succeeds)
        return ran

    return answering


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An environment folder and lists of packages of our own."""
    monkeypatch.setattr(setup_machine, "ROOT", tmp_path)
    monkeypatch.setattr(setup_machine, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup_machine, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("Django==5.2.19\n")
    return tmp_path / ".venv"


def said(action: Callable[[], None]) -> str:
    with pytest.raises(SystemExit) as leaving:
        action()
    return str(leaving.value)


def test_old_python_is_named_with_a_way_out(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert said(lambda: setup_machine.main("run")) == (
        "Портал не запущен: нужен Python 3.11 или новее, найден 3.9; другой указывают так: make run PYTHON=python3.12"
    )


def test_old_python_gets_as_far_as_that_sentence():
    source = Path(setup_machine.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    imported = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert imported[0] == "__future__"


def test_missing_system_packages_without_root_end_in_the_exact_command(monkeypatch):
    monkeypatch.setattr(setup_machine, "administrator_prefix", lambda: None)
    assert said(lambda: setup_machine.install_system_packages(["libpango-1.0-0", "chromium"])) == (
        f"Портал не запущен: не хватает системных пакетов, установите их и запустите ещё раз: {BY_HAND}"
    )


def test_missing_system_packages_are_installed_after_refreshing_a_stale_list(monkeypatch, commands):
    monkeypatch.setattr(setup_machine, "administrator_prefix", lambda: ["sudo"])
    monkeypatch.setattr(setup_machine.shutil, "which", lambda _name: "/usr/bin/apt-get")
    ran = commands(False, True, True)
    setup_machine.install_system_packages(["chromium"])
    words = [[word for word in command if word in {"sudo", "install", "update", "chromium"}] for command in ran]

    assert words == [["sudo", "install", "chromium"], ["sudo", "update"], ["sudo", "install", "chromium"]]


def test_failed_installation_of_system_packages_ends_in_the_exact_command(monkeypatch, commands):
    monkeypatch.setattr(setup_machine, "administrator_prefix", lambda: ["sudo"])
    monkeypatch.setattr(setup_machine.shutil, "which", lambda _name: "/usr/bin/apt-get")
    commands(False, False)
    assert said(lambda: setup_machine.install_system_packages(["libpango-1.0-0", "chromium"])) == (
        f"Портал не запущен: системные пакеты не установились, выполните сами и запустите ещё раз: {BY_HAND}"
    )


def test_only_missing_libraries_and_for_tests_a_browser_are_asked_for(monkeypatch):
    monkeypatch.setattr(setup_machine, "loads", lambda library: library != "libpango-1.0.so.0")
    monkeypatch.setattr(setup_machine.shutil, "which", lambda _name: None)

    assert setup_machine.missing_system_packages("run") == ["libpango-1.0-0"]
    assert setup_machine.missing_system_packages("test") == ["libpango-1.0-0", "chromium"]


def test_requirements_are_installed_once_until_a_list_changes(venv, commands):
    ran = commands()
    setup_machine.install_requirements("run")
    setup_machine.install_requirements("run")
    once = len(ran)
    (venv.parent / "requirements.txt").write_text("Django==5.2.20\n")
    setup_machine.install_requirements("run")

    assert (once, len(ran)) == (1, 2)


def test_packages_for_tests_include_those_for_running(venv, commands):
    ran = commands()
    setup_machine.install_requirements("test")
    setup_machine.install_requirements("run")
    assert len(ran) == 1


def test_failed_installation_of_requirements_is_tried_again(venv, commands):
    ran = commands(False)
    sentence = said(lambda: setup_machine.install_requirements("run"))
    setup_machine.install_requirements("run")

    assert sentence.startswith("Портал не запущен: пакеты Python не установились")
    assert len(ran) == 2


def test_half_made_environment_is_made_anew(venv, commands):
    (venv / "bin" / "python").touch()
    ran = commands(False)
    setup_machine.make_environment()

    assert [command[1:3] for command in ran] == [["-m", "pip"], ["-c", "import ensurepip, venv"], ["-m", "venv"]]
    assert not venv.exists()


def test_whole_environment_is_left_alone(venv, commands):
    (venv / "bin" / "python").touch()
    ran = commands(True)
    setup_machine.make_environment()
    assert len(ran) == 1
