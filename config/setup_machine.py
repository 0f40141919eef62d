"""Prepares a machine: virtual environment, pinned packages, system libraries. Needs only the system's python3.

Called by the Makefile as `setup_machine.py run` or `test`, then hands over to `manage.py portal` or to the checks.
Every obstacle ends in one sentence with the command that removes it.
"""

# An old Python must get as far as the sentence that it is too old.
from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
# Shared library that must load → Debian package that brings it. WeasyPrint draws with them.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
REQUIREMENTS = {"run": ["requirements.txt"], "test": ["requirements.txt", "requirements-dev.txt"]}
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]


def main(purpose: str) -> None:
    """Prepare everything for the purpose and replace this process by the program that serves it."""
    os.chdir(ROOT)
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        stop(f"нужен Python 3.11 или новее, найден {found}; другой указывают так: make {purpose} PYTHON=python3.12")
    make_environment()
    install_requirements(purpose)
    install_system_packages(missing_system_packages(purpose))
    program = [str(PYTHON), "manage.py", "portal"] if purpose == "run" else [str(PYTHON), "config/run_checks.py"]
    os.execv(program[0], program)  # noqa: S606 - our own fixed programs


def make_environment() -> None:
    """Create `.venv`; one that was left half-made or whose Python has gone is made anew."""
    if PYTHON.exists() and succeeds([str(PYTHON), "-m", "pip", "--version"]):
        return
    say("Создаётся .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if not succeeds([sys.executable, "-c", "import ensurepip, venv"]):
        version = ".".join(map(str, sys.version_info[:2]))
        install_system_packages([f"python{version}-venv"])
    if not succeeds([sys.executable, "-m", "venv", str(VENV)], quiet=False):
        stop("не удалось создать .venv: причина названа выше")


def install_requirements(purpose: str) -> None:
    """Install the pinned packages; nothing is done while the lists and Python stay as they were."""
    stamp = VENV / f".installed-{purpose}"
    state = fingerprint(purpose)
    if stamp.exists() and stamp.read_text() == state:
        return
    say("Устанавливаются пакеты Python: первый раз около минуты")
    files = [part for name in REQUIREMENTS[purpose] for part in ("-r", name)]
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *files]
    if not succeeds(command, quiet=False):
        stop("пакеты Python не установились: проверьте доступ к хранилищу пакетов и запустите ещё раз")
    stamp.write_text(state)
    if purpose == "test":
        (VENV / ".installed-run").write_text(fingerprint("run"))


def fingerprint(purpose: str) -> str:
    """What the installed packages depend on: the lists, the Python, the place of the environment."""
    content = b"".join((ROOT / name).read_bytes() for name in REQUIREMENTS[purpose])
    return hashlib.sha256(content + sys.version.encode() + os.fsencode(VENV)).hexdigest()


def missing_system_packages(purpose: str) -> list[str]:
    """Debian packages that have to be installed for the purpose."""
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    if purpose == "test" and not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        missing.append("chromium")
    return missing


def install_system_packages(packages: list[str]) -> None:
    """Install with apt-get as root or through sudo without a password; otherwise name the command and stop."""
    if not packages:
        return
    by_hand = f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(packages)}"
    prefix = administrator_prefix()
    if prefix is None or not shutil.which("apt-get"):
        stop(f"не хватает системных пакетов, установите их и запустите ещё раз: {by_hand}")
    say(f"Устанавливаются системные пакеты: {', '.join(packages)}")
    install = [*prefix, *APT, "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    # The list of packages of a fresh machine may be empty or stale, hence the refresh and the second try.
    refresh = [*prefix, *APT, "--quiet", "update"]
    if not succeeds(install) and not (succeeds(refresh, quiet=False) and succeeds(install, quiet=False)):
        stop(f"системные пакеты не установились, выполните сами и запустите ещё раз: {by_hand}")


def administrator_prefix() -> list[str] | None:
    """What to put before a command so that it runs as root; None when that is impossible without a password."""
    frontend = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return frontend
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n", *frontend]
    return None


def loads(library: str) -> bool:
    """Whether the system has the shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def succeeds(command: list[str], *, quiet: bool = True) -> bool:
    """Run and tell whether it worked; its output goes to the terminal unless quiet."""
    output = subprocess.DEVNULL if quiet else None
    answer = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output)  # noqa: S603
    return answer.returncode == 0


def say(message: str) -> None:
    """Tell what is going on."""
    sys.stdout.write(f"{message}…\n")
    sys.stdout.flush()


def stop(reason: str) -> NoReturn:
    """Leave with one sentence."""
    sys.exit(f"Портал не запущен: {reason}")


if __name__ == "__main__":
    main(sys.argv[1])
